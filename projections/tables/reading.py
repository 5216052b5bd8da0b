"""Answers from the tables: a structure from its rows, everything else from the fold of the slice it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from domain import changes as e
from domain.acts import Act
from domain.claims import Key, post_key, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.events import Event
from domain.lives import Grade
from domain.things import mentioned
from domain.world import World
from projections.counted import claimed_counts
from projections.coverage import coverages, covers
from projections.doubt import doubts
from projections.flows import Asked, flows
from projections.histories import (
    entry_history,
    instrument_history,
    person_history,
    post_history,
    taught_by,
    unit_history,
)
from projections.listing import declared
from projections.periods import Period, period_of, periods
from projections.printed import Lists, lists_of
from projections.record import record_of_instrument
from projections.search import Wanted, search
from projections.sources import described, source_history
from projections.structure import Answer
from projections.tables.about import all_about
from projections.tables.asof import structure_json
from projections.tables.covering import covered_by
from projections.tables.differing import FEW, difference
from projections.tables.effects import effects_of
from projections.tables.learning import Learning, read_anew
from projections.tables.moving import people_moved
from projections.tables.names import Days
from projections.tables.shelf import EventCache, Shelf, ShelfArchive
from projections.tables.slices import Position, Slice
from projections.tables.stepping import days_of_change, steps, years
from projections.tables.tabled import TabledLog
from projections.tables.tabled_names import TabledNames
from projections.tables.topics import DECLARED, PERIODS, of_key
from projections.tables.touching import redacted_in
from projections.tables.windows import windows_of

MOST = 1_000
"""Spellings looked at in each step of a search, so that a single letter costs no more than a name."""


@dataclass
class Reading:
    """One register as known at *position*, read from its tables in one transaction."""

    institution: str
    shelf: Shelf
    position: Position
    cache: EventCache

    def __post_init__(self) -> None:
        last = self.shelf.position()
        head = ShelfArchive(self.shelf, self.institution, last, True, self.cache)
        self.redacted = redacted_in(head)
        self.archive = self._as_known(self.position)

    def _as_known(self, position: Position) -> ShelfArchive:
        now = position >= self.shelf.position()
        return ShelfArchive(self.shelf, self.institution, position, now, self.cache, self.redacted)

    # --- days

    def structure(self, day: Day, lowest: Grade = "possible") -> bytes:
        """The structure on *day*, down to the grade *lowest*, as JSON without the outer braces."""
        return structure_json(self.shelf, day, self.position, lowest)

    def diff(self, start: Day, end: Day) -> Answer:
        """What changed in (*start*, *end*]."""
        return difference(self.archive, self.position, start, end)

    def learned(self, earlier: Position, day: Day) -> Answer:
        """What is known of *day* and was not at *earlier*: each difference with the entry that brought it."""
        return Learning(self._as_known, self.position).learned(earlier, day)

    # --- one thing

    def world_of(self, ids: Iterable[str]) -> World:
        """What stands of units, posts and persons of these *ids*, for telling what they are called."""
        return Slice(self.archive, [(kind, one) for one in ids for kind in ("unit", "post", "person")]).world

    def unit(self, unit: str) -> Answer:
        """The whole history of a unit. Raises: UnknownThing, NowCalled."""
        slice_ = all_about(self.archive, unit_key(unit))
        told = unit_history(slice_.world, self.institution, unit)
        return {**told, **doubts(slice_.world, slice_.known, unit_key(unit))}

    def post(self, post: str) -> Answer:
        """The whole history of a post. Raises: UnknownThing, NowCalled."""
        slice_ = all_about(self.archive, post_key(post))
        told = post_history(slice_.world, self.institution, post)
        return {**told, **doubts(slice_.world, slice_.known, post_key(post))}

    def person(self, person: str) -> Answer:
        """The whole history of a person. Raises: UnknownThing, NowCalled."""
        slice_ = all_about(self.archive, ("person", person))
        world = slice_.world
        posts = [key for key in slice_.core if key[0] == "post"]
        units = {
            unit_key(held.value) for post in posts for held in world.ever(post, "unit") if isinstance(held.value, str)
        }
        if not units <= slice_.core:  # what the units of the posts were called is read of the core alone
            core = slice_.core | units
            slice_ = Slice(self.archive, core, windows_of(self.archive, core), more=slice_.more)
        told = person_history(slice_.world, self.institution, person)
        return {**told, **doubts(slice_.world, slice_.known, ("person", person))}

    def instrument(self, instrument: str) -> Answer:
        """The whole history of an instrument. Raises: UnknownThing."""
        first = Slice(self.archive, (), more=[f"rests|{instrument}", f"instrument|{instrument}"])
        slice_ = effects_of(self.archive, first, set(first.rows), [f"about|{instrument}"])
        told = instrument_history(slice_.world, self.institution, instrument)
        return {**told, "record": record_of_instrument(slice_.known, instrument)}

    def entry(self, entry: str) -> Answer:
        """The whole history of an entry. Raises: UnknownThing."""
        rows = self.archive.entry(entry)
        positions = {position for position, _ in rows}
        first = Slice(self.archive, (), also=positions)
        readings = [change for _, event in rows for change in first.readings(event)]
        issued = [change.instrument for change in readings if isinstance(change, e.InstrumentIssued)]
        read = {place for _, event in rows for place in read_anew(self.archive, event)}
        slice_ = effects_of(self.archive, first, positions, [f"instrument|{one}" for one in issued], read)
        covered = covers(coverages(slice_.world.acts, entry), lambda act: covered_by(self.archive, act))
        return entry_history(slice_.world, slice_.known, self.institution, entry, self._taught(rows), covered)

    def _taught(self, rows: Sequence[tuple[Position, Event]]) -> Answer | None:
        """{learned, altered}: what an entry taught when it was recorded; None of no entry."""
        if not rows:
            return None
        steps = Learning(self._as_known, rows[-1][0]).steps(rows[0][0] - 1)
        return taught_by(steps, lambda name: [event for _, event in self.archive.entry(name)])

    def thing(self, thing: str) -> Answer:
        """The history of whatever unit, post, person, instrument or entry has that id. Raises: UnknownThing."""
        slice_ = Slice(self.archive, ())
        called = slice_.names.get(thing, thing)
        for kind, answer in (("unit", self.unit), ("post", self.post), ("person", self.person)):
            world = Slice(self.archive, [(kind, called)]).world
            if world.kinds.get(called) == kind:
                return answer(thing)
        if self.archive.instruments([thing]):
            return self.instrument(thing)
        return self.entry(thing)

    # --- people who moved

    def flows(self, asked: Asked) -> Answer:
        """The moves of people between bodies. Raises: UnknownThing."""
        first = Slice(self.archive, ())
        asked = asked.called(dict(first.names))
        people = people_moved(self.archive, first, asked)
        core: set[Key] = {("person", person) for person in people} | {unit_key(unit) for unit in asked.units}
        core |= {held for person in people for held in first.keys_in(f"career|{person}")}
        core |= {post_key(held[2]) for held in core if held[0] == "tenure"}
        return flows(Slice(self.archive, core, windows_of(self.archive, core)).world, self.institution, asked)

    # --- names

    def search(self, wanted: Wanted, days: Days | None, kinds: Sequence[str], limit: int) -> Answer:
        """What is called as *wanted*: on one of *days*, if those are given, else ever."""
        return search(TabledNames(self.archive), wanted, days=days, kinds=kinds, limit=limit, most=MOST)

    # --- sources and days

    def sources_named(self, sources: Iterable[str]) -> Answer:
        """What those of *sources* are that are registered, by id."""
        wanted = [f"source|{source}" for source in set(sources)]
        return described(Slice(self.archive, (), more=wanted).known.acts) if wanted else {}

    def source(self, source: str) -> Answer:
        """A source with all facts that rest on it. Raises: UnknownThing."""
        known = Slice(self.archive, (), more=[f"source|{source}", f"cites|{source}"]).known
        return source_history(known, self.institution, source)

    def printed(self, posts: Collection[str]) -> Lists:
        """The lists in which sources print *posts*; none, if those are many."""
        if not 1 < len(posts) <= FEW:
            return []
        topics = [topic for post in posts for topic in (of_key(post_key(post)), f"holders|{post}")]
        return lists_of(Slice(self.archive, (), more=topics).known.acts)

    def steps(self, day: Day) -> Answer:
        """The days next to *day* on which something changes."""
        return steps(self.shelf, self._believed, day)

    def days_of_change(self, day: Day, many: int, *, backwards: bool = False) -> list[Day]:
        """The next *many* days after *day*, or before it, on which something changes; the nearest first."""
        return days_of_change(self.shelf, self._believed, day, many, backwards=backwards)

    def years(self) -> dict[str, str]:
        """Year → the first day in it on which something changes."""
        return years(self.shelf, self._believed)

    def _believed(self, positions: set[Position]) -> list[Act]:
        """The acts at *positions* as they read, in the order of effect; none that hangs on nothing."""
        first = Slice(self.archive, (), also=positions)
        core = {key for event in first.rows.values() for key in first.keys_of(event)}
        acts = Slice(self.archive, core, windows_of(self.archive, core), also=positions).acts
        return [act for act in acts if act.position in positions]

    # --- the whole register

    def periods(self) -> Answer:
        """The periods that are defined, by id."""
        return periods(Slice(self.archive, (), more=[PERIODS]).world)

    def period(self, period: str) -> Period:
        """The period of that id. Raises: UnknownThing."""
        return period_of(Slice(self.archive, (), more=[f"period|{period}"]).world, self.institution, period)

    def counts(self, within: Period | None = None) -> Answer:
        """Claimed numbers of holders against those recorded; of claims about a time that touches *within*."""
        first = Slice(self.archive, (), more=["counts"])
        core: set[Key] = set()
        for _, change in list(first.changes("counts")):
            if isinstance(change, e.CountClaimed):
                core |= {(kind, thing) for thing, kinds in mentioned(change) for kind in kinds}
        core = first.all_of(core)
        for key in list(core):
            if key[0] == "unit":
                core |= {below for below in first.keys_in(f"under|{key[1]}") if below[0] == "post"}
        posts = {key[1] for key in core if key[0] == "post"}
        core |= {held for post in posts for held in first.keys_in(f"holders|{post}")}
        core |= {("person", held[1]) for held in core if held[0] == "tenure"}
        return claimed_counts(Slice(self.archive, core, more=["counts"]).world, within)

    def declared(self) -> Answer:
        """What the institution says of itself."""
        return declared(Slice(self.archive, (), more=[DECLARED]).known)

    def line(self) -> Answer:
        """{name, first_effective, last_effective}: the register in a line."""
        declared = [
            act.change
            for act in Slice(self.archive, (), more=[DECLARED]).known.acts
            if isinstance(act.change, e.InstitutionDeclared)
        ]
        return {
            "name": declared[-1].name if declared else None,
            "first_effective": self._end_of_time(backwards=False),
            "last_effective": self._end_of_time(backwards=True),
        }

    def _end_of_time(self, *, backwards: bool) -> str | None:
        """The first or the last day of any act, as recorded."""
        day: Day | None = AFTER_ALL + 1 if backwards else BEFORE_ALL - 2
        while day is not None:
            day = self.shelf.next_dated(day, backwards=backwards)
            acts = self._acts_on(day) if day is not None else []
            if acts:
                date = acts[-1 if backwards else 0].day
                return date.text if date else None
        return None

    def _acts_on(self, day: Day) -> list[Act]:
        """The acts that take effect on *day* at the latest, in the order of effect."""
        return [act for act in self._believed(set(self.shelf.dated(day - 1, day))) if act.hi == day]


class Reader:
    """Readings of the registers of a log with tables. Any thread may use it."""

    def __init__(self, log: TabledLog) -> None:
        self._log = log
        self._cache = EventCache()
        self._erased: dict[str, frozenset[str]] = {}

    @contextmanager
    def at(self, institution: str, position: Position) -> Iterator[Reading]:
        """The register as known at *position*, which ends an entry."""
        with self._log.shelf(institution) as shelf:
            reading = Reading(institution, shelf, position, self._cache)
            if reading.redacted != self._erased.get(institution, frozenset()):
                self._cache.forget(institution, reading.redacted)
                self._erased[institution] = reading.redacted
            yield reading


__all__ = ["Reader", "Reading"]
