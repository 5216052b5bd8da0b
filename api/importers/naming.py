"""Ids for things that come with a name alone, and the names by which a file calls each thing."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.ids import ID_PATTERN
from projections.spelling import APOSTROPHES, CYRILLIC, LATIN

LONGEST_SLUG = 80

_LETTERS = str.maketrans({**CYRILLIC, **LATIN, **dict.fromkeys(APOSTROPHES, "")})
_LIKE_AN_ID = re.compile(r"[a-z0-9][a-z0-9._:-]{0,127}")
_OTHER = re.compile(r"[^a-z0-9]+")


class Unfit(ValueError):
    """What a cell or a field says cannot be taken; the message says what to do."""


def like_an_id(text: str) -> bool:
    """Whether *text* is written as an id: small Latin letters, digits and . _ : - , with nothing between."""
    return _LIKE_AN_ID.fullmatch(text) is not None


def slug(name: str) -> str:
    """The id that is made of a *name*: its letters as English usage writes them, in lower case, joined by hyphens.

    The same name gives the same id for ever. One that is longer than 80 characters ends in eight digits of its hash.
    Raises: Unfit, for a name without a Latin or Cyrillic letter or a digit.
    """
    small = unicodedata.normalize("NFC", name).casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c))
    made = _OTHER.sub("-", plain.casefold().translate(_LETTERS)).strip("-")  # № has become No
    if not made:
        raise Unfit(f"no id can be made of {name[:60]!r}: give one")
    if len(made) <= LONGEST_SLUG:
        return made
    mark = hashlib.sha256(made.encode()).hexdigest()[:8]
    return f"{made[: LONGEST_SLUG - 9].rstrip('-')}-{mark}"


def fit_id(text: str) -> str:
    """*text*, if it can be an id as it stands, else the one made of it. Raises: Unfit."""
    return text if re.fullmatch(ID_PATTERN, text) else slug(text)


def few(names: Sequence[str]) -> str:
    """The first of *names*, to be told in a line."""
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")


@dataclass(frozen=True)
class Thing:
    """A unit, post or person as a row or an object names it: its id, and its names by language, if it says any."""

    id: str
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Called:
    """What a file calls each thing, so that two things do not become one: id → kind, where, and names so far."""

    _kinds: dict[str, tuple[str, str]] = field(default_factory=dict)
    _names: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def check(self, kind: str, thing: Thing, where: str) -> None:
        """See that *thing* may be what it is called so far. Raises: Unfit."""
        before = self._kinds.get(thing.id)
        if before and before[0] != kind:
            raise Unfit(f"{thing.id!r} is a {before[0]} in {before[1]}, and a {kind} here: give one of them another id")
        for language, name in thing.names.items():
            named = self._names.get((thing.id, language))
            if named and named[0] != name:
                raise Unfit(
                    f"{thing.id!r} is called {named[0]!r} in {named[1]}, and {name!r} here: if they are one {kind},"
                    f" spell it alike; if they are two, give each an id of its own"
                )

    def add(self, kind: str, thing: Thing, where: str) -> None:
        """Take note of what *thing* is called in a row that is taken."""
        self._kinds.setdefault(thing.id, (kind, where))
        for language, name in thing.names.items():
            self._names.setdefault((thing.id, language), (name, where))

    def nameless(self) -> list[str]:
        """The ids to which the file gives no name: they must be in the register."""
        named = {thing for thing, _ in self._names}
        return sorted(thing for thing in self._kinds if thing not in named)
