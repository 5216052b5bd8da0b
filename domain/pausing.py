"""Where long work pauses: whoever had it begun may end it there, or let others go first. Nothing is done by halves.

What walks through many things calls pause() at each. Whoever asked says, around all of it, what a pause is; where
nobody does, it is nothing. What is recorded pauses while it is decided and settled, inside its transaction, so that
an end leaves nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TypeAlias

Pause: TypeAlias = Callable[[], None]
"""What is done at each pause; what it raises ends the work."""

_pause: ContextVar[Pause | None] = ContextVar("pause", default=None)

LOOK = 0.05  # seconds after which whoever waits for a lock pauses


def pause() -> None:
    """Do what whoever asked wants done at each pause. Raises: what that raises."""
    found = _pause.get()
    if found is not None:
        found()


@contextmanager
def paused_by(doing: Pause | None) -> Iterator[None]:
    """The work within pauses by *doing*; None: it never does."""
    token = _pause.set(doing)
    try:
        yield
    finally:
        _pause.reset(token)


@contextmanager
def pausing_for(lock: Lock) -> Iterator[None]:
    """*lock*, which others may hold for long: whoever waits for it pauses the while."""
    while not lock.acquire(timeout=LOOK):
        pause()
    try:
        yield
    finally:
        lock.release()
