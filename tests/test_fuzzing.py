"""A fuzzer that is led by coverage: what it tries, and that what it breaks is told; `make prove` lets it run longer."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from prove import __main__ as prove
from prove import fuzzing
from prove.fuzzing import fuzzed, judge
from prove.grafting import grafted
from prove.promises import Promise, Trial, proved
from prove.readers import OPEN, READERS
from tests.requirements import PROBES


@pytest.mark.parametrize("name", READERS)
def test_what_a_fuzzer_begins_with_is_read_or_refused(name: str) -> None:
    """And so is nothing, a byte that is no text, and half of what is good."""
    reader = READERS[name]
    with OPEN:
        take = reader.made()
        for seed in [*list(reader.seeds())[:40], b"", b"\xff", b"\x00" * 9]:
            take(seed)
            take(seed[: len(seed) // 2])


def test_what_is_altered_as_json_stays_json_and_differs() -> None:
    """So that the fuzzer gets past what is no JSON; the same chance alters the same."""
    whole = b'{"entry": "e", "changes": [{"kind": "unit-abolished", "unit": "mint", "sources": []}]}'
    made = [grafted(whole, 2_000, seed) for seed in range(200)]

    assert all(isinstance(json.loads(one), dict) for one in made)
    assert len(set(made)) > 100
    assert made == [grafted(whole, 2_000, seed) for seed in range(200)]
    assert grafted(b"[" * 3_000, 2_000, 1) == b"[" * 2_000


@pytest.mark.needs("atheris")
@pytest.mark.parametrize("name", ["dates", "zip", "json"])
def test_a_fuzzer_goes_on_from_good_input(tmp_path: Path, name: str) -> None:
    """It tries as often as it is told to, and says how much of the program it reached."""
    proof = proved(Promise(name, "it is read", fuzzed(name)), 300, tmp_path, seed=1)

    assert proof.kept, proof.trial.broken
    assert proof.trial.tried == 300
    assert any((tmp_path / "found").iterdir()), "nothing led anywhere new"
    assert [told.partition(" branches")[0].isdecimal() for told in proof.trial.measured] == [True]


@pytest.mark.needs("atheris")
def test_an_input_that_takes_too_much_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here all of them do."""
    monkeypatch.setattr(fuzzing, "MEMORY", 20)

    proof = proved(Promise("dates", "it is read", fuzzed("dates")), 1, tmp_path, seed=1, seconds=20)

    assert not proof.kept
    assert "out-of-memory" in proof.trial.broken[0]


RAISED = """#131\tINITED cov: 12 ft: 17 corp: 2/18b exec/s: 0 rss: 59Mb

 === Uncaught Python exception: ===
IndexError: string index out of range
Traceback (most recent call last):

==507== ERROR: libFuzzer: fuzz target exited
stat::number_of_executed_units: 690
"""


def test_an_exception_that_comes_through_breaks_the_promise(tmp_path: Path) -> None:
    """With the input that did it."""
    trial, broke = Trial(tmp_path, Random(1)), tmp_path / "crash-1"
    broke.write_bytes(b"2019-\xff")

    judge(trial, 77, RAISED, [broke])

    assert trial.tried == 690
    assert trial.measured == ["12 branches, 17 features"]
    assert trial.broken == [r"b'2019-\xff' of 6 bytes: IndexError: string index out of range"]


def test_a_fuzzer_that_does_not_begin_breaks_the_promise(tmp_path: Path) -> None:
    """Nothing was tried, and its words are shown."""
    trial = Trial(tmp_path, Random(1))

    judge(trial, 1, "ModuleNotFoundError: no module named 'prove.readers'", [])

    assert trial.tried == 0
    assert "before the first input: status 1: ModuleNotFoundError" in trial.broken[0]


@pytest.mark.parametrize(("required", "status"), [("", 0), ("chromium", 0), ("all", 1), ("dot,atheris", 1)])
def test_what_a_machine_cannot_try_is_left_out_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], required: str, status: int
) -> None:
    """And is missed where it is required."""
    monkeypatch.setitem(PROBES, "atheris", lambda: False)
    monkeypatch.setenv("REGESTA_REQUIRE", required)
    monkeypatch.setattr("sys.argv", ["prove", "--tries", "5", "--only", "text", "fuzz-dates", "fuzz-zip"])

    assert prove.main() == status

    told = capsys.readouterr().out
    assert "left out, for want of atheris: fuzz-dates, fuzz-zip" in told
