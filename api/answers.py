"""Whole answers of the contract, the same over HTTP and on the command line: which day, as known when."""

from __future__ import annotations

import orjson

from domain.chain import Head
from domain.dates import Day, iso
from domain.lives import Grade
from domain.recording import View
from domain.rules import RULES
from projections.diff import patch
from projections.findings import findings
from projections.flows import Asked
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


def diff_answer(reading: Reading, head: Head, start: Day, end: Day) -> Answer:
    """{institution, from, to, known_at, rules} and what changed in (*start*, *end*]."""
    days = {"from": iso(start), "to": iso(end)}
    return {**_of(reading.institution, head, **days), **reading.diff(start, end)}


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


def counts_answer(reading: Reading, head: Head) -> Answer:
    """{counts, institution, known_at, rules}: claimed numbers of holders against those recorded."""
    return thing_answer(reading.institution, head, {"counts": reading.counts()})


def flows_answer(reading: Reading, head: Head, asked: Asked) -> Answer:
    """{institution, from, to, since, until, known_at, rules, flows, sums}: moves of people between bodies."""
    return thing_answer(reading.institution, head, reading.flows(asked))


def thing_answer(institution: str, head: Head, history: Answer) -> Answer:
    """*history*, that of one thing, and which register it is of, as known when."""
    return {**history, **_of(institution, head)}


def findings_answer(view: View) -> Answer:
    """{findings, institution, known_at, rules}: what the rules find amiss."""
    return thing_answer(view.institution, view.head, {"findings": findings(view.world)})
