"""What answers for people are made of: names, lines and tables on the standard output, readable without colour."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.called import KINDS, names_of
from api.phrases import date_phrase, name_phrase
from api.turning import visible
from domain.dates import day
from domain.world import World
from projections.structure import Answer

WIDE = 10_000  # columns of a file or a pipe: nothing is folded there


class _Lines(Console):
    """A console on which no name turns a line round."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(visible(text), **options)


def console() -> Console:
    """Where answers are printed. Text alone is shown, so that no name in brackets is taken for a style."""
    return _Lines(width=None if sys.stdout.isatty() else WIDE, markup=False, highlight=False, emoji=False)


class Names:
    """What things are called on *days*, the first on which each stands, else last; in one language if they can.

    What *world* does not know is called as it was in the world *before*, if one is given.
    """

    def __init__(self, world: World, language: str | None, *days: str, before: World | None = None) -> None:
        self.worlds = [world, *([before] if before else [])]
        self.language = language
        self.days = [day(text) for text in days]

    def of(self, names: object) -> str:
        """The name among *names*."""
        return name_phrase(names, self.language)

    def thing(self, thing: object) -> str:
        """A unit, post or person, by its name and id."""
        if not isinstance(thing, str):
            return "none" if thing is None else str(thing)
        for world in self.worlds:
            if world.kinds.get(thing) in KINDS:
                return f"{self.of(names_of(world, thing, self.days))} [{thing}]"
        return thing

    def things(self, things: Iterable[object]) -> str:
        """Several of them."""
        return ", ".join(map(self.thing, things))

    def subject(self, subject: Answer) -> str:
        """The things that a subject names, those of a relation too; a tenure by its person and post."""
        named = (thing for name, thing in subject.items() if name != "tenure")
        return ", ".join(" ".join(map(self.thing, thing.split("|"))) for thing in named)

    def function(self, function: str, text: object) -> str:
        """A function, by its text and id."""
        return f"{self.of(text)} [{function}]" if text else f"[{function}]"

    def value(self, attribute: str, value: object) -> str:
        """The value of an attribute in a state or a row."""
        if value is None:
            return "unknown" if attribute == "seats" else "none"
        if isinstance(value, Mapping):
            return self.of(value)
        if attribute in ("signed", "published", "in_force", "start", "end"):
            return date_phrase(str(value))
        return self.thing(value) if attribute in ("parent", "unit", "person", "post", "holder") else str(value)


def known_phrase(answer: Answer) -> str:
    """As known when, and by which rules, an answer was made."""
    return f"as known at {position_phrase(answer['known_at'])}; rules {answer['rules']}"


def position_phrase(known: Answer) -> str:
    """A known position, and when it was recorded."""
    recorded = f", recorded {known['recorded']}" if known["recorded"] else ", before anything was recorded"
    return f"position {known['position']}{recorded}"


def table(*heads: str, rows: Iterable[Sequence[str]]) -> Table:
    """A table without lines, of plain text."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        made.add_column(head, overflow="fold")
    for row in rows:
        made.add_row(*(Text(visible(cell)) for cell in row))
    return made
