"""What a reader of bytes is, and what it owes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Take: TypeAlias = Callable[[bytes], None]
"""Reads bytes; raises, if they do something else than being read or refused in words."""

FIXTURES = Path(__file__).parents[2] / "fixtures"
LONGEST_REFUSAL = 100_000  # characters
SECONDS = 10  # of the processor, for one input; a machine that is busy with other things needs longer


@dataclass(frozen=True)
class Reader:
    """Something that reads: *said* in words; *made* to be tried; *seeds*, good input from which chance goes on.

    *runs* are the inputs for each of the tries that are asked for, none longer than *longest* bytes.
    """

    said: str
    made: Callable[[], Take]
    seeds: Callable[[], Iterable[bytes]]
    runs: float
    longest: int = 2_000
    json: bool = False
    """Whether half of the inputs are altered as JSON, and stay it."""


def in_words(refusal: Exception) -> None:
    """See that a refusal has words, and not too many."""
    told = str(refusal)
    assert 0 < len(told) < LONGEST_REFUSAL, f"a refusal of {len(told)} characters"
