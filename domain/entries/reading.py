"""Entries and institutions as they are read: from plain data, JSON or YAML; and the one YAML text of an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from pydantic import ValidationError

from domain.changes import Frozen, Names
from domain.entries.entry import Entry
from domain.entries.faults import faults_of, unreadable
from domain.entries.plain import check_depth, plain_json, plain_yaml, yaml_text
from domain.errors import EntryUnreadable
from domain.ids import Code, Id

MAX_CHANGES = 20_000
Plain: TypeAlias = Mapping[str, Any]


def entry_from(data: object, where: str) -> Entry:
    """The entry of plain *data*; *where* names file or request in the error.

    Raises: EntryUnreadable, with a reason for each fault.
    """
    check_depth(data, where)
    changes = data.get("changes") if isinstance(data, Mapping) else None
    if isinstance(changes, list) and len(changes) > MAX_CHANGES:
        raise unreadable(where, f"{len(changes)} changes are more than the {MAX_CHANGES} of an entry", "too-large")
    try:
        return Entry.model_validate(data)
    except ValidationError as fault:
        raise EntryUnreadable(where, faults_of(fault)) from None


def entry_from_json(text: bytes, where: str) -> Entry:
    """The entry of a JSON object in UTF-8. Raises: EntryUnreadable."""
    return entry_from(plain_json(text, where), where)


def drafts_from_json(text: bytes, where: str) -> list[Entry]:
    """The entries of a JSON array, or of one object, in UTF-8. Raises: EntryUnreadable."""
    data = plain_json(text, where)
    if not isinstance(data, list):
        return [entry_from(data, where)]
    return [entry_from(draft, f"{where}, entry {number}") for number, draft in enumerate(data, 1)]


def entry_from_yaml(text: bytes, where: str) -> Entry:
    """The entry of a YAML document in UTF-8. Raises: EntryUnreadable."""
    return entry_from(plain_yaml(text, where), where)


class InstitutionFile(Frozen):
    """What `institution.yaml` of a register folder holds."""

    id: Id
    name: Names
    unit_kinds: tuple[Code, ...] = ()
    relations: tuple[Code, ...] = ()
    instrument_kinds: tuple[Code, ...] = ()
    notes: Names | None = None

    def declared(self) -> Entry:
        """The entry `institution` that founds the register; an institution has no first day of its own."""
        facts = self.model_dump(mode="json", exclude_unset=True, exclude={"id"})
        change = {"kind": "institution-declared", "effective": None, **facts}
        return Entry.model_validate({"entry": "institution", "changes": [change]})


def institution_from_yaml(text: bytes, where: str) -> InstitutionFile:
    """The institution of a register folder. Raises: EntryUnreadable."""
    try:
        return InstitutionFile.model_validate(plain_yaml(text, where))
    except ValidationError as fault:
        raise EntryUnreadable(where, faults_of(fault)) from None


def canonical_yaml(entry: Entry) -> bytes:
    """The one YAML text of *entry*: what fixtures hold, what an export writes."""
    return yaml_text(entry.written())
