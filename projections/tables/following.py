"""What followed from acts: what they touch, and what may have ended, passed on or been succeeded by them."""

from __future__ import annotations

from dataclasses import dataclass

from domain import changes as e
from domain.changes import Change
from domain.claims import Key, post_key, unit_key
from projections.tables.slices import ALWAYS, Window
from projections.tables.touching import Touched


@dataclass
class Followed(Touched):
    """What acts touch, and what may have followed from them, as the tables believe it now."""

    def _effects(self, change: Change, target: str, days: Window | None) -> None:
        window = (days[0] - 1, days[1]) if days else ALWAYS
        before, self.keys = self.keys, set()
        super()._effects(change, target, window)
        ended = self._unified.all_of(_ended(change))
        if isinstance(change, e.ListAttested):
            ended |= self.keys
        for key in ended:
            self.keys |= {key, *self.archive.below(key, window)}
        for key in [key for key in self.keys if key[0] == "tenure"]:
            self.keys |= {one for one in self.archive.hanging([post_key(key[2])], window) if one[0] == "tenure"}
        self.keys |= before


def _ended(change: Change) -> set[Key]:
    """What *change* may end, or make what hangs on it pass to."""
    match change:
        case e.UnitAbolished():
            return {unit_key(change.unit)}
        case e.UnitsReorganized():
            return {unit_key(unit) for unit in (*change.before, *(new.unit for new in change.after))}
        case e.PostAbolished():
            return {post_key(change.post)}
        case e.LifeEvent():
            return {("person", change.person)}
    return set()
