"""The page of the licences of what runs with the program, made from the lock and from what the packages say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s\\;]+)(?: ; (?P<where>[^\\\n]+?))? \\$", re.MULTILINE)
CLASSIFIER = "License :: OSI Approved :: "
NOT_INSTALLED = "not installed where this page was made"

INTRODUCTION = """# Licences

What is installed with the program to run it, from `requirements.txt`, and the licence that each package states of
itself in its metadata. Made by `make pages`; a test holds it to the lock. What only tests need is not in it. Some
packages bring compiled code of others, as `psycopg-binary` does libpq and OpenSSL, `lxml` libxml2 and libxslt, and
`cryptography` OpenSSL: their files say under which licences. `make parts` writes the texts of the licences, and
an SBOM.

| package | version | licence, as it states it | where |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Locked:
    """A package that the lock names; *where* is its marker, empty if it is needed everywhere."""

    name: str
    version: str
    where: str

    @property
    def licence(self) -> str:
        """The SPDX expression it states, else the first line of its licence, else its classifiers.

        NOT_INSTALLED where it is not there; empty, if it states none.
        """
        try:
            told = metadata(self.name)
        except PackageNotFoundError:
            return NOT_INSTALLED
        stated: list[str] = told.get_all("License-Expression") or told.get_all("License") or []
        if stated and stated[0].strip():
            return stated[0].strip().splitlines()[0]
        kinds: list[str] = told.get_all("Classifier") or []
        return ", ".join(kind.removeprefix(CLASSIFIER) for kind in kinds if kind.startswith(CLASSIFIER))


def locked_in(lock: Path) -> list[Locked]:
    """The packages of the file *lock*, in its order."""
    found = LOCKED.finditer(lock.read_text(encoding="utf-8"))
    return [Locked(each["name"], each["version"], each["where"] or "") for each in found]


def page(lock: Path) -> str:
    """The text of the page."""
    return INTRODUCTION + "".join(
        f"| {each.name} | {each.version} | {each.licence} | {f'`{each.where}`' if each.where else ''} |\n"
        for each in locked_in(lock)
    )
