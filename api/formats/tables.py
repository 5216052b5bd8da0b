"""`csv`: the register as tidy tables, a fact a row, each with its dates, its grade and the act behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from api.formats.datapackage import GUARD, Column, Row, Table, package
from api.formats.exported import Exported, Files, Span
from api.formats.losses import Losses
from domain import changes as e
from domain.acts import Act
from domain.changes import ENVELOPE
from domain.dates import Day, PartialDate, iso
from domain.ids import natural
from domain.lives import Life, text_of
from domain.vacancy import vacancy
from projections.sources import FIELDS, described

SPAN = (
    Column("since", "when it begins, EDTF as recorded; empty: unknown"),
    Column("since_earliest", "the first day on which it can begin", "date"),
    Column("since_latest", "the last day on which it can begin", "date"),
    Column("until", "the first day on which it holds no longer, EDTF as recorded"),
    Column("until_earliest", "the earliest day that can be", "date"),
    Column("until_latest", "the latest day that can be", "date"),
)
LIFE = (
    Column("life", "which life of that id it is, from 1: an id may come back after an end", "integer"),
    *SPAN,
    Column(
        "grade", "how sure it is: on the day, if the set is of one (empty: does not stand then), else at its surest"
    ),
    Column("contested", "whether claims about it disagree", "boolean"),
    Column("evidence", "the last day on which the record shows it", "date"),
    Column("event", "the act by which it begins; of what is only attested, the first attestation", refers="changes"),
    Column("until_event", "the act that ends it", refers="changes"),
    Column("implied", "whether the end is only implied by that act", "boolean"),
    Column("ground", "on what ground it ended, of a tenure"),
)
TEXT = (Column("language", "the language of the text"), Column("text", "the text"))
NUMBER = Column("number", "which of the values that it had one after the other, from 1", "integer")
VALUE = (*SPAN, Column("event", "the act that gives it", refers="changes"))
CITED = (
    Column("event", "the name of the change: ENTRY#n"),
    Column("effective", "when it takes effect, EDTF as recorded; empty: unknown"),
    Column("earliest", "the first day that can be", "date"),
    Column("latest", "the last day that can be", "date"),
)


def tables(exported: Exported) -> Files:
    """The files of the set, with `datapackage.json`, in which `regesta` says of which day it is and what is lost."""
    losses = Losses()
    made = _Tables(exported)
    filled = list(made.all())
    _lose_what_reads_otherwise(exported, losses)
    if exported.view.head.position:
        losses.add("instants of recording, hashes and salts", exported.institution, "the log alone proves itself")
    about = {
        "name": exported.institution.lower(),
        "title": f"{exported.institution}, a register of its reorganizations",
        "description": exported.told["text"],
        "regesta": {**exported.told, "guard": GUARD, "losses": losses.told},
    }
    return package(filled, about)


NOW = "the tables tell how the record reads, not how it came to"


def _lose_what_reads_otherwise(exported: Exported, losses: Losses) -> None:
    """Take note of the changes that are told in no other way than by what became of them."""
    acts = {act.target: act for act in exported.world.acts}
    for _, event in exported.view.known.rows:
        act = acts.get(event.target)
        if event.target in exported.view.known.redacted:
            losses.add("a change that is withheld from every reader", event.target, "it is redacted")
        elif isinstance(event.change, e.CONTROLS):
            losses.add(f"a change of kind {event.kind}", event.target, NOW)
        elif act is None:
            losses.add("a change that is annulled or hangs on nothing", event.target, NOW)
        elif act.corrected_by:
            losses.add("a change as it read before its correction", event.target, NOW)


class _Tables:
    def __init__(self, exported: Exported) -> None:
        self.exported = exported
        self.world = exported.world
        self.cited: dict[str, Act] = {}
        """The acts that rows name, for `changes` to hold them all."""

    def all(self) -> Iterator[Table]:
        """Every table; that of the changes last but for what it names, once all others are filled."""
        yield from self._units()
        yield from self._posts()
        yield from self._tenures()
        yield from self._persons()
        yield from self._relations()
        yield from self._functions()
        yield self._quantities()
        yield self._rivals()
        yield from self._changes()

    # --- things with lives

    def _units(self) -> Iterator[Table]:
        unit = Column("unit", "the id of the unit")
        now = (
            Column("unit_kind", "what kind of unit it is, on the day or last"),
            Column("parent", "the unit on which it hangs, on the day or last"),
            Column("order", "its place among those that hang there", "integer"),
        )
        units = Table("units", "Each life of each unit.", ("unit", "life"), (unit, *LIFE, *now))
        names = self._texts("unit_names", "The names of units, in each language.", unit)
        places = self._codes("unit_parents", "On which unit each hung.", unit, Column("parent", "that unit"))
        kinds = self._codes("unit_kinds", "Of which kind each unit was.", unit, Column("unit_kind", "that kind"))
        for life in self.exported.lives("unit"):
            key = {"unit": life.key[1], "life": life.number + 1}
            said = {"unit_kind": "kind", "parent": "parent", "order": "order"}
            units.rows.append({**self._life(life), **key, **self._said(life, said)})
            names.rows += self._languages(life, "name", key)
            places.rows += self._held(life, "parent", key)
            kinds.rows += self._held(life, "kind", key, "unit_kind")
        yield from (units, names, places, kinds)

    def _posts(self) -> Iterator[Table]:
        post = Column("post", "the id of the post")
        now = (
            Column("unit", "the unit of which it is a post, on the day or last"),
            Column("seats", "how many may hold it, on the day or last; empty: unknown", "integer"),
            Column("vacancy", "how far it is held, if the set is of a day: filled, part-filled, vacant, unknown"),
        )
        posts = Table("posts", "Each life of each post.", ("post", "life"), (post, *LIFE, *now))
        titles = self._texts("post_titles", "The titles of posts, in each language.", post)
        portfolios = self._texts("post_portfolios", "The portfolios of posts, in each language.", post)
        units = self._codes("post_units", "Of which unit each post was.", post, Column("unit", "that unit"))
        seats = self._codes("post_seats", "How many seats each post had.", post, Column("seats", "how many", "integer"))
        for life in self.exported.lives("post"):
            key = {"post": life.key[1], "life": life.number + 1}
            said = self._said(life, {"unit": "unit", "seats": "seats"})
            posts.rows.append({**self._life(life), **key, **said, "vacancy": self._vacancy(life)})
            titles.rows += self._languages(life, "title", key)
            portfolios.rows += self._languages(life, "portfolio", key)
            units.rows += self._held(life, "unit", key)
            seats.rows += self._held(life, "seats", key)
        yield from (posts, titles, portfolios, units, seats)

    def _vacancy(self, life: Life) -> str | None:
        day = self.exported.as_of
        shown = self.world.shown(life.key, day) if day is not None else None
        if day is None or shown is None or shown[0] is not life:
            return None
        return vacancy(self.world, life.key[1], life, day)

    def _tenures(self) -> Iterator[Table]:
        tenure = Column("tenure", "the id of the tenure")
        holds = (Column("person", "who held the post"), Column("post", "the post"))
        now = Column("capacity", "in which capacity, on the day or last")
        tenures = Table("tenures", "Each tenure: one person in one post.", ("tenure",), (tenure, *holds, *LIFE, now))
        capacity = Column("capacity", "substantive, acting, concurrent, on-leave, suspended; empty: unknown")
        held = self._codes("tenure_capacities", "In which capacity each post was held.", tenure, capacity, lives=False)
        for life in self.exported.lives("tenure"):
            key = {"tenure": life.id}
            row = {**self._life(life), "person": life.key[1], "post": life.key[2], **key}
            tenures.rows.append({**row, **self._said(life, {"capacity": "capacity"})})
            held.rows += self._held(life, "capacity", key)
        yield from (tenures, held)

    def _relations(self) -> Iterator[Table]:
        key = (
            Column("subject", "the unit or post that stands in it"),
            Column("relation", "how it stands to the object"),
            Column("object", "the unit or post to which it stands so"),
        )
        relations = Table("relations", "Each life of each relation.", (*(c.name for c in key), "life"), (*key, *LIFE))
        for life in self.exported.lives("relation"):
            named = dict(zip((column.name for column in key), life.key[1:], strict=True))
            relations.rows.append({**self._life(life), **named, "life": life.number + 1})
        yield relations

    def _functions(self) -> Iterator[Table]:
        key = (Column("holder", "the unit or post that has it"), Column("function", "the id of the function"))
        named = (*(column.name for column in key), "life")
        functions = Table("functions", "Each life of each function at each holder.", named, (*key, *LIFE))
        texts = Table(
            "function_texts",
            "What functions are said to be, in each language.",
            (*named, "number", "language"),
            (*key, LIFE[0], NUMBER, *TEXT, *VALUE),
        )
        for life in self.exported.lives("function"):
            row = {"holder": life.key[1], "function": life.key[2], "life": life.number + 1}
            functions.rows.append({**self._life(life), **row})
            texts.rows += self._languages(life, "text", row)
        yield from (functions, texts)

    # --- persons, numbers, claims

    def _persons(self) -> Iterator[Table]:
        person = Column("person", "the id of the person")
        persons = Table(
            "persons",
            "Everybody who is registered.",
            ("person",),
            (
                person,
                Column("born", "when born, EDTF as recorded"),
                Column("died", "when died, EDTF as recorded"),
                Column("event", "the act that registers the person", refers="changes"),
            ),
        )
        names = Table(
            "person_names",
            "The names of persons: registered, borne later, and spellings in other scripts.",
            ("person", "event", "use", "number", "language"),
            (
                person,
                Column("use", "registered, renamed, or other: another spelling of the registered name"),
                Column("number", "which of the other spellings, from 1; else 0", "integer"),
                *TEXT,
                Column("since", "from when on, EDTF as recorded; empty: from the beginning"),
                Column("since_latest", "the last day on which it can begin", "date"),
                Column("event", "the act that gives it", refers="changes"),
            ),
        )
        registered, born, died = self._vital()
        for who, act in sorted(registered.items(), key=lambda item: natural(item[0])):
            days = {"born": text_of(born.get(who)), "died": text_of(died.get(who))}
            persons.rows.append({"person": who, **days, "event": self._cite(act)})
        for act in self._told():
            change = act.change
            if isinstance(change, e.PersonRegistered) and registered.get(change.person) is act:
                names.rows += self._names(act, change.person, "registered", 0, change.name)
                for number, name in enumerate(change.names, 1):
                    names.rows += self._names(act, change.person, "other", number, name)
            elif isinstance(change, e.PersonRenamed):
                names.rows += self._names(act, change.person, "renamed", 0, change.name)
        yield from (persons, names)

    def _vital(self) -> tuple[dict[str, Act], dict[str, PartialDate], dict[str, PartialDate]]:
        """Of every person the best registration, the day of birth and that of death."""
        registered: dict[str, Act] = {}
        days: dict[str, dict[str, PartialDate]] = {"born": {}, "died": {}}
        for act in sorted(self._told(), key=lambda act: act.rank):
            change = act.change
            if isinstance(change, e.PersonRegistered):
                registered.setdefault(change.person, act)
            elif isinstance(change, e.LifeEvent) and change.what in days and act.day:
                days[change.what].setdefault(change.person, act.day)
        for who, act in registered.items():
            if isinstance(act.change, e.PersonRegistered) and act.change.born:
                days["born"][who] = act.change.born
        return registered, days["born"], days["died"]

    def _names(self, act: Act, person: str, use: str, number: int, name: Mapping[str, str]) -> Iterator[Row]:
        later = use == "renamed"
        for language, text in name.items():
            yield {
                "person": person,
                "use": use,
                "number": number,
                "language": language,
                "text": text,
                "since": text_of(act.day) if later else None,
                "since_latest": iso(act.hi) if later else None,
                "event": self._cite(act),
            }

    def _quantities(self) -> Table:
        says = (
            Column("subject", "the unit, post or person it is about"),
            Column("quantity", "what is counted: staff, budget, …"),
            Column("value", "how much", "number"),
            Column("unit", "of what"),
            Column("approximate", "whether it is about so much", "boolean"),
            Column("claimant", "who says so"),
        )
        table = Table("quantities", "Numbers that are given for a day.", ("event",), (*CITED, *says))
        for act in self._told():
            if isinstance(act.change, e.QuantityObserved):
                said = {column.name: getattr(act.change, column.name) for column in says}
                table.rows.append({**self._dated(act), **said})
                self._cite(act)
        return table

    def _rivals(self) -> Table:
        table = Table(
            "rivals",
            "Claims that are not believed, each beside the one that is.",
            ("thing", "life", "fact", "claimed", "believed"),
            (
                Column("thing", "what they are about: a kind, and the ids that name the thing"),
                Column("life", "which life of it, from 1", "integer"),
                Column("fact", "start, end, or the attribute"),
                Column("claimed", "the act that is not believed", refers="changes"),
                Column("believed", "the act that is", refers="changes"),
                Column("rule", "the rule that chose"),
                Column("since", "the first day on which they disagree", "date"),
                Column("until", "the first day on which they disagree no longer", "date"),
            ),
        )
        found: dict[tuple[object, ...], Row] = {}
        for kind in ("unit", "post", "tenure", "relation", "function"):
            for life in self.exported.lives(kind):
                for rival in (*life.rivals, *life.rivals_of_a_day):
                    row = {
                        "thing": "|".join(life.key),
                        "life": life.number + 1,
                        "fact": rival.fact,
                        "claimed": self._cite(rival.loser),
                        "believed": self._cite(rival.winner),
                        "rule": rival.rule,
                        "since": iso(rival.lo) if rival.lo <= rival.hi else None,
                        "until": iso(rival.hi + 1) if rival.lo <= rival.hi else None,
                    }
                    found.setdefault(tuple(row[name] for name in table.key), row)
        table.rows = list(found.values())
        return table

    # --- the acts

    def _changes(self) -> Iterator[Table]:
        changes = Table(
            "changes",
            "Every change, as it reads: what it says, and on what it rests.",
            ("event",),
            (
                *CITED,
                Column("kind", "the kind of change"),
                Column("says", "its fields, as an entry has them", "object"),
                Column("basis", "stated, inferred, or instrument-default: the day is that of its instrument"),
                Column("entry", "the entry in which it was recorded"),
                Column("number", "its number in the entry, from 1; 0: the instrument itself", "integer"),
                Column("position", "its position in the log", "integer"),
                Column("instrument", "the instrument on which it rests", refers="instruments"),
                Column("provision", "the article of it"),
                Column("note", "what the editor notes"),
                Column("corrected_by", "the correction by which it reads so"),
                Column("recorded_by", "in whose name it was recorded"),
            ),
        )
        cited = Table(
            "change_sources",
            "The sources of each change.",
            ("event", "number"),
            (
                Column("event", "the change", refers="changes"),
                Column("number", "which of its sources, from 1", "integer"),
                Column("source", "the source", refers="sources"),
                Column("locator", "where in it"),
                Column("wording", "how it says so"),
                Column("certainty", "high, medium or low"),
            ),
        )
        for act in self._told():
            self._cite(act)
        for act in sorted(self.cited.values(), key=lambda act: act.position):
            changes.rows.append(self._change(act))
            for number, source in enumerate(act.sources, 1):
                cited.rows.append({"event": act.target, "number": number, **source.model_dump()})
        yield from (changes, cited, self._sources(row["source"] for row in cited.rows), *self._instruments(changes))

    def _change(self, act: Act) -> Row:
        fields = act.change.model_dump(mode="json", by_alias=True)
        return {
            **self._dated(act),
            "kind": act.change.kind,
            "says": {name: value for name, value in fields.items() if name not in (*ENVELOPE, "kind")},
            "basis": act.basis,
            "entry": act.event.entry,
            "number": act.event.index,
            "position": act.position,
            "instrument": act.instrument if act.instrument in self.world.instruments else None,
            "provision": act.provision,
            "note": act.event.note,
            "corrected_by": act.corrected_by,
            "recorded_by": act.event.recorded_by,
        }

    def _sources(self, named: Iterable[object]) -> Table:
        columns = [
            Column("title", "its title in each language", "object") if name == "title" else Column(name, f"its {name}")
            for name in FIELDS
        ]
        known = described(self.cited.values())
        table = Table("sources", "What the sources are.", ("source",), (Column("source", "its id"), *columns))
        nothing = dict.fromkeys(FIELDS)
        for source in sorted({*known, *map(str, named)}):
            table.rows.append({"source": source, **nothing, **known.get(source, {})})
        return table

    def _instruments(self, changes: Table) -> Iterator[Table]:
        dates = ("signed", "published", "in_force")
        table = Table(
            "instruments",
            "The instruments on which changes rest.",
            ("instrument",),
            (
                Column("instrument", "its id"),
                Column("instrument_kind", "its kind"),
                Column("number", "its number"),
                Column("issuer", "who issued it"),
                *(Column(name, f"when {name.replace('_', ' ')}, EDTF as recorded") for name in dates),
            ),
        )
        titles = Table(
            "instrument_titles",
            "The titles of instruments, in each language.",
            ("instrument", "language"),
            (Column("instrument", "the instrument", refers="instruments"), *TEXT),
        )
        for name in sorted({str(row["instrument"]) for row in changes.rows if row["instrument"]}, key=natural):
            issued = self.world.instruments[name]
            said = {column.name: getattr(issued, column.name) for column in table.columns[:4]}
            table.rows.append({**said, **{day: text_of(getattr(issued, day)) for day in dates}})
            for language, text in (issued.title or {}).items():
                titles.rows.append({"instrument": name, "language": language, "text": text})
        yield from (table, titles)

    # --- rows

    def _told(self) -> Iterator[Act]:
        """The acts that can take effect by the day, if the set is of one; else all."""
        day = self.exported.as_of
        return (act for act in self.world.acts if day is None or act.lo <= day)

    def _cite(self, act: Act) -> str:
        self.cited[act.target] = act
        return act.target

    def _dated(self, act: Act) -> Row:
        days = (iso(act.lo), iso(act.hi)) if act.day else (None, None)
        return {"event": act.target, "effective": text_of(act.day), "earliest": days[0], "latest": days[1]}

    def _life(self, life: Life) -> Row:
        end, day = life.end, life.evidence
        return {
            "life": life.number + 1,
            **_days("since", (life.since, life.s_lo, life.s_hi)),
            **_days("until", (life.until, life.e_lo, life.e_hi)),
            "grade": self.exported.grade(life),
            "contested": self.exported.contested(life),
            "evidence": iso(day) if day is not None else None,
            "event": self._cite(life.cause),
            "until_event": self._cite(end.act) if end else None,
            "implied": end.implied if end else None,
            "ground": getattr(end.act.change, "ground", None) if end and not end.implied else None,
        }

    def _said(self, life: Life, attributes: Mapping[str, str]) -> Row:
        return {column: self.exported.value(life, name) for column, name in attributes.items()}

    def _texts(self, name: str, says: str, thing: Column) -> Table:
        return self._values(name, says, (thing, LIFE[0]), TEXT)

    def _codes(self, name: str, says: str, thing: Column, value: Column, *, lives: bool = True) -> Table:
        return self._values(name, says, (thing, LIFE[0]) if lives else (thing,), (value,))

    def _values(self, name: str, says: str, which: Sequence[Column], value: Sequence[Column]) -> Table:
        language = ["language"] if value is TEXT else []
        return Table(name, says, [*(c.name for c in which), "number", *language], (*which, NUMBER, *value, *VALUE))

    def _held(self, life: Life, attribute: str, key: Row, column: str | None = None) -> Iterator[Row]:
        for span, row in self._spans(life, attribute):
            yield {**key, column or attribute: span.value, **row}

    def _languages(self, life: Life, attribute: str, key: Row) -> Iterator[Row]:
        for span, row in self._spans(life, attribute):
            assert span.value is None or isinstance(span.value, Mapping)
            for language, text in (span.value or {}).items():
                yield {**key, "language": language, "text": text, **row}

    def _spans(self, life: Life, attribute: str) -> Iterator[tuple[Span, Row]]:
        """The values of an attribute, each with from when until when it holds, and the act that gives it."""
        spans = self.exported.values(life, attribute)
        for number, (span, after) in enumerate(zip(spans, [*spans[1:], None], strict=True), 1):
            since, until = span.begins(life), after.begins(life) if after else (life.until, life.e_lo, life.e_hi)
            row = {"number": number, **_days("since", since), **_days("until", until)}
            yield span, {**row, "event": self._cite(span.held.act) if span.held else None}


def _days(name: str, day: tuple[str | None, Day, Day]) -> Row:
    text, lo, hi = day
    return {name: text, f"{name}_earliest": iso(lo), f"{name}_latest": iso(hi)}
