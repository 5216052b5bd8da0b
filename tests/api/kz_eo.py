"""The bundled register as it is exported, read once for all tests of one worker."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from api.formats.exported import Exported
from api.registers import read_register, record_in_pages
from api.store import readings_in_memory
from domain.dates import day
from domain.recording import View

KZ_EO = Path(__file__).parents[2] / "fixtures" / "kz-eo"

DAYS = ("1996-10-21", "2023-09-01", "2024-05-24")
"""Three days on which every export is checked: an early one, the reorganization, the report."""


@cache
def kz_eo() -> View:
    """The register as known at its head."""
    with readings_in_memory() as readings:
        refused = [row for row in record_in_pages(read_register(KZ_EO), readings.registers, "test") if row.refusal]
        assert not refused
        return readings.registers.view("kz-eo")


def exported(form: str, as_of: str | None = None) -> Exported:
    """The register to be exported, of a day if one is named."""
    return Exported(kz_eo(), form, day(as_of) if as_of else None)
