"""Files taken into a register in memory, and what it then answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from api.importers.files import read_file
from api.importers.options import Options
from api.registers import Verdict, record_in_pages
from api.store import registers_in_memory
from domain.dates import day
from domain.recording import Registers
from projections.diff import diff
from projections.findings import findings
from projections.structure import Answer, structure

MINT = Options("mint", found="The Mint", language="ru")
"""What is said about most files here: a register of its own, names in Russian."""


@dataclass(frozen=True)
class Taken:
    """What became of a file, and the register after it."""

    registers: Registers
    verdicts: Sequence[Verdict]
    notes: Sequence[str]

    @property
    def refusals(self) -> list[str]:
        """Every reason told."""
        return [reason for verdict in self.verdicts for reason in verdict.refusal]

    @property
    def entries(self) -> list[str]:
        """The entries of the log, in order."""
        rows = self.registers.log.read("mint")
        return list(dict.fromkeys(row.event.entry for row in rows))

    def structure(self, as_of: str) -> Answer:
        """What stands on a day."""
        return structure(self.registers.view("mint").world, day(as_of))

    def holders(self, post: str, as_of: str) -> dict[str, str]:
        """Who holds a post on a day, each with the grade."""
        shown = self.structure(as_of)["posts"].get(post, {"holders": {}})
        return {holder["person"]: holder["grade"] for holder in shown["holders"].values()}

    def diff(self, start: str, end: str) -> list[Answer]:
        """What changed between two days."""
        rows: list[Answer] = diff(self.registers.view("mint").world, day(start), day(end))["changes"]
        return rows

    def rules(self) -> list[str]:
        """The rules that find something."""
        return [found["rule"] for found in findings(self.registers.view("mint").world)]


@contextmanager
def taking(name: str, content: bytes | str, options: Options = MINT, into: Registers | None = None) -> Iterator[Taken]:
    """*content* read as the file *name* and recorded, in a register that holds nothing else unless one is given."""
    text = content.encode() if isinstance(content, str) else content
    register = read_file(name, text, options)
    if into is not None:
        yield Taken(into, list(record_in_pages(register, into, "Olga")), register.notes)
        return
    with registers_in_memory() as registers:
        yield Taken(registers, list(record_in_pages(register, registers, "Olga")), register.notes)


def cause_of(shown: Mapping[str, Any]) -> tuple[str, str | None]:
    """The entry and the instrument behind a fact."""
    cause = shown["cause"]
    return cause["entry"], cause["instrument"]["id"] if cause["instrument"] else None
