"""How the facts about a thing were read since they were recorded: what was corrected or annulled, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from domain import changes as e
from domain.acts import Known, renamed
from domain.changes import CONTROLS, ENVELOPE, Annulled, Change, Corrected, IdentitiesUnified, ReadingPreferred
from domain.claims import Key, said_of, tenure_names
from domain.events import Event
from domain.ids import split_target
from domain.lives import text_of
from domain.things import stated, targets_of
from projections.structure import Answer

Row: TypeAlias = tuple[int, Event]
Wanted: TypeAlias = Callable[[Event, list[Event]], bool]
"""Whether a fact is asked about, with the controls that say how it is to be read."""


def record_of_thing(known: Known, key: Key) -> list[Answer]:
    """Every later reading of what is recorded of a unit, post or person, in the order of recording.

    [{position, entry, event, kind, target, fact, reason, before, after}]: *fact* is read otherwise since, *before* as
    {kind, effective, said}, *after* so, null where it says nothing. What is withheld is not told.
    """
    record = _Record(known)
    return record.rows(lambda fact, controls: any(record.concerns(key, one) for one in readings_of(fact, controls)))


def record_of_instrument(known: Known, instrument: str) -> list[Answer]:
    """The same of what issued, amended and repealed an instrument."""
    kinds = e.InstrumentIssued | e.InstrumentAmended | e.InstrumentRepealed
    return _Record(known).rows(
        lambda fact, controls: any(
            isinstance(change, kinds) and change.instrument == instrument for change in readings_of(fact, controls)
        )
    )


def record_of_entry(known: Known, entry: str) -> list[Answer]:
    """The same of the changes of an entry, and of those that it corrects or annuls, since it was recorded."""
    last = max((position for position, event in known.rows if event.entry == entry), default=0)
    rows = _Record(known).rows(lambda fact, controls: entry in {event.entry for event in (fact, *controls)})
    return [row for row in rows if row["position"] > last]


def readings_of(fact: Event, controls: list[Event]) -> list[Change]:
    """What a fact says, as it was written and as it is read by any of *controls*."""
    return [stated(event.change) for event in (fact, *controls)]


@dataclass
class _Record:
    known: Known

    @cached_property
    def _entries(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for position, event in self.known.rows:
            found.setdefault(event.entry, []).append((position, event))
        return found

    @cached_property
    def _controls(self) -> list[Row]:
        """What says how others are to be read, in the order of recording."""
        kinds = Corrected | Annulled | ReadingPreferred | IdentitiesUnified
        withheld = self.known.redacted
        return [row for row in self.known.rows if isinstance(row[1].change, kinds) and row[1].target not in withheld]

    @cached_property
    def _read(self) -> dict[str, list[Row]]:
        """`ENTRY#n` of a fact, or of a unification → the controls that say how it is to be read."""
        found: dict[str, list[Row]] = {}
        for row in self._controls:
            for root in dict.fromkeys(root.target for _, root in self._roots(row, set())):
                found.setdefault(root, []).append(row)
        return found

    def _roots(self, row: Row, seen: set[int]) -> Iterator[Row]:
        """The facts and unifications that a control is of, however many controls lie between."""
        position, event = row
        if isinstance(event.change, IdentitiesUnified):
            yield row
            return
        seen.add(position)
        for name in targets_of(event.change):
            entry, number = split_target(name)
            for other in self._entries.get(entry, ()):
                if number not in (None, other[1].index) or other[0] in seen:
                    continue
                if not isinstance(other[1].change, CONTROLS):
                    yield other
                elif not isinstance(other[1].change, e.Redacted):
                    yield from self._roots(other, seen)

    def rows(self, wanted: Wanted) -> list[Answer]:
        """The later readings of the facts that are *wanted*."""
        found: list[tuple[tuple[int, int], Answer]] = []
        for position, event in self.known.rows:
            controls = self._read.get(event.target, ())
            if not controls or event.target in self.known.redacted:
                continue
            if wanted(event, [control for _, control in controls]):
                found += self._rows_of((position, event), controls)
        return [row for _, row in sorted(found, key=lambda one: one[0])]

    def _rows_of(self, root: Row, controls: list[Row]) -> Iterator[tuple[tuple[int, int], Answer]]:
        """How a fact was read before and after each of *controls*."""
        rows = sorted({row[0]: row for row in (root, *controls)}.values(), key=lambda row: row[0])
        for position, event in controls:
            before, after = (
                _reading(Known([row for row in rows if row[0] < until], self.known.redacted), root[1])
                for until in (position, position + 1)
            )
            change = event.change
            assert isinstance(change, Corrected | Annulled | ReadingPreferred | IdentitiesUnified)
            yield (
                (position, root[0]),
                {
                    "position": position,
                    "entry": event.entry,
                    "event": event.target,
                    "kind": event.kind,
                    "target": None if isinstance(change, IdentitiesUnified) else change.target,
                    "fact": root[1].target,
                    "reason": change.reason,
                    "before": before,
                    "after": after,
                },
            )

    # --- what a fact is about

    @cached_property
    def _tenures(self) -> dict[str, tuple[str, str]]:
        shown = (event for _, event in self.known.rows if event.target not in self.known.redacted)
        return tenure_names((event.target, stated(event.change)) for event in shown)

    def concerns(self, key: Key, change: Change) -> bool:
        """Whether *change* says something of what the history of *key* tells."""
        kind, thing = key
        names = self.known.unified
        change = renamed(change, names) if names else change
        if isinstance(change, IdentitiesUnified):
            return thing in {names.get(one, one) for one in change.ids} or thing in change.ids
        for other, *_ in said_of(change, self._tenures.get):
            sort, *parts = (names.get(part, part) for part in other)
            if sort in ("unit", "post") and (sort, *parts) == key:
                return True
            if sort == "tenure" and thing == parts[0 if kind == "person" else 1] and kind != "unit":
                return True
            if kind != "person" and thing in {"relation": (parts[0], parts[-1]), "function": (parts[0],)}.get(sort, ()):
                return True
        match change:
            case e.PersonRegistered() | e.PersonRenamed() | e.LifeEvent():
                return key == ("person", change.person)
            case e.ListAttested() | e.CoverageDeclared():
                return key == ("post", change.scope.post)
            case e.QuantityObserved():
                return thing == change.subject
            case e.AssessmentMade() | e.StatementMade():
                return thing == change.about
            case e.CountClaimed():
                return thing in (change.post, change.unit)
            case e.MandateDeclared():
                return key == ("unit", change.unit)
            case e.UnitAbolished():
                return kind == "unit" and thing in change.successors
        return False


def _reading(known: Known, root: Event) -> Answer | None:
    """What a fact, or a unification, says as *known* has it."""
    for _, event in known.live(IdentitiesUnified):
        if event.target == root.target:
            return _told(event.change, None)
    for _, event, change, by in known.facts:
        if event.target == root.target:
            own = by is not None and change.given("effective")
            return _told(change, text_of(change.effective if own else event.effective))
    return None


def _told(change: Change, effective: str | None) -> Answer:
    said = {name: value for name, value in change.model_dump(mode="json").items() if name not in (*ENVELOPE, "kind")}
    return {"kind": change.kind, "effective": effective, "said": said}
