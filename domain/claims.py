"""What one act says of each thing it touches: that it begins, ends, changes, or is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, singledispatch
from typing import Literal, TypeAlias

from domain import changes as e
from domain.acts import Act
from domain.dates import AFTER_ALL, BEFORE_ALL, Day

Key: TypeAlias = tuple[str, ...]
"""A thing with lives: ("unit", id), ("post", id), ("tenure", person, post), ("relation", subject, relation,
object), ("function", holder, function)."""

Role: TypeAlias = Literal["start", "end", "change", "shown"]
Value: TypeAlias = object
TenureOf: TypeAlias = Callable[[str], tuple[str, str] | None]
"""Person and post of a tenure id; None if no act names it."""


def unit_key(unit: str) -> Key:
    """The key of a unit."""
    return ("unit", unit)


def post_key(post: str) -> Key:
    """The key of a post."""
    return ("post", post)


def tenure_key(person: str, post: str) -> Key:
    """The key under which all tenures of *person* in *post* are lives."""
    return ("tenure", person, post)


def relation_key(subject: str, relation: str, object: str) -> Key:  # noqa: A002  # the field's word
    """The key of a relation."""
    return ("relation", subject, relation, object)


def function_key(holder: str, function: str) -> Key:
    """The key of a function at one holder."""
    return ("function", holder, function)


def stands_in(key: Key) -> list[Key]:
    """What a tenure, relation or function stands in: its post, both its ends, its holder; each unit or post, if unsaid.

    A unit or a post stands in nothing: what it hangs on is one of its values.
    """
    match key:
        case ("tenure", _, post):
            return [post_key(post)]
        case ("function", holder, _):
            return [unit_key(holder), post_key(holder)]
        case ("relation", subject, _, object_):
            return [make(thing) for thing in (subject, object_) for make in (unit_key, post_key)]
        case _:
            return []


@dataclass(frozen=True)
class Claim:
    """What *act* says of *key*; *values* are the attributes it gives, *tenure* the id it names, if any."""

    key: Key
    role: Role
    act: Act
    values: Mapping[str, Value]
    tenure: str | None = None

    @property
    def name(self) -> str:
        """The name that the act gives a tenure: `ENTRY#n`.

        By a list of holders it is `ENTRY#n/PERSON`; of the tenure that a transfer ends, `ENTRY#n/POST`.
        """
        if isinstance(self.act.change, e.ListAttested) and self.key[0] == "tenure":
            return f"{self.act.target}/{self.key[1]}"
        if isinstance(self.act.change, e.Transferred) and self.role == "end":
            return f"{self.act.target}/{self.key[2]}"
        return self.act.target

    @cached_property
    def evidence(self) -> tuple[tuple[Day, Day], ...]:
        """The days, as bounds each, on which the claim shows that its thing stands.

        What ends or changes a thing shows it on the eve; what changes it, on the day too.
        """
        lo, hi = self.act.lo, self.act.hi
        eve, day = (max(lo - 1, BEFORE_ALL), hi - 1 if hi < AFTER_ALL else hi), (lo, hi)
        if self.role == "end":
            return (eve,)
        return (eve, day) if self.role == "change" else (day,)


def claims_of(act: Act, tenure_of: TenureOf) -> list[Claim]:
    """The claims of *act*, one for each thing it begins, ends, changes or shows."""
    change = act.change
    if isinstance(change, e.Released | e.CapacityChanged) and change.tenure:  # it may be of whom that tenure is
        return list(_made(act, tenure_of))
    return list(_settled(act))


def _made(act: Act, tenure_of: TenureOf) -> Iterator[Claim]:
    return (Claim(key, role, act, values, tenure) for key, role, values, tenure in _claims(act.change, tenure_of))


def _settled(act: Act) -> tuple[Claim, ...]:
    """The claims of an act that are the same whatever else is known; kept with the act."""
    claims: tuple[Claim, ...] | None = act.__dict__.get("claims")
    if claims is None:
        claims = act.__dict__["claims"] = tuple(_made(act, lambda _: None))
    return claims


_Said: TypeAlias = tuple[Key, Role, Mapping[str, Value], str | None]


def said_of(change: e.Change, tenure_of: TenureOf) -> Iterator[_Said]:
    """What *change* says of each thing: its key and role, the values it gives, the tenure id it names."""
    return _claims(change, tenure_of)


@singledispatch
def _claims(change: e.Change, tenure_of: TenureOf) -> Iterator[_Said]:
    """Nothing: the change is about no thing with a life."""
    return iter(())


def _given(change: e.Change | e.UnitAfter, **attributes: str) -> dict[str, Value]:
    """The attributes that *change* gives, by their names in answers."""
    return {name: getattr(change, field) for name, field in attributes.items() if change.given(field)}


def _known(change: e.Change, **attributes: str) -> dict[str, Value]:
    """The attributes that *change* knows; null stands for unknown there."""
    values = {name: getattr(change, field) for name, field in attributes.items()}
    return {name: value for name, value in values.items() if value is not None}


_UNIT = {"name": "name", "kind": "unit_kind", "parent": "parent", "order": "order"}
_UNIT_AFTER = {"name": "name", "kind": "unit_kind", "parent": "parent"}
_POST = {"title": "title", "unit": "unit", "seats": "seats", "portfolio": "portfolio"}


@_claims.register
def _(change: e.UnitEstablished, tenure_of: TenureOf) -> Iterator[_Said]:
    yield unit_key(change.unit), "start", {"parent": change.parent, **_known(change, **_UNIT)}, None


@_claims.register
def _(change: e.UnitReinstated, tenure_of: TenureOf) -> Iterator[_Said]:
    yield unit_key(change.unit), "start", _given(change, **_UNIT_AFTER), None


@_claims.register
def _(change: e.UnitRenamed, tenure_of: TenureOf) -> Iterator[_Said]:
    yield unit_key(change.unit), "change", {"name": change.name}, None


@_claims.register
def _(change: e.UnitMoved, tenure_of: TenureOf) -> Iterator[_Said]:
    yield unit_key(change.unit), "change", {"parent": change.parent}, None


@_claims.register
def _(change: e.UnitAbolished, tenure_of: TenureOf) -> Iterator[_Said]:
    yield unit_key(change.unit), "end", {}, None


@_claims.register
def _(change: e.UnitsReorganized, tenure_of: TenureOf) -> Iterator[_Said]:
    after = {unit.unit for unit in change.after}
    for unit in change.before:
        if unit not in after:
            yield unit_key(unit), "end", {}, None
    for new in change.after:
        role: Role = "change" if new.unit in change.before else "start"
        yield unit_key(new.unit), role, _given(new, **_UNIT_AFTER), None


@_claims.register
def _(change: e.UnitAttested, tenure_of: TenureOf) -> Iterator[_Said]:
    yield unit_key(change.unit), "shown", _given(change, **_UNIT), None


@_claims.register
def _(change: e.RelationStarted, tenure_of: TenureOf) -> Iterator[_Said]:
    yield relation_key(change.subject, change.relation, change.object), "start", {}, None


@_claims.register
def _(change: e.RelationEnded, tenure_of: TenureOf) -> Iterator[_Said]:
    yield relation_key(change.subject, change.relation, change.object), "end", {}, None


@_claims.register
def _(change: e.RelationAttested, tenure_of: TenureOf) -> Iterator[_Said]:
    yield relation_key(change.subject, change.relation, change.object), "shown", {}, None


@_claims.register
def _(change: e.PostCreated, tenure_of: TenureOf) -> Iterator[_Said]:
    yield post_key(change.post), "start", {"unit": change.unit, **_known(change, **_POST)}, None


@_claims.register
def _(change: e.PostReinstated, tenure_of: TenureOf) -> Iterator[_Said]:
    yield post_key(change.post), "start", _given(change, **_POST), None


@_claims.register
def _(change: e.PostRetitled, tenure_of: TenureOf) -> Iterator[_Said]:
    yield post_key(change.post), "change", {"title": change.title}, None


@_claims.register
def _(change: e.PostMoved, tenure_of: TenureOf) -> Iterator[_Said]:
    yield post_key(change.post), "change", {"unit": change.unit}, None


@_claims.register
def _(change: e.PortfolioChanged, tenure_of: TenureOf) -> Iterator[_Said]:
    yield post_key(change.post), "change", {"portfolio": change.portfolio}, None


@_claims.register
def _(change: e.SeatsChanged, tenure_of: TenureOf) -> Iterator[_Said]:
    yield post_key(change.post), "change", {"seats": change.seats}, None


@_claims.register
def _(change: e.PostAbolished, tenure_of: TenureOf) -> Iterator[_Said]:
    yield post_key(change.post), "end", {}, None


@_claims.register
def _(change: e.PostAttested, tenure_of: TenureOf) -> Iterator[_Said]:
    yield post_key(change.post), "shown", _given(change, **_POST), None


@_claims.register
def _(change: e.Appointed, tenure_of: TenureOf) -> Iterator[_Said]:
    yield tenure_key(change.person, change.post), "start", {"capacity": change.capacity}, change.tenure


@_claims.register
def _(change: e.Released, tenure_of: TenureOf) -> Iterator[_Said]:
    named = _named(change, tenure_of)
    if named is not None:
        yield tenure_key(*named), "end", {}, change.tenure


def _named(change: e.Released | e.CapacityChanged, tenure_of: TenureOf) -> tuple[str, str] | None:
    """Person and post of the tenure that *change* names."""
    named = tenure_of(change.tenure) if change.tenure else None
    return named or ((change.person, change.post) if change.person and change.post else None)


@_claims.register
def _(change: e.Transferred, tenure_of: TenureOf) -> Iterator[_Said]:
    yield tenure_key(change.person, change.from_post), "end", {}, change.from_tenure
    yield tenure_key(change.person, change.to_post), "start", {"capacity": change.capacity}, change.tenure


@_claims.register
def _(change: e.TenureAttested, tenure_of: TenureOf) -> Iterator[_Said]:
    yield tenure_key(change.person, change.post), "shown", _given(change, capacity="capacity"), change.tenure


@_claims.register
def _(change: e.CapacityChanged, tenure_of: TenureOf) -> Iterator[_Said]:
    named = _named(change, tenure_of)
    if named is not None:
        yield tenure_key(*named), "change", {"capacity": change.capacity}, change.tenure


@_claims.register
def _(change: e.FunctionAssigned, tenure_of: TenureOf) -> Iterator[_Said]:
    yield function_key(change.holder, change.function), "start", {"text": change.text}, None


@_claims.register
def _(change: e.FunctionTransferred, tenure_of: TenureOf) -> Iterator[_Said]:
    yield function_key(change.holder, change.function), "start", _given(change, text="text"), None


@_claims.register
def _(change: e.FunctionWithdrawn, tenure_of: TenureOf) -> Iterator[_Said]:
    yield function_key(change.holder, change.function), "end", {}, None


@_claims.register
def _(change: e.FunctionAttested, tenure_of: TenureOf) -> Iterator[_Said]:
    yield function_key(change.holder, change.function), "shown", _given(change, text="text"), None


@_claims.register
def _(change: e.ListAttested, tenure_of: TenureOf) -> Iterator[_Said]:
    scope = change.scope
    for member in change.members:
        if scope.parent is not None:
            kind = {"kind": scope.unit_kind} if scope.unit_kind else {}
            yield unit_key(member), "shown", {"parent": scope.parent, **kind}, None
        elif scope.post is not None:
            yield tenure_key(member, scope.post), "shown", {}, None
        elif scope.relation is not None and scope.object is not None:
            yield relation_key(member, scope.relation, scope.object), "shown", {}, None


def tenure_names(changes: Iterable[tuple[str, e.Change]]) -> dict[str, tuple[str, str]]:
    """Every name of a tenure - its own id, or the `ENTRY#n` of a change about it - with person and post.

    *changes* are pairs of an `ENTRY#n` and its change.

    A release by a tenure id alone speaks of the tenure of that id, and adds a name to it.
    """
    names: dict[str, tuple[str, str]] = {}
    for target, change in changes:
        if isinstance(change, e.Appointed | e.TenureAttested):
            names[change.tenure or target] = names[target] = (change.person, change.post)
        elif isinstance(change, e.Transferred):
            names[change.tenure or target] = names[target] = (change.person, change.to_post)
            names[f"{target}/{change.from_post}"] = (change.person, change.from_post)
            if change.from_tenure:
                names.setdefault(change.from_tenure, (change.person, change.from_post))
        elif isinstance(change, e.ListAttested) and change.scope.post:
            names |= {f"{target}/{person}": (person, change.scope.post) for person in change.members}
        elif isinstance(change, e.Released | e.CapacityChanged) and change.person and change.post:
            names[target] = (change.person, change.post)
            if change.tenure:
                names.setdefault(change.tenure, (change.person, change.post))
    return names
