"""Hostile input that is led by coverage: from what reaches code that no input reached before, chance goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from prove.promises import Attack, Promise, Trial
from prove.readers import READERS, SECONDS, Reader

NEEDS = "atheris"
MEMORY = 768  # MiB of the whole process, to which Linux counts what its parent had
HANGING = 300  # seconds of the clock after which an input does not come to an end
SHOWN = 1_000  # bytes of an input that broke a promise

_FOUND = re.compile(r"cov: (\d+) ft: (\d+)")
_RAISED = re.compile(r"=== Uncaught Python exception: ===\n(.*)")
_ENDED = re.compile(r"ERROR: libFuzzer: (.*)")


def promises() -> Iterator[Promise]:
    """One for each reader."""
    for name, reader in READERS.items():
        said = f"{reader.said}, led by coverage: read, or refused in words, within {SECONDS} s and {MEMORY} MiB"
        yield Promise(f"fuzz-{name}", said, fuzzed(name), reader.runs, NEEDS)


def fuzzed(name: str) -> Attack:
    """The attack on the reader of that name, in a process of its own, which the fuzzer ends."""

    def attack(trial: Trial, tries: int) -> None:
        reader = READERS[name]
        good, found, broke = (trial.scratch / folder for folder in ("good", "found", "broke"))
        for folder in (good, found, broke):
            folder.mkdir()
        for number, seed in enumerate(reader.seeds()):
            (good / f"{number:04}").write_bytes(seed)
        ended = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-m", "prove.fuzzed", name, *_options(reader, trial, tries, broke), str(found), str(good)],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": "0"},  # so that the same chance finds the same
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        judge(trial, ended.returncode, ended.stderr, sorted(broke.iterdir()))

    return attack


def _options(reader: Reader, trial: Trial, tries: int, broke: Path) -> list[str]:
    """Of libFuzzer, which begins with the good inputs; they count."""
    return [
        f"-max_total_time={trial.seconds}" if trial.seconds else f"-runs={tries}",
        f"-seed={trial.chance.randrange(1, 2**31)}",
        f"-max_len={reader.longest}",
        "-len_control=0",
        f"-timeout={HANGING}",
        f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={broke}/",
        "-print_final_stats=1",
    ]


def judge(trial: Trial, status: int, told: str, broke: list[Path]) -> None:
    """Tell *trial* how a fuzzer ended: with a *status*, what it *told*, and the inputs that *broke* a promise."""
    trial.tried += _figure("number_of_executed_units", told)
    if found := _FOUND.findall(told):
        branches, features = found[-1]
        trial.measured.append(f"{branches} branches, {features} features")
    if status == 0:
        return
    why = _RAISED.search(told) or _ENDED.search(told)
    fault = why[1] if why else f"status {status}: {told[-SHOWN:]}"
    inputs = [file.read_bytes() for file in broke]
    shown = " ".join(f"{one[:SHOWN]!r} of {len(one)} bytes" for one in inputs) or "before the first input"
    trial.broken.append(f"{shown}: {fault}")


def _figure(name: str, told: str) -> int:
    found = re.search(rf"stat::{name}:\s*(\d+)", told)
    return int(found[1]) if found else 0
