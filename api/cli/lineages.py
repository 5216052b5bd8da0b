"""The lineage of a unit for people: what it came from and went on in, as trees; what happened to it, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.table import Table

from api.cli.display import Names, table
from api.phrases import cause_phrase, date_phrase, words_of
from projections.structure import Answer

HOW = {
    "merge": "merged",
    "absorb": "absorbed",
    "split": "split",
    "spin-off": "spun off",
    "transform": "transformed",
    "transfer": "transferred",
    "recode": "another code",
    "succession": "abolished, with a successor",
    "reinstated": "reinstated",
}
"""A word for each form in which a unit goes on in another."""


def lineage_parts(answer: Answer, names: Names) -> Iterator[tuple[str, Table]]:
    """Heads and tables of the lineage of a unit; nothing of one that only ever stood."""
    told, unit = answer["lineage"], answer["id"]
    for back, word in ((True, "Came from"), (False, "Went on in")):
        rows = [*_tree(told, unit, names, back=back), *_unreached(told, names, back=back)]
        if rows:
            yield word, table("unit", "how", "with it", "effective", "by", rows=rows)
    if len(told["steps"]) > 1:
        many = len({step["life"] for step in told["steps"]}) > 1
        rows = [_step(step, unit, names, many=many) for step in told["steps"]]
        yield "Step by step", table("effective", "", "", "by", rows=rows)


def _tree(told: Answer, unit: str, names: Names, *, back: bool) -> Iterator[tuple[str, ...]]:
    """The lives that the links lead to, each under the one it leads from, and each once with what lies behind it."""
    near, far = ("to", "from") if back else ("from", "to")
    shown: set[str] = set()

    def below(node: str, at: int, depth: int) -> Iterator[tuple[str, ...]]:
        told_at = told["links"][at]["cause"]["event"] if 0 <= at < len(told["links"]) else None
        for number, link in enumerate(told["links"]):
            earlier = number < at if back else number > at
            if link[near] != node or not earlier or link["cause"]["event"] == told_at:
                continue
            other = link[far]
            again = other in shown and _leads_on(told, other, near)
            yield _link(link, told["lives"][other], names, depth, again=again)
            if other not in shown:
                shown.add(other)
                yield from below(other, number, depth + 1)

    own = [node for node, life in told["lives"].items() if life["unit"] == unit]
    shown.update(own)
    for node in own:
        yield from below(node, len(told["links"]) if back else -1, 0)


def _leads_on(told: Answer, node: str, near: str) -> bool:
    return any(link[near] == node for link in told["links"])


def _unreached(told: Answer, names: Names, *, back: bool) -> Iterator[tuple[str, ...]]:
    """The successors that acts name and that did not stand then: no link leads to them."""
    reached = {(link["cause"]["event"], told["lives"][link["to"]]["unit"]) for link in told["links"]}
    for row in () if back else told["after"]:
        if (row["cause"]["event"], row["unit"]) not in reached:
            by = date_phrase(row["effective"]), cause_phrase(row["cause"])
            yield (names.thing(row["unit"]), "named as successor, but did not stand then", "", *by)


def _link(link: Answer, life: Answer, names: Names, depth: int, *, again: bool) -> tuple[str, ...]:
    called = f"{names.of(life['name'])} [{life['unit']}]"
    how = HOW.get(link["form"], link["form"])
    share = "" if link["share"] == "whole" else ", in part"
    scope = f": {link['scope']}" if link["scope"] else ""
    return (
        f"{'  ' * depth}{called}{' (as above)' if again else ''}",
        f"{how}{share}{scope}",
        _passed(link["passed"], names),
        date_phrase(link["effective"]),
        cause_phrase(link["cause"]),
    )


def _passed(passed: Answer, names: Names) -> str:
    """What passed with a unit."""
    functions = [names.function(row["function"], row["text"]) for row in passed["functions"]]
    return ", ".join([*functions, *map(names.thing, (*passed["units"], *passed["posts"]))])


def _step(step: Answer, unit: str, names: Names, *, many: bool) -> tuple[str, ...]:
    told = [*_changed(step, names)]
    for word, side in (("from", "from"), ("into", "to")):
        others = [node.rpartition("#")[0] for node in step[side]]
        others = [other for other in dict.fromkeys(others) if other != unit]
        if others:
            told.append(f"{word} {names.things(others)}")
    return (
        f"{'life ' + str(step['life'] + 1) + ': ' if many else ''}{date_phrase(step['effective'])}",
        f"{_what(step)}{', implied' if step['implied'] else ''}",
        "; ".join(told),
        cause_phrase(step["cause"]),
    )


def _what(step: Answer) -> str:
    """What happened, in a word or two; by a reorganization a unit may begin, end, or live on."""
    if step["kind"] == "unit-took-over":
        return "+ took over"
    if step["form"] is None:
        return words_of(step["kind"])
    how = HOW.get(step["form"], step["form"])
    return f"+ new: {how}" if step["before"] is None else f"− ended: {how}" if step["after"] is None else f"≈ {how}"


def _changed(step: Answer, names: Names) -> Iterable[str]:
    before, after = step["before"], step["after"]
    if before is None:
        values: dict[str, Any] = after
        yield from (f"{name} {names.value(name, value)}" for name, value in values.items() if value is not None)
    elif after is not None:
        yield from (f"{name} {names.value(name, before[name])} → {names.value(name, after[name])}" for name in after)
