"""The schemas of EAC-CPF 2.0, by which records are checked."""

from __future__ import annotations

from functools import cache

from lxml import etree

from api.formats.exported import Files
from tests.requirements import standards


@cache
def schemas() -> dict[str, etree.XMLSchema | etree.RelaxNG]:
    """XSD and RELAX NG, which do not ask for quite the same."""
    folder = standards()
    assert folder is not None
    return {
        "xsd": etree.XMLSchema(etree.parse(folder / "eac-cpf-2" / "eac.xsd")),
        "rng": etree.RelaxNG(etree.parse(folder / "eac-cpf-2" / "eac.rng")),
    }


def faults(files: Files) -> list[str]:
    """What either schema finds amiss in the records of an export."""
    found = []
    for name, content in files.items():
        if name.endswith(".xml"):
            record = etree.fromstring(content)
            for schema, check in schemas().items():
                try:
                    check.assertValid(record)
                except etree.DocumentInvalid as fault:
                    found.append(f"{name} ({schema}): {fault}")
    return found
