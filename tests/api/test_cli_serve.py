"""`serve`: a process that answers over HTTP, with registers in it, and takes entries from holders of keys."""

from __future__ import annotations

import json
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.api.commandline import Place, command, entry, established, folder_of, regesta

PATIENCE = 20  # seconds for a server to answer at all


@dataclass(frozen=True)
class Served:
    """A running server: its address, and what it had printed by the time it listened."""

    address: str
    told: list[str]

    def ask(self, path: str, body: Mapping[str, Any] | None = None, key: str | None = None) -> tuple[int, Any]:
        """The status and the JSON of one request."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read())


@contextmanager
def serving(db: Place, *arguments: object) -> Iterator[Served]:
    """A server in a process of its own, on a port that was free; gone when the block ends."""
    line, environment = command(db, "serve", "--port", "0", *arguments)
    with subprocess.Popen(
        line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            told = []
            for text in process.stdout:
                told.append(text.rstrip())
                if text.startswith("a key for writing"):
                    break
            address = next((text.split()[0] for text in told if text.startswith("http://")), None)
            assert address, told
            yield Served(until_healthy(address), told)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=PATIENCE) == 0


def until_healthy(address: str) -> str:
    """*address*, once it answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=PATIENCE):
                return address
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """A folder of two registers, and of something else."""
    folder_of(
        tmp_path / "registers" / "mint", "mint", {"1.yaml": entry("decree-1", established("office", "1724-02-01"))}
    )
    folder_of(
        tmp_path / "registers" / "salt", "salt", {"1.yaml": entry("decree-1", established("depot", "1705-01-01"))}
    )
    (tmp_path / "registers" / "notes").mkdir()
    return tmp_path / "registers"


def test_a_key_made_on_the_command_line_opens_the_server(tmp_path: Path, folders: Path) -> None:
    """The first session of an editor: serve, make a key, record a decree, see it stand."""
    # given
    db = tmp_path / "regesta.sqlite"
    move = entry("decree-2", {"kind": "unit-renamed", "unit": "office", "name": {"en": "Mint"}}, effective="1811-07-01")

    with serving(db, "--with", folders) as server:
        # when
        made = regesta(db, "token", "create", "editor", "--scope", "record")
        listed = server.ask("/v1/institutions")
        keyless = server.ask("/v1/institutions/mint/entries", move)
        recorded = server.ask("/v1/institutions/mint/entries", move, made.stdout.strip())
        structure = server.ask("/v1/institutions/mint/structure?as_of=1811-07-01")
        on_the_command_line = regesta(db, "structure", "mint", "--as-of", "1811-07-01", "--json")
        revoked = regesta(db, "token", "revoke", "editor")
        too_late = server.ask("/v1/institutions/mint/entries", move, made.stdout.strip())

    # then
    assert f"database sqlite:///{db}" in server.told
    assert listed[1]["institutions"].keys() == {"mint", "salt"}
    assert (keyless[0], recorded[0], revoked.returncode, too_late[0]) == (401, 201, 0, 401)
    assert structure[1]["units"]["office"]["name"] == {"en": "Mint"}
    assert json.loads(on_the_command_line.stdout) == structure[1], "one answer, however one asks"
    assert regesta(db, "verify", "mint").returncode == 0


def test_a_register_that_was_edited_after_recording_does_not_stop_the_server(tmp_path: Path, folders: Path) -> None:
    """The log is the record: files that say otherwise are named, and what is recorded is served."""
    # given
    db = tmp_path / "regesta.sqlite"
    regesta(db, "import", folders / "mint")
    decree = folders / "mint" / "entries" / "1.yaml"
    decree.write_text(decree.read_text().replace("1724", "1725"))
    (folders / "salt" / "institution.yaml").write_text("id: salt\n")

    # when
    with serving(db, "--with", folders) as server:
        day_before = server.ask("/v1/institutions/mint/structure?as_of=1724-12-31")
        listed = server.ask("/v1/institutions")

    # then
    said = "\n".join(server.told)
    assert "REFUSED        entries/1.yaml: entry 'decree-1' is recorded already with other content" in said
    assert "salt: not recorded: institution.yaml" in said
    assert "office" in day_before[1]["units"]
    assert listed[1]["institutions"].keys() == {"mint"}


def test_an_address_in_use_is_refused_before_anything_is_recorded(tmp_path: Path, folders: Path) -> None:
    """Two servers started by mistake: the second one says so and ends."""
    with serving(tmp_path / "first.sqlite") as server:
        # when
        port = server.address.rpartition(":")[2]
        second = regesta(tmp_path / "second.sqlite", "serve", "--port", port, "--with", folders)

    # then
    assert second.returncode == 1
    assert f"cannot listen on 127.0.0.1, port {port}" in second.stderr
    assert not (tmp_path / "second.sqlite").exists()
