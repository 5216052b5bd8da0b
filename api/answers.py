"""Whole answers of the contract, the same over HTTP and on the command line: which day, as known when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import orjson

from api.citing import citation
from domain.chain import Head
from domain.changes import ENVELOPE
from domain.dates import Day, iso
from domain.lives import Grade
from domain.log import Log, Recorded
from domain.recording import View
from domain.rules import RULES
from projections.diff import patch
from projections.findings import findings
from projections.flows import Asked
from projections.periods import Period, period_of
from projections.search import Wanted
from projections.structure import Answer
from projections.tables.names import NAMED
from projections.tables.reading import Reading


def known_at_answer(head: Head) -> Answer:
    """Where the log ended that an answer was made from: {position, recorded, hash}."""
    return {"position": head.position, "recorded": head.recorded, "hash": head.hash}


def _of(institution: str, head: Head, **asked: object) -> Answer:
    """Which register an answer is of, what was asked, as known when, by which rules."""
    return {"institution": institution, **asked, "known_at": known_at_answer(head), "rules": RULES}


def _cited(institution: str, head: Head, told: Answer, path: str, **asked: object) -> Answer:
    """*told*, which register it is of, as known when, and how to cite it: the answer to *path*, *asked* so."""
    return {**told, **_of(institution, head), "citation": citation(institution, head, path, **asked)}


def structure_answer(reading: Reading, head: Head, as_of: Day, grade: Grade = "possible") -> bytes:
    """{institution, as_of, known_at, rules} and the structure on *as_of*, down to *grade*, as JSON."""
    lowest = grade if grade != "possible" else None
    cited = citation(reading.institution, head, "structure", as_of=iso(as_of), grade=lowest)
    asked = orjson.dumps({**_of(reading.institution, head, as_of=iso(as_of)), "citation": cited})
    return b"%b,%b}" % (asked[:-1], reading.structure(as_of, grade))


def diff_answer(reading: Reading, head: Head, start: Day, end: Day, during: Period | None = None) -> Answer:
    """{institution, from, to, known_at, rules} and what changed in (*start*, *end*], the days of *during* if given."""
    days: Answer = {"from": iso(start), "to": iso(end)}
    asked = days if during is None else {"during": during.told["id"]}
    cited = {"citation": citation(reading.institution, head, "diff", **asked)}
    return {**_of(reading.institution, head, **days, **_during(during)), **cited, **reading.diff(start, end)}


def _during(period: Period | None) -> Answer:
    """The period by which a question was bounded."""
    return {} if period is None else {"during": period.told}


def learned_answer(reading: Reading, head: Head, earlier: Head, as_of: Day) -> Answer:
    """{institution, as_of, known_from, known_to, rules} and what *reading* knows of *as_of* that *earlier* did not.

    *earlier* is an earlier head of the same log.
    """
    known = {"known_from": known_at_answer(earlier), "known_to": known_at_answer(head)}
    asked = _of(reading.institution, head, as_of=iso(as_of), **known)
    cited = citation(
        reading.institution, head, "diff", as_of=iso(as_of), known_from=earlier.position, known_to=head.position
    )
    return {**asked, "citation": cited, **reading.learned(earlier.position, as_of)}


def patch_answer(before: bytes, after: bytes) -> list[Answer]:
    """RFC 6902 from one structure to another, each as a Reading has it."""
    return patch(orjson.loads(b"{%b}" % before), orjson.loads(b"{%b}" % after))


def counts_answer(reading: Reading, head: Head, during: str | None = None) -> Answer:
    """{counts, institution, known_at, rules}: claimed numbers of holders against those recorded.

    *during*: of a time that touches that period. Raises: UnknownThing.
    """
    period = reading.period(during) if during is not None else None
    told = {**_during(period), "counts": reading.counts(period)}
    return _cited(reading.institution, head, told, "counts", during=during)


def flows_answer(reading: Reading, head: Head, asked: Asked, during: str | None = None) -> Answer:
    """{institution, from, to, since, until, known_at, rules, flows, sums}: moves of people between bodies.

    *during*: in that period, in place of the days of *asked*. Raises: UnknownThing.
    """
    period = reading.period(during) if during is not None else None
    by: Answer = {"from": asked.start, "to": asked.end, "during": during}
    if period is not None:
        since, until = period.span
        asked = replace(asked, since=since, until=until)
    else:
        by |= {name: iso(on) if on is not None else None for name, on in _days(asked)}
    return _cited(reading.institution, head, {**_during(period), **reading.flows(asked)}, "flows", **by)


def _days(asked: Asked) -> Iterable[tuple[str, Day | None]]:
    return ("since", asked.since), ("until", asked.until)


def periods_answer(reading: Reading, head: Head) -> Answer:
    """{periods, institution, known_at, rules}: the periods that questions can be bounded by."""
    return _cited(reading.institution, head, {"periods": reading.periods()}, "periods")


def preview_answer(institution: str, head: Head, told: Answer) -> Answer:
    """*told* of drafts, which register it is of, as known when; what is not recorded cannot be cited."""
    return {**told, **_of(institution, head)}


PLACES = {
    "lineage": "units",
    "holders": "posts",
    "career": "persons",
    "amended_by": "instruments",
    "recorded_by": "entries",
}
"""A member that the history of one kind of thing alone has → where histories of that kind are served."""


def search_answer(
    reading: Reading, head: Head, wanted: Wanted, when: Day | str | None, kind: str | None, limit: int
) -> Answer:
    """{institution, q, as_of, kind, known_at, rules} and what is called so: *when*, a day or in a period, else ever.

    Raises: UnknownThing.
    """
    period = reading.period(when) if isinstance(when, str) else None
    day = when if isinstance(when, int) else None
    days = period.named if period else (day, day) if day is not None else None
    asked = {"q": wanted.text, "as_of": iso(day) if day is not None else None, "kind": kind}
    found = reading.search(wanted, days, (kind,) if kind else NAMED, limit)
    by = {**asked, "limit": limit, "during": period.told["id"] if period else None}
    return _cited(reading.institution, head, {**asked, **_during(period), **found}, "search", **by)


def thing_answer(institution: str, head: Head, history: Answer) -> Answer:
    """*history*, that of one thing, which register it is of, as known when, and how to cite it."""
    place = next(place for member, place in PLACES.items() if member in history)
    return _cited(institution, head, history, f"{place}/{history['id']}")


def findings_answer(view: View, during: str | None = None) -> Answer:
    """{findings, institution, known_at, rules}: what the rules find amiss; *during*: about a day of that period.

    Raises: UnknownThing.
    """
    period = period_of(view.world, view.institution, during) if during is not None else None
    told = {**_during(period), "findings": findings(view.world, period)}
    return _cited(view.institution, view.head, told, "findings", during=during)


def following_of(head: Head, after: int, limit: int) -> int | None:
    """After which position the page of the log begins that follows the one of *limit* events; None: it is the last."""
    return after + limit if after + limit < head.position else None


def events_answer(log: Log, institution: str, head: Head, after: int, limit: int, withheld: frozenset[str]) -> Answer:
    """{events, next, institution, known_at, rules}: a page of the log, blank where it is *withheld*."""
    rows = log.read(institution, after, min(after + limit, head.position))
    told = {"events": [_event(row, withheld) for row in rows], "next": following_of(head, after, limit)}
    return _cited(institution, head, told, "events", after=after, limit=limit)


def _event(row: Recorded, withheld: frozenset[str]) -> Answer:
    """An event as the log holds it: its envelope, and under `change` the fact; of one erased its name and its kind."""
    event = row.event.model_dump(mode="json", by_alias=True, exclude={"change"})
    change = row.event.change.model_dump(mode="json")
    day, redacted = row.event.effective, row.event.erased or row.event.target in withheld
    if redacted:
        event |= dict.fromkeys(("effective", "given_by", "basis", "instrument", "provision", "note", "recorded_by"))
        event["sources"] = []
    return {
        "position": row.position,
        "kind": row.event.kind,
        **event,
        "earliest": iso(day.earliest) if day and not redacted else None,
        "latest": iso(day.latest) if day and not redacted else None,
        "recorded": row.recorded,
        "hash": row.hash,
        "prev_hash": row.prev_hash,
        "redacted": redacted,
        "change": None if redacted else {name: value for name, value in change.items() if name not in ENVELOPE},
    }
