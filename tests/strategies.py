"""Random registers: a small cast of units, posts and persons, and entries that act on it in any way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.dates import Day, day
from domain.entries import Entry, entry_from

UNITS = ["u1", "u2", "u3", "u4"]
POSTS = ["p1", "p2"]
PERSONS = ["ann", "bob", "cat"]
FIRST, LAST = date(2000, 1, 1), date(2000, 3, 31)
"""Few days, so that acts meet."""

days = st.integers(0, (LAST - FIRST).days).map(lambda n: (FIRST + timedelta(n)).isoformat())


@st.composite
def effectives(draw: st.DrawFn) -> str:
    """A day, mostly exact; else a month, a span, an open start, a doubtful day."""
    exact = draw(days)
    match draw(st.integers(0, 9)):
        case 0:
            return exact[:7]
        case 1:
            return f"../{exact}"
        case 2:
            return exact + draw(st.sampled_from("~?"))
        case 3:
            return "/".join(sorted([exact, draw(days)]))
        case _:
            return exact


def _name(draw: st.DrawFn) -> dict[str, str]:
    return {"en": draw(st.sampled_from(["A", "B", "C"]))}


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """One act or attestation on the cast."""
    unit, other = draw(st.sampled_from(UNITS)), draw(st.sampled_from(UNITS))
    post, to_post = draw(st.permutations(POSTS))
    person = draw(st.sampled_from(PERSONS))
    parent = draw(st.sampled_from(["root", *[u for u in UNITS if u > unit]]))  # upwards, so no cycles
    relation = {"subject": unit, "relation": "supports", "object": draw(st.sampled_from([other, post]))}
    kinds: list[dict[str, Any]] = [
        {"kind": "unit-established", "unit": unit, "name": _name(draw), "unit_kind": "d", "parent": parent},
        {"kind": "unit-renamed", "unit": unit, "name": _name(draw)},
        {"kind": "unit-moved", "unit": unit, "parent": parent},
        {"kind": "unit-abolished", "unit": unit},
        {"kind": "unit-reinstated", "unit": unit, "parent": parent},
        {"kind": "unit-attested", "unit": unit, "name": _name(draw)},
        {"kind": "unit-attested", "unit": unit, "parent": parent},
        {
            "kind": "units-reorganized",
            "form": draw(st.sampled_from(["transform", "recode", "merge"])),
            "before": [unit],
            "after": [{"unit": other, "name": _name(draw), "parent": "root"}],
        },
        {"kind": "list-attested", "scope": {"parent": "root"}, "members": [unit], "closed": draw(st.booleans())},
        {"kind": "relation-started", **relation},
        {"kind": "relation-ended", **relation},
        {"kind": "relation-attested", **relation},
        {
            "kind": "post-created",
            "post": post,
            "unit": unit,
            "title": _name(draw),
            "seats": draw(st.sampled_from([1, 1, 2, None])),
        },
        {"kind": "post-moved", "post": post, "unit": unit},
        {"kind": "post-abolished", "post": post},
        {"kind": "post-attested", "post": post, "unit": unit},
        {"kind": "seats-changed", "post": post, "seats": draw(st.sampled_from([1, 2]))},
        {
            "kind": "appointed",
            "person": person,
            "post": post,
            "capacity": draw(st.sampled_from(["substantive", "acting"])),
        },
        {"kind": "released", "person": person, "post": post},
        {"kind": "transferred", "person": person, "from_post": post, "to_post": to_post},
        {"kind": "tenure-attested", "person": person, "post": post},
        {"kind": "list-attested", "scope": {"post": post}, "members": [], "closed": True},
        {"kind": "life-event", "person": person, "what": "died"},
    ]
    change = draw(st.sampled_from(kinds))
    certainty = draw(st.sampled_from(["low", "medium", "medium", "high"]))
    sources = [{"source": "s", "locator": "p. 1", "certainty": certainty}]
    return {**change, "effective": draw(effectives()), "sources": sources}


FOUNDING = entry_from(
    {
        "entry": "founding",
        "effective": None,
        "changes": [
            {"kind": "institution-declared", "name": {"en": "Cast"}, "effective": None},
            {"kind": "unit-attested", "unit": "root", "name": {"en": "Root"}, "parent": None, "effective": "1999"},
            *({"kind": "unit-attested", "unit": u, "name": {"en": u}, "effective": None} for u in UNITS),
            *({"kind": "post-attested", "post": p, "title": {"en": p}, "effective": None} for p in POSTS),
            *({"kind": "person-registered", "person": p, "name": {"en": p}, "effective": None} for p in PERSONS),
        ],
    },
    "founding",
)
"""Introduces the cast, with no life yet but the root's."""


