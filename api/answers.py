"""Whole answers of the contract, the same over HTTP and on the command line: which day, as known when."""

from __future__ import annotations

from dataclasses import replace

import orjson

from domain.chain import Head
from domain.dates import Day, iso
from domain.lives import Grade
from domain.recording import View
from domain.rules import RULES
from projections.diff import patch
from projections.findings import findings
from projections.flows import Asked
from projections.periods import Period
from projections.structure import Answer
from projections.tables.reading import Reading


def known_at_answer(head: Head) -> Answer:
    """Where the log ended that an answer was made from: {position, recorded, hash}."""
    return {"position": head.position, "recorded": head.recorded, "hash": head.hash}


def _of(institution: str, head: Head, **asked: object) -> Answer:
    """Which register an answer is of, what was asked, as known when, by which rules."""
    return {"institution": institution, **asked, "known_at": known_at_answer(head), "rules": RULES}


def structure_answer(reading: Reading, head: Head, as_of: Day, grade: Grade = "possible") -> bytes:
    """{institution, as_of, known_at, rules} and the structure on *as_of*, down to *grade*, as JSON."""
    asked = orjson.dumps(_of(reading.institution, head, as_of=iso(as_of)))
    return b"%b,%b}" % (asked[:-1], reading.structure(as_of, grade))


def diff_answer(reading: Reading, head: Head, start: Day, end: Day, during: Period | None = None) -> Answer:
    """{institution, from, to, known_at, rules} and what changed in (*start*, *end*], the days of *during* if given."""
    days: Answer = {"from": iso(start), "to": iso(end), **_during(during)}
    return {**_of(reading.institution, head, **days), **reading.diff(start, end)}


def _during(period: Period | None) -> Answer:
    """The period by which a question was bounded."""
    return {} if period is None else {"during": period.told}


def learned_answer(reading: Reading, head: Head, earlier: Head, as_of: Day) -> Answer:
    """{institution, as_of, known_from, known_to, rules} and what *reading* knows of *as_of* that *earlier* did not.

    *earlier* is an earlier head of the same log.
    """
    known = {"known_from": known_at_answer(earlier), "known_to": known_at_answer(head)}
    asked = _of(reading.institution, head, as_of=iso(as_of), **known)
    return {**asked, **reading.learned(earlier.position, as_of)}


def patch_answer(before: bytes, after: bytes) -> list[Answer]:
    """RFC 6902 from one structure to another, each as a Reading has it."""
    return patch(orjson.loads(b"{%b}" % before), orjson.loads(b"{%b}" % after))


def counts_answer(reading: Reading, head: Head, during: str | None = None) -> Answer:
    """{counts, institution, known_at, rules}: claimed numbers of holders against those recorded.

    *during*: of a time that touches that period. Raises: UnknownThing.
    """
    period = reading.period(during) if during is not None else None
    return thing_answer(reading.institution, head, {**_during(period), "counts": reading.counts(period)})


def flows_answer(reading: Reading, head: Head, asked: Asked, during: str | None = None) -> Answer:
    """{institution, from, to, since, until, known_at, rules, flows, sums}: moves of people between bodies.

    *during*: in that period, in place of the days of *asked*. Raises: UnknownThing.
    """
    period = reading.period(during) if during is not None else None
    if period is not None:
        since, until = period.span
        asked = replace(asked, since=since, until=until)
    return thing_answer(reading.institution, head, {**_during(period), **reading.flows(asked)})


def periods_answer(reading: Reading, head: Head) -> Answer:
    """{periods, institution, known_at, rules}: the periods that questions can be bounded by."""
    return thing_answer(reading.institution, head, {"periods": reading.periods()})


def thing_answer(institution: str, head: Head, history: Answer) -> Answer:
    """*history*, that of one thing, and which register it is of, as known when."""
    return {**history, **_of(institution, head)}


def findings_answer(view: View) -> Answer:
    """{findings, institution, known_at, rules}: what the rules find amiss."""
    return thing_answer(view.institution, view.head, {"findings": findings(view.world)})
