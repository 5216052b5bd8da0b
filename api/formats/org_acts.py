"""Acts, instruments and sources as nodes of a graph in PROV, with the change events of CPOV."""

from __future__ import annotations

from collections.abc import Mapping

from api.formats.org_nodes import BODY, Nodes, append, dated, life_iri, thing_iri
from domain import changes as e
from domain.acts import Act
from domain.dates import PartialDate
from domain.lives import Life
from domain.things import UNIT
from projections.deeds import Deed, deeds_of
from projections.passings import passings
from projections.sources import described

_OF_INSTRUMENTS = (e.InstrumentIssued, e.InstrumentAmended, e.InstrumentRepealed)


class Acts:
    """By which acts lives begin, change and end; the instruments and the sources that these rest on."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.world = nodes.world

    def tell(self) -> None:
        """Tell of those that do something to a life that is told."""
        self._deeds(self.nodes.told)
        self._passings()
        for act in sorted(self.nodes.acts.values(), key=lambda act: act.order):
            self._act(act)
        self._instruments()
        self._sources()

    def _deeds(self, told: Mapping[str, Life]) -> None:
        """By which acts lives begin, end, change and are shown."""
        for deed in deeds_of(self.world, self.world.acts):
            if deed.life is not None and life_iri(deed.life) in told:
                self._deed(deed, deed.life)
            elif deed.key[0] == "instrument" and self.nodes.by_then(deed.act.lo):
                how = {"issued": "wasGeneratedBy", "amended": "wasInfluencedBy", "repealed": "wasInvalidatedBy"}
                append(self.nodes.node(thing_iri(*deed.key), "prov:Entity"), how[deed.fact], self.nodes.named(deed.act))
            elif deed.life is None and len(deed.key) == 2 and self.nodes.by_then(deed.act.lo):
                iri = thing_iri(*deed.key)
                if iri in self.nodes.by_iri:
                    append(self.nodes.by_iri[iri], "shownBy", self.nodes.named(deed.act))
        for act in self.world.acts:
            if isinstance(act.change, e.UnnamedUnitsAbolished) and self.nodes.by_then(act.lo):
                self.nodes.named(act)

    def _deed(self, deed: Deed, life: Life) -> None:
        iri, act = life_iri(life), deed.act
        node = self.nodes.by_iri[iri]
        if deed.fact == "ended":
            append(node, "wasInvalidatedBy", self.nodes.named(act))
            self._event(act, iri if life.key[0] == UNIT else None, None)
        elif not self.nodes.by_then(act.lo):
            return
        elif deed.fact == "began":
            append(node, "wasGeneratedBy", self.nodes.named(act))
            self._event(act, None, iri if life.key[0] == UNIT else None)
            for cited in act.sources:
                append(node, "wasDerivedFrom", thing_iri("source", cited.source))
        elif deed.fact == "shown" or (deed.held is not None and deed.held.given in ("first", "attested")):
            append(node, "shownBy", self.nodes.named(act))
        elif deed.held is None or deed.held.given in ("act", "implied"):
            append(node, "wasInfluencedBy", self.nodes.named(act))
            if deed.held is not None and life.key[0] == UNIT:
                self._event(act, iri, iri)

    def _event(self, act: Act, before: str | None, after: str | None) -> None:
        """*act* changed organizations: of the life *before*, to the life *after*."""
        if before is None and after is None:
            return
        node = self.nodes.node(self.nodes.named(act), "org:ChangeEvent")
        for name, body in (("originalOrganization", before), ("resultingOrganization", after)):
            if body is not None:
                self.nodes.node(body, BODY)
                append(node, name, body)

    def _passings(self) -> None:
        for passing in passings(self.world):
            old, new = life_iri(passing.old), life_iri(passing.new) if passing.new else None
            if old in self.nodes.standing and passing.act.target in self.nodes.acts:
                known = new if new in self.nodes.standing else None
                self._event(passing.act, old, known)
                if known:
                    append(self.nodes.by_iri[known], "wasDerivedFrom", old)

    def _act(self, act: Act) -> None:
        change, instrument = act.change, act.instrument
        node = self.nodes.node(
            thing_iri("act", act.target),
            "prov:Activity",
            dcterms__identifier=act.target,
            dcterms__type=change.kind,
            dcterms__date=dated(act.day),
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
            append(node, "qualifiedUsage", iri)
            source = thing_iri("source", cited.source)
            self.nodes.node(iri, "prov:Usage", entity=source, locator=cited.locator, wording=cited.wording)
            self.nodes.node(iri, certainty=cited.certainty)

    def _instruments(self) -> None:
        """The instruments on which an act that is told rests, or that one is about."""
        resting = {act.instrument for act in self.nodes.acts.values() if act.instrument}
        about = {act.change.instrument for act in self.nodes.acts.values() if isinstance(act.change, _OF_INSTRUMENTS)}
        for name in sorted(resting | about):
            issued = self.world.instruments.get(name)
            iri = self.nodes.node(thing_iri("instrument", name), "prov:Entity", "cv:ReferenceFramework")["@id"]
            self.nodes.node(iri, dcterms__identifier=name)
            if issued is not None:
                self.nodes.node(
                    iri,
                    dcterms__type=issued.instrument_kind,
                    schema__legislationIdentifier=issued.number,
                    title=issued.title,
                    dc__creator=issued.issuer,
                    dcterms__created=dated(issued.signed),
                    dcterms__issued=dated(issued.published),
                    dcterms__valid=dated(issued.in_force),
                )

    def _sources(self) -> None:
        told = described(self.world.acts)
        for name in sorted({cited.source for act in self.nodes.acts.values() for cited in act.sources}):
            said = told.get(name, {})
            address, published = said.get("address"), said.get("published")
            self.nodes.node(
                thing_iri("source", name),
                *("prov:Entity", "foaf:Document"),
                dcterms__identifier=name,
                title=said.get("title"),
                dc__publisher=said.get("publisher"),
                dcterms__issued=dated(PartialDate.parse(published)) if published else None,
                dc__source=address,
                dc__language=said.get("language"),
                dc__rights=said.get("licence"),
            )
