"""The whole history of one thing, a table a part."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from rich.table import Table

from api.cli.causes import effects_table, later_table, touches_table
from api.cli.coverages import coverage_parts
from api.cli.differences import learned_rows
from api.cli.display import Names, console, known_phrase, table
from api.cli.doubts import disputes_table, record_table
from api.cli.lineages import lineage_parts
from api.cli.reports import displaced_table, moves_table
from api.phrases import (
    cause_phrase,
    date_phrase,
    during_phrase,
    grade_phrase,
    instrument_phrase,
    number_phrase,
    span_phrase,
    words_of,
)
from domain.changes import CONTROLS, KINDS
from domain.world import World
from projections.structure import Answer

Part = tuple[str, Table]


def show_history(answer: Answer, world: World, language: str | None) -> None:
    """What an answer about one thing holds."""
    names = Names(world, language)
    out = console()
    thing = answer["id"]
    out.print(f"{_called(answer, names)} [{thing}], {known_phrase(answer)}")
    for line in _lines(answer, names, [other for other, first in world.unified.items() if first == thing]):
        out.print(line)
    for head, part in [*_of_any(answer, names), *_of_acts(answer, names), *_beside(answer, names)]:
        out.print()
        out.print(head)
        out.print(part)


def _called(answer: Answer, names: Names) -> str:
    """The name or title of the thing; of an instrument without one its number, of an entry that it is one."""
    name = answer.get("name") or answer.get("title")
    if name is None and "recorded_by" in answer:
        return "entry"
    return instrument_phrase(answer) if name is None and "amended_by" in answer else names.of(name)


def _lines(answer: Answer, names: Names, others: list[str]) -> Iterable[str]:
    """What is said in a line: other ids and names, birth and death, what hung on it, where it was recorded."""
    if others:
        yield f"also called {', '.join(sorted(others))}"
    if answer.get("names"):
        yield f"also written {', '.join(' / '.join(name.values()) for name in answer['names'])}"
    if answer.get("born"):
        yield f"born {date_phrase(answer['born'])}"
    if answer.get("died"):
        yield f"died {date_phrase(answer['died'])}"
    if "recorded_by" in answer:
        first, last = answer["positions"]
        where = f"position {first}" if first == last else f"positions {first} to {last}"
        yield f"recorded at {where}" + (f" by {answer['recorded_by']}" if answer["recorded_by"] else "")
    for part in ("units", "posts"):
        if answer.get(part):
            yield f"{part} that ever hung on it: {names.things(answer[part])}"
    for part, word in (("amended_by", "amended"), ("repealed_by", "repealed")):
        for cause in answer.get(part, ()):
            yield f"{word} by {cause_phrase(cause)}"


# --- what things and acts have


def _of_any(answer: Answer, names: Names) -> Iterable[Part]:
    rows: list[tuple[str, ...]]
    states = answer.get("states", ())
    if states:
        rows = [(*_span(state), grade_phrase(state), _values(state, names), _by(state)) for state in states]
        yield "States", table("from", "until", "grade", "", "by", rows=rows)
    if answer.get("disputes"):
        yield "Claims that disagree", disputes_table(answer["disputes"], names)
    held = answer.get("career") or [*answer.get("holders", {}).values()]
    if held:
        who = "post" if "career" in answer else "person"
        yield who.capitalize() + "s", table(who, "", "grade", "by", rows=[_tenure(t, who, names) for t in held])
    if answer.get("moves"):
        yield "Moves", moves_table(answer["moves"], names)
    if answer.get("at_once"):
        rows = [(*_span(row), _together(row, names)) for row in answer["at_once"]]
        yield "Several posts at once", table("from", "until", "posts", rows=rows)
    apart = [row for row in answer.get("occupancy", ()) if row["kind"] != "held"]
    if apart:
        rows = [
            (*_span(row), words, more, by) for row in apart for words, more, by in [_not_held_once(row, answer, names)]
        ]
        yield "Gaps and overlaps", table("from", "until", "", "", "by", rows=rows)
    if answer.get("lineage"):
        yield from lineage_parts(answer, names)


def _span(state: Answer) -> tuple[str, str]:
    return (
        date_phrase(state["from"]) if state["from"] else "before any known day",
        date_phrase(state["until"]) if state["until"] else "",
    )


def _values(state: Answer, names: Names) -> str:
    return ", ".join(f"{name} {names.value(name, v)}" for name, v in state["value"].items() if v is not None)


def _by(thing: Answer) -> str:
    return cause_phrase(thing["cause"])


def _tenure(tenure: Answer, who: str, names: Names) -> tuple[str, ...]:
    ended = f"; ended by {cause_phrase(tenure['ended_by'])}" if tenure["ended_by"] else ""
    implied = " (implied)" if tenure["implied"] else ""
    return (
        names.thing(tenure[who]),
        f"{tenure['capacity'] or 'capacity unknown'}, {span_phrase(tenure)}{implied}",
        grade_phrase(tenure),
        f"{_by(tenure)}{ended}",
    )


def _together(row: Answer, names: Names) -> str:
    """The posts that somebody held at once, by the titles they had then."""
    posts = ", ".join(f"{names.of(title)} [{post}]" for post, title in row["titles"].items())
    given = ", given by one act" if row["one_act"] else ""
    return f"{posts}{given}{'' if row['sure'] else ', perhaps'}"


def _not_held_once(row: Answer, post: Answer, names: Names) -> tuple[str, str, str]:
    """A gap or an overlap: what it is, whom it concerns, and by what it came about."""
    if row["kind"] == "overlap":
        holders = names.things(post["holders"][tenure]["person"] for tenure in row["tenures"])
        return "overlap" if row["sure"] else "perhaps an overlap", f"{holders} in {row['seats']} seat(s)", ""
    why = row["why"]
    left = names.thing(post["holders"][why["tenure"]]["person"]) if why else ""
    told = [f"{left} left{', ' + why['ground'] if why['ground'] else ''}"] if why else []
    told += [f"vacant {' until '.join(filter(None, _span(said)))}, says {_by(said)}".strip() for said in row["vacant"]]
    return "vacant" if row["vacant"] else "nobody known", "; ".join(told), _by(why) if why else ""


def _of_acts(answer: Answer, names: Names) -> Iterable[Part]:
    """What an entry says of others, or others of it; and what it or an instrument did."""
    told = ((change, _of_others(change) or _reads_now(change)) for change in answer.get("changes", ()))
    rows: list[tuple[str, ...]]
    rows = [(change["event"], words_of(change["kind"]), more) for change, more in told if more]
    if rows:
        yield "Corrected, annulled, withheld", table("event", "change", "", rows=rows)
    if answer.get("effects"):
        yield "Effects", effects_table(answer["effects"], names)
    yield from coverage_parts(answer.get("covers", {}), names)
    if answer.get("later"):
        yield "Amended, repealed or undone by", later_table(answer["later"])
    if answer.get("displaced"):
        yield "Lost office", displaced_table(answer["displaced"], names)
    if answer.get("learned") and answer["learned"]["changes"]:
        yield "Learned when it was recorded", learned_rows(answer["learned"]["changes"], names)
    if answer.get("altered"):
        yield "Altered on days in dispute", learned_rows(answer["altered"], names)
    for left in filter(None, (answer.get("learned", {}).get("left_out"), answer.get("altered_left_out"))):
        rows = [(str(left["days"]), left["from"], left["to"])]
        yield "Days left out; diff --as-of tells of each", table("days", "from", "to", rows=rows)
    if answer.get("record"):
        yield "Read otherwise since", record_table(answer["record"])


def _of_others(change: Answer) -> str:
    """What a correction, annulment or other control is of, and why."""
    said = change["change"] or {}
    if KINDS[change["kind"]] not in CONTROLS or not said:
        return ""
    of = said.get("ids") or said.get("targets") or [said["target"]]
    return f"{', '.join(of)}: {said.get('reason') or said['ground']}"


def _reads_now(change: Answer) -> str:
    """What became of a change since it was written; nothing, mostly."""
    if change["redacted"]:
        return "is withheld"
    by = f" by {change['corrected_by']}" if change.get("corrected_by") else ""
    if change.get("live", change) is None:
        return f"is annulled{by}"
    return f"is corrected{by}" if by else ""


# --- what is said beside


def _beside(answer: Answer, names: Names) -> Iterable[Part]:
    rows: list[tuple[str, ...]]
    relations, functions = answer.get("relations", {}).values(), answer.get("functions", {}).values()
    if relations:
        rows = [
            (names.thing(r["subject"]), r["relation"], names.thing(r["object"]), *span)
            for r in relations
            for _, *span in _spans(r["states"])
        ]
        yield "Relations", table("", "relation", "to", "from", "until", "grade", "by", rows=rows)
    if functions:
        rows = [
            (names.function(f["function"], value["text"]), *span)
            for f in functions
            for value, *span in _spans(f["states"])
        ]
        yield "Functions", table("function", "from", "until", "grade", "by", rows=rows)
    if answer.get("mandates"):
        rows = [(names.of(m["gist"]), date_phrase(m["effective"]), _by(m)) for m in answer["mandates"]]
        yield "Mandates", table("mandate", "effective", "by", rows=rows)
    if answer.get("events"):
        rows = [
            (told["what"], date_phrase(told["effective"]), names.of(told["place"]) if told["place"] else "", _by(told))
            for told in answer["events"]
        ]
        yield "Life", table("", "day", "place", "by", rows=rows)
    if answer.get("claims"):
        rows = [(*_claim(claim, names), date_phrase(claim["effective"]), _by(claim)) for claim in answer["claims"]]
        yield "What is claimed of it; it changes nothing", table("", "claim", "says", "as of", "by", rows=rows)
    if answer.get("touched_by"):
        yield "Acts that touched it", touches_table(answer["touched_by"], names)


def _spans(states: list[Answer]) -> Iterable[tuple[Any, str, str, str, str]]:
    """Value, from, until, grades and cause: states that differ in their grade alone are one span."""
    runs = groupby(states, key=lambda state: (state["life"], state["value"], state["cause"]))
    for (_, value, _), run in runs:
        same = list(run)
        since, _ = _span(same[0])
        _, until = _span(same[-1])
        grades = ", then ".join(name for name, _ in groupby(map(grade_phrase, same)))
        yield value, since, until, grades, _by(same[0])


def _claim(claim: Answer, names: Names) -> tuple[str, str, str]:
    """What kind of claim it is, what it says, and who says it."""
    said = claim["said"]
    match claim["kind"]:
        case "quantity-observed":
            told = f"{said['quantity']}: {number_phrase(said)}"
        case "count-claimed":
            told = f"{said['value']:,} {said['what']}, {during_phrase(said['during'])}"
        case _:
            during = f" ({during_phrase(said['during'])})" if said["during"] else ""
            told = f"{said['topic']}: {names.of(said['gist'])}{during}"
    return words_of(claim["kind"]), told, said["claimant"] or ""
