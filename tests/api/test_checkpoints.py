"""Checkpoints: what was noted elsewhere shows a log that was cut off or written anew; a chain alone does not."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from projections.recorders.sqlite import open_sqlite
from tests.api.commandline import established, in_this_process
from tests.api.test_cli_log import tamper
from tests.projections.test_erasure import BEFORE, HUSH, record, text_of

Say = pytest.CaptureFixture[str]
MORE = {"entry": "more", "effective": "1812-01-01", "changes": [established("v", "1812-01-01")]}


class Office:
    """A register, the keys of its institution, and its command line."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.file = folder / "registers.sqlite"
        self.key, self.public = folder / "key.pem", folder / "key.pem.pub"
        self.checkpoint = folder / "checkpoint.json"
        self._monkeypatch = monkeypatch
        with open_sqlite(self.file) as log:
            record(log, *BEFORE)

    def run(self, *arguments: object) -> int:
        """The status of a command."""
        return in_this_process(self._monkeypatch, self.file, *arguments)

    def verified(self, *arguments: object) -> int:
        """The status of proving the checkpoint."""
        return self.run("checkpoint", "verify", self.checkpoint, "--key", self.public, *arguments)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Say) -> Office:
    """The mint at position 11, of which a checkpoint was published."""
    office = Office(tmp_path, monkeypatch)
    assert office.run("checkpoint", "key", office.key) == 0
    assert office.run("checkpoint", "create", "mint", "--key", office.key, "-o", office.checkpoint) == 0
    capsys.readouterr()
    return office


def test_a_log_that_went_on_holds_its_checkpoint(office: Office, capsys: Say) -> None:
    """Whatever was recorded or erased since."""
    with open_sqlite(office.file) as log:
        record(log, MORE, HUSH)

    assert office.verified() == 0

    assert capsys.readouterr().out == "mint: whole, up to position 13; it holds the checkpoint at 11\n"


def test_a_tail_that_was_cut_off_is_seen(office: Office, capsys: Say) -> None:
    """The chain of what is left verifies: without a checkpoint nobody would see it."""
    tamper(office.file, "DELETE FROM stored_events WHERE originator_version > 10")
    with open_sqlite(office.file) as log:
        assert log.verify("mint").position == 10

    assert office.verified() == 1

    assert "at position 10: it ends there, and went on to position 11" in capsys.readouterr().err


def test_a_log_that_was_written_anew_is_seen(office: Office, capsys: Say) -> None:
    """With other hashes from the beginning, and longer than before."""
    office.file.unlink()
    with open_sqlite(office.file) as log:
        record(log, *BEFORE, MORE)
        assert log.verify("mint").position == 12

    assert office.verified() == 1

    assert "at position 11: its hash is" in capsys.readouterr().err


def test_an_altered_log_does_not_verify_at_all(office: Office, capsys: Say) -> None:
    """The chain is proved first."""
    tamper(office.file, "UPDATE stored_events SET state = x'7b7d' WHERE originator_version = 3")

    assert office.verified() == 1
    assert office.run("checkpoint", "create", "mint", "--key", office.key, "-o", office.folder / "other") == 1

    assert capsys.readouterr().err.count("at position 3") == 2
    assert not (office.folder / "other").exists()


def test_a_copy_elsewhere_is_checked_by_itself(office: Office, capsys: Say) -> None:
    """A log as text, or a backup: by who has the checkpoint and the public key, and no database."""
    with open_sqlite(office.file) as log:
        text = text_of(log)
    (office.folder / "copy.log.jsonl").write_bytes(text)
    assert office.run("backup", office.folder / "copy") == 0
    for name in ("copy.log.jsonl", "copy"):
        assert office.verified("--copy", office.folder / name) == 0
    (office.folder / "copy.log.jsonl").write_bytes(text.replace(b"privacy", b"Privacy").replace(b"spy", b"spi"))
    capsys.readouterr()

    assert office.verified("--copy", office.folder / "copy.log.jsonl") == 1

    assert "digest" in capsys.readouterr().err


@pytest.mark.parametrize("part", ["position", "hash", "institution", "recorded", "signature", "key"])
def test_an_altered_checkpoint_is_refused(office: Office, capsys: Say, part: str) -> None:
    """Nobody but the institution says where its log ended."""
    said = json.loads(office.checkpoint.read_bytes())
    said[part] = 3 if part == "position" else said[part][::-1]
    office.checkpoint.write_text(json.dumps(said))

    assert office.verified() == 1

    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"signature":"x"}', b"\xff"])
