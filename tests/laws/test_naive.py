"""The fold against a naive model written from the design's sentences: two readings of one law that must agree."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.dates import day
from domain.errors import EntryRefused
from projections.structure import structure
from tests.history import FOUNDING, History, abolished, appointed, post, released, unit
from tests.laws.naive import Beyond, Model, Written

FIRST = date(2000, 2, 1)
DAYS = st.integers(0, 89).map(lambda n: (FIRST + timedelta(n)).isoformat())
"""A few months, after the founding of the mint."""
EARLY = st.integers(0, 20).map(lambda n: (FIRST + timedelta(n)).isoformat())

UNITS = st.sampled_from(["u1", "u2", "u3"])
POSTS = st.sampled_from(["p1", "p2"])
PEOPLE = st.sampled_from(["ann", "bob", "cat"])
PARENTS = st.sampled_from(["mint", "u1", "u2", "u3"])
NAMES = st.sampled_from(["A", "B"]).map(lambda name: {"en": name})
SEATS = {"p1": 1, "p2": 2}


def _changes() -> st.SearchStrategy[Written]:
    """One act or attestation, from a medium source, none, or a low one."""
    kinds = st.one_of(
        st.builds(unit, UNITS, PARENTS),
        st.builds(lambda name, of: post(name, of, SEATS[name]), POSTS, PARENTS),
        st.builds(lambda name, to: {"kind": "unit-renamed", "unit": name, "name": to}, UNITS, NAMES),
        st.builds(lambda name, to: {"kind": "unit-moved", "unit": name, "parent": to}, UNITS, PARENTS),
        st.builds(abolished, UNITS),
        st.builds(lambda name: {"kind": "unit-attested", "unit": name}, UNITS),
        st.builds(lambda unit: {**unit, "kind": "unit-attested"}, st.builds(unit, UNITS, PARENTS)),
        st.builds(lambda name: {"kind": "post-abolished", "post": name}, POSTS),
        st.builds(lambda name: {"kind": "post-attested", "post": name}, POSTS),
        st.builds(appointed, PEOPLE, POSTS),
        st.builds(released, PEOPLE, POSTS),
        st.builds(lambda who, what: {"kind": "tenure-attested", "person": who, "post": what}, PEOPLE, POSTS),
        st.builds(lambda who: {"kind": "life-event", "person": who, "what": "died"}, PEOPLE),
    )
    sources = st.sampled_from([None, "medium", "low"])
    return st.builds(_dated, kinds, DAYS, sources)


def _dated(change: Written, on: str, certainty: str | None) -> Written:
    dated = {**change, "effective": on}
    # `sources: []` in a correction counts as left out, so none are written as none.
    return {**dated, "sources": [{"source": "s", "locator": "p. 1", "certainty": certainty}]} if certainty else dated


def _seen(answer: dict[str, Any]) -> dict[str, Any]:
    """What the fold shows, in the model's words."""
    units = {name: (told["name"], told["parent"], told["grade"]) for name, told in answer["units"].items()}
    posts = {
        name: (
            told["unit"],
            told["grade"],
            told["vacancy"],
            sorted((holder["person"], holder["grade"]) for holder in told["holders"].values()),
        )
        for name, told in answer["posts"].items()
    }
    return {"units": units, "posts": posts}


def _reported(machine: TwoReadings) -> bool:
    """Whether anything was recorded after the founding, which always stands."""
    return len(machine.entries) > 1


class TwoReadings(RuleBasedStateMachine):
    """A register in the hands of an editor, read by the fold and by the model."""

    def __init__(self) -> None:
        super().__init__()
        self.history = History()
        self.entries: list[Written] = [FOUNDING]
        self._told = 0

    def _record(self, *changes: Written) -> None:
        """Records an entry the model can tell of; what recording refuses happened to neither."""
        entry = {"entry": f"e{len(self.entries)}", "effective": None, "changes": list(changes)}
        try:
            Model([*self.entries, entry])
            self.history.entry(entry)
        except (Beyond, EntryRefused):
            return
        self.entries.append(entry)

    @initialize(begun=st.lists(EARLY, min_size=4, max_size=4), low=st.sampled_from([None, None, "low"]))
    def cast(self, begun: list[str], low: str | None) -> None:
        """A small institution to act upon, each part begun on its own early day."""
        parts = [unit("u1"), unit("u2", "u1"), post("p1", "u2", SEATS["p1"]), post("p2", "u1", SEATS["p2"])]
        for part, on in zip(parts, begun, strict=True):
            self._record(_dated(part, on, low))

    @rule(change=_changes())
    def report(self, change: Written) -> None:
        """One fact of any day, however late it is found."""
        self._record(change)

    @rule(changes=st.lists(_changes(), min_size=2, max_size=3), on=DAYS)
    def decree(self, changes: list[Written], on: str) -> None:
        """Several facts of one day."""
        self._record(*({**change, "effective": on} for change in changes))

    @precondition(_reported)
    @rule(data=st.data(), change=_changes(), on=DAYS, how=st.sampled_from(["otherwise", "redated", "annulled"]))
    def control(self, data: st.DataObject, change: Written, on: str, how: str) -> None:
        """A change, a correction or an annulment that reads otherwise, held from another day, or counts no more."""
        target = self._one_of(data)
        if how == "annulled":
            self._record({"kind": "annulled", "target": target, "reason": "forged"})
            return
        again = {**self._written(target), "effective": on} if how == "redated" else change
        if again["kind"] not in ("corrected", "annulled"):
            self._record({"kind": "corrected", "target": target, "change": again, "reason": "misread"})

    def _one_of(self, data: st.DataObject) -> str:
        entry = data.draw(st.sampled_from(self.entries[1:]))
        return f"{entry['entry']}#{data.draw(st.integers(1, len(entry['changes'])))}"

    def _written(self, target: str) -> Written:
        name, number = target.split("#")
        found: Written = next(e for e in self.entries if e["entry"] == name)["changes"][int(number) - 1]
        return found

    @invariant()
    def both_tell_the_same(self) -> None:
        """On every day on which something can differ."""
        if self._told != len(self.entries):
            self._told = len(self.entries)
            self._compare(self.entries)

    def teardown(self) -> None:
        """As it was known at two earlier positions: what came later changes nothing there."""
        count = len(self.entries)
        for known in {(2 * count) // 3, count // 3} - {0}:
            self._compare(self.entries[:known])

    def _compare(self, entries: list[Written]) -> None:
        model, world = Model(entries), self.history.world(entries[-1]["entry"])
        turns = {fact.day + step for fact in model.facts for step in (-1, 0, 1)}
        for number in sorted(turns):
            on = date.fromordinal(number).isoformat()
            assert _seen(structure(world, day(on), "possible")) == model.on(number), f"{on}, of {entries[1:]}"


TestTwoReadings = TwoReadings.TestCase
TestTwoReadings.settings = settings(deadline=None, stateful_step_count=12)
