"""How a server is set up: what counts before what, and what is refused at the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import SettingsWrong, settings
from tests.api.commandline import in_this_process


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that sets nothing up."""
    for name in ("REGESTA_DB", "REGESTA_REQUIRE"):
        monkeypatch.delenv(name, raising=False)


def test_the_command_line_counts_before_the_environment_and_that_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is nearest to the hand wins."""
    file = tmp_path / "regesta.toml"
    file.write_text('host = "10.0.0.1"\nport = 1\nreading = "closed"\n')
    monkeypatch.setenv("REGESTA_SETTINGS", str(file))
    monkeypatch.setenv("REGESTA_PORT", "2")
    monkeypatch.setenv("REGESTA_HOST", "10.0.0.2")

    told = settings(host="10.0.0.3", port=None)

    assert (told.host, told.port, told.reading, told.log) == ("10.0.0.3", 2, "closed", "all")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("REGESTA_PORT", "eighty", "port: "),
        ("REGESTA_READING", "opne", "reading: "),
        ("REGESTA_READ_RATE", "often", "read_rate: "),
        ("REGESTA_BODY_SECONDS", "0", "body_seconds: "),
        ("REGESTA_PROT", "80", "REGESTA_PROT: there is no such setting"),
        ("REGESTA_SETTINGS", "nowhere.toml", "there is no file nowhere.toml"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_served(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    value: str,
    told: str,
) -> None:
    """A server that is open because its setting was mistyped would be found out too late."""
    monkeypatch.setenv(name, value)

    status = in_this_process(monkeypatch, tmp_path / "r.sqlite", "serve")

    assert status == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "r.sqlite").exists()


@pytest.mark.parametrize(("text", "told"), [("prot = 80\n", "prot: "), ("port 80", "regesta.toml: ")])
def test_a_file_that_is_wrong_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, told: str) -> None:
    """A setting nobody knows, and what is no TOML."""
    file = tmp_path / "regesta.toml"
    file.write_text(text)
    monkeypatch.setenv("REGESTA_SETTINGS", str(file))

    with pytest.raises(SettingsWrong, match=told):
        settings()
