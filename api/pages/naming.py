"""What things are called on a page: a name in the reader's language, the others beside it, a link to its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.called import ids_in as all_ids_in
from api.called import names_of
from domain.dates import Day
from projections.structure import Answer
from projections.tables.reading import Reading

PLACES = {"unit": "units", "post": "posts", "person": "persons"}
"""Kind of thing → where histories of that kind are served."""

NO_IDS = ("cause", "sources", "citation", "name", "title", "text", "rivals", "detail")
"""Members of answers in which no thing is named that a page needs: sources, and wordings."""

LABEL = 40
"""The most signs of a source's title that stand beside a fact."""


@dataclass(frozen=True)
class Named:
    """A thing with its names, language → text, and where its history is; None: it is unknown here."""

    id: str
    names: Mapping[str, str] | None
    place: str | None


@dataclass
class Naming:
    """The names that a page needs: of things by id, and of the sources behind its facts."""

    things: dict[str, Named] = field(default_factory=dict)
    sources: Answer = field(default_factory=dict)

    def know(self, kind: str, named: Mapping[str, Any], attribute: str = "name") -> None:
        """Take in what an answer calls things itself."""
        for thing, said in named.items():
            self.things[thing] = Named(thing, said[attribute], f"{PLACES[kind]}/{thing}")

    def learn(self, reading: Reading, ids: Iterable[str], *days: Day) -> None:
        """Ask *reading* for those of *ids* that are not known: on *days*, the first on which each stands, else last."""
        wanted = set(ids) - self.things.keys()
        if not wanted:
            return
        world = reading.world_of(wanted)
        for thing in wanted:
            kind = world.kinds.get(thing)
            if kind in PLACES:
                self.things[thing] = Named(thing, names_of(world, thing, days), f"{PLACES[kind]}/{thing}")

    def recall(self, changes: Iterable[Any]) -> None:
        """Take in what was called so before *changes*, and is not known any more."""
        for change in changes:
            before = change["before"] or {}
            names = before.get("name") or before.get("title")
            for kind in PLACES.keys() & change["subject"].keys() if len(change["subject"]) == 1 and names else ():
                thing = change["subject"][kind]
                self.things.setdefault(thing, Named(thing, names, None))

    def cite(self, reading: Reading, answer: object) -> None:
        """Ask *reading* what the sources are that causes in *answer* name."""
        self.sources |= reading.sources_named(set(_sources(answer)) - self.sources.keys())

    def of(self, thing: str) -> Named:
        """The thing of that id."""
        return self.things.get(thing) or Named(thing, None, None)

    def label(self, source: str) -> str:
        """A source in a few signs: its publisher and year, else the begin of its title, else its id."""
        said = self.sources.get(source)
        if said is None:
            return source
        year = f" {said['published'][:4]}" if said["published"] else ""
        if said["publisher"]:
            return f"{said['publisher'].partition(',')[0]}{year}"
        title: str = next(iter(said["title"].values()))
        return title if len(title) <= LABEL else f"{title[:LABEL].rstrip()}…"

    def title(self, source: str) -> str:
        """The title of a source; its id, where nobody registered it."""
        said = self.sources.get(source)
        return next(iter(said["title"].values())) if said else source


def ids_in(answer: object) -> Iterator[str]:
    """All texts in *answer* that can be ids, those inside of relations too; sources and wordings left out."""
    return all_ids_in(answer, NO_IDS)


def _sources(answer: object) -> Iterator[str]:
    if isinstance(answer, Mapping):
        if isinstance(answer.get("source"), str):
            yield answer["source"]
        for value in answer.values():
            yield from _sources(value)
    elif isinstance(answer, list | tuple):
        for value in answer:
            yield from _sources(value)
