"""Pauses of long work: whoever asked may end it at any of them, and nobody else notices."""

from __future__ import annotations

import threading
from contextvars import copy_context

import pytest

from domain.pausing import pause, paused_by, pausing_for


class Enough(Exception):
    """Whoever asked has waited long enough."""


def enough() -> None:
    """What ends the work."""
    raise Enough


def test_work_goes_on_through_pauses_of_which_nobody_wants_anything() -> None:
    """The command line and the laws ask without a bound."""
    pause()

    with paused_by(None):
        pause()


def test_whoever_asked_ends_the_work_within_and_no_other() -> None:
    """The eve: inside it is ended. The first day: what comes after goes on as before."""
    with paused_by(enough), pytest.raises(Enough):
        pause()

    pause()


def test_who_is_asked_within_pauses_by_the_nearest() -> None:
    """Recording sets its own bound inside that of the request."""
    with paused_by(enough), paused_by(None):
        pause()


def test_a_thread_that_is_given_the_context_pauses_too() -> None:
    """Answers are made in threads."""
    ended = []

    def work() -> None:
        try:
            pause()
        except Enough:
            ended.append(True)

    with paused_by(enough):
        context = copy_context()
    thread = threading.Thread(target=lambda: context.run(work))
    thread.start()
    thread.join(10)
    assert ended == [True]


def test_whoever_waits_for_a_lock_pauses_the_while() -> None:
    """A question that waits for another one's fold can be ended as well as that."""
    lock = threading.Lock()

    with lock, paused_by(enough), pytest.raises(Enough), pausing_for(lock):
        pytest.fail("somebody else holds it")

    with paused_by(enough), pausing_for(lock):
        assert lock.locked()
    assert not lock.locked()
