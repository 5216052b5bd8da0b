"""The register kz-eo as it is bundled, in a database of its own: recorded once a run, copied where a test writes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from api.registers import read_register, record_in_pages
from api.store import SQLiteFile, registers_in

FOLDER = Path(__file__).parents[1] / "fixtures" / "kz-eo"


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds kz-eo, and nothing else; not to be written to."""
    file = tmp_path_factory.mktemp("bundled") / "kz-eo.sqlite"
    with registers_in(SQLiteFile(file), make=True) as registers:
        verdicts = list(record_in_pages(read_register(FOLDER), registers, "import"))
    assert all(verdict.receipt for verdict in verdicts)
    return file


@pytest.fixture
def own_copy(bundled: Path, tmp_path: Path) -> Path:
    """A database that holds kz-eo, to write to."""
    return Path(shutil.copy(bundled, tmp_path / "regesta.sqlite"))
