"""What changed, what was learned, what would change: a row a change, its decree beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.table import Table

from api.cli.display import Names, console, known_phrase, position_phrase, table
from api.cli.reports import displaced_table, findings_table
from api.phrases import WORDS, cause_phrase, date_phrase, quantity_phrase, words_of
from domain.errors import Reason
from domain.world import World
from projections.structure import Answer


def show_diff(answer: Answer, world: World, language: str | None) -> None:
    """The rows between two days; then how units went on in units."""
    names = Names(world, language, answer["to"], answer["from"])
    out = console()
    days = f"from {date_phrase(answer['from'])} to {date_phrase(answer['to'])}"
    out.print(f"{answer['institution']}, {days}, {known_phrase(answer)}")
    if answer.get("reversed"):
        out.print("read backwards: before and after are exchanged")
    if not answer["changes"]:
        out.print("no changes")
        return
    out.print(_rows(answer["changes"], names))
    for then, now in answer["links"]:
        if then != now:
            out.print(f"{names.thing(then)} goes on in {names.thing(now)}")


def show_learned(answer: Answer, world: World, before: World, language: str | None) -> None:
    """What was learned of a day: the rows, each with the entry that brought it."""
    names = Names(world, language, answer["as_of"], before=before)
    out = console()
    out.print(f"{answer['institution']} on {date_phrase(answer['as_of'])}: what was learned; rules {answer['rules']}")
    out.print(f"after {position_phrase(answer['known_from'])}")
    out.print(f"up to {position_phrase(answer['known_to'])}")
    out.print(learned_rows(answer["changes"], names) if answer["changes"] else "nothing was learned")


def show_preview(answer: Answer, files: Mapping[str, str], world: World, before: World, language: str | None) -> None:
    """What recording the entries of *files* (entry → file) would do: refusals, rows, findings, lost offices."""
    names = Names(world, language, before=before)
    out = console()
    out.print(f"{answer['institution']}: a preview, nothing is recorded; {known_phrase(answer)}")
    for refused in answer["refusals"]:
        for reason in refused["reasons"]:
            out.print(f"REFUSED        {files[refused['entry']]}: entry {refused['entry']!r}, {Reason(**reason)}")
    rows = answer["diff"]["changes"]
    out.print(learned_rows(rows, names) if rows else "no changes")
    for part, beside in _beside(answer, names):
        out.print()
        out.print(part)
        out.print(beside)


def _beside(answer: Answer, names: Names) -> Iterable[tuple[str, Table]]:
    if answer["findings"]:
        yield "New findings", findings_table(answer["findings"])
    if answer["displaced"]:
        yield "Lost office", displaced_table(answer["displaced"], names)


# --- rows


def _rows(changes: Iterable[Answer], names: Names) -> Table:
    rows = [
        (
            words_of(row["kind"]) + (", implied" if row["implied"] else ""),
            _told(row, names),
            date_phrase(row["effective"]),
            row["grade"],
            cause_phrase(row["cause"]),
        )
        for row in changes
    ]
    return table("change", "of", "effective", "grade", "by", rows=rows)


def learned_rows(changes: Iterable[Answer], names: Names) -> Table:
    """A row a difference in what is known, with the entry that brought it, and why, if that reads others anew."""
    changes = list(changes)
    reasons = ["reason"] if any(row.get("reason") for row in changes) else []
    rows = [
        (
            _learned_words(row),
            _told(row, names),
            date_phrase(row["effective"]),
            row["grade"],
            row["cause"]["entry"],
            cause_phrase(row["cause"]),
            *(row["reason"] or "" for _ in reasons),
        )
        for row in changes
    ]
    return table("change", "of", "effective", "grade", "learned from", "by", *reasons, rows=rows)


def _learned_words(row: Answer) -> str:
    """The words of a row about knowledge: a beginning that is no longer believed is not told as one."""
    sign, word = WORDS.get(row["kind"], ("·", row["kind"]))
    if row["after"] is None and sign in ("+", "◦"):
        sign, word = "−", f"no longer known: {word}"
    return f"{sign} {word}" + (", implied" if row["implied"] else "")


def _told(row: Answer, names: Names) -> str:
    """What a row tells, but for the word."""
    subject, before, after = row["subject"], row["before"] or {}, row["after"] or {}
    match subject:
        case {"person": person, "from_post": from_post, "to_post": to_post}:
            return f"{names.thing(person)}: {names.thing(to_post)}, from {names.thing(from_post)}"
        case {"post": post} if len(subject) == 1 and "person" in {**before, **after}:
            return f"{names.thing(post)}: {_side(before, 'person', names)} → {_side(after, 'person', names)}"
        case {"event": event}:
            said = before or after
            of = f" of {names.thing(said['parent'])}" if said["parent"] else ""
            kind = f" ({said['unit_kind']})" if said["unit_kind"] else ""
            return f"{said['count']} units{kind}{of} ({event})"
        case {"subject": thing, "quantity": quantity}:
            numbers = f"{quantity_phrase(row['before'])} → {quantity_phrase(row['after'])}"
            return f"{names.thing(thing)}: {quantity} {numbers}"
        case {"holder": holder, "function": function}:
            told = f"{names.thing(holder)}: {names.function(function, (after or before).get('text'))}"
        case {"function": function}:
            told = names.function(function, after.get("text") or before.get("text"))
            return f"{told}: {_side(before, 'holder', names)} → {_side(after, 'holder', names)}"
        case {"units": _}:
            return f"{_units(before, names)} → {_units(after, names)}"
        case {"person": person, "post": post}:
            told = f"{names.thing(person)}: {names.thing(post)}"
        case {"relation": relation}:
            told = " ".join(map(names.thing, relation.split("|")))
        case _:
            told = names.things(subject.values())
    if row["before"] is not None and row["after"] is not None:
        told += "".join(
            f"; {name}: {names.value(name, before.get(name))} → {names.value(name, after[name])}"
            for name in after
            if before.get(name) != after[name]
        )
    return told


def _side(side: Answer, name: str, names: Names) -> str:
    return names.thing(side[name]) if side else "nobody known"


def _units(units: Answer, names: Names) -> str:
    return " + ".join(names.thing(unit) for unit in units) or "none shown"
