"""Rows of answers as pieces that a page puts together: things with their links, names, dates and words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from api.pages.texts import Texts
from api.phrases import WORDS, claimant_phrase, number_phrase
from projections.structure import Answer

Piece: TypeAlias = tuple[str, Any]
"""What is told and how: ("thing", id), ("names", language → text), ("date", EDTF), ("words", text)."""

DATES = ("signed", "published", "in_force", "start", "end", "born")
THINGS = ("parent", "unit", "person", "post", "holder", "from_post", "to_post", "about", "subject", "object")

LINKED = ("instrument", "source", "entry")
"""What has a page without being a unit, a post or a person."""

UNTOLD = ("kind", "sources", "basis")
"""What of a change inside another is not told again."""

FEW = 6
"""How many members of a list are named."""

GROUPS = ("units", "posts", "people", "relations", "functions", "others")
"""Under which heads changes are told, in this order."""

CLASSES = {"+": "new", "−": "gone", "×": "gone", "≈": "altered", "→": "moved", "?": "unnamed"}
"""Sign of a change → the class of its colour."""


@dataclass
class Row:
    """A change as a page tells it: sign and word, of what, what stood and what stands, and what followed from it."""

    said: Answer
    sign: str
    word: str
    group: str
    of: list[Piece]
    before: list[Piece]
    after: list[Piece]
    followed: list[Row] = field(default_factory=list)

    @property
    def word_class(self) -> str:
        """How the sign is drawn, beside its shape."""
        return CLASSES.get(self.sign, "shown")


def rows(changes: Iterable[Answer], texts: Texts, *, learned: bool = False) -> list[Row]:
    """The rows of a difference; what is implied stands under the act that it follows from, if that has a row."""
    made = [_row(change, texts, learned) for change in changes]
    heads: dict[str, Row] = {}
    for row in made:
        if not row.said["implied"]:
            heads.setdefault(row.said["cause"]["event"], row)
    top = []
    for row in made:
        head = heads.get(row.said["cause"]["event"])
        if row.said["implied"] and head is not None:
            head.followed.append(row)
        else:
            top.append(row)
    return top


def grouped(made: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """The rows under their heads; heads without rows are left out."""
    found: dict[str, list[Row]] = {group: [] for group in GROUPS}
    for row in made:
        found[row.group].append(row)
    return [(group, some) for group, some in found.items() if some]


def _row(change: Answer, texts: Texts, learned: bool) -> Row:
    kind = change["kind"]
    sign, word = WORDS.get(kind, ("·", ""))[0], texts(f"kind.{kind}")
    if learned and change["after"] is None and sign in ("+", "◦"):
        sign, word = "−", texts("learned.no_longer", word=word)
    elif learned and change["after"] is None and kind in ("corrected", "annulled"):
        word = texts("learned.taken_away", word=word)
    telling = _Telling(change, texts)
    return Row(change, sign, word, telling.group(), telling.of(), telling.side("before"), telling.side("after"))


class _Telling:
    """How one change is told."""

    def __init__(self, change: Answer, texts: Texts) -> None:
        self.change, self.texts, self.subject = change, texts, change["subject"]

    def group(self) -> str:
        """The head under which it stands."""
        match self.subject:
            case {"person": _}:
                return "people"
            case {"event": _} | {"units": _} | {"unit": _}:
                return "units"
            case {"post": _}:
                told = {**(self.change["before"] or {}), **(self.change["after"] or {})}
                return "people" if "person" in told else "posts"
            case {"relation": _}:
                return "relations"
            case {"function": _}:
                return "functions"
        return "others"

    def of(self) -> list[Piece]:
        """What the change is of."""
        told = self.change["after"] or self.change["before"] or {}
        match self.subject:
            case {"person": person, "from_post": _, "to_post": _}:
                return [("thing", person)]
            case {"event": _}:
                return list(self._unnamed(told))
            case {"subject": thing, "quantity": quantity}:
                return [("thing", thing), ("words", f": {quantity}")]
            case {"holder": holder, "function": function}:
                return [("thing", holder), ("words", ": "), _text(function, told)]
            case {"function": function}:
                return [_text(function, told)]
            case {"units": units}:
                return _listed(units)
            case {"person": person, "post": post}:
                return [("thing", person), ("words", ", "), ("thing", post)]
            case {"relation": relation}:
                subject, of, object_ = relation.split("|")
                return [("thing", subject), ("words", f" {of} "), ("thing", object_)]
        return _listed(self.subject.values())

    def _unnamed(self, told: Answer) -> Iterator[Piece]:
        yield "words", self.texts("diff.unnamed", count=told["count"])
        if told["unit_kind"]:
            yield "words", f" ({told['unit_kind']})"
        if told["parent"]:
            yield from (("words", f" {self.texts('diff.of')} "), ("thing", told["parent"]))

    def side(self, side: str) -> list[Piece]:
        """What stood before, or stands after, as far as it differs; nothing, where only one side is told."""
        told, other = self.change[side], self.change["after" if side == "before" else "before"]
        match self.subject:
            case {"from_post": from_post, "to_post": to_post}:
                return [("thing", from_post if side == "before" else to_post)]
            case {"post": _} if len(self.subject) == 1 and self.group() == "people":
                return [("thing", told["person"])] if told else [("words", self.texts("diff.nobody"))]
            case {"units": _}:
                return _listed(told or ())
            case {"quantity": _}:
                return [("words", f"{number_phrase(told)}{claimant_phrase(told)}")] if told else []
            case {"function": _} if "holder" not in self.subject:
                return [("thing", told["holder"])] if told and told.get("holder") else []
        if told is None or other is None:
            return []
        differ = [name for name in told if told[name] != other.get(name)]
        return [piece for name in differ for piece in attribute(name, told[name], self.texts, first=name == differ[0])]


def attribute(name: str, value: Any, texts: Texts, *, first: bool = True) -> Iterator[Piece]:
    """An attribute with its value."""
    yield "words", f"{'' if first else '; '}{texts(f'attribute.{name}')} "
    yield value_piece(name, value, texts)


def value_piece(name: str, value: Any, texts: Texts) -> Piece:
    """The value of an attribute."""
    if value is None:
        return "words", texts("none")
    if isinstance(value, Mapping):
        return ("names", value) if _are_names(value) else ("words", plainly(value, texts))
    if isinstance(value, list | tuple):
        return "words", ", ".join(plainly(one, texts) for one in value)
    if name in ("target", "corrected_by"):
        return "event", value
    if name in DATES:
        return "date", str(value)
    return ("thing", value) if name in THINGS else ("words", str(value))


def _are_names(value: Mapping[str, Any]) -> bool:
    """Whether *value* is a name, language → text, and not a scope or a change."""
    return all(len(name.partition("-")[0]) <= 3 and isinstance(one, str) for name, one in value.items())


def plainly(value: Any, texts: Texts) -> str:
    """A change or another part of one, as it was written; but for its sources."""
    if isinstance(value, Mapping):
        if _are_names(value):
            return " / ".join(value.values())
        word = f"{texts('kind.' + str(value['kind']))}: " if "kind" in value else ""
        told = {name: one for name, one in value.items() if name not in UNTOLD and one not in (None, False, [], {})}
        return word + ", ".join(f"{texts(f'attribute.{name}')} {plainly(one, texts)}" for name, one in told.items())
    return ", ".join(plainly(one, texts) for one in value) if isinstance(value, list | tuple) else str(value)


def subject_pieces(subject: Answer, texts: Texts) -> list[Piece]:
    """What an effect, a finding or a fact is about."""
    made: list[Piece] = []
    for name, said in subject.items():
        if isinstance(said, str) and name in LINKED:
            made.append((name, said))
        elif isinstance(said, str) and name != "tenure":
            made += _listed(said.split("|"))
        elif isinstance(said, list):
            made += _listed(said) if len(said) <= FEW else [("words", texts("members", count=len(said)))]
        elif isinstance(said, Mapping):
            made += _listed(value for value in said.values() if isinstance(value, str))
    return _joined(made)


def _text(function: str, told: Answer) -> Piece:
    return ("names", told["text"]) if told.get("text") else ("words", function)


def _listed(things: Iterable[Any]) -> list[Piece]:
    return _joined([("thing", str(thing)) for thing in things if thing is not None])


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    made: list[Piece] = []
    for piece in pieces:
        if piece[0] != "words" and made and made[-1][0] != "words":
            made.append(("words", ", "))
        made.append(piece)
    return made
