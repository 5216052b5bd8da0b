"""The objects of a Popolo file by their ids here: as in the file, where those fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from api.importers.naming import Unfit, fit_id
from api.importers.popolo_objects import Object
from api.importers.sources import Data

KINDS: Final = {"organizations": "unit", "posts": "post", "persons": "person"}
"""The kinds of objects with what each is here."""

ByKind: TypeAlias = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Named:
    """The objects of a file, each with its id here; names there are in *language*."""

    objects: Mapping[str, list[Object]]
    language: str

    @cached_property
    def _given(self) -> tuple[ByKind, ByKind]:
        """The ids here, by kind and id in the file; and what is wrong with those that cannot have one."""
        ids: ByKind = {}
        faults: ByKind = {}
        used: dict[str, list[tuple[str, Object]]] = {}
        for kind in KINDS:
            for one in self.objects[kind]:
                try:
                    made = fit_id(one.id or one.text("name") or one.text("label") or "")
                except Unfit as fault:
                    faults[kind, one.where] = str(fault)
                else:
                    used.setdefault(made, []).append((kind, one))
        for made, named in used.items():
            mixed = len({kind for kind, _ in named}) > 1  # an id of two kinds of objects is one of neither here
            seen: dict[str, Object] = {}
            for kind, one in named:
                if kind in seen:
                    faults[kind, one.where] = f"its id {made!r} is that of {seen[kind].where}"
                    continue
                seen[kind] = one
                ids[kind, one.id or one.where] = f"{KINDS[kind]}-{made}" if mixed else made
        return ids, faults

    @property
    def clashes(self) -> ByKind:
        """What is wrong with the objects that cannot have an id here, by kind and place."""
        return self._given[1]

    def id(self, kind: str, given: str) -> str:
        """The id here of the object that the file calls *given*, be it in the file or not. Raises: Unfit."""
        found = self._given[0].get((kind, given))
        return found if found is not None else fit_id(given)

    @cached_property
    def units(self) -> frozenset[str]:
        """The ids here of the organizations of the file."""
        return frozenset(here for (kind, _), here in self._given[0].items() if kind == "organizations")

    @cached_property
    def names(self) -> dict[str, Data]:
        """The names of the organizations of the file, by their ids here."""
        named = (
            (self._given[0].get(("organizations", one.named("id") or one.where)), one.named("name"))
            for one in self.objects["organizations"]
        )
        return {unit: {self.language: name} for unit, name in named if unit and name}

    @cached_property
    def posts(self) -> dict[str, Object]:
        """The posts of the file by their ids in it."""
        return {name: one for one in self.objects["posts"] if (name := one.named("id"))}

    def in_order(self, kind: str) -> list[Object]:
        """The objects of a kind, an organization behind the one that it hangs on."""
        if kind != "organizations":
            return list(self.objects[kind])
        by_id = {one.named("id"): one for one in self.objects[kind] if one.named("id")}
        placed: dict[str, Object] = {}
        for one in self.objects[kind]:
            above = [one]
            while (parent := by_id.get(above[-1].named("parent_id") or "")) and parent not in above:
                above.append(parent)
                if parent.where in placed:
                    break
            placed.update((other.where, other) for other in reversed(above) if other.where not in placed)
        return list(placed.values())