@st.composite
def registers(draw: st.DrawFn, most: int = 10) -> list[Entry]:
    """A founding and up to *most* entries of one or two changes; some rest on a decree."""
    entries = [FOUNDING]
    for number in range(draw(st.integers(1, most))):
        data: dict[str, Any] = {
            "entry": f"e{number}",
            "changes": draw(st.lists(changes(), min_size=1, max_size=2)),
        }
        if draw(st.booleans()):
            data["instrument"] = {"kind": "decree", "number": str(draw(st.integers(1, 3))), "signed": draw(days)}
        entries.append(entry_from(data, "drawn"))
    return entries


@st.composite
def corrected_registers(draw: st.DrawFn) -> list[Entry]:
    """A register in which some changes are corrected or annulled, each by one entry at most."""
    entries = draw(registers(6))
    targets = [f"{entry.entry}#{number}" for entry in entries[1:] for number, _ in entry.numbered() if number]
    for number, target in enumerate(draw(st.lists(st.sampled_from(targets), unique=True, max_size=3))):
        if draw(st.booleans()):
            change: dict[str, Any] = {"kind": "annulled", "target": target, "reason": "misread"}
        else:
            change = {"kind": "corrected", "target": target, "change": draw(changes()), "reason": "misread"}
        entries.append(entry_from({"entry": f"fix{number}", "changes": [change]}, "drawn"))
    return entries


def interesting_days() -> list[Day]:
    """Every day on which something may differ, and some before and after all."""
    first, last = day(FIRST.isoformat()), day(LAST.isoformat())
    return [day("1950-01-01"), *range(first - 3, last + 4), day("2030-01-01")]


# --- the later kinds: functions, coverage, capacities, claims, and the other controls

FUNCTIONS = ["f1", "f2"]


@st.composite
def scopes(draw: st.DrawFn) -> dict[str, str]:
    """What a list or coverage may be of: units under a parent, a post, subjects of a relation."""
    parent, post, thing = (draw(st.sampled_from(ids)) for ids in (["root", *UNITS], POSTS, [*UNITS, *POSTS]))
    kind = draw(st.sampled_from([{}, {}, {"unit_kind": "d"}, {"unit_kind": "k"}]))
    return draw(
        st.sampled_from([{"parent": parent, **kind}, {"post": post}, {"relation": "supports", "object": thing, **kind}])
    )


