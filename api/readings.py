"""What answers are made from: registers as their tables tell of them, each reading all of one moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

from domain.chain import Head
from domain.errors import StoreUnusable
from domain.recording import Registers
from projections.structure import Answer
from projections.tables.reading import Reader, Reading

Value = TypeVar("Value")


class Readings:
    """The registers of one store, to read. Any thread may use it."""

    def __init__(self, registers: Registers, reader: Reader) -> None:
        self.registers = registers
        self._reader = reader
        self._redacted: _Lately[frozenset[str]] = _Lately()
        self._lines: _Lately[Answer] = _Lately()
        self._years: _Lately[dict[str, str]] = _Lately(100)  # some hundred years in each
        self._heads: _Lately[Head] = _Lately()

    @contextmanager
    def at(self, institution: str, position: int) -> Iterator[Reading]:
        """The register as known at *position*, which ends an entry.

        Raises: StoreUnusable, if its tables are not kept up to there, as when an older program recorded meanwhile.
        """
        with self._reader.at(institution, position) as reading:
            kept = reading.shelf.position()
            if kept < position:
                detail = f"the tables of {institution} are kept up to position {kept} of {position}: run `rebuild`"
                raise StoreUnusable("the database", detail)
            yield reading

    def head_at(self, institution: str, known_at: str | None) -> Head:
        """Where the log of a register ended at *known_at*. Raises: UnknownInstitution, NotAKnownAt, NotKnownYet."""
        if known_at is None or not known_at.isdigit():
            return self.registers.head_at(institution, known_at)
        return self._heads.get(  # of a position that is recorded it never changes
            f"{institution}/{known_at}", "", lambda: self.registers.head_at(institution, known_at)
        )

    def redacted(self, institution: str) -> frozenset[str]:
        """The changes that are erased, whatever position is asked for."""
        head = self.registers.log.head(institution)

        def read() -> frozenset[str]:
            with self.at(institution, head.position) as reading:
                self.registers.forget(institution, reading.redacted)
                return reading.redacted

        return self._redacted.get(institution, head.hash, read) if head.position else frozenset()

    def line(self, institution: str, head: Head) -> Answer:
        """{name, events, position, hash, first_effective, last_effective} of a register that ends at *head*."""

        def read() -> Answer:
            with self.at(institution, head.position) as reading:
                return reading.line()

        said = self._lines.get(institution, head.hash, read)
        known = {"events": head.position, "position": head.position, "hash": head.hash}
        return {"name": said["name"], **known, **said}

    def years(self, institution: str, head: Head) -> dict[str, str]:
        """Year → the first day in it on which something changes, of a register as known at *head*."""

        def read() -> dict[str, str]:
            with self.at(institution, head.position) as reading:
                return reading.years()

        state = "\n".join([head.hash, *sorted(self.redacted(institution))])
        return self._years.get(f"{institution}/{head.position}", state, read)


class _Lately(Generic[Value]):
    """What was read lately, by what it was read of, each while that was at one state."""

    def __init__(self, most: int = 1_000) -> None:
        self._most = most
        self._kept: OrderedDict[str, tuple[str, Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, of: str, state: str, read: Callable[[], Value]) -> Value:
        """What *read* says, once for each *state* of what it is read *of*."""
        with self._lock:
            found = self._kept.get(of)
        if found is not None and found[0] == state:
            return found[1]
        made = read()
        with self._lock:
            self._kept[of] = state, made
            self._kept.move_to_end(of)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