def test_what_is_no_checkpoint_is_refused(office: Office, content: bytes) -> None:
    """Without a trace of the program."""
    office.checkpoint.write_bytes(content)

    assert office.verified() == 1


@pytest.mark.parametrize(
    "value", ["[" * 900 + "]" * 900, "true", "7.5", "null", "1e400", "99999999999999999999", '"7"']
)
def test_a_checkpoint_whose_position_is_no_number_is_refused(office: Office, capsys: Say, value: str) -> None:
    """However deep it nests."""
    said = json.loads(office.checkpoint.read_bytes())
    office.checkpoint.write_text(json.dumps({**said, "position": "HERE"}).replace('"HERE"', value))

    assert office.verified() == 1
    assert "it is no checkpoint" in capsys.readouterr().err


def test_a_checkpoint_of_another_key_is_refused(office: Office, capsys: Say) -> None:
    """Whoever can write to the database can make a key too."""
    other = office.folder / "other.pem"
    assert office.run("checkpoint", "key", other) == 0
    office.checkpoint.unlink()
    assert office.run("checkpoint", "create", "mint", "--key", other, "-o", office.checkpoint) == 0

    assert office.verified() == 1
    assert "another key" in capsys.readouterr().err


def test_keys_are_kept_by_their_owner_and_never_replaced(office: Office) -> None:
    """A lost key is a lost promise."""
    before = office.key.read_bytes()

    assert office.key.stat().st_mode & 0o077 == 0
    assert office.run("checkpoint", "key", office.key) == 2
    assert office.run("checkpoint", "create", "mint", "--key", office.key, "-o", office.checkpoint) == 2
    assert office.run("checkpoint", "create", "mint", "--key", office.public, "-o", office.folder / "x") == 1
    assert office.run("checkpoint", "create", "bank", "--key", office.key, "-o", office.folder / "x") == 1

    assert office.key.read_bytes() == before
    assert not (office.folder / "x").exists()


@pytest.mark.needs("openssl")
def test_a_checkpoint_can_be_checked_without_this_program(office: Office) -> None:
    """By OpenSSL, with a few lines of anybody's: docs/decisions/0012-checkpoints.md says how."""
    import base64

    said = json.loads(office.checkpoint.read_bytes())
    (office.folder / "signature").write_bytes(base64.b64decode(said.pop("signature")))
    (office.folder / "said").write_text(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False))

    proof = f"openssl pkeyutl -verify -pubin -inkey {office.public} -rawin -in said -sigfile signature"
    done = subprocess.run(proof.split(), cwd=office.folder, capture_output=True, text=True)

    assert "Verified Successfully" in done.stdout


# --- against another copy


def test_copies_are_compared(office: Office, capsys: Say) -> None:
    """Which is a beginning of which; what was erased in one of them does not matter."""
    assert office.run("backup", office.folder / "copy") == 0
    with open_sqlite(office.file) as log:
        record(log, MORE, HUSH)
        (office.folder / "later.log.jsonl").write_bytes(text_of(log))
    capsys.readouterr()

    assert office.run("compare", office.folder / "copy") == 0
    assert capsys.readouterr().out == "mint: position 11 in the copy, 13 in the database: the copy is a beginning\n"
    assert office.run("compare", office.folder / "later.log.jsonl") == 0
    assert "the same" in capsys.readouterr().out
    assert office.run("restore", office.folder / "copy", "--db", f"sqlite:///{office.folder / 'older'}") == 0
    capsys.readouterr()
    assert office.run("compare", office.folder / "later.log.jsonl", "--db", f"sqlite:///{office.folder / 'older'}") == 0
    assert "the database is a beginning" in capsys.readouterr().out


def test_copies_that_part_are_seen_where_they_part(office: Office, capsys: Say) -> None:
    """Two registers that went on from one beginning cannot both be the record."""
    assert office.run("backup", office.folder / "copy") == 0
    for place, name in ((office.file, "here"), (office.folder / "copy", "there")):
        with open_sqlite(place) as log:
            record(log, {**MORE, "entry": name})

    assert office.run("compare", office.folder / "copy") == 1

    assert "at position 12: up to the position before both are the same" in capsys.readouterr().err
