"""`python -m prove.fuzzed READER …`: lets a fuzzer loose on one reader, in a process that it ends.

What follows the name are options of libFuzzer. It marks the code of our packages, of edtf, PyYAML and h11 as they
are loaded, so that the fuzzer sees which inputs lead somewhere new.
"""

from __future__ import annotations

import sys
import time

import atheris

from prove.grafting import grafted
from prove.readers import READERS, SECONDS, Take

MARKED = ("domain", "projections", "api", "edtf", "yaml", "h11")


def main() -> None:
    """Try inputs until the options say that it is enough, or one is not read as it should be."""
    reader = READERS[sys.argv.pop(1)]
    altering = {"custom_mutator": altered} if reader.json else {}
    with atheris.instrument_imports(include=list(MARKED)):  # also of what is loaded later
        atheris.Setup(sys.argv, in_time(reader.made()), **altering)
        atheris.Fuzz()


def altered(data: bytes, longest: int, seed: int) -> bytes:
    """*data* altered as JSON, or byte by byte as the fuzzer does it."""
    return grafted(data, longest, seed) if seed % 2 else atheris.Mutate(data, len(data) or 1)


def in_time(take: Take) -> Take:
    """*take*, of which it is a fault to take longer than SECONDS."""

    def timed(data: bytes) -> None:
        begun = time.process_time()
        take(data)
        taken = time.process_time() - begun
        assert taken < SECONDS, f"it took {taken:.0f} s of the processor"

    return timed


if __name__ == "__main__":
    main()
