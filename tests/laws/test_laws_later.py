"""What must hold of every history in which all kinds of change may stand, the controls included."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from domain.acts import Known, redactions
from domain.changes import Annulled, Corrected, ReadingPreferred, Redacted
from domain.dates import AFTER_ALL, BEFORE_ALL, Day
from domain.decide import FoldedHistory, decide
from domain.entries import Entry, entry_from
from domain.errors import EntryRefused
from domain.events import Event
from domain.fold import fold
from domain.recording import Registers
from domain.world import World
from projections.counted import claimed_counts
from projections.diff import patch
from projections.findings import findings
from projections.learned import Step, learned, steps_between
from projections.preview import preview
from projections.recorders.sqlite import open_sqlite
from projections.structure import Answer, structure
from tests.history import NOON, world_of
from tests.laws.test_laws import apply_patch, keyed
from tests.strategies import (
    controls_of,
    entries_of,
    interesting_days,
    later_registers,
    targets_of,
)

DAYS = interesting_days()
SOME_DAYS = DAYS[::7]


def believed(world: World, days: Iterable[Day] = DAYS) -> list[Answer]:
    """The structure on *days*, down to what is only unattested."""
    return [structure(world, day, "unattested") for day in days]


def present(world: World) -> list[Any]:
    """The present answers: structure on every day, findings and counts."""
    return [believed(world), findings(world), claimed_counts(world)]


Rows = list[tuple[int, Event]]


def known(rows: Rows) -> Known:
    """What is known once *rows* are recorded, without what they withhold."""
    return Known(rows, redactions(event for _, event in rows))


def history_of(rows: Rows) -> FoldedHistory:
    """What is recorded, for deciding on it."""
    return FoldedHistory("mint", rows, known(rows).redacted)


def recorded(drafts: Iterable[Entry]) -> tuple[Rows, list[int]]:
    """The log after recording *drafts* in order, without those that are refused; where each entry ends."""
    rows: Rows = []
    ends: list[int] = []
    for draft in drafts:
        try:
            decision = decide(history_of(rows), draft, "test")
        except EntryRefused:
            continue
        rows = [*rows, *enumerate(decision.events, len(rows) + 1)]
        ends.append(len(rows))
    return rows, ends


@st.composite
def controlled_registers(draw: st.DrawFn, most: int = 7, controls: int = 4) -> list[Entry]:
    """Entries of any kinds, then up to *controls* entries that say how they, or one another, are to be read."""
    entries = draw(later_registers(most))
    for number in range(draw(st.integers(1, controls))):
        control = draw(controls_of(targets_of(entries[1:])))
        entries.append(entry_from({"entry": f"fix{number}", "changes": [control]}, "drawn"))
    return entries


# --- the present


@given(later_registers(), st.randoms(use_true_random=False))
def test_order_of_recording_never_changes_the_present(entries: list[Entry], chance: random.Random) -> None:
    """Functions, coverage, capacities, numbers and counts too depend on what is recorded, not on when."""
    founding, *others = entries
    shuffled = [founding, *chance.sample(others, len(others))]

    assert present(world_of(entries)) == present(world_of(shuffled))


@given(controlled_registers(), st.lists(st.sampled_from(DAYS), min_size=3, max_size=3))
def test_patches_of_all_parts_compose(entries: list[Entry], days: list[Day]) -> None:
    """Functions and quantities come and go by patches like units do."""
    world = world_of(entries)
    a, b, c = (structure(world, day) for day in days)

    at_b = apply_patch(keyed(a), patch(a, b))
    at_c = apply_patch(at_b, patch(b, c))

    assert at_b == keyed(b)
    assert at_c == keyed(c)


@given(later_registers(6), st.data())
def test_what_is_annulled_is_as_if_never_recorded(entries: list[Entry], data: st.DataObject) -> None:
    """An entry that nothing refers to leaves no trace in the present but its own annulment."""
    gone = data.draw(st.sampled_from(entries[1:]))
    annulment = entry_from(
        {"entry": "fix", "changes": [{"kind": "annulled", "target": gone.entry, "reason": "forged"}]}, "drawn"
    )

    without = world_of([entry for entry in entries if entry is not gone])
    assert present(world_of([*entries, annulment])) == present(without)


@given(later_registers(5), st.data())
def test_an_annulled_control_leaves_no_trace(entries: list[Entry], data: st.DataObject) -> None:
    """A correction, annulment, preference or unification that is annulled restores what stood before."""
    control = entry_from({"entry": "fix", "changes": [data.draw(controls_of(targets_of(entries[1:])))]}, "drawn")
    undone = entry_from({"entry": "undo", "changes": [{"kind": "annulled", "target": "fix#1", "reason": "x"}]}, "drawn")

    assert present(world_of([*entries, control, undone])) == present(world_of(entries))


# --- what was known


@given(controlled_registers(4, 3))
def test_what_was_known_at_a_position_stays_so(entries: list[Entry]) -> None:
    """Later entries never change what a reader at an earlier position is told; but for what is withheld."""
    with open_sqlite(":memory:") as log:
        registers = Registers(log, lambda: NOON)
        seen: dict[int, list[Answer]] = {}
        for entry in entries:
            if any(isinstance(change, Redacted) for change in entry.changes):
                continue
            try:
                receipt = registers.record("mint", entry, "test")
            except EntryRefused:
                continue
            seen[receipt.last] = believed(registers.view("mint").world, SOME_DAYS)

        for position, then in seen.items():
            assert believed(registers.view("mint", str(position)).world, SOME_DAYS) == then
        assert log.verify("mint") == registers.head("mint")


@given(controlled_registers(4, 2), st.data())
def test_what_is_redacted_is_as_if_never_recorded_at_every_position(entries: list[Entry], data: st.DataObject) -> None:
    """A reader at any position is told what the log without the change would tell."""
    rows, ends = recorded(entry for entry in entries if not any(isinstance(c, Redacted) for c in entry.changes))
    target = data.draw(st.sampled_from([event.target for _, event in rows if event.index]))
    redaction = {"kind": "redacted", "targets": [target], "scope": "all", "ground": "privacy"}
    hush = entry_from({"entry": "hush", "changes": [redaction]}, "drawn").events("mint", "test", lambda _: None)

    redacted = redactions([*(event for _, event in rows), *hush])

    assert redacted == {target}
    for end in ends:
        without = [(position, event) for position, event in rows[:end] if event.target != target]
        shown = fold(Known(rows[:end], redacted))
        assert believed(shown, SOME_DAYS) == believed(fold(Known(without)), SOME_DAYS)
        assert findings(shown) == findings(fold(Known(without)))


# --- what was learned

Thing = tuple[str, ...]


def things(answer: Answer) -> dict[Thing, Any]:
    """Everything that a structure shows of a day, by kind and ids, with its values; tenures by person and post."""
    found: dict[Thing, Any] = {}
    for unit, shown in answer["units"].items():
        found["unit", unit] = [shown[name] for name in ("name", "kind", "parent", "order")]
    for post, shown in answer["posts"].items():
        found["post", post] = [shown[name] for name in ("title", "unit", "seats", "portfolio")]
        for holder in shown["holders"].values():
            found.setdefault(("holder", holder["person"], post), []).append(holder["capacity"])
    for relation in answer["relations"]:
        found["relation", relation] = True
    for shown in answer["functions"].values():
        found["function", shown["holder"], shown["function"]] = shown["text"]
    for event, shown in answer["quantities"].items():
        found["quantity", shown["subject"], shown["quantity"], event] = [shown["value"], shown["unit"]]
    return {thing: sorted(value) if thing[0] == "holder" else value for thing, value in found.items()}


def causes(answer: Answer) -> dict[Thing, Any]:
    """The event by which the life of each thing begins: another one makes another life."""
    found: dict[Thing, Any] = {}
    for unit, shown in answer["units"].items():
        found["unit", unit] = shown["cause"]["event"]
    for post, shown in answer["posts"].items():
        found["post", post] = shown["cause"]["event"]
        for holder in shown["holders"].values():
            found.setdefault(("holder", holder["person"], post), []).append(holder["cause"]["event"])
    for relation, shown in answer["relations"].items():
        found["relation", relation] = shown["cause"]["event"]
    for shown in answer["functions"].values():
        found["function", shown["holder"], shown["function"]] = shown["cause"]["event"]
    return found


def told(rows: Iterable[Answer]) -> set[Thing]:
    """The things that rows of a difference name."""
    found: set[Thing] = set()
    for row in rows:
        subject, sides = row["subject"], [side for side in (row["before"], row["after"]) if side]
        holders = {(side["person"], side["post"]) for side in sides if "person" in side}
        if "person" in subject and "tenure" in subject:
            holders.add((subject["person"], subject["post"]))
        if "from_post" in subject:
            holders |= {(subject["person"], subject["from_post"]), (subject["person"], subject["to_post"])}
        found |= {("holder", *holder) for holder in holders}
        if "units" in subject:  # all units of an act; those that differ are the keys of its sides
            found |= {("unit", unit) for unit in {*(row["before"] or ()), *(row["after"] or ())}}
        if "unit" in subject:
            found.add(("unit", subject["unit"]))
        if "post" in subject and "person" not in subject and not holders:
            found.add(("post", subject["post"]))
        if "relation" in subject:
            found.add(("relation", subject["relation"]))
        if "function" in subject:
            given = {side["holder"] for side in sides if "holder" in side}
            found |= {("function", holder, subject["function"]) for holder in given or {subject["holder"]}}
        if "quantity" in subject:
            found.add(("quantity", subject["subject"], subject["quantity"]))
    return found


@given(controlled_registers(), st.sampled_from(DAYS), st.data())
def test_what_was_learned_names_all_that_differs_and_nothing_else(
    entries: list[Entry], day: Day, data: st.DataObject
) -> None:
    """Between two known positions each thing that is otherwise is told of, with the entry that brought it."""
    # given a day as known at two positions
    rows, ends = recorded(entries)
    first, last = sorted(data.draw(st.permutations([0, *ends]))[:2]) if len(ends) > 1 else (0, ends[-1])
    older, newer = (structure(fold(Known(rows[:end])), day) for end in (first, last))

    # when
    answer = learned(steps_between(Known(rows[:last]), first), day)

    # then each difference of values is told; a tenure may stand both times, and its post but once
    one, other, named = things(older), things(newer), told(answer["changes"])
    differing = {thing[:3] for thing in one.keys() | other.keys() if one.get(thing) != other.get(thing)}
    posts = older["posts"].keys() & newer["posts"].keys()
    assert {thing for thing in differing if thing[0] != "holder" or thing[2] in posts} <= named

    # and nothing is told of what has the same values and the same beginning
    then, now = causes(older), causes(newer)
    same = {thing[:3] for thing in one.keys() & other.keys() if one[thing] == other[thing]}
    same = {thing for thing in same if then.get(thing) == now.get(thing)} - differing
    assert not named & same

    # and each cause is an entry recorded in between
    brought = {event.entry for _, event in rows[first:last]}
    assert {row["cause"]["entry"] for row in answer["changes"]} <= brought


# --- what would be learned


def dates_of(event: Event, rows: Rows) -> Iterator[Day]:
    """The earliest and latest day of a change, and of what it says how to read."""
    change = event.change
    replaced = change.change.effective if isinstance(change, Corrected) else None
    for date in (event.effective, replaced):
        yield from (date.earliest, date.latest) if date else ()
    names: tuple[str, ...] = ()
    if isinstance(change, Corrected | Annulled | ReadingPreferred):
        names = (change.target,)
    elif isinstance(change, Redacted):
        names = change.targets
    for _, target in rows:
        if target.target in names or target.entry in names:
            yield from dates_of(target, rows)


def essence(rows: Iterable[Answer]) -> set[bytes]:
    """What rows tell, each once."""
    return {
        orjson.dumps([row[name] for name in ("kind", "subject", "before", "after")], option=orjson.OPT_SORT_KEYS)
        for row in rows
    }


@given(controlled_registers(5, 2), st.data())
def test_a_preview_tells_what_recording_will_teach(entries: list[Entry], data: st.DataObject) -> None:
    """The rows of a preview are those of the knowledge diff once the drafts are recorded, on each of their days."""
    # given a register, and drafts not yet recorded
    rows, _ = recorded(entries)
    drafts = [data.draw(entries_of(f"draft{n}")) for n in range(data.draw(st.integers(0, 2)))]
    for number in range(data.draw(st.integers(0, 2))):
        control = data.draw(controls_of(targets_of([*entries[1:], *drafts])))
        drafts.append(entry_from({"entry": f"later{number}", "changes": [control]}, "drawn"))

    # when
    before = list(rows)
    seen = preview(history_of(rows), drafts, "test")

    # then it names the refused drafts, and stores nothing
    after, refused, steps = list(rows), [], [Step(known(rows), ())]
    for draft in drafts:
        try:
            events = decide(history_of(after), draft, "test").events
        except EntryRefused as refusal:
            refused.append((refusal.entry, [reason.rule for reason in refusal.reasons]))
        else:
            after = [*after, *enumerate(events, len(after) + 1)]
            steps.append(Step(known(after), events))
    assert rows == before
    assert [(r["entry"], [reason["rule"] for reason in r["reasons"]]) for r in seen["refusals"]] == refused

    # and its rows are those that recording would teach, and what it would withhold is withheld
    days = {day for _, event in after[len(rows) :] for day in dates_of(event, after) if BEFORE_ALL < day < AFTER_ALL}
    taught = [row for day in days for row in learned(steps, day)["changes"]] if len(steps) > 1 else []
    shown = seen["diff"]["changes"]
    assert len(shown) == len(essence(shown))
    assert essence(shown) == essence(taught)

    # and its findings are those that are new then
    old, new = findings(steps[0].world), findings(steps[-1].world)
    assert seen["findings"] == [row for row in new if row not in old]
