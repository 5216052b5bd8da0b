"""The changes of a register as tables: what each says, its sources, the instruments on which they rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from api.formats.datapackage import Column, Row, Table
from domain import changes as e
from domain.acts import Act
from domain.changes import ENVELOPE
from domain.dates import iso
from domain.events import Event
from domain.ids import natural
from domain.lives import text_of
from domain.world import World
from projections.sources import FIELDS, described

TEXT = (Column("language", "the language of the text"), Column("text", "the text"))
CITED = (
    Column("event", "the name of the change: ENTRY#n"),
    Column("effective", "when it takes effect, EDTF as recorded; empty: unknown"),
    Column("earliest", "the first day that can be", "date"),
    Column("latest", "the last day that can be", "date"),
)


def act_tables(world: World, acts: Collection[Act], preferences: Iterable[tuple[int, Event]]) -> Iterator[Table]:
    """The tables of the changes, live *acts* and *preferences*, their sources and instruments."""
    changes = Table(
        "changes",
        "Every change, as it reads, and what is preferred of several: what it says, and on what it rests.",
        ("event",),
        (
            *CITED,
            Column("kind", "the kind of change"),
            Column("says", "its fields, as an entry has them", "object"),
            Column("basis", "stated, inferred, or instrument-default: the day is that of its instrument"),
            Column("entry", "the entry in which it was recorded"),
            Column("number", "its number in the entry, from 1; 0: the instrument itself", "integer"),
            Column("position", "its position in the log", "integer"),
            Column("instrument", "the instrument on which it rests", refers="instruments"),
            Column("provision", "the article of it"),
            Column("note", "what the editor notes"),
            Column("corrected_by", "the correction by which it reads so"),
            Column("recorded_by", "in whose name it was recorded"),
        ),
    )
    cited = Table(
        "change_sources",
        "The sources of each change.",
        ("event", "number"),
        (
            Column("event", "the change", refers="changes"),
            Column("number", "which of its sources, from 1", "integer"),
            Column("source", "the source", refers="sources"),
            Column("locator", "where in it"),
            Column("wording", "how it says so"),
            Column("certainty", "high, medium or low"),
        ),
    )
    told = [(act.position, _act(world, act), act.sources) for act in acts]
    told += [(position, _control(position, event), event.sources) for position, event in preferences]
    for _, row, sources in sorted(told, key=lambda one: one[0]):
        changes.rows.append(row)
        for number, source in enumerate(sources, 1):
            cited.rows.append({"event": row["event"], "number": number, **source.model_dump()})
    yield from (changes, cited, _sources(acts, (row["source"] for row in cited.rows)), *_instruments(world, changes))


def _act(world: World, act: Act) -> Row:
    return {
        **_recorded(act.position, act.event, act.change),
        **dated(act),
        "basis": act.basis,
        "instrument": act.instrument if act.instrument in world.instruments else None,
        "provision": act.provision,
        "corrected_by": act.corrected_by,
    }


def _sources(acts: Iterable[Act], named: Iterable[object]) -> Table:
    columns = [
        Column("title", "its title in each language", "object") if name == "title" else Column(name, f"its {name}")
        for name in FIELDS
    ]
    known = described(acts)
    table = Table("sources", "What the sources are.", ("source",), (Column("source", "its id"), *columns))
    nothing = dict.fromkeys(FIELDS)
    for source in sorted({*known, *map(str, named)}):
        table.rows.append({"source": source, **nothing, **known.get(source, {})})
    return table


def _instruments(world: World, changes: Table) -> Iterator[Table]:
    dates = ("signed", "published", "in_force")
    table = Table(
        "instruments",
        "The instruments on which changes rest.",
        ("instrument",),
        (
            Column("instrument", "its id"),
            Column("instrument_kind", "its kind"),
            Column("number", "its number"),
            Column("issuer", "who issued it"),
            *(Column(name, f"when {name.replace('_', ' ')}, EDTF as recorded") for name in dates),
        ),
    )
    titles = Table(
        "instrument_titles",
        "The titles of instruments, in each language.",
        ("instrument", "language"),
        (Column("instrument", "the instrument", refers="instruments"), *TEXT),
    )
    for name in sorted({str(row["instrument"]) for row in changes.rows if row["instrument"]}, key=natural):
        issued = world.instruments[name]
        said = {column.name: getattr(issued, column.name) for column in table.columns[:4]}
        table.rows.append({**said, **{day: text_of(getattr(issued, day)) for day in dates}})
        for language, text in (issued.title or {}).items():
            titles.rows.append({"instrument": name, "language": language, "text": text})
    yield from (table, titles)


def dated(act: Act) -> Row:
    """The name of an act and its days, as CITED has them."""
    days = (iso(act.lo), iso(act.hi)) if act.day else (None, None)
    return {"event": act.target, "effective": text_of(act.day), "earliest": days[0], "latest": days[1]}


def _recorded(position: int, event: Event, change: e.Change) -> Row:
    """What is said of every change, as it reads."""
    fields = change.model_dump(mode="json", by_alias=True)
    return {
        "event": event.target,
        "kind": change.kind,
        "says": {name: value for name, value in fields.items() if name not in (*ENVELOPE, "kind")},
        "entry": event.entry,
        "number": event.index,
        "position": position,
        "note": event.note,
        "recorded_by": event.recorded_by,
    }


def _control(position: int, event: Event) -> Row:
    """A preferred reading, which takes effect on no day and is corrected by nothing."""
    nothing = dict.fromkeys(("effective", "earliest", "latest", "instrument", "corrected_by"))
    return {
        **_recorded(position, event, event.change),
        **nothing,
        "basis": event.basis,
        "provision": event.provision,
    }
