"""The register kz-eo on a server of its own, and a browser of the machine that reads it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.app import create_app
from api.keys import keys_in_file
from api.registers import Register, read_register, record_in_pages
from api.store import readings_of
from projections.recorders.sqlite import open_sqlite
from tests.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
PATIENCE = 20_000  # milliseconds; a machine that runs everything at once is slow


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that holds kz-eo."""
    file = tmp_path_factory.mktemp("site") / "registers.sqlite"
    with open_sqlite(file) as log, keys_in_file(file) as keys:
        readings = readings_of(log)
        verdicts = list(record_in_pages(read_register(ROOT / "fixtures" / "kz-eo"), readings.registers, "import"))
        assert not any(verdict.refusal for verdict in verdicts)
        with served(create_app(readings, keys)) as address:
            yield address


EVE = "entries/2024-02-06"
"""How the files of that day begin: before the first the record ends for those who record it by hand."""


@dataclass(frozen=True)
class Site:
    """A server of which an editor has the key."""

    address: str
    key: str
    file: Path


@pytest.fixture(scope="session")
def until_the_hand_over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds kz-eo as recorded up to the eve of the hand-over of February 2024."""
    file = tmp_path_factory.mktemp("eve") / "registers.sqlite"
    register = read_register(ROOT / "fixtures" / "kz-eo")
    before = list(takewhile(lambda filed: not filed.where.startswith(EVE), register.filed))
    with open_sqlite(file) as log:
        recorded = Register(register.institution, len(before), before)
        verdicts = list(record_in_pages(recorded, readings_of(log).registers, "import"))
    assert not any(verdict.refusal for verdict in verdicts)
    return file


@pytest.fixture
def desk(until_the_hand_over: Path, tmp_path: Path) -> Iterator[Site]:
    """A server of a copy of it, and a key for recording."""
    file = tmp_path / "registers.sqlite"
    shutil.copy(until_the_hand_over, file)
    with open_sqlite(file) as log, keys_in_file(file) as keys:
        app = create_app(readings_of(log), keys)
        with served(app) as address:
            yield Site(address, keys.create("editor", ["record"]), file)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program, args=["--no-sandbox"]) as browser,
    ):
        yield browser


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[Page]:
    """A page of somebody who runs no script, on a wide screen."""
    with browser.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": 1360, "height": 900}
    ) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        yield page
