"""Synthetic registers: the entries of an institution of one size over two centuries, in the order of recording.

The same seed writes the same register. What is kept in memory is what stands, and what waits to be recorded late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from heapq import heappop, heappush
from random import Random
from typing import TypeAlias

from bench.institutions import GROUNDS, RELATIONS, UNIT_KINDS, Institution
from bench.things import Candidate, Draft, Measure, Plain, Tenure
from domain.dates import Day

FIRST, FOUNDED, LAST = (date(year, 1, 1).toordinal() for year in (1820, 1825, 2020))
"""The first day, the day by which the institution has its size, and the day after the last."""

TENURES = 0.72  # share of the changes, once it is founded, that appoint, release or transfer
LATE = 0.05  # share of the events that are recorded late
DELAY = 4 * 365.25  # days between effect and recording of those, on average
REPORTS = 0.02  # share of the changes that come from a yearbook
CONTROLS = 0.02  # share of the events that correct or annul another
EVENTS_OF_ENTRY = 4.7  # on average; what days are reckoned by
LONGEST = 8  # changes in an entry
FEWEST = 100  # events of a register worth writing

Act: TypeAlias = Callable[[Institution, Draft], None]

ORGANIZATION: tuple[tuple[float, Act], ...] = (
    (0.12, Institution.rename),
    (0.19, Institution.move),
    (0.38, Institution.retitle),
    (0.46, Institution.move_post),
    (0.55, Institution.relate),
    (0.65, Institution.reorganize),
    (1.00, Institution.renew_posts),
)
"""What decrees on the organization do, each with the chance below which it is chosen."""

REPORTED: tuple[tuple[float, Act], ...] = (
    (0.5, Institution.observe),
    (0.85, Institution.attest),
    (1.0, Institution.list_holders),
)
"""What yearbooks report."""


def entries(events: int, alive: int, seed: int = 1) -> Iterator[Plain]:
    """The entries of a register of *events* events with about *alive* facts on a day, in the order of recording.

    Facts are units, posts, tenures and relations. The days run from 1820 to 2020; the size is reached by 1825,
    which takes some 2.3 events a fact.

    Raises: ValueError, for fewer events than FEWEST.
    """
    if events < FEWEST:
        raise ValueError(f"{events} events are fewer than {FEWEST}")
    return _Register(events, alive, seed).entries()


def founding() -> Plain:
    """The entry that founds the register: its name, its code lists and the sources it cites."""
    declared: Plain = {
        "kind": "institution-declared",
        "name": {"en": "Synthetic Office"},
        "unit_kinds": list(UNIT_KINDS),
        "relations": list(RELATIONS),
        "instrument_kinds": ["decree", "order"],
    }
    sources: list[Plain] = [
        {"kind": "source-registered", "source": source, "title": {"en": source.capitalize()}}
        for source in ("gazette", "yearbook")
    ]
    return {"entry": "institution", "changes": [{**change, "effective": None} for change in (declared, *sources)]}


class _Register:
    """A register in the making."""

    def __init__(self, events: int, alive: int, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  # chance, not secrecy
        self.institution = Institution(Measure(alive), self.random)
        self.events = events
        self.written = 0
        self.day = float(FIRST)
        self.drafts = 0
        self.number, self.year = 0, 0
        self.candidates: list[Candidate] = []
        self.kept = max(16, alive)
        self.late: list[tuple[Day, int, Plain]] = []
        # Counted since it was founded, to hold the shares.
        self.since = self.changes = self.tenure_acts = self.reported = self.controls = self.delayed = 0

    def entries(self) -> Iterator[Plain]:
        first = founding()
        self.written = len(first["changes"])
        yield first
        while self.written < self.events:
            self._advance()
            day = int(self.day)
            while self.late and self.late[0][0] <= day:
                yield heappop(self.late)[2]
            self.drafts += 1
            entry = self._entry(Draft(f"d{self.drafts:06}", day))
            if entry is not None:
                yield entry
        while self.late:
            yield heappop(self.late)[2]

    def _advance(self) -> None:
        """To the day of the next entry, so that the last one falls on the last day."""
        measure, institution = self.institution.measure, self.institution
        if institution.founded:
            left, end = self.events - self.written, LAST
        else:
            units, posts = measure.units - institution.units, measure.posts - len(institution.posts)
            left, end = min(round(1.2 * units + 3.6 * posts), self.events - self.written), FOUNDED
        step = (end - self.day) * EVENTS_OF_ENTRY / max(left, EVENTS_OF_ENTRY)
        self.day = min(self.day + step * 2 * self.random.random(), end - 1)

    def _entry(self, draft: Draft) -> Plain | None:
        """The next entry, counted; None if it is recorded later, or nothing was found to say."""
        left, founded = self.events - self.written, self.institution.founded
        if left <= LONGEST + 3:
            while len(draft.changes) < min(left, LONGEST):
                self.institution.observe(draft)
            return self._told(draft, self._report(draft))
        if not founded:
            self._fill(draft, self._growth)
            return self._told(draft, self._decree(draft))
        since = self.written - self.since
        if self.controls < CONTROLS * since and self._control(draft):
            self.controls += len(draft.changes)
            return self._told(draft, {"entry": draft.entry, "sources": [_gazette(draft)], "changes": draft.changes})
        if self.reported < REPORTS * self.changes:
            self._fill(draft, self._reported)
            self.reported += len(draft.changes)
            return self._told(draft, self._report(draft))
        if self.delayed < LATE * since and self.random.random() < 0.3:
            draft.late = True
            self._fill(draft, self._renewal)
        elif self.tenure_acts < TENURES * self.changes:
            self._fill(draft, Institution.turn_over)
        else:
            self._fill(draft, self._organization)
        return self._told(draft, self._decree(draft))

    def _told(self, draft: Draft, entry: Plain) -> Plain | None:
        """*entry*, with its changes counted, unless it is empty or waits."""
        if not draft.changes:
            self.drafts -= 1
            return None
        events = len(draft.changes) + ("instrument" in entry)
        self.written += events
        if self.institution.founded and not self.since:
            self.since = self.written
        elif self.since:
            self.changes += len(draft.changes)
            self.tenure_acts += draft.tenure_acts
        if draft.late:
            self.delayed += events
            recorded = draft.day + 1 + int(self.random.expovariate(1 / DELAY))
            heappush(self.late, (recorded, self.drafts, entry))
            return None
        for candidate in draft.candidates:
            if len(self.candidates) < self.kept:
                self.candidates.append(candidate)
            else:
                self.candidates[int(self.random.random() * self.kept)] = candidate
        return entry

    # --- what an entry says

    def _fill(self, draft: Draft, act: Act) -> None:
        wanted = 1 + int(self.random.random() ** 0.8 * 6)  # an act makes up to three changes
        for _ in range(4 * wanted):
            if len(draft.changes) >= wanted:
                return
            act(self.institution, draft)

    def _growth(self, institution: Institution, draft: Draft) -> None:
        if not institution.founded:
            institution.grow(draft)

    def _renewal(self, institution: Institution, draft: Draft) -> None:
        """What may be recorded late: it introduces nothing."""
        chance = self.random.random()
        act = Institution.turn_over if chance < 0.85 else Institution.rename if chance < 0.9 else Institution.retitle
        act(institution, draft)

    def _organization(self, institution: Institution, draft: Draft) -> None:
        self._one_of(ORGANIZATION)(institution, draft)

    def _reported(self, institution: Institution, draft: Draft) -> None:
        self._one_of(REPORTED)(institution, draft)

    def _one_of(self, acts: tuple[tuple[float, Act], ...]) -> Act:
        chance = self.random.random()
        return next(act for below, act in acts if chance < below)

    def _decree(self, draft: Draft) -> Plain:
        """A decree, in effect when signed, or on a day in force, or on a day of its own."""
        chance = self.random.random()
        signed = draft.day if chance < 0.8 else draft.day - 1 - int(self.random.random() * 10)
        day, year = _iso(draft.day), date.fromordinal(draft.day).year
        self.number, self.year = (self.number + 1 if year == self.year else 1), year
        instrument: Plain = {
            "kind": "decree" if draft.tenure_acts else "order",
            "number": str(self.number),
            "title": {"en": "On officers" if draft.tenure_acts else "On the organization"},
            "issuer": "Head of the Office",
            "signed": _iso(signed),
        }
        if 0.35 <= chance < 0.95:
            instrument["in_force"] = day
        effective = {"effective": day} if chance >= 0.95 else {}
        return {"entry": draft.entry, "instrument": instrument, **effective, "changes": draft.changes}

    def _report(self, draft: Draft) -> Plain:
        source = {"source": "yearbook", "locator": f"{date.fromordinal(draft.day).year}"}
        return {"entry": draft.entry, "effective": _iso(draft.day), "sources": [source], "changes": draft.changes}

    # --- corrections

    def _control(self, draft: Draft) -> bool:
        """Writes one correction or annulment, if a few looks find what can bear one."""
        for _ in range(8 if self.candidates else 0):
            place = int(self.random.random() * len(self.candidates))
            candidate, self.candidates[place] = self.candidates[place], self.candidates[-1]
            self.candidates.pop()
            if candidate.tenure is None:
                self._control_wording(draft, candidate)
            elif _untouched(candidate.tenure, draft.day):
                self._control_tenure(draft, candidate, candidate.tenure)
            if draft.changes:
                return True
            if not self.candidates:
                break
        return False

    def _control_wording(self, draft: Draft, candidate: Candidate) -> None:
        """Another name or title, or ground of a release."""
        change = dict(candidate.change)
        if change["kind"] != "released" and self.random.random() < 0.3:
            draft.add("annulled", target=candidate.target, reason="read of another body")
            return
        if change["kind"] == "released":
            change["ground"] = GROUNDS[(GROUNDS.index(change["ground"]) + 1) % len(GROUNDS)]
        else:
            field = "name" if change["kind"] == "unit-renamed" else "title"
            change[field] = {**change[field], "en": f"{change[field]['en']} bis"}
        draft.add("corrected", target=candidate.target, change=change, reason="misread")

    def _control_tenure(self, draft: Draft, candidate: Candidate, tenure: Tenure) -> None:
        """Another day of appointment, up to nine days off, or none at all."""
        if self.random.random() < 0.3:
            draft.add("annulled", target=candidate.target, reason="never took office")
            self.institution.leave(tenure)
            tenure.post.touched = draft.day
            return
        day = tenure.since + int(self.random.random() * 19) - 9
        day = min(max(day, candidate.after + 1), draft.day - 1)
        if day != tenure.since:
            change = {**candidate.change, "effective": _iso(day)}
            draft.add("corrected", target=candidate.target, change=change, reason="misdated")
            tenure.post.touched = draft.day


def _untouched(tenure: Tenure, day: Day) -> bool:
    """Whether *tenure* stands, and nothing was done to its post since it began, until *day*."""
    post = tenure.post
    return tenure in post.holders and post.touched == tenure.since < day - 1


def _gazette(draft: Draft) -> Plain:
    return {"source": "gazette", "locator": f"errata of {_iso(draft.day)}", "certainty": "high"}


def _iso(day: Day) -> str:
    return date.fromordinal(day).isoformat()
