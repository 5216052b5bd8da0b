"""Things, their lives and their spans of days, as nodes of a graph in ORG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from api.formats.org_nodes import BODY, KINDS, Nodes, append, dated, life_iri, thing_iri
from api.formats.persons import Person
from domain.claims import Key
from domain.dates import AFTER_ALL, Day, iso
from domain.lives import Life
from domain.things import PERSON, POST, UNIT
from domain.world import HANGS_BY
from projections.standing import Standing


class Lives:
    """What is told of things, of their lives, and of the spans of days on which these are told the same."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.exported = nodes.exported
        self.world = nodes.world

    def tell(self) -> None:
        """Tell them all."""
        self._things({life.key for life in self.nodes.told.values()})
        for life in self.nodes.told.values():
            self._life(life)
        for life in self.nodes.told.values():
            self._stands(life)

    def _things(self, living: set[Key]) -> None:
        """People with their names; of units and posts those of which a life is told, and those that have none."""
        for person in self.exported.persons():
            self._person(person)
        for thing, kind in sorted(self.world.kinds.items()):
            if kind == PERSON or ((kind, thing) not in living and self.world.lives.get((kind, thing))):
                continue
            node = self.nodes.node(thing_iri(kind, thing), "prov:Entity", dcterms__identifier=thing)
            if kind == POST:
                node["@type"].append("org:Role")
            if (kind, thing) not in living:
                label = self.world.first.get((kind, thing), {}).get("name" if kind == UNIT else "title")
                node |= {"prefLabel": label.value} if label else {}

    def _person(self, person: Person) -> None:
        """A person, by the name that they bear last; by then, if a day is asked about."""
        self.nodes.node(
            thing_iri(PERSON, person.id),
            *("prov:Entity", "prov:Person", "foaf:Person"),
            dcterms__identifier=person.id,
            name=dict(person.called),
            altLabel=_together(name.name for name in person.names if name.name is not person.called),
            schema__birthDate=dated(person.born),
            schema__deathDate=dated(person.died),
        )

    def _life(self, life: Life) -> None:
        kind, iri = life.key[0], life_iri(life)
        last = self.nodes.standing[iri][-1] if self.nodes.standing[iri] else None
        node = self.nodes.node(iri, KINDS[kind], "prov:Entity", evidence=_iso(life.evidence))
        if kind in (UNIT, POST):
            node["specializationOf"] = thing_iri(kind, life.key[1])
            label = self.exported.value(life, "name" if kind == UNIT else "title")
            self.nodes.node(iri, prefLabel=label, dcterms__identifier=life.key[1])
        match life.key:
            case ("unit", _):
                self.nodes.node(iri, classification=self._classified(self.exported.value(life, "kind")))
            case ("post", post):
                self.nodes.node(iri, role=thing_iri(POST, post))
            case ("tenure", person, post):
                at = self._above(last, post)
                self.nodes.node(iri, member=thing_iri(PERSON, person), role=thing_iri(POST, post), organization=at)
                self.nodes.node(iri, dcterms__identifier=life.id)
            case ("relation", subject, relation, object_):
                self.nodes.node(iri, dcterms__type=relation, subject=self._any(subject), object=self._any(object_))
            case ("function", holder, function):
                text = self.exported.value(life, "text")
                self.nodes.node(iri, dcterms__identifier=function, subject=self._any(holder), prefLabel=text)
        self._interval(life)
        for state in self.nodes.standing[iri]:
            self._state(life, state)

    def _interval(self, life: Life) -> None:
        """From when until when, as recorded; as days of the calendar only where they are exactly those."""
        iri, end = life_iri(life), life.end
        named = "memberDuring" if life.key[0] == "tenure" else "hasTime"
        time = self.nodes.node(f"{iri}/time", "time:Interval", begins=life.since, ends=life.until)
        self.nodes.by_iri[iri][named] = time["@id"]
        if life.start and life.start.day and life.start.day.exact and life.s_lo == life.s_hi:
            time["hasBeginning"] = self._instant(f"{iri}/time/beginning", life.s_lo)
        if end is not None:
            ground = None if end.implied else getattr(end.act.change, "ground", None)
            self.nodes.node(iri, endImplied=end.implied, ground=ground)
            marked = end.act.day is not None and end.act.day.approximate
            if life.e_lo == life.e_hi and iso(life.e_lo) and not marked:
                time["hasEnd"] = self._instant(f"{iri}/time/end", life.e_lo)

    def _instant(self, iri: str, day: Day) -> str:
        return str(self.nodes.node(iri, "time:Instant", inXSDDate=iso(day))["@id"])

    def _state(self, life: Life, state: Standing) -> None:
        kind, values = life.key[0], state.values
        above = HANGS_BY.get(kind)
        hangs_on = values.get(above) if above else None
        node = self.nodes.node(
            f"{life_iri(life)}/{iso(state.since) or 'ever'}",
            "rg:State",
            specializationOf=life_iri(life),
            firstDay=iso(state.since),
            dayAfter=iso(state.until),
            grade=state.grade,
            contested=state.contested,
            prefLabel=values.get("name") or values.get("title") or values.get("text"),
            dcterms__type=values.get("kind"),
            isPartOf=thing_iri(UNIT, str(hangs_on)) if hangs_on else None,
            order=values.get("order"),
            seats=values.get("seats"),
            description=values.get("portfolio"),
            capacity=values.get("capacity"),
        )
        for held in state.given.values():
            if held is not None and held.given in ("act", "implied"):
                append(node, "wasInfluencedBy", self.nodes.named(held.act))

    def _classified(self, kind: object) -> str | None:
        """A code of the institution's as a concept."""
        if kind is None:
            return None
        return str(self.nodes.node(f"reg:kind/{kind}", "skos:Concept", skos__notation=str(kind))["@id"])

    def _any(self, thing: str) -> str:
        return thing_iri(self.world.kinds.get(thing, UNIT), thing)

    # --- what stands on the day

    def _above(self, state: Standing | None, post: str) -> str | None:
        """The life of the unit in which *post* stands at the end of *state*, or on the day of the export."""
        if state is None:
            return None
        on = self._last_day(state)
        shown = self.world.shown(("post", post), on)
        return self._body(shown[0].value("unit", on), on) if shown else None

    def _last_day(self, state: Standing) -> Day:
        on = min(state.until, AFTER_ALL) - 1
        return on if self.exported.as_of is None or on < self.exported.as_of else self.exported.as_of

    def _body(self, unit: object, on: Day) -> str | None:
        """The life of *unit* that stands on a day, if it is told."""
        shown = self.world.shown(("unit", str(unit)), on) if unit is not None else None
        return life_iri(shown[0]) if shown and life_iri(shown[0]) in self.nodes.standing else None

    def _stands(self, life: Life) -> None:
        """What ORG says without a date of a life: as it is on the day, of an ended one as it was last."""
        iri, states = life_iri(life), self.nodes.standing[life_iri(life)]
        now, last = self.nodes.now(life), states[-1] if states else None
        if last is None:
            return
        match life.key:
            case ("unit", _):
                above = self._body(last.values["parent"], self._last_day(last))
                if any(state.values["parent"] for state in states):
                    self.nodes.node(iri, "org:OrganizationalUnit")
                if above:
                    self.nodes.node(above, BODY)
                    self.nodes.node(iri, unitOf=above, subOrganizationOf=above)
            case ("post", post):
                self.nodes.node(iri, postIn=self._body(last.values["unit"], self._last_day(last)))
                if now and self.exported.structure:
                    self.nodes.node(iri, vacancy=self.exported.structure["posts"][post]["vacancy"])
            case ("tenure", person, post) if now:
                shown = self.world.shown(("post", post), self._last_day(now))
                if shown and life_iri(shown[0]) in self.nodes.by_iri:
                    append(self.nodes.by_iri[life_iri(shown[0])], "heldBy", thing_iri(PERSON, person))
            case ("relation", subject, _, object_) if now:
                ends = [self._body(thing, self._last_day(now)) for thing in (subject, object_)]
                if ends[0] and ends[1]:
                    append(self.nodes.by_iri[ends[0]], "linkedTo", ends[1])
            case ("function", holder, _) if now:
                body = self._body(holder, self._last_day(now))
                if body:
                    append(self.nodes.by_iri[body], "purpose", iri)


def _together(names: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Several names as one map: language → texts, each once."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for language, text in name.items():
            if text not in found[language]:
                found[language].append(text)
    return dict(found)


def _iso(day: Day | None) -> str | None:
    return iso(day) if day is not None else None
