"""Exports over HTTP and on the command line: of which day, as known when, in which form, and what they say of it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any, get_args

import pytest

from api.formats import FormatName
from api.formats.table import FORMATS, LOG
from projections.recorders.sqlite import open_sqlite
from tests.api.commandline import regesta
from tests.api.conftest import FOUNDING, Server

EXPORT = "/v1/institutions/mint/export"


def description(content: bytes) -> dict[str, Any]:
    """What a set of tables says of itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        described: dict[str, Any] = json.loads(packed.read("datapackage.json"))
    return described


def test_every_name_is_that_of_a_format() -> None:
    """Who asks for a format by name is never told that it is not written after all."""
    assert [*FORMATS, LOG] == sorted(get_args(FormatName), key=[*FORMATS, LOG].index)
    assert {name for name, format_ in FORMATS.items() if format_.name != name} == set()


def test_an_export_says_of_which_day_it_is_and_as_known_when(mint: Server) -> None:
    """Two dates, position, hash and rules, and an address that serves the same for ever."""
    answer = mint.client.get(EXPORT, params={"format": "csv", "as_of": "1811-06-30"})
    said = description(answer.content)["regesta"]

    assert (said["institution"], said["as_of"], said["known_at"]["position"]) == ("mint", "1811-06-30", 10)
    assert said["known_at"]["hash"] == mint.client.get("/v1/institutions").json()["institutions"]["mint"]["hash"]
    assert answer.headers["link"] == f'<{said["address"]}>; rel="cite-as"'

    # when more is learned
    mint.record({"entry": "later", "effective": "1812-01-01", "changes": [{"kind": "unit-abolished", "unit": "mint"}]})
    again = mint.client.get(said["address"])

    assert again.content == answer.content
    assert "immutable" in again.headers["cache-control"]
    assert mint.client.get(said["address"], headers={"If-None-Match": again.headers["etag"]}).status_code == 304


def test_a_head_request_has_the_headers_and_no_body(mint: Server) -> None:
    """A harvester asks first whether anything is new."""
    got, headed = mint.client.get(f"{EXPORT}?format=csv"), mint.client.head(f"{EXPORT}?format=csv")

    assert headed.content == b""
    assert {**headed.headers, "x-request-id": ""} == {**got.headers, "x-request-id": ""}


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        ("application/x-ndjson", 200, "application/x-ndjson"),
        ("application/zip", 200, "application/zip"),
        ("text/html, application/x-ndjson;q=0.2, application/zip;q=0.1", 200, "application/x-ndjson"),
        ("application/vnd.ms-excel", 406, "application/problem+json"),
    ],
)
def test_the_accept_header_chooses_where_no_format_is_named(
    mint: Server, accept: str, status: int, media_type: str
) -> None:
    """RFC 9110, 12.5.1; and the answer says that it was chosen so."""
    answer = mint.client.get(EXPORT, headers={"Accept": accept})

    assert (answer.status_code, answer.headers["content-type"]) == (status, media_type)
    assert status != 200 or answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"format": "xml"}, "/problems/invalid-parameters"),
        ({"format": "csv", "as_of": "1811"}, "/problems/not-a-day"),
        ({"format": "csv", "from": "1811-07-01"}, "/problems/not-exported"),
        ({"format": "log", "as_of": "1811-07-01"}, "/problems/not-exported"),
        ({"format": "csv", "known_at": "99"}, "/problems/not-known-yet"),
    ],
)
def test_what_a_format_cannot_tell_is_refused(mint: Server, asked: dict[str, str], problem: str) -> None:
    """Never another format, nor another day, than was asked for."""
    answer = mint.client.get(EXPORT, params=asked)

    assert (answer.status_code, answer.json()["type"]) == (422, problem)


def test_the_log_over_http_is_the_log_of_the_command_line(mint: Server, tmp_path: Path) -> None:
    """Byte for byte, of the head and of an earlier position."""
    at_head = mint.client.get(EXPORT, params={"format": "log"}).content
    earlier = mint.client.get(EXPORT, params={"format": "log", "known_at": "7"}).content
    lines = at_head.splitlines(keepends=True)

    out = io.BytesIO()
    mint.log.export("mint", out)
    assert out.getvalue() == at_head
    assert earlier.splitlines(keepends=True)[1:] == lines[1:8]
    assert json.loads(earlier.splitlines()[0])["position"] == 7


