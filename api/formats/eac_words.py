"""What records call things: units, posts, persons, instruments, acts; and of which register and day they are."""

from __future__ import annotations

from functools import cached_property

from lxml import etree

from api.formats.eac_dates import Element, date, element, named, note, whole
from api.formats.exported import Exported, in_one_language
from domain import changes as e
from domain.acts import Act
from domain.things import PERSON, UNIT
from projections.sources import described

DATES = (
    "Dates are written in EDTF (ISO 8601-2). A toDate is the first day on which the thing holds no longer; unknown"
    " means that no end is known, and notBefore is then the last day on which the record shows the thing. Of a person"
    " they are the days of birth and death."
)


class Words:
    """The words of one export."""

    def __init__(self, exported: Exported) -> None:
        self.exported = exported
        self.world = exported.world

    @cached_property
    def persons(self) -> dict[str, object]:
        """Person → the name that they bear last, in every language."""
        return {person.id: person.called for person in self.exported.persons()}

    @cached_property
    def issues(self) -> dict[str, Act]:
        """Instrument → the act by which it is issued."""
        issues: dict[str, Act] = {}
        for act in sorted(self.world.acts, key=lambda act: act.rank):
            if isinstance(act.change, e.InstrumentIssued):
                issues.setdefault(act.change.instrument, act)
        return issues

    @cached_property
    def _described(self) -> dict[str, dict[str, str]]:
        return described(self.world.acts)

    def names(self, kind: str, thing: str) -> object:
        """What a unit, post or person is called: on the day, or last; in every language."""
        if kind == PERSON:
            return self.persons.get(thing)
        life = self.exported.last((kind, thing))
        attribute = "name" if kind == UNIT else "title"
        first = self.world.first.get((kind, thing), {}).get(attribute)
        return (self.exported.value(life, attribute) if life else None) or (first.value if first else None)

    def called(self, kind: str, thing: str) -> str:
        """The same in one language; its id, if it has no name."""
        return in_one_language(self.names(kind, thing)) or thing

    def called_instrument(self, instrument: str) -> str:
        """An instrument in a few words."""
        issued = self.world.instruments.get(instrument)
        if issued is None:
            return instrument
        signed = issued.signed.text if issued.signed else None
        number = f"No. {issued.number}" if issued.number else None
        return " ".join(one for one in (issued.instrument_kind, number, f"of {signed}" if signed else None) if one)

    def what(self, act: Act) -> str:
        """What an act says, in a few words: its kind, and the things that it names."""
        change = act.change
        told = [
            self.called(self.world.kinds[thing], thing)
            for name in ("person", "unit", "post", "from_post", "to_post", "holder", "subject", "object")
            if (thing := str(getattr(change, name, None))) in self.world.kinds
        ]
        if isinstance(change, e.UnitsReorganized):
            told = [
                self.called(UNIT, unit) for unit in dict.fromkeys([*change.before, *(u.unit for u in change.after)])
            ]
        gist = in_one_language(getattr(change, "gist", None) or getattr(change, "text", None))
        said = ", ".join([*told, *([gist] if gist else [])])
        return change.kind.replace("-", " ") + (f": {said}" if said else "")

    def mandate(self, instrument: str, cited: str | None) -> Element:
        """An instrument as a mandate, resting on what is *cited*."""
        issued = self.world.instruments.get(instrument)
        titles = named("term", issued.title) if issued and issued.title else []
        issue = self.issues.get(instrument)
        said: list[tuple[str, str | None]] = [("instrument", instrument)]
        if issued is not None:
            dates = (("published", issued.published), ("in-force", issued.in_force))
            said += [("issuer", issued.issuer), *((name, day.text if day else None) for name, day in dates)]
        said += [("event", issue.target if issue else None)]
        marks = [element("p", element("span", value, localType=name)) for name, value in said if value]
        terms = [*titles, element("term", self.called_instrument(instrument))]
        when = date(issued.signed if issued else None)
        return element("mandate", *terms, when, note(*marks), sourceReference=cited)

    def control(self, kind: str, thing: str, sources: dict[str, str]) -> Element:
        """Of which register, of which day and as known when the record is, and on which sources it rests."""
        told = self.exported.told
        known = told["known_at"]
        said = {"asOf": told["as_of"], "position": known["position"], "hash": known["hash"], "rules": told["rules"]}
        said |= {"address": told["address"], "withheld": told["withheld"]}
        locals_ = [
            element("localControl", element("term", str(value)), localType=name)
            for name, value in said.items()
            if value is not None
        ]
        recorded = known["recorded"]
        event = element(
            "maintenanceEvent",
            element("agent", "Regesta", agentType="machine"),
            element("eventDateTime", recorded or "unknown", standardDateTime=recorded),
            element("eventDescription", told["text"]),
            maintenanceEventType="derived",
        )
        names = named("agencyName", told["name"]) or [element("agencyName", self.exported.institution)]
        cited = [self._source(source, name) for source, name in sources.items()]
        made = element(
            "control",
            element("recordId", f"{self.exported.institution}/{kind}/{thing}"),
            element("maintenanceAgency", *names),
            element("maintenanceHistory", event),
            whole("sources", cited),
            element("conventionDeclaration", element("reference", "EDTF"), note(DATES)),
            *locals_,
            maintenanceStatus="derived",
            languageEncoding="ietf-bcp-47",
            dateEncoding="otherDateEncoding",
        )
        etree.indent(made, level=1)
        return made

    def _source(self, source: str, name: str) -> Element:
        said = self._described.get(source, {})
        address = said.get("address")
        link = address if address and address.startswith(("http://", "https://")) else None
        titles = named("reference", said.get("title"), href=link) or [element("reference", source, href=link)]
        more = [("source", source), ("publisher", said.get("publisher")), ("published", said.get("published"))]
        more += [("address", address), ("language", said.get("language")), ("licence", said.get("licence"))]
        marks = [element("p", element("span", value, localType=kind)) for kind, value in more if value]
        return element("source", *titles, note(*marks), id=name)
