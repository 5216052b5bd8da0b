"""Persons as tables: everybody who is registered, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator

from api.formats.act_tables import TEXT
from api.formats.cited import Cited
from api.formats.datapackage import Column, Row, Table
from api.formats.exported import Exported
from api.formats.persons import PersonName
from domain.dates import iso
from domain.lives import text_of


def person_tables(exported: Exported, cited: Cited) -> Iterator[Table]:
    """The tables of persons and of their names."""
    person = Column("person", "the id of the person")
    persons = Table(
        "persons",
        "Everybody who is registered.",
        ("person",),
        (
            person,
            Column("born", "when born, EDTF as recorded"),
            Column("died", "when died, EDTF as recorded"),
            Column("event", "the act that registers the person", refers="changes"),
        ),
    )
    names = Table(
        "person_names",
        "The names of persons: registered, borne later, and spellings in other scripts.",
        ("person", "event", "use", "number", "language"),
        (
            person,
            Column("use", "registered, renamed, or other: another spelling of the registered name"),
            Column("number", "which of the other spellings, from 1; else 0", "integer"),
            *TEXT,
            Column("since", "from when on, EDTF as recorded; empty: from the beginning"),
            Column("since_latest", "the last day on which it can begin", "date"),
            Column("event", "the act that gives it", refers="changes"),
        ),
    )
    for one in exported.persons():
        days = {"born": text_of(one.born), "died": text_of(one.died)}
        persons.rows.append({"person": one.id, **days, "event": cited.act(one.act)})
        for name in one.names:
            names.rows += _names(one.id, name, cited)
    yield from (persons, names)


def _names(person: str, name: PersonName, cited: Cited) -> Iterator[Row]:
    later = name.use == "renamed"
    for language, text in name.name.items():
        yield {
            "person": person,
            "use": name.use,
            "number": name.number,
            "language": language,
            "text": text,
            "since": text_of(name.act.day) if later else None,
            "since_latest": iso(name.act.hi) if later else None,
            "event": cited.act(name.act),
        }
