"""The nodes of a graph as they are gathered, by their IRIs; what is told of each by several hands comes together."""

from __future__ import annotations

from api.formats.exported import Exported
from domain.acts import Act
from domain.dates import AFTER_ALL, Day, PartialDate
from domain.lives import Life
from projections.standing import Standing, standings
from projections.structure import Answer

KINDS = {
    "unit": "org:Organization",
    "post": "org:Post",
    "tenure": "org:Membership",
    "relation": "rg:Relation",
    "function": "skos:Concept",
}
"""What a life is in the words of others, by kind of thing."""

BODY = "cv:PublicOrganisation"
"""What CPOV asks a unit to be that changes, or that has units."""


def thing_iri(kind: str, thing: str) -> str:
    """A unit, post, person, instrument, source or act, whatever its lives."""
    return f"reg:{kind}/{thing.replace('#', '/')}"


def life_iri(life: Life) -> str:
    """One life of a unit, post, tenure, relation or function: its key and its number from 0, as answers count."""
    return f"reg:{'/'.join(life.key)}/{life.number}"


class Nodes:
    """The nodes of the graph of one export; *acts* are those that some node names, *told* the lives by their IRIs."""

    def __init__(self, exported: Exported) -> None:
        self.exported = exported
        self.world = exported.world
        self.by_iri: dict[str, Answer] = {}
        self.acts: dict[str, Act] = {}
        self.told = {life_iri(life): life for life in exported.all_lives()}
        self.standing: dict[str, list[Standing]] = {
            iri: [one for one in standings(self.world, life) if self.by_then(one.since)]
            for iri, life in self.told.items()
        }

    def node(self, iri: str, *types: str, **more: object) -> Answer:
        """The node of that IRI, with *types* and *more* added; what has no value is left out."""
        node = self.by_iri.setdefault(iri, {"@id": iri, "@type": []})
        node["@type"] += [kind for kind in types if kind not in node["@type"]]
        node.update({name.replace("__", ":"): value for name, value in more.items() if value is not None})
        return node

    def named(self, act: Act) -> str:
        """The IRI of an act, which is then told."""
        self.acts[act.target] = act
        return thing_iri("act", act.target)

    def by_then(self, day: Day) -> bool:
        """Whether *day* is no later than that of the export."""
        return self.exported.as_of is None or day <= self.exported.as_of

    def now(self, life: Life) -> Standing | None:
        """How a life stands on the day of the export; without a day, how it stands if nothing ended it."""
        on = self.exported.as_of if self.exported.as_of is not None else AFTER_ALL - 1
        return next((one for one in self.standing[life_iri(life)] if one.holds(on)), None)


def append(node: Answer, name: str, iri: str) -> None:
    """Say of *node* that it leads to *iri* by *name*, once."""
    if iri not in node.setdefault(name, []):
        node[name].append(iri)


def trimmed(node: Answer) -> Answer:
    """*node* without what says nothing."""
    return {name: value for name, value in node.items() if value is not None and value != [] and value != {}}


def dated(day: PartialDate | None) -> Answer | None:
    """A date as a literal: of the calendar if it is exactly that day, else in EDTF."""
    return {"@value": day.text, "@type": "xsd:date" if day.exact else "EDTF"} if day else None
