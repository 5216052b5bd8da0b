"""What things are called by the tables of a register, as known at a position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.claims import Key
from domain.lives import Grade
from projections.search import Called, stands
from projections.tables.names import Days, Spelling
from projections.tables.shelf import ShelfArchive, ThingId
from projections.tables.slices import Slice
from projections.tables.topics import key_of


@dataclass
class TabledNames:
    """The names that *archive* holds; what stands on some days is asked of the slice about it."""

    archive: ShelfArchive
    _ids: dict[Key, ThingId] = field(default_factory=dict)

    def holding(
        self, parts: Sequence[str], kinds: Sequence[str], days: Days | None, most: int
    ) -> list[tuple[Key, Spelling]]:
        """Spellings that hold every one of *parts* when folded, at most *most*."""
        rows = self.archive.shelf.spelled(parts, kinds, self.archive.until, days, most)
        self._ids |= {key_of(name): thing for name, thing, _ in rows}
        return [(key_of(name), spelling) for name, _, spelling in rows]

    def of(self, keys: Iterable[Key]) -> Mapping[Key, list[Spelling]]:
        """All spellings of things that were found."""
        called: dict[Key, list[Spelling]] = {key: [] for key in keys}
        keys_by_id = {self._ids[key]: key for key in called}
        for thing, _, spelling in self.archive.shelf.spellings_of(list(keys_by_id), self.archive.until):
            called[keys_by_id[thing]].append(spelling)
        return called

    def standing(self, keys: Iterable[Key], days: Days) -> Mapping[Key, tuple[Grade, Called]]:
        """The units and posts among *keys* that stand on one of *days*, how surely, and what they are called then."""
        wanted = list(keys)
        world = Slice(self.archive, wanted).world if wanted else None
        return {key: stood for key in wanted if world and (stood := stands(world, key, days)) is not None}
