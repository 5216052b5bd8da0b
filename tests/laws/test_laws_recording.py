"""What must hold however a register is written: entries, corrections, annulments, one after another."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.acts import Known, redactions
from domain.decide import FoldedHistory, decide, recorded_already
from domain.entries import Entry, entry_from
from domain.errors import EntryDiffers, EntryRefused, NowCalled, UnknownThing
from domain.events import Event
from domain.fold import fold
from domain.world import World
from projections.counted import claimed_counts
from projections.diff import diff, patch
from projections.findings import findings
from projections.histories import entry_history, person_history, post_history, thing_history, unit_history
from projections.learned import learned, steps_between
from projections.structure import structure
from tests.strategies import (
    FOUNDING,
    PERSONS,
    POSTS,
    UNITS,
    any_changes,
    controls_of,
    interesting_days,
)

ASKED = interesting_days()[::9]
"""Some days before, in and after the history."""


def written(answer: Any) -> bytes:
    """An answer as JSON; plain values under text keys alone can be written."""
    return orjson.dumps(answer)


class Register(RuleBasedStateMachine):
    """A register in the hands of an editor who tries anything."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[int, Event]] = []
        self.entries: list[str] = []
        self._record(FOUNDING)

    def _record(self, entry: Entry) -> None:
        """Records *entry*, or takes a refusal. Any other error is a bug."""
        history = FoldedHistory("cast", self.rows)
        try:
            if recorded_already(history, entry, "editor"):
                return
            decision = decide(history, entry, "editor")
        except (EntryRefused, EntryDiffers):
            return
        self.rows = [*self.rows, *enumerate(decision.events, len(self.rows) + 1)]
        self.entries.append(entry.entry)

    def _new(self, *changes: dict[str, Any], **more: Any) -> Entry:
        return entry_from({"entry": f"e{len(self.entries)}", "changes": list(changes), **more}, "drawn")

    @rule(changes=st.lists(any_changes(), min_size=1, max_size=3))
    def report(self, changes: list[dict[str, Any]]) -> None:
        """What a source says."""
        self._record(self._new(*changes))

    @rule(changes=st.lists(any_changes(), min_size=1, max_size=3), signed=st.sampled_from(["2000-01", "2000-02-02"]))
    def decree(self, changes: list[dict[str, Any]], signed: str) -> None:
        """What a decree orders, on its own day unless it says otherwise."""
        undated = [{name: value for name, value in c.items() if name != "effective"} for c in changes[1:]]
        self._record(self._new(changes[0], *undated, instrument={"kind": "decree", "signed": signed}))

    @rule(data=st.data())
    def control(self, data: st.DataObject) -> None:
        """How something recorded is to be read."""
        targets = [event.target for _, event in self.rows if event.index]
        self._record(self._new(data.draw(controls_of(targets))))

    @rule(data=st.data(), signed=st.sampled_from(["2000-01-15", "2000-03", None]))
    def reissue(self, data: st.DataObject, signed: str | None) -> None:
        """An instrument that reads otherwise, or was never issued."""
        issued = [event for _, event in self.rows if event.index == 0]
        if issued:
            target = data.draw(st.sampled_from(issued))
            again = {
                "kind": "instrument-issued",
                "instrument": target.instrument,
                "instrument_kind": "order",
                "signed": signed,
            }
            fix = {"kind": "corrected", "target": target.target, "change": again, "reason": "misread"}
            gone = {"kind": "annulled", "target": target.target, "reason": "forged"}
            self._record(self._new(data.draw(st.sampled_from([fix, gone]))))

    @rule(data=st.data(), capacity=st.sampled_from(["acting", "suspended"]))
    def name_a_tenure(self, data: st.DataObject, capacity: str) -> None:
        """A release or change of capacity that names its tenure by an event."""
        target = data.draw(st.sampled_from([event.target for _, event in self.rows]))
        acts = [
            {"kind": "released", "tenure": target},
            {"kind": "capacity-changed", "tenure": target, "capacity": capacity},
        ]
        self._record(self._new({**data.draw(st.sampled_from(acts)), "effective": "2000-02-15"}))

    @rule(data=st.data(), changes=st.lists(any_changes(), min_size=1, max_size=1))
    def again(self, data: st.DataObject, changes: list[dict[str, Any]]) -> None:
        """An entry id that stands in the record, with whatever content."""
        name = data.draw(st.sampled_from(self.entries))
        self._record(entry_from({"entry": name, "changes": changes}, "drawn"))

    @invariant()
    def every_question_is_answered(self) -> None:
        """On every day, of every thing, in plain JSON."""
        known = Known(self.rows, redactions(event for _, event in self.rows))
        world = fold(known)
        written([findings(world), claimed_counts(world)])
        days = [structure(world, day) for day in ASKED]
        written(days)
        for (one, older), (other, newer) in pairwise(zip(ASKED, days, strict=True)):
            written([diff(world, one, other), diff(world, other, one), patch(older, newer)])
        written(diff(world, ASKED[0], ASKED[-1]))
        steps = steps_between(known, len(FOUNDING.changes))
        if len(steps) > 1:
            written(learned(steps, ASKED[len(ASKED) // 2]))
        self._histories(world, known)

    def _histories(self, world: World, known: Known) -> None:
        for ask, things in ((unit_history, ["root", *UNITS]), (post_history, POSTS), (person_history, PERSONS)):
            for thing in things:
                if thing in world.unified or thing not in world.kinds:
                    with pytest.raises(NowCalled if thing in world.unified else UnknownThing):
                        ask(world, "cast", thing)
                else:
                    written(ask(world, "cast", thing))
        for thing in (*self.entries, *world.instruments):
            written(thing_history(world, known, "cast", thing))
        for entry in self.entries:
            written(entry_history(world, known, "cast", entry))


TestRegister = Register.TestCase
TestRegister.settings = settings(stateful_step_count=8)  # as many examples as the profile says