@st.composite
def later_changes(draw: st.DrawFn) -> dict[str, Any]:
    """One change of a kind that `changes` leaves out: a function, a capacity, coverage, a claim."""
    unit, other = draw(st.permutations(UNITS))[:2]
    post, person = draw(st.sampled_from(POSTS)), draw(st.sampled_from(PERSONS))
    holder, function = draw(st.sampled_from([*UNITS, *POSTS])), draw(st.sampled_from(FUNCTIONS))
    text = {"text": _name(draw)}
    maybe_text = draw(st.sampled_from([{}, text]))
    scope, (since, until) = draw(scopes()), sorted([draw(days), draw(days)])
    members = [person] if "post" in scope else [unit, other][: draw(st.integers(0, 2))]
    after = [
        {"unit": u, "name": _name(draw), "parent": "root"} for u in draw(st.sampled_from([[unit, other], [other]]))
    ]
    capacity = draw(st.sampled_from(["substantive", "acting", "on-leave", "suspended"]))
    kinds: list[dict[str, Any]] = [
        {"kind": "function-assigned", "holder": holder, "function": function, **text},
        {"kind": "function-withdrawn", "holder": holder, "function": function},
        {"kind": "function-transferred", "holder": holder, "function": function, **maybe_text},
        {"kind": "function-attested", "holder": holder, "function": function, **maybe_text},
        {"kind": "coverage-declared", "scope": scope, "from": since, "until": until},
        {"kind": "capacity-changed", "person": person, "post": post, "capacity": capacity},
        {
            "kind": "quantity-observed",
            "subject": draw(st.sampled_from([unit, post, person])),
            "quantity": draw(st.sampled_from(["staff", "budget"])),
            "value": draw(st.integers(0, 3)),
        },
        {
            "kind": "count-claimed",
            "what": "holders",
            **draw(st.sampled_from([{"post": post}, {"unit": unit}])),
            "during": f"{since}/{until}",
            "value": draw(st.integers(0, 2)),
        },
        {"kind": "list-attested", "scope": scope, "members": members, "closed": draw(st.booleans())},
        {"kind": "units-reorganized", "form": "split", "before": [unit], "after": after},
        {
            "kind": "appointed",
            "person": person,
            "post": post,
            "capacity": "substantive",
            "tenure": f"{person}-{post}-{draw(st.integers(1, 2))}",
        },
        {"kind": "mandate-declared", "unit": unit, "gist": _name(draw)},
        {"kind": "statement-made", "about": holder, "topic": "other", "gist": _name(draw)},
        {"kind": "source-registered", "source": "s", "title": _name(draw)},
        {"kind": "unnamed-units-abolished", "count": 2, "unit_kind": "d", "parent": unit},
        {"kind": "person-renamed", "person": person, "name": _name(draw)},
    ]
    change = draw(st.sampled_from(kinds))
    certainty = draw(st.sampled_from(["low", "medium", "medium", "high"]))
    return {**change, "effective": draw(effectives()), "sources": [{"source": "s", "certainty": certainty}]}


def any_changes() -> st.SearchStrategy[dict[str, Any]]:
    """A change of any kind but the controls; the later ones twice as often as each of the first."""
    return st.one_of(changes(), later_changes())


@st.composite
def entries_of(draw: st.DrawFn, name: str, most: int = 2) -> Entry:
    """An entry *name* of up to *most* changes of any kind; it may rest on a decree."""
    data: dict[str, Any] = {"entry": name, "changes": draw(st.lists(any_changes(), min_size=1, max_size=most))}
    if draw(st.booleans()):
        data["instrument"] = {"kind": "decree", "number": str(draw(st.integers(1, 3))), "signed": draw(days)}
    return entry_from(data, "drawn")


@st.composite
def later_registers(draw: st.DrawFn, most: int = 10) -> list[Entry]:
    """A founding and up to *most* entries of any kinds of change but the controls."""
    count = draw(st.integers(1, most))
    return [FOUNDING, *(draw(entries_of(f"e{number}")) for number in range(count))]


def targets_of(entries: list[Entry]) -> list[str]:
    """The names of the changes of *entries*, the instruments apart."""
    return [f"{entry.entry}#{number}" for entry in entries for number, _ in entry.numbered() if number]


@st.composite
def controls_of(draw: st.DrawFn, targets: list[str]) -> dict[str, Any]:
    """A change that says how one of *targets*, or one of the cast, is to be read."""
    target = draw(st.sampled_from(targets))
    ids = draw(st.permutations(draw(st.sampled_from([UNITS, POSTS, PERSONS]))))
    return draw(
        st.sampled_from(
            [
                {"kind": "corrected", "target": target, "change": draw(any_changes()), "reason": "misread"},
                {"kind": "annulled", "target": target, "reason": "misread"},
                {"kind": "annulled", "target": target.partition("#")[0], "reason": "misread"},
                {"kind": "reading-preferred", "target": target, "reason": "better"},
                {"kind": "identities-unified", "ids": ids[:2], "reason": "one thing"},
                {"kind": "redacted", "targets": [target], "scope": "all", "ground": "privacy"},
            ]
        )
    )


# --- units that pass into units


