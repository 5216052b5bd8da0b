"""`csv`: the register as tidy tables, a fact a row, each with its dates, its grade and the act behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from api.formats.act_tables import CITED, TEXT, act_tables, dated
from api.formats.cited import Cited
from api.formats.datapackage import Column, Row, Table, package
from api.formats.exported import Exported, Files, Span, lose_what_reads_otherwise
from api.formats.losses import Losses
from api.formats.person_tables import person_tables
from domain import changes as e
from domain.dates import iso
from domain.events import Event
from domain.lives import Life
from domain.vacancy import vacancy

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
NUMBER = Column("number", "which of the values that it had one after the other, from 1", "integer")
VALUE = (*SPAN, Column("event", "the act that gives it", refers="changes"))


def tables(exported: Exported) -> Files:
    """The files of the set, with `datapackage.json`, in which `regesta` says of which day it is and what is lost."""
    losses = Losses()
    made = _Tables(exported)
    filled = list(made.all())
    lose_what_reads_otherwise(exported, losses, {event.target for _, event in made.preferences})
    return package(filled, exported, "a register of its reorganizations", losses)


class _Tables:
    def __init__(self, exported: Exported) -> None:
        self.exported = exported
        self.world = exported.world
        self.cited = Cited()
        """The acts that rows name, for `changes` to hold them all."""

    @cached_property
    def preferences(self) -> list[tuple[int, Event]]:
        """The preferred readings that hold, which say how to read the changes told."""
        return [*self.exported.view.known.live(e.ReadingPreferred)]

    def all(self) -> Iterator[Table]:
        """Every table; that of the changes last but for what it names, once all others are filled."""
        yield from self._units()
        yield from self._posts()
        yield from self._tenures()
        yield from person_tables(self.exported, self.cited)
        yield from self._relations()
        yield from self._functions()
        yield self._quantities()
        yield self._rivals()
        for act in self.exported.acts():
            self.cited.act(act)
        yield from act_tables(self.world, self.cited.acts.values(), self.preferences)

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

    # --- numbers, claims

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
        for act in self.exported.acts():
            if isinstance(act.change, e.QuantityObserved):
                said = {column.name: getattr(act.change, column.name) for column in says}
                table.rows.append({**dated(act), **said})
                self.cited.act(act)
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
        for life in self.exported.all_lives():
            for rival in (*life.rivals, *life.rivals_of_a_day):
                row = {
                    "thing": "|".join(life.key),
                    "life": life.number + 1,
                    "fact": rival.fact,
                    "claimed": self.cited.act(rival.loser),
                    "believed": self.cited.act(rival.winner),
                    "rule": rival.rule,
                    "since": iso(rival.lo) if rival.lo <= rival.hi else None,
                    "until": iso(rival.hi + 1) if rival.lo <= rival.hi else None,
                }
                found.setdefault(tuple(row[name] for name in table.key), row)
        table.rows = list(found.values())
        return table

    # --- rows

    def _life(self, life: Life) -> Row:
        self.cited.life(life)
        return self.exported.life(life)

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
        """The values of an attribute, each with its number, and from when until when it holds."""
        for number, (span, row) in enumerate(self.exported.spans(life, attribute), 1):
            self.cited.span(span)
            yield span, {"number": number, **row}
