"""Tests that need what a machine may lack: `@pytest.mark.needs("chromium")`.

Where it is missing they are left out, by name in the last line of the run; with REGESTA_REQUIRE=all, or with a list of
names that has it, they fail.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections import defaultdict
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

LACKED = "lacked"  # a report's property: what its test was left out for


def _any_of(*programs: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(program) for program in programs)


def _postgresql() -> bool:
    return bool(shutil.which("initdb") or [*Path("/usr/lib/postgresql").glob("*/bin/initdb")])  # Debian's place


def standards() -> Path | None:
    """The folder with other people's schemas and shapes, by which exports are checked; named by REGESTA_STANDARDS."""
    named = os.environ.get("REGESTA_STANDARDS")
    return Path(named) if named and Path(named).is_dir() else None


PROBES: dict[str, Callable[[], bool]] = {
    "atheris": lambda: find_spec("atheris") is not None,
    "chromium": _any_of("chromium", "chromium-browser", "google-chrome"),
    "dot": _any_of("dot"),
    "glibc": lambda: platform.libc_ver()[0] == "glibc",
    "node": _any_of("node"),
    "openssl": _any_of("openssl"),
    "postgresql": _postgresql,
    "standards": lambda: standards() is not None,
}
"""What a test may need, and how to see whether the machine has it."""


def required(name: str) -> bool:
    """Whether it is a fault if *name* is missing: REGESTA_REQUIRE is `all`, or has it in its list."""
    asked = os.environ.get("REGESTA_REQUIRE", "")
    return asked == "all" or name in asked.split(",")


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known, and keep account of what is left out."""
    config.addinivalue_line("markers", f"needs(name): a test that needs one of {', '.join(PROBES)}")
    config.pluginmanager.register(LeftOut(config))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out a test for want of what it needs."""
    for name in (name for mark in item.iter_markers("needs") for name in mark.args):
        if name not in PROBES:
            pytest.fail(f"nobody knows how to look for {name!r}: see tests/requirements.py", pytrace=False)
        if PROBES[name]():
            continue
        if required(name):
            pytest.fail(f"{name} is missing, and REGESTA_REQUIRE is {os.environ['REGESTA_REQUIRE']}", pytrace=False)
        item.user_properties.append((LACKED, name))  # in the report it comes back from a worker, too
        pytest.skip(f"for want of {name}")


class LeftOut:
    """The tests left out in one run, by what they were left out for; named after pytest's own last line."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.tests: dict[str, list[str]] = defaultdict(list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of a test left out."""
        for name, value in report.user_properties:
            if name == LACKED and report.when == "setup":
                self.tests[str(value)].append(report.nodeid.rpartition("::")[2])

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Name them."""
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if self.tests and terminal:
            wants = [f"for want of {name}: {', '.join(tests)}" for name, tests in sorted(self.tests.items())]
            terminal.ensure_newline()
            terminal.write_line(f"left out, {'; '.join(wants)}")