@st.composite
def passing_changes(draw: st.DrawFn) -> list[dict[str, Any]]:
    """An act by which units pass into others, and perhaps what passes with them by the same entry."""
    old, other, third = draw(st.permutations(UNITS))[:3]
    effective = draw(effectives())
    new = [{"unit": unit, "name": _name(draw), "parent": "root"} for unit in (old, other, third)]
    acts: list[dict[str, Any]] = [
        {"kind": "unit-abolished", "unit": old, "successors": draw(st.sampled_from([[other], [other, third], []]))},
        {"kind": "unit-reinstated", "unit": old},
        _reorganized(draw, [old, third], new[1:2]),
        _reorganized(draw, [old], new[1:]),
        _reorganized(draw, [old], new[:2]),
        _reorganized(draw, [old, other], new[:1]),
        _reorganized(draw, [old], new[1:2]),
        _reorganized(draw, [old, other], new, [[old, third, "accounts"], [other, old]]),
    ]
    function, text = draw(st.sampled_from(FUNCTIONS)), draw(st.sampled_from([{}, {"text": {"en": "Seal"}}]))
    along: list[dict[str, Any]] = [
        {"kind": "function-transferred", "holder": other, "function": function, **text},
        {"kind": "function-assigned", "holder": other, "function": function, "text": {"en": "Seal"}},
        {"kind": "function-withdrawn", "holder": old, "function": draw(st.sampled_from(FUNCTIONS))},
        {"kind": "post-moved", "post": draw(st.sampled_from(POSTS)), "unit": draw(st.sampled_from([other, third]))},
        {"kind": "unit-moved", "unit": third, "parent": other},
    ]
    found = [draw(st.sampled_from(acts)), *draw(st.lists(st.sampled_from(along), max_size=2))]
    return [{**change, "effective": effective} for change in found]


def _reorganized(
    draw: st.DrawFn, before: list[str], after: list[dict[str, Any]], links: list[list[str]] | None = None
) -> dict[str, Any]:
    form = draw(st.sampled_from(["transform", "recode", "merge", "split", "transfer"]))
    return {"kind": "units-reorganized", "form": form, "before": before, "after": after, "links": links or []}


@st.composite
def begun_changes(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Units, posts and functions to pass on, under one another or at them, from one early day."""
    named = {"name": _name(draw), "unit_kind": "d"}
    above = {unit: draw(st.sampled_from(["root", *UNITS[number + 1 :]])) for number, unit in enumerate(UNITS)}
    text = {"text": {"en": draw(st.sampled_from(["Seal", "Stamp"]))}}
    holders = {function: draw(st.sampled_from(UNITS)) for function in FUNCTIONS}
    begun: list[dict[str, Any]] = [
        *({"kind": "unit-established", "unit": unit, "parent": above[unit], **named} for unit in reversed(UNITS)),
        *(
            {"kind": "post-created", "post": post, "unit": draw(st.sampled_from(UNITS)), "title": _name(draw)}
            for post in POSTS
        ),
        *(
            {"kind": "function-assigned", "holder": holder, "function": function, **text}
            for function, holder in holders.items()
        ),
    ]
    kept = draw(st.lists(st.booleans(), min_size=len(begun), max_size=len(begun)))
    return [
        {**change, "effective": "2000-01-02", **({"seats": 1} if change["kind"] == "post-created" else {})}
        for change, keep in zip(begun, kept, strict=True)
        if keep
    ] or [{**begun[0], "effective": "2000-01-02"}]


@st.composite
def passing_registers(draw: st.DrawFn, most: int = 8) -> list[Entry]:
    """A founding, and entries of which most make units pass into units, among any others and their controls."""
    entries = [FOUNDING, entry_from({"entry": "base", "changes": draw(begun_changes())}, "drawn")]
    for number in range(draw(st.integers(1, most))):
        kinds = [passing_changes(), passing_changes(), passing_changes(), any_changes().map(lambda change: [change])]
        data: dict[str, Any] = {"entry": f"e{number}", "changes": draw(draw(st.sampled_from(kinds)))}
        if draw(st.booleans()):
            data["instrument"] = draw(st.sampled_from(["decree", {"id": "decree", "kind": "decree", "number": "1"}]))
            if data["instrument"] == "decree" and not any(entry.instrument for entry in entries):
                data["instrument"] = None  # cited before any entry brought it
        entries.append(entry_from(data, "drawn"))
    if draw(st.integers(0, 2)) == 0:
        control = draw(controls_of(targets_of(entries)))
        entries.append(entry_from({"entry": "fix", "changes": [control]}, "drawn"))
    return entries