def test_what_is_withheld_is_blank_in_the_log_over_http(mint: Server) -> None:
    """Its wording and its salt are gone; the hashes by which the chain is proved are not."""
    named = {"kind": "redacted", "targets": ["founding#5"], "scope": "name", "ground": "asked for"}
    mint.record({"entry": "redaction", "changes": [named]})

    rows = [json.loads(line) for line in mint.client.get(EXPORT, params={"format": "log"}).content.splitlines()]

    blank = [row for row in rows[1:] if row["state"] is None]
    assert [(row["entry"], row["index"], row["salt"]) for row in blank] == [("founding", 5, "")]
    assert b"Ann" not in mint.client.get(EXPORT, params={"format": "log"}).content


def unpacked(content: bytes) -> bytes:
    """All that a body holds, of a zip the files."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize(
    "name", [*(pytest.param(f, marks=pytest.mark.needs("dot") if f == "svg" else ()) for f in FORMATS), LOG]
)
def test_what_is_withheld_is_in_no_export(mint: Server, name: FormatName) -> None:
    """Nor in one that is cited from before; how many changes are withheld is said, but by the log."""
    day = {} if name == LOG else {"as_of": "1811-07-01"}
    before = mint.client.get(EXPORT, params={"format": name, "known_at": "10", **day})
    assert before.status_code == 200, before.text
    assert b"Ann" in unpacked(before.content) or name == "bfs"  # which tells of no persons
    named = {"kind": "redacted", "targets": ["founding#5"], "scope": "name", "ground": "asked for"}
    mint.record({"entry": "redaction", "changes": [named]})

    for known in ({}, {"known_at": "10"}):
        after = mint.client.get(EXPORT, params={"format": name, **day, **known})
        assert after.status_code == 200, after.text
        assert b"Ann" not in unpacked(after.content)
        assert after.headers["etag"] != before.headers["etag"]


def test_the_log_over_http_founds_an_equal_register(mint: Server) -> None:
    """The same head, and the same bytes again."""
    text = mint.client.get(EXPORT, params={"format": LOG}).content

    with open_sqlite(":memory:") as elsewhere:
        head = elsewhere.load(io.BytesIO(text))
        again = b"".join(elsewhere.text("mint", head))

    assert head == mint.log.head("mint")
    assert again == text


# --- on the command line


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """What lies at the path already is not written over."""
    db, folder = tmp_path / "one.sqlite", tmp_path / "tables"
    (tmp_path / "entries.jsonl").write_text(json.dumps(FOUNDING) + "\n")
    regesta(db, "import", tmp_path / "entries.jsonl", "--institution", "mint")

    first = regesta(db, "export", "mint", "--format", "csv", "-o", folder)
    kept = (folder / "units.csv").read_bytes()
    (folder / "mine.txt").write_text("kept")
    second = regesta(db, "export", "mint", "--format", "csv", "--as-of", "1802-09-20", "-o", folder)

    assert (first.returncode, second.returncode) == (0, 2)
    assert kept.startswith(b"unit,life,since,")
    assert (folder / "units.csv").read_bytes() == kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["entries.jsonl", "one.sqlite", "tables"]


def test_a_day_that_a_format_cannot_tell_of_is_refused(tmp_path: Path) -> None:
    """And nothing is written."""
    db = tmp_path / "one.sqlite"
    (tmp_path / "entries.jsonl").write_text(json.dumps(FOUNDING) + "\n")
    regesta(db, "import", tmp_path / "entries.jsonl", "--institution", "mint")

    done = regesta(db, "export", "mint", "--as-of", "1802-09-20", "-o", tmp_path / "out.log")

    assert (done.returncode, done.stderr.count("it is of no day")) == (1, 1)
    assert not (tmp_path / "out.log").exists()
