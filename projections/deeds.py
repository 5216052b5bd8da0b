"""What acts did to things, one fact each, and how each fact came to its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from domain import changes as e
from domain.acts import Act
from domain.claims import Key, Value, unit_key
from domain.lives import Held, Life, shown_by, text_of
from domain.world import World

How: TypeAlias = Literal["amended", "repealed", "replaced", "ended", "revived", "renewed", "shown"]
HOW: tuple[How, ...] = ("amended", "repealed", "replaced", "ended", "revived", "renewed", "shown")
"""What a later act did to an earlier one's fact. An end is undone when its thing stands again: *revived* by a
reinstatement, *renewed* by any other beginning, *shown* by a source that knows of none."""

REINSTATES = (e.UnitReinstated, e.PostReinstated)


@dataclass(frozen=True, eq=False)
class Deed:
    """One fact that an act made of one thing: that it `began`, `ended`, was `shown`; or the attribute that it gave."""

    act: Act
    key: Key
    fact: str
    life: Life | None = None
    held: Held | None = None
    value: Value = None
    implied: bool = False

    @property
    def before(self) -> Value:
        """The value that an act's value took the place of; None where it began with its thing, or is only shown."""
        if self.life is None or self.held is None or self.held.given not in ("act", "implied"):
            return None
        given = self.life.values[self.fact]
        earlier = [one for one in given[: _place(given, self.held)] if one.given != "attested"]
        last = max(reversed(earlier), key=lambda one: one.day, default=None)
        return last.value if last is not None else self.life.value(self.fact, self.held.day - 1)


@dataclass(frozen=True, eq=False)
class Undoing:
    """How a fact came to its end, from when on, by *act*, and whether that only followed from it."""

    how: How
    act: Act
    effective: str | None
    implied: bool = False


def deeds_on(world: World, key: Key) -> Iterator[Deed]:
    """What acts did to *key*, a thing with lives or a person."""
    if key[0] == "person":
        yield from _of_person(world, key)
        return
    for attribute, held in world.first.get(key, {}).items():
        yield Deed(held.act, key, attribute, None, held, held.value)
    for life in world.lives.get(key, ()):
        yield from _of_life(life)
    if key[0] == "unit":
        for act in world.acts:
            if isinstance(act.change, e.MandateDeclared) and act.change.unit == key[1]:
                yield from _mandate(world, act, act.change)


def deeds_of(world: World, acts: Iterable[Act]) -> Iterator[Deed]:
    """What *acts* did to anything."""
    ours = list(acts)
    by_target = {act.target for act in ours}
    for key in world.lives.keys() | world.first.keys():
        for attribute, held in world.first.get(key, {}).items():
            if held.act.target in by_target:
                yield Deed(held.act, key, attribute, None, held, held.value)
        for life in world.lives.get(key, ()):
            yield from (deed for deed in _of_life(life) if deed.act.target in by_target)
    people = set()
    for act in ours:
        match act.change:
            case e.PersonRegistered() | e.PersonRenamed() | e.LifeEvent():
                people.add(("person", act.change.person))
            case e.MandateDeclared():
                yield from _mandate(world, act, act.change)
            case e.InstrumentIssued():
                yield Deed(act, ("instrument", act.change.instrument), "issued")
            case e.InstrumentAmended():
                yield Deed(act, ("instrument", act.change.instrument), "amended")
            case e.InstrumentRepealed():
                yield Deed(act, ("instrument", act.change.instrument), "repealed")
    for key in people:
        yield from (deed for deed in _of_person(world, key) if deed.act.target in by_target)


def _of_life(life: Life) -> Iterator[Deed]:
    """What acts did to one life, by what the fold kept of them."""
    end = life.end
    if end is not None and end.implied:
        yield Deed(end.act, life.key, "ended", life, implied=True)
    giving = set()
    for attribute, given in life.values.items():
        for held in given:
            yield Deed(held.act, life.key, attribute, life, held, held.value, held.given == "implied")
            if held.given != "attested":
                giving.add(held.act)
    for act in dict.fromkeys(life.acts):
        began, ended = act in life.starts, end is not None and act in end.claims
        if began:
            yield Deed(act, life.key, "began", life)
        if ended:
            yield Deed(act, life.key, "ended", life)
        if not began and not ended and (act not in giving or isinstance(act.change, e.Appointed)):
            yield Deed(act, life.key, "shown", life)


