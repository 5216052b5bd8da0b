"""One authority record: what is gathered of a body or person, written in the order that EAC-CPF asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from api.formats.eac_dates import Element, date, date_range, element, from_date, to_date, whole
from api.formats.eac_words import Words
from domain.acts import Act
from domain.claims import Key
from domain.dates import BEFORE_ALL
from domain.lives import Life
from domain.things import UNIT


@dataclass
class Record:
    """What is gathered of one body or person, each part in the order in which it is written."""

    words: Words
    key: Key
    names: list[Element] = field(default_factory=list)
    kinds: list[Element] = field(default_factory=list)
    functions: list[Element] = field(default_factory=list)
    local: list[Element] = field(default_factory=list)
    mandates: list[Element] = field(default_factory=list)
    occupations: list[Element] = field(default_factory=list)
    exist: list[Element] = field(default_factory=list)
    acts: dict[str, Act] = field(default_factory=dict)
    posts: list[Element] = field(default_factory=list)
    relations: list[Element] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    """Source → its id in the file."""

    def cites(self, act: Act | None) -> str | None:
        """The ids in the file of the sources of an act, as one attribute."""
        cited = dict.fromkeys(one.source for one in act.sources) if act else {}
        return " ".join(self.sources.setdefault(source, f"s{len(self.sources) + 1}") for source in cited) or None

    def span(self, life: Life) -> Element:
        """From when until when a life lasts, as recorded."""
        end = life.end
        shown = life.evidence if end is None and life.evidence is not None else BEFORE_ALL
        since = from_date(life.since, life.s_lo, life.s_hi, sourceReference=self.cites(life.start))
        until = to_date(
            life.until,
            life.e_lo if end else shown,
            life.e_hi,
            certainty="implied" if end and end.implied else None,
            sourceReference=self.cites(end.act) if end else None,
        )
        return date_range(since, until)

    def written(self) -> bytes:
        """The file."""
        events = sorted(self.acts.values(), key=lambda act: act.order)
        story = whole("chronList", [self._event(act) for act in events])
        for number in dict.fromkeys(act.instrument for act in events if act.instrument):
            self.mandates.append(self.words.mandate(number, self.cites(self.words.issues.get(number))))
        description = element(
            "description",
            whole("functions", self.functions),
            whole("localDescriptions", self.local),
            whole("mandates", self.mandates),
            whole("occupations", self.occupations),
            *([element("existDates", _set(self.exist))] if self.exist else []),
            element("biogHist", story) if story is not None else None,
            element("structureOrGenealogy", element("list", *self.posts)) if self.posts else None,
        )
        identity = element(
            "identity",
            element("entityType", value="corporateBody" if self.key[0] == UNIT else "person"),
            *(self.names or [element("nameEntry", element("part", self.key[1]), localType="id")]),
            whole("otherEntityTypes", self.kinds),
            element("identityId", self.key[1]),
        )
        described = element("cpfDescription", identity, description, whole("relations", self.relations))
        root = element("eac", self.words.control(self.key[0], self.key[1], self.sources), described)
        etree.indent(described, level=1)
        text: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
        return text + b"\n"

    def _event(self, act: Act) -> Element:
        """An act in the chronicle: when, what, by which instrument, and where that is written."""
        cited = [
            element("reference", one.locator, sourceReference=self.sources[one.source])
            for one in act.sources
            if self.cites(act) and one.locator
        ]
        by = [f", {self.words.called_instrument(act.instrument)}"] if act.instrument else []
        by += [f", {act.provision}"] if act.provision else []
        by += [f". {act.event.note}"] if act.event.note else []
        what = self.words.what(act)
        mark = element("span", act.target, localType="event")
        event = element("event", what, *by, " [", mark, "]", localType=act.change.kind)
        return element("chronItem", date(act.day), event, *cited, sourceReference=self.cites(act))


def entries(names: object, when: Element | None, status: str, use: str | None = None) -> list[Element]:
    """A name in each of its languages, with the days on which it was in use."""
    found = []
    for language, text in names.items() if isinstance(names, Mapping) else ():
        dates = element("useDates", _copy(when)) if when is not None else None
        part = element("part", text)
        found.append(element("nameEntry", part, dates, languageOfElement=language, status=status, localType=use))
    return found


def _set(spans: list[Element]) -> Element:
    """One span, or a set of several."""
    return spans[0] if len(spans) == 1 else element("dateSet", *spans)


def _copy(made: Element) -> Element:
    """The same again, for an element has one place alone."""
    return etree.fromstring(etree.tostring(made))
