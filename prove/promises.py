"""A promise, what was tried against it, and how that ended; the table of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter

from tests.requirements import PROBES, required


@dataclass
class Trial:
    """Attacks on one promise: how many were tried, what came through, and what was measured meanwhile."""

    scratch: Path
    chance: Random
    seconds: int | None = None
    """For how long a fuzzer tries, in place of a number of tries."""
    tried: int = 0
    broken: list[str] = field(default_factory=list)
    """An attack in words, and how the promise broke, for each that was not survived."""
    measured: list[str] = field(default_factory=list)

    def survived(self, attack: str, *faults: str) -> None:
        """Count *attack*: survived, if there are no *faults*."""
        self.tried += 1
        self.broken += [f"{attack}: {fault}" for fault in faults[:1]]


Attack = Callable[[Trial, int], None]
"""Tries so many attacks, and tells the trial of each."""


@dataclass(frozen=True)
class Promise:
    """What is promised, and the attack on it; *share* is the part of the tries that are asked for.

    *needs* is the name of a program without which it cannot be tried (tests/requirements.py).
    """

    name: str
    said: str
    attack: Attack
    share: float = 1.0
    needs: str = ""


@dataclass(frozen=True)
class Proof:
    """How a promise fared, in so many seconds."""

    promise: Promise
    trial: Trial
    seconds: float
    lacked: str = ""
    """What the machine had not, so that nothing was tried."""

    @property
    def kept(self) -> bool:
        """Whether something was tried, and all of it survived."""
        return self.trial.tried > 0 and not self.trial.broken

    @property
    def left_out(self) -> bool:
        """Whether nothing was tried for want of a program that is not required."""
        return bool(self.lacked) and not required(self.lacked)


def proved(promise: Promise, tries: int, scratch: Path, seed: int, seconds: int | None = None) -> Proof:
    """Try to break *promise*; the same *seed* makes the same choices.

    A fuzzer tries for so many *seconds*, if that is said, and not so often.
    """
    trial = Trial(scratch, Random(f"{seed} {promise.name}"), seconds)  # noqa: S311  # attacks that can be tried again
    if promise.needs and not PROBES[promise.needs]():
        return Proof(promise, trial, 0, promise.needs)
    begun = perf_counter()
    promise.attack(trial, max(1, round(tries * promise.share)))
    return Proof(promise, trial, perf_counter() - begun)


def table(proofs: Sequence[Proof]) -> str:
    """The table of promises, in Markdown."""
    lines = ["| promise | attacks tried | survived | seconds | measured |", "|---|--:|--:|--:|---|"]
    for proof in proofs:
        trial = proof.trial
        if proof.lacked:
            lines.append(f"| {proof.promise.said} | left out, for want of {proof.lacked} | | | |")
            continue
        lines.append(
            f"| {proof.promise.said} | {trial.tried:,} | {trial.tried - len(trial.broken):,} | {proof.seconds:,.0f} "
            f"| {'; '.join(trial.measured)} |"
        )
    return "\n".join(lines) + "\n"


def left_out(proofs: Sequence[Proof]) -> str:
    """The last line, by which whoever reads no table sees what was not tried; empty, if all was."""
    names: dict[str, list[str]] = {}
    for proof in proofs:
        if proof.lacked:
            names.setdefault(proof.lacked, []).append(proof.promise.name)
    wants = [f"for want of {lacked}: {', '.join(promises)}" for lacked, promises in sorted(names.items())]
    return f"left out, {'; '.join(wants)}\n" if wants else ""
