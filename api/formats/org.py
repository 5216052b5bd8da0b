"""A register as linked data in W3C ORG and PROV with change events of CPOV: JSON-LD, or the same graph as Turtle.

Each life of a thing is a resource of its own, with the spans of days on which it is told the same. What stands on the
day of the export is told of lives directly, in ORG's own words; without a day, what nothing is known to have ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import uuid5

import orjson

from api.formats.exported import Exported, Files
from api.formats.losses import Losses
from api.formats.org_losses import lost
from api.formats.org_terms import PREFIXES, TERMS, context, vocabulary
from api.formats.persons import Person
from domain import changes as e
from domain.acts import Act
from domain.dates import AFTER_ALL, Day, PartialDate, iso
from domain.ids import EVENTS
from domain.lives import Life
from domain.things import PERSON, POST, UNIT
from projections.deeds import Deed, deeds_of
from projections.passings import passings
from projections.sources import described
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


def json_ld(exported: Exported) -> Files:
    """The graph as one JSON-LD document, its context in it."""
    return {f"{exported.institution}.jsonld": orjson.dumps(document(exported), option=orjson.OPT_INDENT_2)}


def turtle(exported: Exported) -> Files:
    """The same graph as Turtle."""
    from rdflib import Graph  # here, since no other answer needs it
    from rdflib.plugins.parsers.jsonld import to_rdf  # what `parse` calls, but that one warns of a class of its own

    graph = Graph(bind_namespaces="none")
    to_rdf(document(exported), graph)
    for prefix, namespace in {**PREFIXES, "rg": TERMS}.items():
        graph.bind(prefix, namespace, replace=True)
    return {f"{exported.institution}.ttl": graph.serialize(format="turtle", encoding="utf-8")}


def register_iri(institution: str) -> str:
    """What the IRIs of everything in the register of *institution* begin with."""
    return f"urn:uuid:{uuid5(EVENTS, institution)}#"


def document(exported: Exported) -> Answer:
    """The graph in JSON-LD: {@context, @graph}."""
    return {"@context": context(register_iri(exported.institution)), "@graph": Graphed(exported).nodes()}


def thing_iri(kind: str, thing: str) -> str:
    """A unit, post, person, instrument, source or act, whatever its lives."""
    return f"reg:{kind}/{thing.replace('#', '/')}"


def life_iri(life: Life) -> str:
    """One life of a unit, post, tenure, relation or function: its key and its number from 0, as answers count."""
    return f"reg:{'/'.join(life.key)}/{life.number}"


class Graphed:
    """The nodes of the graph of one export, gathered by their IRIs."""

    def __init__(self, exported: Exported) -> None:
        self.exported = exported
        self.world = exported.world
        self.losses = Losses()
        self._nodes: dict[str, Answer] = {}
        self._acts: dict[str, Act] = {}
        self._standing: dict[str, list[Standing]] = {}

    def nodes(self) -> list[Answer]:
        """The export itself, what our terms mean, then everything that is told."""
        told = [life for kind in KINDS for life in self.exported.lives(kind)]
        for life in told:
            self._standing[life_iri(life)] = [one for one in standings(self.world, life) if self._by_then(one.since)]
        self._things(told)
        for life in told:
            self._life(life)
        for life in told:
            self._stands(life)
        self._deeds({life_iri(life): life for life in told})
        self._passings()
        for act in sorted(self._acts.values(), key=lambda act: act.order):
            self._act(act)
        self._instruments()
        self._sources()
        lost(self.exported, self._acts.keys(), self.losses)
        dataset = self._dataset([life for life in told if self._now(life)])
        return [dataset, *vocabulary(), *(_trimmed(node) for node in self._nodes.values())]

    def _node(self, iri: str, *types: str, **more: object) -> Answer:
        """The node of that IRI, with *types* and *more* added; what has no value is left out."""
        node = self._nodes.setdefault(iri, {"@id": iri, "@type": []})
        node["@type"] += [kind for kind in types if kind not in node["@type"]]
        node.update({name.replace("__", ":"): value for name, value in more.items() if value is not None})
        return node

    def _by_then(self, day: Day) -> bool:
        """Whether *day* is no later than that of the export."""
        return self.exported.as_of is None or day <= self.exported.as_of

    def _now(self, life: Life) -> Standing | None:
        """How a life stands on the day of the export; without a day, how it stands if nothing ended it."""
        on = self.exported.as_of if self.exported.as_of is not None else AFTER_ALL - 1
        return next((one for one in self._standing[life_iri(life)] if one.holds(on)), None)

    # --- things, and their lives

    def _things(self, told: list[Life]) -> None:
        """People with their names; of units and posts those of which a life is told, and those that have none."""
        living = {life.key for life in told}
        for person in self.exported.persons():
            self._person(person)
        for thing, kind in sorted(self.world.kinds.items()):
            if kind == PERSON or ((kind, thing) not in living and self.world.lives.get((kind, thing))):
                continue
            node = self._node(thing_iri(kind, thing), "prov:Entity", dcterms__identifier=thing)
            if kind == POST:
                node["@type"].append("org:Role")
            if (kind, thing) not in living:
                label = self.world.first.get((kind, thing), {}).get("name" if kind == UNIT else "title")
                node |= {"prefLabel": label.value} if label else {}

    def _person(self, person: Person) -> None:
        """A person, by the name that they bear last; by then, if a day is asked about."""
        self._node(
            thing_iri(PERSON, person.id),
            *("prov:Entity", "prov:Person", "foaf:Person"),
            dcterms__identifier=person.id,
            name=dict(person.called),
            altLabel=_together(name.name for name in person.names if name.name is not person.called),
            schema__birthDate=_dated(person.born),
            schema__deathDate=_dated(person.died),
        )

    def _life(self, life: Life) -> None:
        kind, iri = life.key[0], life_iri(life)
        last = self._standing[iri][-1] if self._standing[iri] else None
        node = self._node(iri, KINDS[kind], "prov:Entity", evidence=_iso(life.evidence))
        if kind in (UNIT, POST):
            node["specializationOf"] = thing_iri(kind, life.key[1])
            label = self.exported.value(life, "name" if kind == UNIT else "title")
            self._node(iri, prefLabel=label, dcterms__identifier=life.key[1])
        match life.key:
            case ("unit", _):
                self._node(iri, classification=self._classified(self.exported.value(life, "kind")))
            case ("post", post):
                self._node(iri, role=thing_iri(POST, post))
            case ("tenure", person, post):
                at = self._above(last, post)
                self._node(iri, member=thing_iri(PERSON, person), role=thing_iri(POST, post), organization=at)
                self._node(iri, dcterms__identifier=life.id)
            case ("relation", subject, relation, object_):
                self._node(iri, dcterms__type=relation, subject=self._any(subject), object=self._any(object_))
            case ("function", holder, function):
                text = self.exported.value(life, "text")
                self._node(iri, dcterms__identifier=function, subject=self._any(holder), prefLabel=text)
        self._interval(life)
        for state in self._standing[iri]:
            self._state(life, state)

    def _interval(self, life: Life) -> None:
        """From when until when, as recorded; as days of the calendar only where they are exactly those."""
        iri, end = life_iri(life), life.end
        named = "memberDuring" if life.key[0] == "tenure" else "hasTime"
        time = self._node(f"{iri}/time", "time:Interval", begins=life.since, ends=life.until)
        self._nodes[iri][named] = time["@id"]
        if life.start and life.start.day and life.start.day.exact and life.s_lo == life.s_hi:
            time["hasBeginning"] = self._instant(f"{iri}/time/beginning", life.s_lo)
        if end is not None:
            ground = None if end.implied else getattr(end.act.change, "ground", None)
            self._node(iri, endImplied=end.implied, ground=ground)
            marked = end.act.day is not None and end.act.day.approximate
            if life.e_lo == life.e_hi and iso(life.e_lo) and not marked:
                time["hasEnd"] = self._instant(f"{iri}/time/end", life.e_lo)

    def _instant(self, iri: str, day: Day) -> str:
        return str(self._node(iri, "time:Instant", inXSDDate=iso(day))["@id"])

    def _state(self, life: Life, state: Standing) -> None:
        kind, values = life.key[0], state.values
        above = {"unit": "parent", "post": "unit"}.get(kind)
        hangs_on = values.get(above) if above else None
        node = self._node(
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
                _append(node, "wasInfluencedBy", self._named(held.act))

    def _classified(self, kind: object) -> str | None:
        """A code of the institution's as a concept."""
        if kind is None:
            return None
        return str(self._node(f"reg:kind/{kind}", "skos:Concept", skos__notation=str(kind))["@id"])

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
        return life_iri(shown[0]) if shown and life_iri(shown[0]) in self._standing else None

    def _stands(self, life: Life) -> None:
        """What ORG says without a date of a life: as it is on the day, of an ended one as it was last."""
        iri, states = life_iri(life), self._standing[life_iri(life)]
        now, last = self._now(life), states[-1] if states else None
        if last is None:
            return
        match life.key:
            case ("unit", _):
                above = self._body(last.values["parent"], self._last_day(last))
                if any(state.values["parent"] for state in states):
                    self._node(iri, "org:OrganizationalUnit")
                if above:
                    self._node(above, BODY)
                    self._node(iri, unitOf=above, subOrganizationOf=above)
            case ("post", post):
                self._node(iri, postIn=self._body(last.values["unit"], self._last_day(last)))
                if now and self.exported.structure:
                    self._node(iri, vacancy=self.exported.structure["posts"][post]["vacancy"])
            case ("tenure", person, post) if now:
                shown = self.world.shown(("post", post), self._last_day(now))
                if shown and life_iri(shown[0]) in self._nodes:
                    _append(self._nodes[life_iri(shown[0])], "heldBy", thing_iri(PERSON, person))
            case ("relation", subject, _, object_) if now:
                ends = [self._body(thing, self._last_day(now)) for thing in (subject, object_)]
                if ends[0] and ends[1]:
                    _append(self._nodes[ends[0]], "linkedTo", ends[1])
            case ("function", holder, _) if now:
                body = self._body(holder, self._last_day(now))
                if body:
                    _append(self._nodes[body], "purpose", iri)

    # --- acts

    def _named(self, act: Act) -> str:
        """The IRI of an act, which is then told."""
        self._acts[act.target] = act
        return thing_iri("act", act.target)

    def _deeds(self, told: dict[str, Life]) -> None:
        """By which acts lives begin, end, change and are shown."""
        for deed in deeds_of(self.world, self.world.acts):
            if deed.life is not None and life_iri(deed.life) in told:
                self._deed(deed, deed.life)
            elif deed.key[0] == "instrument" and self._by_then(deed.act.lo):
                how = {"issued": "wasGeneratedBy", "amended": "wasInfluencedBy", "repealed": "wasInvalidatedBy"}
                _append(self._node(thing_iri(*deed.key), "prov:Entity"), how[deed.fact], self._named(deed.act))
            elif deed.life is None and len(deed.key) == 2 and self._by_then(deed.act.lo):
                iri = thing_iri(*deed.key)
                if iri in self._nodes:
                    _append(self._nodes[iri], "shownBy", self._named(deed.act))
        for act in self.world.acts:
            if isinstance(act.change, e.UnnamedUnitsAbolished) and self._by_then(act.lo):
                self._named(act)

    def _deed(self, deed: Deed, life: Life) -> None:
        iri, act = life_iri(life), deed.act
        node = self._nodes[iri]
        if deed.fact == "ended":
            _append(node, "wasInvalidatedBy", self._named(act))
            self._event(act, iri if life.key[0] == UNIT else None, None)
        elif not self._by_then(act.lo):
            return
        elif deed.fact == "began":
            _append(node, "wasGeneratedBy", self._named(act))
            self._event(act, None, iri if life.key[0] == UNIT else None)
            for cited in act.sources:
                _append(node, "wasDerivedFrom", thing_iri("source", cited.source))
        elif deed.fact == "shown" or (deed.held is not None and deed.held.given in ("first", "attested")):
            _append(node, "shownBy", self._named(act))
        elif deed.held is None or deed.held.given in ("act", "implied"):
            _append(node, "wasInfluencedBy", self._named(act))
            if deed.held is not None and life.key[0] == UNIT:
                self._event(act, iri, iri)

    def _event(self, act: Act, before: str | None, after: str | None) -> None:
        """*act* changed organizations: of the life *before*, to the life *after*."""
        if before is None and after is None:
            return
        node = self._node(self._named(act), "org:ChangeEvent")
        for name, body in (("originalOrganization", before), ("resultingOrganization", after)):
            if body is not None:
                self._node(body, BODY)
                _append(node, name, body)

    def _passings(self) -> None:
        for passing in passings(self.world):
            old, new = life_iri(passing.old), life_iri(passing.new) if passing.new else None
            if old in self._standing and passing.act.target in self._acts:
                known = new if new in self._standing else None
                self._event(passing.act, old, known)
                if known:
                    _append(self._nodes[known], "wasDerivedFrom", old)

    def _act(self, act: Act) -> None:
        change, instrument = act.change, act.instrument
        node = self._node(
            thing_iri("act", act.target),
            "prov:Activity",
            dcterms__identifier=act.target,
            dcterms__type=change.kind,
            dcterms__date=_dated(act.day),
            basis=act.basis,
            provision=act.provision,
            rdfs__comment=act.event.note,
            description=getattr(change, "gist", None),
            form=getattr(change, "form", None),
            count=change.count if isinstance(change, e.UnnamedUnitsAbolished) else None,
            used=thing_iri("instrument", instrument) if instrument else None,
        )
        if isinstance(change, e.UnnamedUnitsAbolished):
            node["@type"].append("org:ChangeEvent")
        if instrument and "org:ChangeEvent" in node["@type"]:
            node["hasFormalFramework"] = thing_iri("instrument", instrument)
        for number, cited in enumerate(act.sources, 1):
            iri = f"reg:citation/{act.target.replace('#', '/')}/{number}"
            _append(node, "qualifiedUsage", iri)
            source = thing_iri("source", cited.source)
            self._node(iri, "prov:Usage", entity=source, locator=cited.locator, wording=cited.wording)
            self._node(iri, certainty=cited.certainty)

    def _instruments(self) -> None:
        """The instruments on which an act that is told rests, or that one is about."""
        resting = {act.instrument for act in self._acts.values() if act.instrument}
        about = {act.change.instrument for act in self._acts.values() if isinstance(act.change, _OF_INSTRUMENTS)}
        for name in sorted(resting | about):
            issued = self.world.instruments.get(name)
            iri = self._node(thing_iri("instrument", name), "prov:Entity", "cv:ReferenceFramework")["@id"]
            self._node(iri, dcterms__identifier=name)
            if issued is not None:
                self._node(
                    iri,
                    dcterms__type=issued.instrument_kind,
                    schema__legislationIdentifier=issued.number,
                    title=issued.title,
                    dc__creator=issued.issuer,
                    dcterms__created=_dated(issued.signed),
                    dcterms__issued=_dated(issued.published),
                    dcterms__valid=_dated(issued.in_force),
                )

    def _sources(self) -> None:
        told = described(self.world.acts)
        for name in sorted({cited.source for act in self._acts.values() for cited in act.sources}):
            said = told.get(name, {})
            address, published = said.get("address"), said.get("published")
            self._node(
                thing_iri("source", name),
                *("prov:Entity", "foaf:Document"),
                dcterms__identifier=name,
                title=said.get("title"),
                dc__publisher=said.get("publisher"),
                dcterms__issued=_dated(PartialDate.parse(published)) if published else None,
                dc__source=address,
                dc__language=said.get("language"),
                dc__rights=said.get("licence"),
            )

    # --- the export itself

    def _dataset(self, standing: Iterable[Life]) -> Answer:
        told, declared = self.exported.told, self.exported.declared
        known, recorded = told["known_at"], told["known_at"]["recorded"]
        losses = [
            {
                "@id": f"reg:loss/{number}",
                "@type": "rg:Loss",
                "rdfs:label": loss["what"],
                "comment": loss["why"],
                "where": loss["where"],
            }
            for number, loss in enumerate(self.losses.told, 1)
        ]
        structure = self.exported.structure
        return _trimmed(
            {
                "@id": f"reg:export/{told['as_of'] or 'whole'}/{known['position']}",
                "@type": ["dcat:Dataset", "prov:Entity"],
                "dcterms:identifier": self.exported.institution,
                "title": told["name"],
                "description": declared.notes if declared else None,
                "asOf": told["as_of"],
                "position": known["position"],
                "hash": known["hash"],
                "rules": told["rules"],
                "dcterms:modified": {"@value": recorded, "@type": "xsd:dateTime"} if recorded else None,
                "dcterms:bibliographicCitation": told["text"],
                "dc:source": told["address"],
                "withheld": told["withheld"],
                "unattested": structure["unattested"] if structure else None,
                "standsOnDay": [life_iri(life) for life in standing] if structure else None,
                "loss": losses,
            }
        )


_OF_INSTRUMENTS = (e.InstrumentIssued, e.InstrumentAmended, e.InstrumentRepealed)


def _append(node: Answer, name: str, iri: str) -> None:
    if iri not in node.setdefault(name, []):
        node[name].append(iri)


def _trimmed(node: Answer) -> Answer:
    return {name: value for name, value in node.items() if value is not None and value != [] and value != {}}


def _dated(day: PartialDate | None) -> Answer | None:
    """A date as a literal: of the calendar if it is exactly that day, else in EDTF."""
    return {"@value": day.text, "@type": "xsd:date" if day.exact else "EDTF"} if day else None


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
