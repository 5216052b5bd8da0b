"""The file itself as a source, and what is made of the parts of it: entries that cite it by row or object."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from api.importers.naming import Unfit, slug
from api.importers.options import Options
from api.registers import Filed, NotARegister, Register
from domain.entries import Entry, entry_from
from domain.errors import EntryUnreadable, Reason
from domain.ids import CODE_PATTERN, ID_PATTERN

Data = dict[str, Any]


@dataclass(frozen=True)
class File:
    """A file that is imported: its name, what it holds, and the id by which entries cite it."""

    name: str
    content: bytes
    id: str

    def cited(self, locator: str, wording: str | None = None, certainty: str | None = None) -> Data:
        """The file as the source of a fact, with the place in it."""
        said = {"source": self.id, "locator": locator, "wording": wording, "certainty": certainty}
        return {name: value for name, value in said.items() if value is not None}

    def entry_id(self, *parts: str) -> str:
        """The lasting id of an entry made of the part of the file that *parts* name. Raises: Unfit."""
        made = ":".join([self.id, *parts])
        if not re.fullmatch(ID_PATTERN, made):
            raise Unfit(f"{made[:140]!r} cannot be the id of an entry: shorten the id of the row or of the source")
        return made

    def registered(self, what: str) -> Filed:
        """The entry that says what file it is: its name and its hash. A changed file gives another such entry."""
        digest = hashlib.sha256(self.content).hexdigest()
        change = {
            "kind": "source-registered",
            "source": self.id,
            "title": {"und": self.name},
            "effective": None,
            "note": f"a file of {len(self.content)} bytes, SHA-256 {digest}, read as {what}",
        }
        return filed(self.name, {"entry": self.entry_id(f"file-{digest[:12]}"), "changes": [change]})


def file_of(name: str, content: bytes, options: Options) -> File:
    """The file of that *name*. Raises: NotARegister, if no id of a source can be made of it."""
    try:
        source = options.source or ".".join(slug(part) for part in name.rsplit(".", 1))
    except Unfit as refusal:
        raise NotARegister(name, f"{refusal}, by --source", "source") from None
    if not re.fullmatch(CODE_PATTERN, source):
        raise NotARegister(name, f"{source!r} cannot be the id of a source: give a shorter one by --source", "source")
    return File(name, content, source)


def filed(where: str, *entries: Data) -> Filed:
    """*entries*, all of them or none, that lie at *where*."""
    try:
        first, *rest = [entry_from(data, where) for data in entries]
    except EntryUnreadable as fault:
        return refused(where, [reason.detail for reason in fault.reasons])
    return Filed(where, lambda: first, rest=rest)


def refused(where: str, faults: Iterable[str]) -> Filed:
    """What lies at *where* and is no entry, because of *faults*."""
    reasons = [Reason("malformed", None, None, fault) for fault in faults]

    def read() -> Entry:
        raise EntryUnreadable(where, reasons)

    return Filed(where, read)


def readable(one: Filed) -> bool:
    """Whether what lies there is an entry."""
    try:
        one.read()
    except EntryUnreadable:
        return False
    return True


def register_of(file: File, options: Options, made: Sequence[Filed], notes: Sequence[str] = ()) -> Register:
    """The register of what was *made* of *file*, which founds it if the options say so. Raises: NotARegister."""
    entries = [*founding(options), *made]
    return Register(institution_of(file.name, options), len(entries), entries, tuple(notes))


def institution_of(name: str, options: Options) -> str:
    """The institution whose entries the file *name* holds. Raises: NotARegister, if nobody says, or it can be none."""
    if options.institution is None:
        raise NotARegister(name, "it does not say whose entries it holds: name the institution")
    if not re.fullmatch(ID_PATTERN, options.institution):
        raise NotARegister(name, f"{options.institution!r} cannot be the id of an institution")
    return options.institution


def founding(options: Options) -> list[Filed]:
    """The entry `institution` by which a file founds a register, if the user gives it a name."""
    if options.found is None:
        return []
    change = {"kind": "institution-declared", "effective": None, "name": {options.language: options.found}}
    return [filed("the founding", {"entry": "institution", "changes": [change]})]
