"""The structure of kz-eo on ten telling days, and what changed from each to the next, as a reader approved them.

A change of a rule, or of the register, shows here as the answers that it changes. Read them, and if they tell
the truth, approve them anew: `REGESTA_APPROVE=1 python -m pytest tests/test_golden_register.py`.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path

import orjson
import pytest

from api.answers import diff_answer, structure_answer
from api.registers import read_register, record_in_pages
from api.store import readings_in_memory
from domain.chain import Head
from domain.dates import day
from projections.structure import Answer
from projections.tables.reading import Reading

ROOT = Path(__file__).parent
REGISTER = ROOT.parent / "fixtures" / "kz-eo"
GOLDEN = ROOT / "golden" / "kz-eo"
APPROVE = "REGESTA_APPROVE"
SHOWN = 40
"""Lines of a difference that a failing test shows."""

DAYS = {
    "1995-10-19": "the eve of the founding",
    "1995-10-20": "a decree founds the office",
    "2008-03-11": "a decree brings a new regulation",
    "2019-06-15": "in a year of which the sources give no days",
    "2021-05-31": "a department of presidential affairs is first shown",
    "2023-04-03": "a new head, of whom no decree is known",
    "2023-08-31": "the eve of the reform",
    "2023-09-01": "the reform",
    "2024-02-06": "the head becomes prime minister, another follows",
    "2024-05-24": "the report is written",
}


Office = tuple[Reading, Head]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """The register as it is known once all its entries are recorded, and where its log ends."""
    with readings_in_memory() as readings:
        verdicts = list(record_in_pages(read_register(REGISTER), readings.registers, "import"))
        assert [verdict for verdict in verdicts if verdict.receipt is None] == []
        head = readings.registers.head("kz-eo")
        with readings.at("kz-eo", head.position) as reading:
            yield reading, head


def on(as_of: str) -> Callable[[Office], Answer]:
    """Asks for the structure on a day."""
    return lambda office: orjson.loads(structure_answer(*office, day(as_of)))


def between(start: str, end: str) -> Callable[[Office], Answer]:
    """Asks for what changed between two days."""
    return lambda office: diff_answer(*office, day(start), day(end))


QUESTIONS = {f"structure-{as_of}": on(as_of) for as_of in DAYS} | {
    f"diff-{start}-to-{end}": between(start, end) for start, end in pairwise(DAYS)
}


def text_of(answer: Answer) -> str:
    """An answer as it is approved: keys in order, and nothing of when and in which log it was recorded."""
    known_at = {name: value for name, value in answer["known_at"].items() if name not in ("recorded", "hash")}
    told = {name: value for name, value in answer.items() if name != "citation"}
    written = orjson.dumps({**told, "known_at": known_at}, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
    return f"{written.decode()}\n"


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_is_the_approved_one(office: Office, name: str) -> None:
    """Nothing that a historian was told changes unseen."""
    path, answer = GOLDEN / f"{name}.json", text_of(QUESTIONS[name](office))
    if os.environ.get(APPROVE) == "1":
        GOLDEN.mkdir(parents=True, exist_ok=True)
        path.write_text(answer, encoding="utf-8", newline="\n")
    approved = path.read_text(encoding="utf-8") if path.is_file() else ""
    if answer != approved:
        sides = approved.splitlines(), answer.splitlines()
        lines = difflib.unified_diff(*sides, "approved", "now", lineterm="", n=2)
        shown = "\n".join(islice(lines, SHOWN))
        more = "\n…" if next(lines, None) is not None else ""
        pytest.fail(
            f"{path.relative_to(ROOT.parent)} tells otherwise. If what it tells now is right, approve it: "
            f"{APPROVE}=1 python -m pytest {Path(__file__).relative_to(ROOT.parent)}\n{shown}{more}",
            pytrace=False,
        )


def test_nothing_is_approved_that_is_not_asked() -> None:
    """A day that is left out leaves no files behind."""
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.json" for name in QUESTIONS}
