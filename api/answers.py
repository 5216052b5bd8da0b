"""Whole answers of the contract, the same over HTTP and on the command line: which day, as known when."""

from __future__ import annotations

from domain.chain import Head
from domain.dates import Day, iso
from domain.lives import Grade
from domain.recording import View
from domain.rules import RULES
from projections.counted import claimed_counts
from projections.diff import diff
from projections.findings import findings
from projections.learned import learned, steps_between
from projections.structure import Answer, structure


def known_at_answer(head: Head) -> Answer:
    """Where the log ended that an answer was made from: {position, recorded, hash}."""
    return {"position": head.position, "recorded": head.recorded, "hash": head.hash}


def _of(view: View, **asked: object) -> Answer:
    """Which register an answer is of, what was asked, as known when, by which rules."""
    return {"institution": view.institution, **asked, "known_at": known_at_answer(view.head), "rules": RULES}


def structure_answer(view: View, as_of: Day, grade: Grade = "possible") -> Answer:
    """{institution, as_of, known_at, rules} and the structure on *as_of*, down to *grade*."""
    return {**_of(view, as_of=iso(as_of)), **structure(view.world, as_of, grade)}


def diff_answer(view: View, start: Day, end: Day) -> Answer:
    """{institution, from, to, known_at, rules} and what changed in (*start*, *end*]."""
    return {**_of(view, **{"from": iso(start), "to": iso(end)}), **diff(view.world, start, end)}


def learned_answer(view: View, earlier: Head, as_of: Day) -> Answer:
    """{institution, as_of, known_from, known_to, rules} and what *view* knows of *as_of* that *earlier* did not.

    *earlier* is an earlier head of the same log.
    """
    known = {"known_from": known_at_answer(earlier), "known_to": known_at_answer(view.head)}
    return {**_of(view, as_of=iso(as_of), **known), **learned(steps_between(view.known, earlier.position), as_of)}


def counts_answer(view: View) -> Answer:
    """{counts, institution, known_at, rules}: claimed numbers of holders against those recorded."""
    return thing_answer(view, {"counts": claimed_counts(view.world)})


def thing_answer(view: View, history: Answer) -> Answer:
    """*history*, that of one thing, and which register it is of, as known when."""
    return {**history, **_of(view)}


def findings_answer(view: View) -> Answer:
    """{findings, institution, known_at, rules}: what the rules find amiss."""
    return thing_answer(view, {"findings": findings(view.world)})
