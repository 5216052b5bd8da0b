"""`eac-cpf`: archival authority records, EAC-CPF 2.0, one for each body and each person, and an index of them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import quote

import orjson

from api.formats.eac_dates import Element, date, date_range, element, from_date, named, note, to_date
from api.formats.eac_losses import lost
from api.formats.eac_record import Record, entries
from api.formats.eac_words import Words
from api.formats.exported import Exported, Files
from api.formats.losses import Losses
from api.formats.persons import Person
from domain import changes as e
from domain.acts import Act
from domain.claims import Key, post_key, unit_key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, day
from domain.lives import Life
from domain.things import PERSON, POST, UNIT
from projections.deeds import deeds_of
from projections.passings import Passing, passings
from projections.structure import Answer

FOLDERS = {UNIT: "bodies", PERSON: "persons"}
"""Where the records of a kind of thing are."""


def eac_cpf(exported: Exported) -> Files:
    """The records, and `index.json`: what the export says of itself, where each record is, and what is lost."""
    register = _Register(exported)
    files = {path(*key): record.written() for key, record in sorted(register.records.items())}
    index: Answer = {
        **exported.told,
        "losses": register.losses(),
        "bodies": {key[1]: path(*key) for key in sorted(register.records) if key[0] == UNIT},
        "persons": {key[1]: path(*key) for key in sorted(register.records) if key[0] == PERSON},
    }
    return {"index.json": orjson.dumps(index, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE), **files}


def path(kind: str, thing: str) -> str:
    """The file of a record, in the folder of the export."""
    return f"{FOLDERS[kind]}/{quote(thing, safe='')}.xml"


class _Register:
    """All records of one export."""

    def __init__(self, exported: Exported) -> None:
        self.exported = exported
        self.world = exported.world
        self.words = Words(exported)
        self.records: dict[Key, Record] = {}
        self._lost = Losses()
        self._bodies()
        self._people()
        self._posts()
        self._tenures()
        self._relations()
        self._functions()
        for passing in passings(self.world):
            self._passing(passing)
        self._acts()

    def losses(self) -> list[Answer]:
        """What no record holds."""
        told = {target for record in self.records.values() for target in record.acts}
        resting = {act.instrument for record in self.records.values() for act in record.acts.values()}
        told |= {act.target for instrument, act in self.words.issues.items() if instrument in resting}
        lost(self.exported, told, self._lost)
        return self._lost.told

    def _record(self, kind: str, thing: object) -> Record | None:
        return self.records.get((kind, str(thing)))

    # --- records, and what each says of itself

    def _bodies(self) -> None:
        told = defaultdict(list)
        for life in self.exported.lives(UNIT):
            told[life.key].append(life)
        units = sorted(thing for thing, kind in self.world.kinds.items() if kind == UNIT)
        for key in map(unit_key, units):
            if told[key] or not self.world.lives.get(key):
                self.records[key] = Record(self.words, key)
        for key, record in self.records.items():
            for life in told[key]:
                self._body(record, life)
            if not told[key]:
                record.names += entries(self.words.names(UNIT, key[1]), None, "authorized")

    def _body(self, record: Record, life: Life) -> None:
        record.exist.append(record.span(life))
        last = self.exported.last(life.key)
        for span, days in self.exported.spans(life, "name"):
            now = life is last and span.until is None
            record.names += entries(span.value, self._span(record, days), "authorized" if now else "alternative")
        for span, days in self.exported.spans(life, "kind"):
            if span.value is not None:
                kind = element("otherEntityType", element("term", str(span.value)), self._span(record, days))
                record.kinds.append(kind)
        self._graded(record, life)
        for span, days in self.exported.spans(life, "parent"):
            above = self._record(UNIT, span.value)
            if above is not None:
                self._relate(record, above, self._span(record, days), "hierarchical-parent")
                self._relate(above, record, self._span(above, days), "hierarchical-child")

    def _graded(self, record: Record, life: Life) -> None:
        """How sure a life is, as Exported.grade has it; and whether claims about it disagree."""
        grade = self.exported.grade(life)
        for name, value in (("grade", grade), ("contested", "contested" if self.exported.contested(life) else None)):
            if value is not None:
                term = element("term", value)
                record.local.append(element("localDescription", term, note(f"life {life.number + 1}"), localType=name))

    def _span(self, record: Record, days: Answer) -> Element:
        """From when until when a value holds."""
        act = self._act(days["event"])
        since = from_date(days["since"], *_ordinals(days, "since"), sourceReference=record.cites(act))
        return date_range(since, to_date(days["until"], *_ordinals(days, "until")))

    def _act(self, target: str | None) -> Act | None:
        return self._by_target.get(target) if target else None

    @cached_property
    def _by_target(self) -> dict[str, Act]:
        return {act.target: act for act in self.world.acts}

    def _people(self) -> None:
        for person in self.exported.persons():
            record = self.records[PERSON, person.id] = Record(self.words, (PERSON, person.id))
            record.names += _names_of(person)
            if person.born or person.died:
                since, until = (
                    (day.text, day.earliest, day.latest) if day else (None, BEFORE_ALL, AFTER_ALL)
                    for day in (person.born, person.died)
                )
                record.exist.append(date_range(from_date(*since), to_date(*until)))

    def _posts(self) -> None:
        """The posts of each body, with their titles and the days on which they were in it."""
        for life in self.exported.lives(POST):
            for span, days in self.exported.spans(life, "unit"):
                record = self._record(UNIT, span.value)
                if record is not None:
                    title = self.words.called(POST, life.key[1])
                    since, until = (days[name] or "unknown" for name in ("since", "until"))
                    post = element("span", life.key[1], localType="post")
                    days_ = element("span", since, localType="since"), " – ", element("span", until, localType="until")
                    record.posts.append(element("item", f"{title} (", post, ", ", *days_, ")"))

    def _tenures(self) -> None:
        """What a person was, and in which bodies."""
        for life in self.exported.lives("tenure"):
            _, person, post = life.key
            record = self._record(PERSON, person)
            if record is None:
                continue
            unit, title = self._place(life)
            titles = named("term", title) or [element("term", post)]
            capacity, grade, end = self.exported.value(life, "capacity"), self.exported.grade(life), life.end
            ground = getattr(end.act.change, "ground", None) if end and not end.implied else None
            said = [("post", post), ("tenure", life.id), ("capacity", capacity), ("grade", grade), ("ground", ground)]
            said += [("contested", "contested" if self.exported.contested(life) else None)]
            marks = [element("p", element("span", str(value), localType=name)) for name, value in said if value]
            record.occupations.append(element("occupation", *titles, record.span(life), note(*marks)))
            body = self._record(UNIT, unit)
            if body is not None:
                for one, other in ((record, body), (body, record)):
                    roles = named("targetRole", title) or [element("targetRole", post)]
                    self._relate(one, other, one.span(life), "associative", *roles)

    def _place(self, tenure: Life) -> tuple[object, object]:
        """The unit and the title of the post on the last day of a tenure; of a day, by then."""
        on = min(tenure.e_hi, AFTER_ALL) - 1
        if self.exported.as_of is not None:
            on = min(on, self.exported.as_of)
        shown = self.world.shown(post_key(tenure.key[2]), on)
        if shown is None:
            return None, self.words.names(POST, tenure.key[2])
        return shown[0].value("unit", on), shown[0].value("title", on)

    def _relations(self) -> None:
        for life in self.exported.lives("relation"):
            _, subject, relation, object_ = life.key
            one, other = self._record(UNIT, subject), self._record(UNIT, object_)
            if one is not None and other is not None:
                self._relate(one, other, one.span(life), "associative", element("targetRole", relation))
                back = element("targetRole", relation, localType="inverse")
                self._relate(other, one, other.span(life), "associative", back)

    def _functions(self) -> None:
        for life in self.exported.lives("function"):
            _, holder, function = life.key
            record = self._record(UNIT, holder)
            if record is not None:
                terms = named("term", self.exported.value(life, "text")) or [element("term", function)]
                said = note(element("p", element("span", function, localType="function")))
                record.functions.append(element("function", *terms, record.span(life), said))

    def _passing(self, passing: Passing) -> None:
        """Who went on in whom."""
        old, new = self._record(UNIT, passing.old.key[1]), self._record(UNIT, passing.taker)
        if old is None or new is None or (self.exported.as_of is not None and passing.act.lo > self.exported.as_of):
            return
        for one, other, role in ((old, new, "temporal-later"), (new, old, "temporal-earlier")):
            form = element("targetRole", passing.form) if passing.form else None
            self._relate(one, other, date(passing.act.day), role, form)
            one.acts[passing.act.target] = passing.act

    def _relate(self, one: Record, other: Record, when: Element, role: str, *more: Element | None) -> None:
        """Say in the record of *one* how *other* stands to it."""
        kind = "corporateBody" if other.key[0] == UNIT else "person"
        parts = named("part", self.words.names(*other.key)) or [element("part", other.key[1])]
        target = element("targetEntity", *parts, targetType=kind, valueURI=f"../{path(*other.key)}")
        one.relations.append(element("relation", target, when, element("relationType", role), *more))

    # --- acts

    def _acts(self) -> None:
        """The acts that did something to a body or person, or to what is told in their records."""
        by_then = {act.target for act in self.exported.acts()}
        for deed in deeds_of(self.world, self.world.acts):
            ends = deed.fact == "ended" and deed.life is not None and self.exported.tells(deed.life)
            if deed.act.target in by_then or ends:
                for record in self._of(deed.key):
                    record.acts[deed.act.target] = deed.act
        for act in self.exported.acts():
            if isinstance(act.change, e.UnnamedUnitsAbolished):
                parent = self._record(UNIT, act.change.parent)
                if parent is not None:
                    parent.acts[act.target] = act

    def _of(self, key: Key) -> Iterator[Record]:
        """The records in which acts on a thing are told."""
        match key:
            case ("unit" | "person", _):
                things = [key]
            case ("post", post):
                things = self._homes(post)
            case ("tenure", person, _):
                things = [(PERSON, person)]
            case ("relation", subject, _, object_):
                things = [one for end in (subject, object_) for one in self._ends(end)]
            case ("function", holder, _):
                things = self._ends(holder)
            case _:
                things = []
        yield from (self.records[one] for one in dict.fromkeys(things) if one in self.records)

    def _ends(self, thing: str) -> list[Key]:
        return self._homes(thing) if self.world.kinds.get(thing) == POST else [unit_key(thing)]

    def _homes(self, post: str) -> list[Key]:
        """The units in which a post was, by then if a day is asked about."""
        key = post_key(post)
        lives = [life for life in self.world.lives.get(key, ()) if self.exported.tells(life)]
        units = [span.value for life in lives for span in self.exported.values(life, "unit")]
        first = self.world.first.get(key, {}).get("unit")
        units += [first.value] if first else []
        return [unit_key(str(unit)) for unit in units if unit is not None]


def _names_of(person: Person) -> Iterator[Element]:
    """Every name of a person: the last they bore is authorized; one borne later says since when."""
    last = next(name for name in reversed(person.names) if name.use != "other")
    for name in person.names:
        day = name.act.day if name.use == "renamed" else None
        when = None
        if day is not None:
            when = element("dateRange", from_date(day.text, day.earliest, day.latest))
        yield from entries(name.name, when, "authorized" if name is last else "alternative", name.use)


def _ordinals(days: Answer, name: str) -> tuple[Day, Day]:
    """Between which days a date of *days* lies."""
    lo, hi = days[f"{name}_earliest"], days[f"{name}_latest"]
    return (day(lo) if lo else BEFORE_ALL), (day(hi) if hi else AFTER_ALL)
