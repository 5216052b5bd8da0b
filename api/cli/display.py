"""Answers for people: trees and tables on the standard output, readable without colour."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from api.cli.phrases import (
    HELD,
    cause_phrase,
    date_phrase,
    grade_phrase,
    name_phrase,
    quantity_phrase,
    span_phrase,
    words_of,
)
from domain.claims import Key, post_key, unit_key
from domain.dates import day
from domain.fold import World
from domain.ids import natural
from projections.histories import last_value, person_name
from projections.structure import Answer

WIDE = 10_000  # columns of a file or a pipe: nothing is folded there


def _console() -> Console:
    # Text alone is shown, so that no name in brackets is taken for a style.
    return Console(width=None if sys.stdout.isatty() else WIDE, markup=False, highlight=False, emoji=False)


class Names:
    """What things are called on *days*, the first on which each stands, else last; in one language if they can."""

    def __init__(self, world: World, language: str | None, *days: str) -> None:
        self.world = world
        self.language = language
        self.days = [day(text) for text in days]

    def of(self, names: object) -> str:
        """The name among *names*."""
        return name_phrase(names, self.language)

    def thing(self, thing: object) -> str:
        """A unit, post or person, by its name and id."""
        if not isinstance(thing, str):
            return "none" if thing is None else str(thing)
        match self.world.kinds.get(thing):
            case "unit":
                return f"{self._named(unit_key(thing), 'name')} [{thing}]"
            case "post":
                return f"{self._named(post_key(thing), 'title')} [{thing}]"
            case "person":
                return f"{self.of(person_name(self.world, thing))} [{thing}]"
        return thing

    def _named(self, key: Key, attribute: str) -> str:
        stood = ((self.world.shown(key, day, "unattested"), day) for day in self.days)
        names = next((life[0].value(attribute, day) for life, day in stood if life), None)
        return self.of(names or last_value(self.world, key, attribute))

    def value(self, attribute: str, value: object) -> str:
        """The value of an attribute in a state or a row."""
        if value is None:
            return "unknown" if attribute == "seats" else "none"
        if isinstance(value, Mapping):
            return self.of(value)
        return self.thing(value) if attribute in ("parent", "unit", "person", "post") else str(value)


def _known(answer: Answer) -> str:
    known = answer["known_at"]
    return f"as known at position {known['position']}, recorded {known['recorded']}; rules {answer['rules']}"


# --- what stood


def show_structure(answer: Answer, world: World, language: str | None) -> None:
    """The units as a tree, with posts and holders in it; then relations, and what is left out."""
    names = Names(world, language, answer["as_of"])
    head = f"{answer['institution']} on {date_phrase(answer['as_of'])}, {_known(answer)}"
    tree = _Structure(answer, names).tree(Text(head))
    console = _console()
    console.print(tree)
    for table in _beside_the_tree(answer, names):
        console.print()
        console.print(table)
    if answer["unattested"]:
        console.print()
        console.print(f"{answer['unattested']} more that no source shows as early: --grade unattested")


def _beside_the_tree(answer: Answer, names: Names) -> Iterable[Table]:
    relations, functions, quantities = (answer[part].values() for part in ("relations", "functions", "quantities"))
    rows: list[tuple[str, ...]]
    if relations:
        rows = [
            (names.thing(r["subject"]), r["relation"], names.thing(r["object"]), grade_phrase(r), span_phrase(r))
            for r in relations
        ]
        yield _table("", "relation", "to", "grade", "span", rows=rows)
    if functions:
        rows = [
            (names.thing(f["holder"]), names.value("text", f["text"]), grade_phrase(f), span_phrase(f))
            for f in functions
        ]
        yield _table("", "function", "grade", "span", rows=rows)
    if quantities:
        rows = [
            (names.thing(q["subject"]), q["quantity"], quantity_phrase(q), grade_phrase(q), cause_phrase(q["cause"]))
            for q in quantities
        ]
        yield _table("", "quantity", "", "grade", "by", rows=rows)


class _Structure:
    """The tree of one structure: each thing stands in it once."""

    def __init__(self, answer: Answer, names: Names) -> None:
        self.units, self.posts, self.names = answer["units"], answer["posts"], names
        self.left = set(self.units)
        self.below: dict[str | None, list[str]] = defaultdict(list)
        self.posts_of: dict[str | None, list[str]] = defaultdict(list)
        for unit, said in self.units.items():
            self.below[said["parent"] if said["parent"] in self.units else None].append(unit)
        for post, said in self.posts.items():
            self.posts_of[said["unit"] if said["unit"] in self.units else None].append(post)

    def tree(self, head: Text) -> Tree:
        root = Tree(head, guide_style="dim")
        self._units(root, None)
        while self.left:  # what is only possible may stand in a circle
            self._unit(root, min(self.left, key=natural))
        if self.posts_of[None]:
            self._posts(root.add(Text("posts of no unit shown here")), None)
        return root

    def _units(self, above: Tree, parent: str | None) -> None:
        def place(unit: str) -> tuple[bool, int, object]:
            order = self.units[unit]["order"]
            return (order is None, order or 0, natural(unit))

        for unit in sorted(self.below[parent], key=place):
            if unit in self.left:
                self._unit(above, unit)

    def _unit(self, above: Tree, unit: str) -> None:
        self.left.remove(unit)
        said = self.units[unit]
        parent = said["parent"]
        under = f"; under {parent}, not shown here" if parent and parent not in self.units else ""
        kind = f" ({said['kind']})" if said["kind"] else ""
        branch = above.add(_line(f"{self.names.of(said['name'])} [{unit}]{kind}", said, under))
        self._posts(branch, unit)
        self._units(branch, unit)

    def _posts(self, above: Tree, unit: str | None) -> None:
        for post in sorted(self.posts_of[unit], key=natural):
            said = self.posts[post]
            seats = f", {said['seats']} seats" if said["seats"] not in (None, 1) else ""
            label = f"• {self.names.of(said['title'])} [{post}] {HELD[said['vacancy']]}{seats}"
            branch = above.add(_line(label, said))
            for tenure, held in said["holders"].items():
                capacity = f", {held['capacity']}" if held["capacity"] not in (None, "substantive") else ""
                branch.add(_line(f"{self.names.thing(held['person'])}{capacity} ({tenure})", held))


STYLES = {"certain": "bold", "presumed": "", "possible": "dim", "unattested": "dim"}


def _line(label: str, thing: Answer, more: str = "") -> Text:
    line = Text(label, style=STYLES[thing["grade"]])
    line.append(f" — {grade_phrase(thing)}, {span_phrase(thing)}{more}", style="not bold")
    return line


# --- what changed


def show_diff(answer: Answer, world: World, language: str | None) -> None:
    """A row a change, its decree beside it; then how units went on in units."""
    names = Names(world, language, answer["to"], answer["from"])
    console = _console()
    days = f"from {date_phrase(answer['from'])} to {date_phrase(answer['to'])}"
    console.print(f"{answer['institution']}, {days}, {_known(answer)}")
    if answer.get("reversed"):
        console.print("read backwards: before and after are exchanged")
    if not answer["changes"]:
        console.print("no changes")
        return
    rows = [
        (
            words_of(row["kind"]) + (", implied" if row["implied"] else ""),
            _told(row, names),
            date_phrase(row["effective"]),
            row["grade"],
            cause_phrase(row["cause"]),
        )
        for row in answer["changes"]
    ]
    console.print(_table("change", "of", "effective", "grade", "by", rows=rows))
    for then, now in answer["links"]:
        if then != now:
            console.print(f"{names.thing(then)} goes on in {names.thing(now)}")


def _told(row: Answer, names: Names) -> str:
    """What a row tells, but for the word."""
    subject, before, after = row["subject"], row["before"] or {}, row["after"] or {}
    match row["kind"]:
        case "transferred" if "to_post" in subject:
            posts = f"{names.thing(subject['to_post'])}, from {names.thing(subject['from_post'])}"
            return f"{names.thing(subject['person'])}: {posts}"
        case "holder-changed":
            people = f"{names.thing(before.get('person'))} → {names.thing(after.get('person'))}"
            return f"{names.thing(subject['post'])}: {people}"
        case "unnamed-units-abolished":
            said = before or after
            of = f" of {names.thing(said['parent'])}" if said["parent"] else ""
            return f"{said['count']} {said['unit_kind'] or 'units'}{of}"
        case "quantity-observed":
            numbers = f"{quantity_phrase(row['before'])} → {quantity_phrase(row['after'])}"
            return f"{names.thing(subject['subject'])}: {subject['quantity']} {numbers}"
        case "function-transferred" if "holder" not in subject:
            text = names.value("text", after.get("text"))
            return f"{text}: {names.thing(before.get('holder'))} → {names.thing(after.get('holder'))}"
        case _ if "holder" in subject:
            return f"{names.thing(subject['holder'])}: {names.value('text', (after or before).get('text'))}"
        case "units-reorganized" if "units" in subject:
            return f"{_units(before, names)} → {_units(after, names)}"
    if "person" in subject:
        told = f"{names.thing(subject['person'])}: {names.thing(subject['post'])}"
    else:
        told = ", ".join(" ".join(map(names.thing, thing.split("|"))) for thing in subject.values())
    if row["before"] is not None and row["after"] is not None:
        told += "".join(
            f"; {name}: {names.value(name, before.get(name))} → {names.value(name, after[name])}" for name in after
        )
    return told


def _units(units: Answer, names: Names) -> str:
    return " + ".join(names.thing(unit) for unit in units) or "none shown"


# --- the history of one thing


def show_history(answer: Answer, world: World, language: str | None) -> None:
    """What an answer about one thing holds, a table a part."""
    names = Names(world, language)
    console = _console()
    console.print(f"{names.of(answer.get('name', answer.get('title')))} [{answer['id']}], {_known(answer)}")
    for part, said in _parts(answer, names):
        console.print()
        console.print(part)
        console.print(said)


def _parts(answer: Answer, names: Names) -> Iterable[tuple[str, Table]]:
    if answer.get("states"):
        rows = [_state(state, names) for state in answer["states"]]
        yield "States", _table("from", "until", "grade", "", "by", rows=rows)
    rivals = [rival for state in answer.get("states", ()) for rival in state["rivals"]]
    if rivals:
        yield (
            "Claims that are not believed",
            _table("fact", "claimed", "believed", "rule", "by", rows=_rivals(rivals, names)),
        )
    held = answer.get("career") or [*answer.get("holders", {}).values()]
    if held:
        who = "post" if "career" in answer else "person"
        yield who.capitalize() + "s", _table(who, "", "grade", "by", rows=[_tenure(t, who, names) for t in held])
    for side, word in (("before", "Came from"), ("after", "Went on in")):
        links = answer.get("lineage", {}).get(side)
        if links:
            rows = [
                (names.thing(n["unit"]), n["scope"] or "", date_phrase(n["effective"]), cause_phrase(n["cause"]))
                for n in links
            ]
            yield word, _table("unit", "scope", "effective", "by", rows=rows)
    if answer.get("effects"):
        rows = [
            (
                words_of(e["kind"]) + (", implied" if e["implied"] else ""),
                ", ".join(names.thing(thing) for thing in e["subject"].values() if isinstance(thing, str)),
                date_phrase(e["effective"]),
                e["event"],
            )
            for e in answer["effects"]
        ]
        yield "Effects", _table("change", "of", "effective", "event", rows=rows)
    if answer.get("displaced"):
        rows = [(names.thing(p), names.thing(d["post"]), names.thing(d["to"])) for p, d in answer["displaced"].items()]
        yield "Lost office", _table("person", "left", "went to", rows=rows)


def _state(state: Answer, names: Names) -> tuple[str, ...]:
    values = ", ".join(f"{name} {names.value(name, v)}" for name, v in state["value"].items() if v is not None)
    return (
        date_phrase(state["from"]) if state["from"] else "before any known day",
        date_phrase(state["until"]) if state["until"] else "",
        grade_phrase(state),
        values,
        cause_phrase(state["cause"]),
    )


def _rivals(rivals: list[Answer], names: Names) -> list[tuple[str, ...]]:
    rows = [
        (
            rival["fact"],
            *(names.value(rival["fact"], rival[side]) for side in ("claimed", "believed")),
            rival["rule"],
            cause_phrase(rival["cause"]),
        )
        for rival in rivals
    ]
    return list(dict.fromkeys(rows))  # a rival stands in every state of the life it disputes


def _tenure(tenure: Answer, who: str, names: Names) -> tuple[str, ...]:
    ended = f"; ended by {cause_phrase(tenure['ended_by'])}" if tenure["ended_by"] else ""
    implied = " (implied)" if tenure["implied"] else ""
    return (
        names.thing(tenure[who]),
        f"{tenure['capacity'] or 'capacity unknown'}, {span_phrase(tenure)}{implied}",
        grade_phrase(tenure),
        f"{cause_phrase(tenure['cause'])}{ended}",
    )


# --- what is amiss


def show_findings(answer: Answer) -> None:
    """A row a finding."""
    console = _console()
    console.print(f"{answer['institution']}, {_known(answer)}")
    rows = [
        (f["rule"], ", ".join(f["subject"].values()), _days(f), f["detail"], ", ".join(f["events"]))
        for f in answer["findings"]
    ]
    if rows:
        console.print(_table("rule", "of", "days", "detail", "by", rows=rows))
    else:
        console.print("no findings")


def _days(finding: Answer) -> str:
    """The days of a finding, both included; none that are known leave it empty."""
    return " to ".join(date_phrase(day) for day in dict.fromkeys((finding["from"], finding["to"])) if day)


def _table(*heads: str, rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
