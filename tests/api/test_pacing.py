"""How long an answer may take, and how many long ones go on at once: nobody holds up others for long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import httpx2
import pytest

from api.app import create_app
from api.pacing import Lane, Pace, Paces, TakesTooLong, TooMuchAtOnce
from api.readings import Readings
from domain.entries import entry_from_json
from domain.pausing import paused_by
from domain.recording import Registers
from projections.proving import differences
from projections.tables.reading import Reader
from projections.tables.rebuilding import MaintainedLog
from tests.api.conftest import ADDRESSES, MINING, Server, refusal
from tests.serving import served

BASE = "/v1/institutions/mint"
PATIENCE = 30
NO_TIME = 1e-9
"""Seconds that are over at the second pause."""


@dataclass
class Watch:
    """A clock that is set by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        """The seconds it shows."""
        return self.now


def test_so_many_are_in_a_lane_and_one_more_waits_until_somebody_leaves() -> None:
    """Who has waited long enough goes."""
    lane = Lane(at_once=1, waiting=2)
    lane.enter(0)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(lane.enter, PATIENCE)
        with pytest.raises(TooMuchAtOnce):
            lane.enter(0.01)
        lane.leave()
        waiting.result(PATIENCE)
    with pytest.raises(TooMuchAtOnce):
        lane.enter(0.01)


def test_where_nobody_may_wait_one_more_is_refused_at_once() -> None:
    """However long it would have waited."""
    lane = Lane(at_once=1, waiting=0)
    lane.enter(PATIENCE)

    with pytest.raises(TooMuchAtOnce):
        lane.enter(PATIENCE)


def test_an_answer_is_ended_once_its_time_is_over_and_not_before() -> None:
    """The eve: on the very second it goes on. What passes while it rests, or before it begins, is not its time."""
    watch = Watch(100.0)
    pace = Pace(seconds=30, clock=watch)
    pace.pause()
    watch.now += 20
    pace.pause()
    pace.rest()
    watch.now += 1000  # its bytes are taken slowly
    pace.pause()
    watch.now += 10
    pace.pause()

    watch.now += 0.1
    with pytest.raises(TakesTooLong, match="30 s"):
        pace.pause()


def test_a_long_answer_takes_a_place_and_gives_it_back_when_it_rests() -> None:
    """Short ones need none, however many there are."""
    watch, lane = Watch(), Lane(at_once=1, waiting=1)
    short, long = (Pace(30, lane, soon=0.5, clock=watch) for _ in range(2))
    short.pause()
    long.pause()
    watch.now = 0.5
    short.pause()
    short.rest()

    watch.now = 0.6
    long.pause()
    with pytest.raises(TooMuchAtOnce):
        lane.enter(0)
    long.rest()

    lane.enter(0)


PAUSING = [path for path in ADDRESSES if not path.startswith(("/structure", "/events", "/search"))]


@pytest.mark.parametrize("path", PAUSING)
def test_an_answer_that_takes_too_long_is_refused_in_words(mint: Server, path: str) -> None:
    """It says what bound was passed; the page of the problem says what to ask instead; asked with time it is given."""
    hurried = mint.open(paces=Paces(seconds=NO_TIME))

    refused = hurried.get(BASE + path)

    assert refusal(refused)[:2] == (503, "takes-too-long")
    assert "retry-after" not in refused.headers, "asked again it would take as long"
    assert "since" in hurried.get("/problems/takes-too-long").json()["remedy"]
    assert mint.client.get(BASE + path).status_code == 200


def test_what_is_read_from_rows_is_answered_however_little_time_there_is(mint: Server) -> None:
    """The structure of a day, the log, names, and whether the server is there."""
    hurried = mint.open(paces=Paces(seconds=NO_TIME))

    for path in ("/healthz", "/readyz", f"{BASE}/structure?as_of=1811-07-01", f"{BASE}/events"):
        assert hurried.get(path).status_code == 200


