"""Counting who asks how often: exactly, and of a crowd without end in memory that has one."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
from fastapi import HTTPException

from api import rates
from api.rates import EACH, Rate, Rates, counted_as


class Clock:
    """A clock that is set by hand, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """What it shows."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """One that begins at 0."""
    return Clock()


def allowed(ask: Callable[[], None]) -> bool:
    """Whether asking is not refused."""
    try:
        ask()
    except HTTPException as refusal:
        return refusal.status_code != 429
    return True


def test_no_more_than_so_many_pass_in_any_span_of_that_length(clock: Clock) -> None:
    """Not in one that begins anywhere either; what was refused does not count."""
    told = Rates(reading="3/minute", clock=clock)
    passed = []

    for second in range(0, 200, 5):
        clock.now = second
        if allowed(lambda: told.count(told.reading, "10.0.0.1")):
            passed.append(second)

    assert passed == [0, 5, 10, 60, 65, 70, 120, 125, 130, 180, 185, 190]


def test_who_asks_too_often_is_told_after_how_many_seconds_to_ask_again(clock: Clock) -> None:
    """And then is answered: a second before, not."""
    told = Rates(reading="2/hour", clock=clock)
    for clock.now in (0.0, 1000.0):
        told.count(told.reading, "a")

    clock.now = 1500.5
    with pytest.raises(HTTPException) as refused:
        told.count(told.reading, "a")
    again = int((refused.value.headers or {})["Retry-After"])
    clock.now = 1500.5 + again - 1
    early = allowed(lambda: told.see(told.reading, "a"))
    clock.now += 1

    assert again == 2100
    assert not early
    assert allowed(lambda: told.count(told.reading, "a"))


def test_seeing_counts_nothing(clock: Clock) -> None:
    """A right key uses up nothing of what wrong ones may."""
    told = Rates(wrong_keys="1/minute", clock=clock)

    for _ in range(5):
        told.see(told.wrong_keys, "a")
    told.count(told.wrong_keys, "a")

    assert not allowed(lambda: told.see(told.wrong_keys, "a"))
    assert allowed(lambda: told.see(told.wrong_keys, "b"))


def test_a_hundred_thousand_addresses_fill_no_more_than_there_is_room_for(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends from ever new addresses, or says so to a proxy that believes it, and at any length."""
    # given
    monkeypatch.setattr(rates, "MOST", 10_000 * (EACH + 1))
    told = Rates(reading="600/minute", clock=clock)
    name = "x" * 10_000  # what X-Forwarded-For may hold

    # when
    tracemalloc.start()
    try:
        for number in range(100_000):
            told.count(told.reading, f"{number}{name if number % 100 == 0 else ''}")
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    # then
    assert len(told.reading._asked) <= 10_001
    assert told.reading.size <= rates.MOST + EACH + 1
    assert held < 16 * (rates.MOST + EACH + 1)


def test_who_has_not_asked_for_a_while_is_forgotten(clock: Clock) -> None:
    """Yesterday's visitors take no memory today."""
    told = Rates(reading="600/minute", clock=clock)
    for number in range(1_000):
        told.count(told.reading, str(number))

    clock.now = 61
    told.count(told.reading, "another")

    assert len(told.reading._asked) == 1
    assert told.reading.size == EACH + 1


def test_a_storm_of_readers_lets_nobody_try_more_keys(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are counted apart: what has no room any more is forgotten of readers alone."""
    monkeypatch.setattr(rates, "MOST", 100 * (EACH + 1))
    told = Rates(reading="600/minute", wrong_keys="1/minute", clock=clock)
    told.count(told.wrong_keys, "a")

    for number in range(1_000):
        told.count(told.reading, str(number))

    assert not allowed(lambda: told.see(told.wrong_keys, "a"))


def test_the_size_that_is_kept_account_of_is_the_size(clock: Clock) -> None:
    """Through asking, refusing, and forgetting."""
    rate = Rate.of("5/minute", clock)

    for number in range(3_000):
        clock.now += 0.7
        rate.wait(str(number * number % 37), asks=number % 3 != 0)

    assert rate.size == sum(EACH + len(times) for times in rate._asked.values())
    assert all(len(times) <= 5 for times in rate._asked.values())


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("a socket", "a socket"),
    ],
)
def test_who_has_a_network_is_one_however_many_addresses_are_in_it(host: str, counted: str) -> None:
    """The eve and the first address of the next network."""
    assert counted_as(host) == counted
