"""What declared coverage bears on, from the tables: the worlds with and without it, exact of what its scope holds."""

from __future__ import annotations

from domain import changes as e
from domain.acts import Act
from domain.claims import Key, post_key, unit_key
from domain.world import HANGS_BY
from projections.coverage import Both, without
from projections.tables.kin import Kin
from projections.tables.shelf import ShelfArchive
from projections.tables.slices import Slice
from projections.tables.topics import scope_topic
from projections.tables.windows import windows_of


def covered_by(archive: ShelfArchive, act: Act) -> Both:
    """The worlds without *act* and with it, exact of what its scope holds and of all that those hang on."""
    assert isinstance(act.change, e.CoverageDeclared)
    core = _in_scope(archive, act.change.scope)
    more = [scope_topic(act.change.scope)]
    slice_ = Slice(archive, core, windows_of(archive, core), more, [act.position])
    while above := {key for key in slice_.frame if key[0] in HANGS_BY}:  # evidence goes up, and may be carried on
        core |= above
        slice_ = Slice(archive, core, windows_of(archive, core), more, [act.position])
    return slice_.folded(without(slice_.known, act)), slice_.world


def _in_scope(archive: ShelfArchive, scope: e.Scope) -> set[Key]:
    """What *scope* ever holds, by any reading, with what it names."""
    first = Slice(archive, ())
    if scope.post is not None:
        return {post_key(scope.post), *first.keys_in(f"holders|{scope.post}")}
    if scope.parent is not None:
        units = Kin(first, scope.parent).passed_on(scope.parent)
        below = {key for unit in units for key in first.keys_in(f"under|{unit}") if key[0] == "unit"}
        return {unit_key(scope.parent), *below}
    related = first.keys_in(f"related|{scope.object}")
    return {key for key in related if key[2:] == (scope.relation, scope.object)}
