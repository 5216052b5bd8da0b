"""Who keeps the tables of many registers in one process: what he read of each is not remembered for ever."""

from __future__ import annotations

from domain.entries import entry_from
from domain.recording import Registers
from projections.tables.keeper import Keepers
from tests.history import NOON
from tests.stores import OpenStore


def test_only_the_registers_last_written_to_are_remembered(open_store: OpenStore) -> None:
    """A writer to two hundred institutions would otherwise need the memory of all."""
    # given
    log = open_store()
    registers = Registers(log, lambda: NOON)
    names = [f"office-{number}" for number in range(2 * Keepers.MOST)]
    declared = {"kind": "institution-declared", "name": {"en": "Office"}}
    unit = {"kind": "unit-established", "unit": "mint", "name": {"en": "Mint"}, "effective": "1802"}

    # when
    for given in ({"entry": "founding", "changes": [declared]}, {"entry": "first", "changes": [unit]}):
        for name in names:
            registers.record(name, entry_from(given, "x"), "test")

    # then
    assert list(log._recorder._kept) == names[-Keepers.MOST :]  # type: ignore[attr-defined]
    assert {log.head(name).position for name in names} == {2}