def _mandate(world: World, act: Act, change: e.MandateDeclared) -> Iterator[Deed]:
    key = unit_key(change.unit)
    stood = world.shown(key, act.hi) if act.day else None
    yield Deed(act, key, "mandate", stood[0] if stood else None, value=change.gist)


def _of_person(world: World, key: Key) -> Iterator[Deed]:
    """What a person is called, of several registrations by the best one; births, deaths and studies."""
    registered = _registered(world, key[1])
    for act in world.acts:
        change = act.change
        if getattr(change, "person", None) != key[1]:
            continue
        if isinstance(change, e.PersonRenamed) or (isinstance(change, e.PersonRegistered) and act is registered):
            yield Deed(act, key, "name", value=change.name)
        elif isinstance(change, e.LifeEvent):
            yield Deed(act, key, change.what, value=change.place)


def _registered(world: World, person: str) -> Act | None:
    acts = (a for a in world.acts if isinstance(a.change, e.PersonRegistered) and a.change.person == person)
    return min(acts, key=lambda act: act.rank, default=None)


# --- how facts come to their end


def undoing(world: World, deed: Deed) -> Undoing | None:
    """How what *deed* did came to its end; None while it stands.

    What a source shows is not undone: it stays true of its day.
    """
    life = deed.life
    match deed.key[0]:
        case "instrument":
            return _repeal(world, deed)
        case "person":
            return _renaming(world, deed) if deed.fact == "name" else None
    if life is None or deed.fact == "shown" or (deed.held and deed.held.given == "attested"):
        return None
    if deed.fact == "ended":
        return _return(world, life)
    after = _next(life, deed.fact, deed.held) if deed.held else None
    if after is not None:
        return Undoing("replaced", after.act, text_of(after.act.day), after.given == "implied")
    return Undoing("ended", life.end.act, life.until, life.end.implied) if life.end else None


def _next(life: Life, attribute: str, held: Held) -> Held | None:
    """The act's value that takes the place of *held*: another one, for what is said again stands on."""
    given = life.values[attribute]
    at = _place(given, held)
    later = [one for one in given[at + 1 :] if one.day >= held.day] + [one for one in given[:at] if one.day > held.day]
    others = (one for one in later if one.given != "attested" and one.value != held.value)
    return min(others, key=lambda one: one.day, default=None)


def _place(given: list[Held], held: Held) -> int:
    return next(at for at, one in enumerate(given) if one is held)


def _return(world: World, life: Life) -> Undoing | None:
    """The next life of what ended."""
    assert life.end is not None
    ended = life.end.act.order
    for later in world.lives[life.key][life.number + 1 :]:
        if later.cause.order > ended:
            if later.start is None:
                return Undoing("shown", later.cause, shown_by(later.s_hi))
            how: How = "revived" if isinstance(later.start.change, REINSTATES) else "renewed"
            return Undoing(how, later.start, later.since)
    return None


def _repeal(world: World, deed: Deed) -> Undoing | None:
    """What repealed the instrument that *deed* issued."""
    acts = (a for a in world.acts if isinstance(a.change, e.InstrumentRepealed) and a.change.instrument == deed.key[1])
    first = next(acts, None) if deed.fact == "issued" else None
    return Undoing("repealed", first, text_of(first.day)) if first else None


def _renaming(world: World, deed: Deed) -> Undoing | None:
    """The next other name of the person whom *deed* named; what registers them sorts first."""
    renamed = [a for a in world.acts if isinstance(a.change, e.PersonRenamed) and a.change.person == deed.key[1]]
    later = renamed[renamed.index(deed.act) + 1 :] if deed.act in renamed else renamed
    other = next((act for act in later if getattr(act.change, "name", None) != deed.value), None)
    return Undoing("replaced", other, text_of(other.day)) if other else None
