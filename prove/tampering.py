"""A log altered behind the program's back: each alteration is reported, never served as if whole."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from prove.killing import founded
from prove.processes import commanded
from prove.promises import Trial
from tests.api.test_cli_log import tamper


def _positions(file: Path) -> int:
    database = sqlite3.connect(file)
    last: int = database.execute("SELECT max(originator_version) FROM stored_events").fetchone()[0]
    database.close()
    return last


def a_byte(file: Path, chance: Random) -> str:
    """A byte of an event is another."""
    position = chance.randint(1, _positions(file))
    database = sqlite3.connect(file)
    query = "SELECT state FROM stored_events WHERE originator_version = ?"
    state = bytearray(database.execute(query, (position,)).fetchone()[0])
    database.close()
    place = chance.randrange(len(state))
    state[place] ^= chance.randint(1, 255)
    tamper(file, f"UPDATE stored_events SET state = x'{state.hex()}' WHERE originator_version = {position}")
    return f"byte {place} of position {position}"


def a_row(file: Path, chance: Random) -> str:
    """A row is gone, not the last."""
    position = chance.randint(1, _positions(file) - 1)
    tamper(file, f"DELETE FROM stored_events WHERE originator_version = {position}")
    return f"position {position} removed"


def two_rows(file: Path, chance: Random) -> str:
    """Two rows have changed places."""
    one, other = sorted(chance.sample(range(1, _positions(file) + 1), 2))
    for before, after in ((one, 9999), (other, one), (9999, other)):
        tamper(file, f"UPDATE stored_events SET originator_version = {after} WHERE originator_version = {before}")
    return f"positions {one} and {other} exchanged"


def the_end_of_the_file(file: Path, chance: Random) -> str:
    """The file is cut off."""
    size = file.stat().st_size
    left = chance.randrange(1, size - 1)
    file.write_bytes(file.read_bytes()[:left])
    return f"{left} of {size} bytes left"


SEEN_BY_VERIFY: tuple[Callable[[Path, Random], str], ...] = (a_byte, a_row, two_rows, the_end_of_the_file)


def altered(trial: Trial, tries: int) -> None:
    """Alter a register in a file, in one way after another, and have it verified."""
    file = trial.scratch / "registers.sqlite"
    whole, ways = founded(file), Counter[str]()
    for number in range(tries):
        for left in trial.scratch.glob("registers.sqlite*"):
            left.unlink()
        file.write_bytes(whole)
        way = SEEN_BY_VERIFY[number % len(SEEN_BY_VERIFY)]
        what = way(file, trial.chance)
        ended = commanded(f"sqlite:///{file}", "verify")
        faults = [f"status {ended.status}, said {ended.out}"] if ended.status != 1 or not ended.err else []
        faults += ["it ends with a trace of the program"] if "Traceback" in ended.err else []
        trial.survived(what, *faults)
        ways[way.__name__.replace("_", " ")] += 1
    trial.measured.append(", ".join(f"{way}: {count}" for way, count in ways.items()))


def cut_off(trial: Trial, tries: int) -> None:
    """Cut off the end of a log whose checkpoint was published: without the checkpoint it verifies, with it not."""
    file, key, checkpoint = (trial.scratch / name for name in ("registers.sqlite", "key.pem", "checkpoint.json"))
    whole, database = founded(file), f"sqlite:///{file}"
    file.write_bytes(whole)
    for arguments in (("key", key), ("create", "mint", "--key", key, "-o", checkpoint)):
        made = commanded(database, "checkpoint", *arguments)
        assert made.status == 0, made.err
    last = json.loads(checkpoint.read_bytes())["position"]
    verify = ("checkpoint", "verify", checkpoint, "--key", f"{key}.pub")
    untouched = commanded(database, *verify)
    assert untouched.status == 0, untouched.err
    for _ in range(tries):
        for left in trial.scratch.glob("registers.sqlite*"):
            left.unlink()
        file.write_bytes(whole)
        position = trial.chance.randint(1, last - 1)
        tamper(file, f"DELETE FROM stored_events WHERE originator_version > {position}")
        ended = commanded(database, *verify)
        seen = ended.status == 1 and f"at position {position}" in ended.err
        trial.survived(f"cut off after {position}", *([] if seen else [f"status {ended.status}: {ended.err[-300:]}"]))


def text_altered(trial: Trial, tries: int) -> None:
    """Change a byte of a log as text, or remove or exchange lines: an empty database does not take it in."""
    file, text, other = (trial.scratch / name for name in ("registers.sqlite", "mint.log.jsonl", "other.sqlite"))
    file.write_bytes(founded(file))
    exported = commanded(f"sqlite:///{file}", "export", "mint", "-o", text)
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
