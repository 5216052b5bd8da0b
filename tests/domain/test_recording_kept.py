"""What is kept of registers that were folded whole: not of all of them for ever."""

from __future__ import annotations

import pytest

from domain.entries import entry_from
from domain.recording import Registers
from tests.history import NOON
from tests.stores import OpenStore

DECLARED = {"entry": "founding", "changes": [{"kind": "institution-declared", "name": {"en": "Office"}}]}
UNITS = [
    {
        "entry": f"e{n}",
        "changes": [{"kind": "unit-established", "unit": f"u{n}", "name": {"en": "U"}, "effective": "1802"}],
    }
    for n in range(9)
]


def test_of_many_registers_those_asked_for_last_are_kept(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks a hundred registers for their findings would otherwise fill a server with all of them."""
    # given
    monkeypatch.setattr(Registers, "ROOM", 60)
    registers = Registers(open_store(), lambda: NOON)
    names = [f"office-{number}" for number in range(5)]
    for name in names:
        for given in (DECLARED, *UNITS):
            registers.record(name, entry_from(given, "x"), "test")

    # when
    for name in names:
        assert len(registers.view(name).world.things("unit")) == 9
        assert sum(shelf.size for shelf in registers._shelves.values()) <= 60

    # then
    kept = {name: shelf.size for name, shelf in registers._shelves.items() if shelf.size > 1}
    assert kept == {"office-3": 21, "office-4": 21}
    assert len(registers.view("office-0").world.things("unit")) == 9, "read again"


def test_of_a_register_larger_than_there_is_room_the_last_world_is_kept(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be folded again for every question otherwise."""
    # given
    monkeypatch.setattr(Registers, "ROOM", 5)
    registers = Registers(open_store(), lambda: NOON)
    for given in (DECLARED, *UNITS):
        registers.record("office", entry_from(given, "x"), "test")

    # when
    early, late = registers.view("office", "5"), registers.view("office")

    # then
    assert registers.view("office") is late
    assert registers.view("office", "5") is not early
    assert registers._shelves["office"].size == 1 + 10 + 5