def test_an_entry_that_takes_too_long_is_not_recorded(server: Server, mint: Server) -> None:
    """It is refused whole, and can be sent again to who has the time."""
    hurried = mint.open(paces=Paces(seconds=NO_TIME))
    before, entry = mint.get("/events")["known_at"], {**MINING, "entry": "mining-again", "effective": "1812-01-01"}
    entry["changes"] = [{"kind": "unit-moved", "unit": "mint", "parent": "treasury"}]
    sent = {"Authorization": f"Bearer {mint.secret}"}

    refused = hurried.post(f"{BASE}/entries", json=entry, headers=sent)

    assert refusal(refused)[:2] == (503, "takes-too-long")
    assert mint.get("/events")["known_at"] == before
    assert mint.record(entry).status_code == 201


class Over(Exception):
    """The time of an entry is over."""


def ending_at(count: int) -> Callable[[], None]:
    """What ends the work at that pause."""
    left = iter(range(count))

    def doing() -> None:
        if next(left, None) is None:
            raise Over

    return doing


def test_an_entry_ended_at_whatever_pause_leaves_nothing_and_spoils_nothing(mint: Server) -> None:
    """Each pause of deciding and settling is tried; in the end it is recorded, and the tables are as the fold says."""
    entry = entry_from_json(
        b'{"entry": "turnover", "effective": "1812-01-01", "changes": ['
        b'{"kind": "unit-abolished", "unit": "mining", "successors": ["treasury"]},'
        b'{"kind": "corrected", "target": "founding#6", "reason": "misread",'
        b' "change": {"kind": "appointed", "person": "ann", "post": "warden", "capacity": "acting"}}]}',
        "the test",
    )
    registers = Registers(mint.log, mint.clock, mint.log.history)
    head = mint.log.head("mint")
    for count in range(10_000):
        try:
            with paused_by(ending_at(count)):
                receipt = registers.record("mint", entry, "clerk")
            break
        except Over:
            assert mint.log.head("mint") == head

    assert count > 20, "there were pauses"
    assert receipt.first == head.position + 1
    assert isinstance(mint.log, MaintainedLog)
    with mint.log.upkeep.ledger("mint") as ledger:
        whole = lambda position: mint.log.whole("mint", position)  # noqa: E731
        assert list(differences(ledger, "mint", lambda at: registers.view_at("mint", at).world, whole)) == []


def test_while_long_answers_wait_short_ones_are_given(mint: Server) -> None:
    """One at a time, four wait, the next is told when to ask again; whoever asks for little notices nothing."""
    paces = Paces(seconds=PATIENCE, long=1, soon=0.0)
    readings = Readings(Registers(mint.log, mint.clock, mint.log.history), Reader(mint.log))
    paces.answers.enter(0)  # a very long answer
    with (
        served(create_app(readings, mint.keys, paces=paces)) as address,
        ThreadPoolExecutor(40) as threads,
    ):
        flows = [f"{address}{BASE}/flows?since=18{year}-01-01" for year in range(10, 50)]
        asked = [threads.submit(httpx2.get, one, timeout=PATIENCE) for one in flows]
        refused = next_done(asked)

        for path in ("/healthz", "/readyz", f"{BASE}/structure?as_of=1811-07-01"):
            assert httpx2.get(address + path, timeout=PATIENCE).status_code == 200
        assert refusal(refused)[:2] == (503, "too-much-at-once")
        assert refused.headers["retry-after"] == "5"

        paces.answers.leave()
        statuses = [one.result(PATIENCE).status_code for one in asked]
    assert statuses.count(200) >= 4, "those that waited"
    assert set(statuses) == {200, 503}


def next_done(asked: list[Future[httpx2.Response]]) -> httpx2.Response:
    """The first answer that comes."""
    done, _ = wait(asked, PATIENCE, FIRST_COMPLETED)
    return done.pop().result()


def test_recording_beyond_what_may_wait_is_told_to_come_again(mint: Server) -> None:
    """Threads that wait for the one writer are bounded, so that readers find one."""
    paces = Paces(seconds=0.01)
    client = mint.open(paces=paces)
    for _ in range(4):
        paces.entries.enter(0)

    refused = client.post(f"{BASE}/entries", json=MINING, headers={"Authorization": f"Bearer {mint.secret}"})

    assert refusal(refused)[:2] == (503, "too-much-at-once")
    for _ in range(4):
        paces.entries.leave()
