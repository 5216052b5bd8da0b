"""Every text of the pages, by language and key; names and titles are the register's own and stand elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from api.pages.directions import shown
from api.phrases import MONTHS, WORDS

FOLDER = Path(str(files("api.pages"))) / "languages"
"""A file for each language that the pages speak: key → text."""


def _of(language: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_bytes())
    return texts


ENGLISH: dict[str, str] = {
    **_of("en"),
    **{f"kind.{kind}": word for kind, (_, word) in WORDS.items()},
    **{f"month.{number}": month for number, month in enumerate(MONTHS, 1)},
}

LANGUAGES: dict[str, Mapping[str, str]] = {
    **{path.stem: _of(path.stem) for path in sorted(FOLDER.glob("*.json"))},
    "en": ENGLISH,
}
"""The languages that the pages speak; a key that one lacks is said in English."""

NAMES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
"""What languages call themselves."""


@dataclass(frozen=True)
class Texts:
    """The texts in one language."""

    language: str = "en"

    def __call__(self, key: str, **named: object) -> str:
        """The text of *key*, with what is *named* put in; of a code without a text the code itself."""
        text = LANGUAGES[self.language].get(key) or ENGLISH.get(key) or key.partition(".")[2] or key
        return text.format(**{name: shown(value) for name, value in named.items()}) if named else text

    def has(self, key: str) -> bool:
        """Whether there is a text of *key*."""
        return key in LANGUAGES[self.language] or key in ENGLISH
