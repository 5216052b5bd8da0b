"""The entries of snapshots.

What a snapshot shows is attested on its day. What differs between two is inferred to have happened on some day after
the first, at the latest that of the second; the entry of that names both days, so that a snapshot found later between
them narrows what was inferred and contradicts nothing.
"""

from __future__ import annotations

from itertools import pairwise

from api.importers.days import between
from api.importers.options import Options
from api.importers.snapshots import Differences, Snapshot
from api.importers.sources import Data, File, filed, readable, refused, register_of
from api.registers import Filed, NotARegister, Register

NOBODY_SAYS = (
    "nobody says whether each snapshot names all that stood on its day, so that what it leaves out did not stand"
    " (--lists complete), or only some of it (--lists partial)"
)
NOT_ALL = "rows or snapshots of the file are refused, and without them nobody can tell what changed"


def register_of_snapshots(
    file: File, options: Options, snapshots: list[Snapshot], bad: list[Filed], notes: list[str]
) -> Register:
    """The entries of *snapshots*, in the order of their days, refused as a whole where any of the file is *bad*.

    Raises: NotARegister, where nobody says whether each names all that stood.
    """
    if options.lists is None:
        raise NotARegister(file.name, NOBODY_SAYS, "lists")
    ordered = sorted(snapshots, key=lambda snapshot: snapshot.on)
    if bad:
        return register_of(file, options, [*bad, *(refused(_where(file, one), [NOT_ALL]) for one in ordered)], notes)
    made = [file.registered(f"snapshots, {options.lists}")]
    complete = options.lists == "complete"
    changes = [None, *(Differences(*pair, complete).all() for pair in pairwise(ordered))]
    for number, (snapshot, inferred) in enumerate(zip(ordered, changes, strict=False)):
        entries = [_attested(file, snapshot)]
        if inferred:
            before = ordered[number - 1]
            cited = [file.cited(f"{before.text}, {snapshot.text}")]
            name = file.entry_id(before.text, snapshot.text)
            on = str(between(before.on, snapshot.on))
            entries.append({"entry": name, "effective": on, "sources": cited, "changes": inferred})
        made.append(filed(_where(file, snapshot), *entries))
    if not all(map(readable, made)):
        made = [refused(one.where, [NOT_ALL]) if readable(one) else one for one in made[1:]]
    return register_of(file, options, made, notes)


def _where(file: File, snapshot: Snapshot) -> str:
    return f"{file.name}, snapshot of {snapshot.text}"


def _attested(file: File, snapshot: Snapshot) -> Data:
    """The entry of what a snapshot shows on its day."""
    changes: list[Data] = []
    for unit in snapshot.parents_first:
        changes.append({"kind": "unit-attested", "unit": unit, **snapshot.units[unit]})
    for post, said in snapshot.posts.items():
        changes.append({"kind": "post-attested", "post": post, **said})
    for person, names in snapshot.persons.items():
        if names:
            changes.append({"kind": "person-registered", "person": person, "name": names, "effective": None})
    for post, holders in snapshot.holders.items():
        for person, capacity in holders.items():
            how = {"capacity": capacity} if capacity else {}
            changes.append({"kind": "tenure-attested", "person": person, "post": post, **how})
        if not holders:
            changes.append({"kind": "list-attested", "scope": {"post": post}, "members": [], "closed": True})
    for subject, relation, other in snapshot.relations:
        changes.append({"kind": "relation-attested", "subject": subject, "relation": relation, "object": other})
    doubtful = [file.cited(snapshot.text, certainty="low")]
    for change in changes:
        if (change.get("unit") if change["kind"] == "unit-attested" else change.get("post")) in snapshot.unsure:
            change["sources"] = doubtful
    sources = [file.cited(snapshot.text)]
    return {
        "entry": file.entry_id(snapshot.text),
        "effective": snapshot.text,
        "sources": sources,
        "changes": changes,
    }
