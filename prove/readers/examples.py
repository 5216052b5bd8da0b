"""The register of the examples, for readers that ask it something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.readings import Readings


@contextmanager
def examples() -> Iterator[Readings]:
    """The register of the examples, kept nowhere."""
    from api.store import readings_in_memory

    with readings_in_memory() as readings:
        record_examples(readings)
        yield readings


def record_examples(readings: Readings) -> None:
    """Record the register of the examples."""
    from api.examples import INSTITUTION, entries
    from domain.entries import entry_from

    for entry in entries():
        readings.registers.record(INSTITUTION, entry_from(entry, "an example"), "test")
