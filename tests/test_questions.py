"""The questions of docs/questions.md: each is asked anew, and answered as the page says, by entries that are there."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api.commandline import in_this_process

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "questions.md"
FEWEST = 25
AS_TOLD = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Asked:
    """A question of the page: the commands that answer it, what each prints, and the entries that say so."""

    question: str
    commands: list[tuple[list[str], str]]
    entries: list[str]


def questions() -> Iterator[Asked]:
    """The questions of the page, in its order."""
    _, *sections = re.split(r"^### ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for section in sections:
        question = section.partition("\n")[0]
        blocks = re.findall(r"^```console\n\$ regesta (.*?)\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
        told = re.search(r"^Entries: (.*?)\n\n", section + "\n\n", flags=re.MULTILINE | re.DOTALL)
        cited = re.findall(r"`([^`]+)`", told.group(1)) if told else []
        yield Asked(question, [(command.split(), answer) for command, answer in blocks], cited)


QUESTIONS = list(questions())


def test_the_page_asks_what_a_historian_would() -> None:
    """Each with a command to run and with entries to look up."""
    assert len(QUESTIONS) >= FEWEST
    assert len({asked.question for asked in QUESTIONS}) == len(QUESTIONS)
    assert not [asked.question for asked in QUESTIONS if not asked.commands or not asked.entries]


@pytest.mark.parametrize("asked", QUESTIONS, ids=[asked.question for asked in QUESTIONS])
def test_a_question_is_answered_as_the_page_says(
    asked: Asked, bundled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the bundled register, and the entries that the page cites are named in what is printed."""
    printed = ""
    for command, told in asked.commands:
        in_this_process(monkeypatch, bundled, *command)
        answer = capsys.readouterr().out
        printed += answer
        assert doctest.OutputChecker().check_output(told, answer, AS_TOLD), f"{command} prints now:\n{answer}"
    assert not [entry for entry in asked.entries if not re.search(rf"(?<![\w-]){re.escape(entry)}(?![\w-])", printed)]
