"""Persons as formats tell of them: when born and died, and every name they bore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain import changes as e
from domain.acts import Act
from domain.dates import Day, PartialDate
from domain.ids import natural
from domain.world import World


@dataclass(frozen=True)
class PersonName:
    """A name by language, that *act* gives: as registered, another spelling of that, or one borne later."""

    use: Literal["registered", "other", "renamed"]
    number: int
    """Which of the other spellings, from 1; else 0."""
    name: Mapping[str, str]
    act: Act


@dataclass
class Person:
    """Somebody who is registered by *act*; the days of birth and death, if they are known."""

    id: str
    act: Act
    born: PartialDate | None = None
    died: PartialDate | None = None
    names: list[PersonName] = field(default_factory=list)
    """The registered one first, then its spellings, then later ones in the order of effect."""

    @property
    def called(self) -> Mapping[str, str]:
        """The name that they bear last."""
        return next(name.name for name in reversed(self.names) if name.use != "other")


def persons_of(world: World, as_of: Day | None) -> list[Person]:
    """Everybody of *world*, by id; of a day, who can have been born by then, with the names that they bore by then."""
    found = _registered(world)
    for act in sorted(world.acts, key=lambda act: act.rank):
        change = act.change
        if isinstance(change, e.LifeEvent) and act.day and (person := found.get(change.person)):
            if change.what == "born":
                person.born = person.born or act.day
            elif change.what == "died":
                person.died = person.died or act.day
    for act in world.acts:
        change = act.change
        if isinstance(change, e.PersonRenamed) and (as_of is None or act.lo <= as_of):
            if person := found.get(change.person):
                person.names.append(PersonName("renamed", 0, change.name, act))
    told = (one for one in found.values() if as_of is None or one.born is None or one.born.earliest <= as_of)
    return sorted(told, key=lambda person: natural(person.id))


def _registered(world: World) -> dict[str, Person]:
    """Everybody as the best claim registers them."""
    found: dict[str, Person] = {}
    for act in sorted(world.acts, key=lambda act: act.rank):
        change = act.change
        if isinstance(change, e.PersonRegistered) and change.person not in found:
            person = found[change.person] = Person(change.person, act, change.born)
            person.names.append(PersonName("registered", 0, change.name, act))
            person.names += [PersonName("other", n, name, act) for n, name in enumerate(change.names, 1)]
    return found
