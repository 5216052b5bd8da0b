"""The examples of README and docs are run as they stand: Python, commands, requests, and files that readers write."""

from __future__ import annotations

import doctest
import io
import json
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from sybil import Document, Example, Region
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer
from sybil.typing import Parser

from api.app import create_app
from api.store import SQLiteFile, readings_in
from tests.api.commandline import REPOSITORY, in_this_process

AS_TOLD = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
HOST = "http://127.0.0.1:8000"
OWN_TESTS = {"questions.md"}  # tests/test_questions.py asks these, and more of them
PAGES = [REPOSITORY / "README.md", *sorted(REPOSITORY.glob("docs/**/*.md"))]
FILE = RawFencedCodeBlockLexer(re.compile(r"(?P<language>\w+) (?P<name>[\w./-]+)$\n", re.MULTILINE))
RUN = {"console", "python"}
SHOWN = {"", "sh", "json", "yaml", "text", "sql", "sparql", "turtle", "xml", "csv", "nginx", "ini", "http"}
"""Languages of blocks that nothing runs: commands for a shell, and what is only looked at."""


@dataclass
class Reader:
    """Somebody who follows a page step by step, in a folder of their own and with a register of their own."""

    database: Path
    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def types(self, line: str) -> str:
        """What the command on *line* prints."""
        first, *then = [shlex.split(part) for part in line.split(" | ")]
        with redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n", write_through=True)) as out:
            if first[0] == "regesta":
                in_this_process(self.monkeypatch, self.database, *first[1:])
            elif first[0] == "curl":
                out.write(self.asks(first[1:]))
            else:
                raise ValueError(f"nobody here runs {first[0]!r}; commands that are only shown stand in a block of sh")
        assert isinstance(out.buffer, io.BytesIO)
        printed = out.buffer.getvalue().decode()
        if not then:
            return printed
        assert then == [["python3", "-m", "json.tool", "--no-ensure-ascii"]], f"nobody here pipes into {then}"
        return json.dumps(json.loads(printed), indent=4, ensure_ascii=False)

    def asks(self, arguments: list[str]) -> str:
        """What the server answers to curl; with -i its status and headers, too."""
        options, headers, (address,) = set(), {}, arguments[-1:]
        rest = iter(arguments[:-1])
        for argument in rest:
            if argument == "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            else:
                options.add(argument)
        assert options <= {"-s", "-i", "-I"}, f"nobody here knows {options} of curl"
        assert address.startswith(HOST), f"{address} is not of this server"
        with readings_in(SQLiteFile(self.database)) as readings, SQLiteFile(self.database).keys() as keys:
            client = TestClient(create_app(readings, keys), base_url=HOST, follow_redirects=False)
            answer = client.request("HEAD" if "-I" in options else "GET", address, headers=headers)
        told = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\n" if options & {"-i", "-I"} else ""
        told += "".join(f"{name}: {value}\n" for name, value in answer.headers.items()) + "\n" if told else ""
        return told + answer.text


def run(example: Example) -> str | None:
    """What is wrong with a block of commands and what they print."""
    reader: Reader = example.namespace["reader"]
    for line, told in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", example.parsed, flags=re.MULTILINE):
        printed = reader.types(line)
        if not doctest.OutputChecker().check_output(told, printed, AS_TOLD):
            return f"`{line}` prints now:\n{printed}"
    return None


def written(document: Document) -> Iterator[Region]:
    """Blocks with the name of a file: a reader writes it."""
    for region in FILE(document):
        region.parsed, region.evaluator = region.lexemes["source"], write
        yield region


def write(example: Example) -> None:
    """Write the file that a block holds."""
    reader: Reader = example.namespace["reader"]
    file = reader.folder / str(example.region.lexemes["name"])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(example.parsed, encoding="utf-8")


PARSERS: list[Parser] = [PythonCodeBlockParser(doctest_optionflags=AS_TOLD), CodeBlockParser("console", run), written]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_the_examples_of_a_page_are_as_it_says(
    page: Path, own_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run one after another, as a reader would; README's from the repository, others from a folder of the reader's."""
    if page.name in OWN_TESTS:
        return
    if page.parent != REPOSITORY:
        monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    document = Document.parse(str(page), *PARSERS)
    document.namespace["reader"] = Reader(own_copy, tmp_path, monkeypatch)
    for example in document.examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_block_of_a_page_is_run_or_known_to_be_only_shown(page: Path) -> None:
    """A block in a language that nobody knows would pass for an example that is checked."""
    infos = re.findall(r"^ *```(.*)\n(?:.*\n)*?^ *```$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert {info.split(" ")[0] for info in infos} <= RUN | SHOWN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """To a file that is there, and to a heading that it has."""
    for target, heading in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8")):
        there = page if not target else page.parent / target
        assert there.exists(), f"{page.name} links to {target}"
        if heading:
            titles = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), flags=re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
            assert heading in anchors, f"{page.name} links to #{heading} of {there.name}"
