"""A test that needs what the machine lacks is left out by name, or fails where everything is required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent

SUITE = """
import pytest
from tests.requirements import PROBES

PROBES["a unicorn"] = lambda: False
PROBES["air"] = lambda: True

def test_plain(): pass

@pytest.mark.needs("air")
def test_breathing(): pass

@pytest.mark.needs("a unicorn")
def test_riding(): raise AssertionError("there is nothing to ride")

@pytest.mark.needs("air")
@pytest.mark.needs("a unicorn")
def test_flying(): raise AssertionError("there is nothing to fly")
"""


def run(folder: Path, suite: str, *options: str, require: str = "") -> list[str]:
    """The lines that pytest prints for *suite*."""
    (folder / "test_suite.py").write_text(suite, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.requirements", "--strict-markers", f"--rootdir={folder}"]
    done = subprocess.run(
        [*command, "-c", os.devnull, *options, str(folder / "test_suite.py")],
        cwd=REPOSITORY,
        env={**os.environ, "REGESTA_REQUIRE": require, "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip().splitlines()


@pytest.mark.parametrize("options", [[], ["-q"], ["-p", "xdist", "-n1"]])
def test_the_last_line_names_what_was_left_out(tmp_path: Path, options: list[str]) -> None:
    """Nobody reads a list of skips; a browser test that never ran must not look like one that passed."""
    # when
    *_, closing, last = run(tmp_path, SUITE, *options)

    # then
    assert last == "left out, for want of a unicorn: test_riding, test_flying"
    assert "2 passed, 2 skipped" in closing


def test_what_is_required_by_name_fails_where_it_is_missing(tmp_path: Path) -> None:
    """And what is not required is left out."""
    assert "2 passed, 2 errors" in run(tmp_path, SUITE, require="water,a unicorn")[-1]
    assert "2 passed, 2 skipped" in run(tmp_path, SUITE, require="water,air")[-2]


def test_where_everything_is_required_what_is_missing_fails(tmp_path: Path) -> None:
    """The machine that checks a release has everything, or says what it lacks."""
    # when
    lines = run(tmp_path, SUITE, require="all")

    # then
    assert "2 passed, 2 errors" in lines[-1]
    assert any("a unicorn is missing" in line for line in lines)


def test_a_run_that_left_nothing_out_ends_as_pytest_ends(tmp_path: Path) -> None:
    """A line that says nothing is noise."""
    # when
    lines = run(tmp_path, "def test_plain(): pass")

    # then
    assert "1 passed" in lines[-1]


def test_a_need_that_nobody_can_look_for_is_a_mistake(tmp_path: Path) -> None:
    """A misspelt need would leave its test out for ever."""
    # when
    lines = run(tmp_path, 'import pytest\n\n@pytest.mark.needs("chromim")\ndef test_page(): pass')

    # then
    assert any("nobody knows how to look for 'chromim'" in line for line in lines)
    assert "1 error" in lines[-1]
