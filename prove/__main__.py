"""`python -m prove`: tries to break what is promised, and prints what was tried and what was survived."""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import machine
from prove import fuzzing
from prove.hostility import entries_mutated, files_mutated, measured_monsters
from prove.killing import databases_killed, killed, killed_on_a_server
from prove.promises import Promise, Proof, left_out, proved, table
from prove.tampering import altered, altered_on_a_server, cut_off, cut_off_on_a_server, text_altered

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
MARKS = ("<!-- proved: begin -->\n", "<!-- proved: end -->\n")
"""What stands around the part of the page that a run writes."""

PROMISES = (
    Promise(
        "killed",
        "kill -9 in recording, importing or rebuilding: what was acknowledged is there, no half entry, the chain "
        "verifies, tables equal the fold",
        killed,
    ),
    Promise(
        "killed-postgresql",
        "PostgreSQL: kill -9 of who records, imports or rebuilds: what was acknowledged is there, no half entry, the "
        "chain verifies, tables equal the fold",
        killed_on_a_server,
        1.0,
        "postgresql",
    ),
    Promise(
        "database-killed",
        "PostgreSQL: the server stopped at once, killed -9, or a process of it, meanwhile: the same, and who records "
        "goes on by himself",
        databases_killed,
        0.3,
        "postgresql",
    ),
    Promise(
        "altered",
        "a byte, a row, two rows, a row of the tables or the end of the file altered behind the program: `verify` says "
        "so, and where",
        altered,
        0.2,
    ),
    Promise(
        "altered-postgresql",
        "PostgreSQL: a byte, a row, two rows, a row of the tables altered by their owner: `verify` says so, and where",
        altered_on_a_server,
        0.12,
        "postgresql",
    ),
    Promise("cut", "the end of the log cut off: seen against a published checkpoint", cut_off, 0.1),
    Promise(
        "cut-postgresql",
        "PostgreSQL: the end of the log cut off by its owner: seen against a published checkpoint",
        cut_off_on_a_server,
        0.05,
        "postgresql",
    ),
    Promise(
        "text", "a log as text with a byte changed, a line removed, lines exchanged: not taken in", text_altered, 0.2
    ),
    Promise(
        "entries",
        "entries near good ones with anything in them: recorded whole, or refused in words and nothing stored",
        entries_mutated,
        2,
    ),
    Promise(
        "files",
        "files of every format that is imported, altered, or made near good ones: refused, or judged row by row",
        files_mutated,
        2,
    ),
    Promise("monsters", "bombs and monsters of entries and files: refused within 10 s and 512 MiB", measured_monsters),
    *fuzzing.promises(),
)


def main() -> int:
    """Try every promise, print the table and, if told to, write it to the page; the status is 1 if one broke."""
    parser = argparse.ArgumentParser(prog="python -m prove", description=__doc__)
    parser.add_argument("--tries", type=int, default=1000, help="kills; other attacks are tried in proportion (1000)")
    parser.add_argument("--seed", type=int, default=1, help="where chance begins (1)")
    names = [promise.name for promise in PROMISES]
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="promises to try")
    parser.add_argument("--seconds", type=int, help="for how long each fuzzer tries, in place of a number of tries")
    parser.add_argument("--write", action="store_true", help="write the table to docs/reliability.md")
    given = parser.parse_args()
    proofs: list[Proof] = []
    for promise in PROMISES:
        if promise.name in given.only:
            with tempfile.TemporaryDirectory() as scratch:
                proof = proved(promise, given.tries, Path(scratch), given.seed, given.seconds)
            proofs.append(proof)
            tried = f"{proof.trial.tried} tried, {len(proof.trial.broken)} not survived"
            sys.stderr.write(f"{promise.name}: {left_out([proof]).rstrip() or tried}\n")
    command = shlex.join(["python", "-m", "prove", *sys.argv[1:]])
    told = f"`{command}`; {machine(datetime.now(UTC).date())}\n\n{table(proofs)}"
    sys.stdout.write(told)
    for proof in proofs:
        sys.stdout.write("".join(f"NOT SURVIVED: {fault}\n" for fault in proof.trial.broken))
    if given.write:
        before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        PAGE.write_text(f"{before}{MARKS[0]}\n{told}\n{MARKS[1]}{after}", encoding="utf-8", newline="\n")
    sys.stdout.write(left_out(proofs))
    return 0 if all(proof.kept or proof.left_out for proof in proofs) else 1


if __name__ == "__main__":
    sys.exit(main())
