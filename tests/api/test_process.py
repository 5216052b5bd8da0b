"""How the process is set up: what is freed does not stay with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.api.commandline import REPOSITORY

PROGRAM = """
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from api.process import give_memory_back

def resident() -> int:
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * resource.getpagesize()

if "set" in sys.argv:
    assert give_memory_back()
with ThreadPoolExecutor(8) as threads:
    list(threads.map(lambda size: len(bytes(size)), [100] * 100))
    before = resident()
    answers = list(threads.map(lambda n: b"x" * (80_000 + n % 37 * 4_000), range(600)))
    kept = answers[::10]
    del answers
    print((resident() - before) / sum(map(len, kept)))
"""


def held(*arguments: str) -> float:
    """How many times what it keeps a process holds, that keeps a tenth of the answers which its threads made."""
    line = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(line, cwd=REPOSITORY, capture_output=True, text=True, check=True)  # our own
    return float(done.stdout)


@pytest.mark.needs("glibc")
def test_a_server_gives_back_the_memory_of_answers_that_it_no_longer_keeps() -> None:
    """Between those it keeps there were holes by and by, of which nobody had any use: it grew without end."""
    assert held("set") < 1.5
    assert held() > 3, "else there would be nothing to set"
