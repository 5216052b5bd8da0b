"""What is typed into a form: flat, the path of a field (`changes.0.name.en`) → its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

NONE: Final = "none:"
"""Before the path of a field: the name of the mark that says none, which differs from saying nothing."""

TAG, TEXT = "+", "++"
"""The last part of the paths of a further language, or other key, and of its text."""

DIGITS = 5
"""The most digits of the number of a member."""

Typed: TypeAlias = dict[str, str]
"""Path of a field → what is typed in it."""


@dataclass(frozen=True)
class Form:
    """What is typed, looked up by field and by what a path holds."""

    typed: Typed

    @cached_property
    def _parts(self) -> Mapping[str, Mapping[str, bool]]:
        """Path → its parts, in the order of the form → whether anything is typed in them."""
        found: dict[str, dict[str, bool]] = {}
        for name, text in self.typed.items():
            path = bare(name)
            while path:
                above, _, part = path.rpartition(".")
                inside = found.setdefault(above, {})
                inside[part] = inside.get(part, False) or bool(text.strip())
                path = above
        return found

    def text(self, path: str) -> str:
        """What is typed in a field, without the blanks around it."""
        return self.typed.get(path, "").strip()

    def parts(self, path: str) -> Iterator[str]:
        """The last parts of the paths directly under *path*."""
        return iter(self._parts.get(path, ()))

    def numbers(self, path: str) -> Sequence[int]:
        """The members of a list that have been begun."""
        return sorted(int(part) for part in self.parts(path) if part.isdecimal() and len(part) <= DIGITS)

    @property
    def longest(self) -> int:
        """How many members the longest list has."""
        return max((sum(map(str.isdecimal, inside)) for inside in self._parts.values()), default=0)

    def filled(self, path: str) -> bool:
        """Whether anything is typed at *path* or under it."""
        above, _, part = path.rpartition(".")
        return self._parts.get(above, {}).get(part, False)

    def says_none(self, path: str) -> bool:
        """Whether the mark beside the field is set."""
        return bool(self.typed.get(f"{NONE}{path}"))


def bare(name: str) -> str:
    """The path of a field, or of the mark beside it."""
    return name.removeprefix(NONE)


def name_in(path: str) -> str:
    """What the field of a path is called: its last part that is no number."""
    return next((part for part in reversed(path.split(".")) if not part.isdecimal()), "")
