"""A log altered behind the program's back: each alteration is reported, never served as if whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import TypeAlias

from prove.killing import founded
from prove.processes import commanded
from prove.promises import Trial
from prove.stores import File, Place, Store, in_a_file, in_postgresql

Way: TypeAlias = Callable[[Store, Random], tuple[str, str]]
"""Alters a store; what it did, and what `verify` is to say of it."""


def _positions(store: Store) -> int:
    last: int = store.ask("SELECT max(originator_version) FROM stored_events")[0][0]
    return last


def a_byte(store: Store, chance: Random) -> tuple[str, str]:
    """A byte of an event is another."""
    position = chance.randint(1, _positions(store))
    state = bytearray(store.ask("SELECT state FROM stored_events WHERE originator_version = ?", position)[0][0])
    place = chance.randrange(len(state))
    state[place] ^= chance.randint(1, 255)
    store.alter(("UPDATE stored_events SET state = ? WHERE originator_version = ?", bytes(state), position))
    return f"byte {place} of position {position}", f"at position {position}:"


def a_row(store: Store, chance: Random) -> tuple[str, str]:
    """A row is gone, not the last."""
    position = chance.randint(1, _positions(store) - 1)
    store.alter(("DELETE FROM stored_events WHERE originator_version = ?", position))
    return f"position {position} removed", f"at position {position}:"


def two_rows(store: Store, chance: Random) -> tuple[str, str]:
    """Two rows have changed places."""
    one, other = sorted(chance.sample(range(1, _positions(store) + 1), 2))
    move = "UPDATE stored_events SET originator_version = ? WHERE originator_version = ?"
    store.alter((move, 9999, one), (move, one, other), (move, other, 9999))
    return f"positions {one} and {other} exchanged", f"at position {one}:"


def a_row_of_the_tables(store: Store, chance: Random) -> tuple[str, str]:
    """What the tables say of a thing, or when, is otherwise, or gone, or it is called otherwise."""
    thing, name = chance.choice(store.ask("SELECT id, name FROM things WHERE id IN (SELECT thing FROM believed)"))
    statement = chance.choice(
        (
            """UPDATE believed SET "values" = replace("values", 'Stood', 'Stand') WHERE thing = ?""",
            "UPDATE believed SET s_lo = s_lo + 1 WHERE thing = ?",
            "DELETE FROM believed WHERE thing = ?",
            "UPDATE spellings SET text = 'Forged' WHERE thing = ?",
        )
    )
    store.alter((statement, thing))
    return f"{statement.split(maxsplit=2)[:2]} of {name}", f"mint: {name}, "


def the_end_of_the_file(store: Store, chance: Random) -> tuple[str, str]:
    """The file is cut off."""
    assert isinstance(store, File)
    size = store.path.stat().st_size
    left = chance.randrange(1, size - 1)
    store.path.write_bytes(store.path.read_bytes()[:left])
    return f"{left} of {size} bytes left", ""


SEEN_BY_VERIFY: tuple[Way, ...] = (a_byte, a_row, two_rows, a_row_of_the_tables)


def altered(
    trial: Trial, tries: int, place: Place = in_a_file, ways: tuple[Way, ...] = (*SEEN_BY_VERIFY, the_end_of_the_file)
) -> None:
    """Alter a register, in one way after another, and have it verified."""
    counts = Counter[str]()
    with place(trial.scratch) as store:
        founded(store)
        for number in range(tries):
            store.renew()
            way = ways[number % len(ways)]
            what, told = way(store, trial.chance)
            ended = commanded(store.url, "verify")
            seen = ended.status == 1 and ended.err and told in ended.err
            faults = [] if seen else [f"status {ended.status}, said {ended.out} {ended.err}"]
            faults += ["it ends with a trace of the program"] if "Traceback" in ended.err else []
            trial.survived(what, *faults)
            counts[way.__name__.replace("_", " ")] += 1
    trial.measured.append(", ".join(f"{way}: {count}" for way, count in counts.items()))


def altered_on_a_server(trial: Trial, tries: int) -> None:
    """The same as the owner of a PostgreSQL database."""
    altered(trial, tries, in_postgresql, SEEN_BY_VERIFY)


def cut_off(trial: Trial, tries: int, place: Place = in_a_file) -> None:
    """Cut off the end of a log whose checkpoint was published: without the checkpoint it verifies, with it not."""
    key, checkpoint = (trial.scratch / name for name in ("key.pem", "checkpoint.json"))
    with place(trial.scratch) as store:
        founded(store)
        for arguments in (("key", key), ("create", "mint", "--key", key, "-o", checkpoint)):
            made = commanded(store.url, "checkpoint", *arguments)
            assert made.status == 0, made.err
        last = json.loads(checkpoint.read_bytes())["position"]
        verify = ("checkpoint", "verify", checkpoint, "--key", f"{key}.pub")
        untouched = commanded(store.url, *verify)
        assert untouched.status == 0, untouched.err
        for _ in range(tries):
            store.renew()
            position = trial.chance.randint(1, last - 1)
            store.alter(("DELETE FROM stored_events WHERE originator_version > ?", position))
            ended = commanded(store.url, *verify)
            seen = ended.status == 1 and f"at position {position}" in ended.err
            faults = [] if seen else [f"status {ended.status}: {ended.err[-300:]}"]
            trial.survived(f"cut off after {position}", *faults)


def cut_off_on_a_server(trial: Trial, tries: int) -> None:
    """The same as the owner of a PostgreSQL database."""
    cut_off(trial, tries, in_postgresql)


def text_altered(trial: Trial, tries: int) -> None:
    """Change a byte of a log as text, or remove or exchange lines: an empty database does not take it in."""
    text, other = (trial.scratch / name for name in ("mint.log.jsonl", "other.sqlite"))
    store = File(trial.scratch / "registers.sqlite")
    founded(store)
    exported = commanded(store.url, "export", "mint", "-o", text)
    assert exported.status == 0, exported.err
    lines = text.read_bytes().splitlines(keepends=True)
    for number in range(tries):
        changed = list(lines)
        at = trial.chance.randrange(1, len(changed) - 1)
        match number % 3:
            case 0:
                line = bytearray(changed[at])
                place = trial.chance.randrange(len(line) - 1)
                line[place] ^= trial.chance.randint(1, 127)
                changed[at], what = bytes(line), f"byte {place} of line {at + 1}"
            case 1:
                del changed[at]
                what = f"line {at + 1} removed"
            case _:
                changed[at], changed[at + 1], what = (
                    changed[at + 1],
                    changed[at],
                    f"lines {at + 1} and {at + 2} exchanged",
                )
        text.write_bytes(b"".join(changed))
        for left in trial.scratch.glob("other.sqlite*"):
            left.unlink()
        ended = commanded(f"sqlite:///{other}", "import", "--log", text)
        faults = [f"status {ended.status}: {ended.out}"] if ended.status == 0 else []
        faults += ["it ends with a trace of the program"] if "Traceback" in ended.err else []
        trial.survived(what, *faults)
