"""Popolo files: organizations, posts, persons and memberships as JSON.

An object makes one entry. In a file that an export of ours wrote, the member `regesta` of each object tells what
Popolo cannot: days in EDTF, names in every language, earlier values, other lives. Its ends are first days after.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.importers.facts import CAPACITIES, CHANGED, Row, Times, entries_of
from api.importers.naming import Thing, Unfit, fit_id, slug
from api.importers.options import Options
from api.importers.popolo_files import objects_in
from api.importers.popolo_ids import Named
from api.importers.popolo_objects import Life, Object, Values
from api.importers.sources import Data, File, filed, refused, register_of
from api.registers import Filed, NotARegister, Register
from domain.ids import TENURE_PATTERN


def read_popolo(file: File, data: Any, options: Options) -> Register:
    """The entries of a Popolo file, an object each; a membership two, if it ends. Raises: NotARegister."""
    objects = objects_in(file.name, data)
    own = isinstance(data.get("regesta"), Mapping)
    if own and options.to_is == "last-day":
        raise NotARegister(
            file.name, "its ends are first days after, as it says itself by its member `regesta`", "to_is"
        )
    return _Popolo(file, options, Named(objects, options.language), data["regesta"] if own else None).register()


@dataclass
class _Popolo:
    file: File
    options: Options
    named: Named
    own: Mapping[str, Any] | None
    left: Counter[str] = field(default_factory=Counter)
    """Members that are not kept, and of how many objects."""

    def register(self) -> Register:
        """The register of the file."""
        made: list[Filed] = []
        writers: dict[str, Callable[[Object], list[Data]]] = {
            "organizations": self._organization,
            "posts": self._post,
            "persons": self._person,
            "memberships": self._membership,
        }
        for kind, write in writers.items():
            for one in self.named.in_order(kind):
                try:
                    if fault := self.named.clashes.get((kind, one.where)):
                        raise Unfit(fault)
                    made.append(filed(f"{self.file.name}, {one.where}", *write(one)))
                except Unfit as fault:
                    made.append(refused(f"{self.file.name}, {one.where}", [str(fault)]))
                self.left.update(one.left)
        notes = [
            f"not kept: {name} of {count} {'object' if count == 1 else 'objects'}"
            for name, count in sorted(self.left.items())
        ]
        return register_of(self.file, self.options, [self.file.registered("Popolo"), *made], notes)

    # --- objects

    def _organization(self, one: Object) -> list[Data]:
        unit = self.named.id("organizations", one.id or one.where)
        above = one.text("parent_id")
        kind = one.text("classification")
        now = {
            "name": one.names(self.options.language, "name"),
            "kind": fit_id(kind)[:64] if kind else None,
            "parent": self.named.id("organizations", above) if above else None,
        }
        return self._standing(one, "unit", unit, now, ("founding_date", "dissolution_date"))

    def _post(self, one: Object) -> list[Data]:
        post = self.named.id("posts", one.id or one.where)
        unit = one.text("organization_id")
        now = {
            "title": one.names(self.options.language, "label", "role"),
            "unit": self.named.id("organizations", unit) if unit else None,
        }
        return self._standing(one, "post", post, now, ("start_date", "end_date"))

    def _standing(self, one: Object, kind: str, thing: str, now: Data, dates: tuple[str, str]) -> list[Data]:
        """The entries of all that is told of a unit or post, one for each of its lives."""
        entries = []
        for life in one.lives(dates, self.options.to_is):
            values = one.values(life, now, _PLURALS[kind])
            changes = [*self._introduced(values), *self._told(kind, thing, life, values)]
            key = thing if life.number == 1 else f"{thing}:life-{life.number}"
            entries.append(self._entry(one, key, changes))
        return entries

    def _told(self, kind: str, thing: str, life: Life, values: Values) -> Iterator[Data]:
        """What is told of one life: how it begins, what changes in it, how it ends."""
        held = {name: spans for name, spans in values.items() if spans}
        first = {_FIELDS.get(name, name): spans[0][1] for name, spans in held.items() if spans[0][1] is not None}
        if life.since:
            yield {"kind": _BEGUN[kind], kind: thing, **first, "effective": life.since}
        else:
            shown = self._shown(life.event)
            if life.number == 1 or shown is None:
                yield {"kind": f"{kind}-attested", kind: thing, **first, "effective": None}
                first = {}  # which are no rivals of what an act says, being of no day
            if shown:
                yield {"kind": f"{kind}-attested", kind: thing, **first, "effective": shown}
        for name, spans in held.items():
            for since, value in spans[1:]:
                if (kind, name) in CHANGED and since and (value is not None or name not in ("name", "title")):
                    yield {"kind": CHANGED[kind, name], kind: thing, name: value, "effective": since}
        if life.until:
            inferred = {"basis": "inferred"} if life.implied else {}
            yield {"kind": f"{kind}-abolished", kind: thing, "effective": life.until, **inferred}

    def _introduced(self, values: Values) -> Iterator[Data]:
        """The units of the file that an object hangs on, which may stand behind it."""
        named = [unit for name in ("parent", "unit") for _, unit in values.get(name, ()) if isinstance(unit, str)]
        for unit in dict.fromkeys(named):
            if unit in self.named.units:
                yield {"kind": "unit-attested", "unit": unit, "effective": None}

    def _shown(self, event: str | None) -> str | None:
        """The day of an act of which a file of ours tells."""
        acts = (self.own or {}).get("acts")
        act = acts.get(event) if isinstance(acts, Mapping) and event else None
        day = act.get("effective") if isinstance(act, Mapping) else None
        return day if isinstance(day, str) else None

    def _person(self, one: Object) -> list[Data]:
        person = self.named.id("persons", one.id or one.where)
        name, spellings, later = one.person_names(self.options.language, self.options.to_is)
        born, died = one.life_day("birth_date", "born"), one.life_day("death_date", "died")
        registered: Data = {"kind": "person-registered", "person": person, "name": name, "effective": None}
        if spellings:
            registered["names"] = spellings
        if born:
            registered["born"] = born
        changes: list[Data] = [registered]
        changes += [{"kind": "person-renamed", "person": person, "name": n, "effective": day} for day, n in later]
        if died:
            changes.append({"kind": "life-event", "person": person, "what": "died", "effective": died})
        return [self._entry(one, person, changes)]

    def _membership(self, one: Object) -> list[Data]:
        person, post, unit = one.text("person_id"), one.text("post_id"), one.text("organization_id")
        if not person:
            raise Unfit("it names no person: a membership of an organization in another is not taken")
        within = self.named.id("organizations", unit) if unit else None
        names: Data = {}
        if post:
            place = self.named.id("posts", post)
            if known := self.named.posts.get(post):
                names = known.names(self.options.language, "label", "role") or {}
                unit = known.text("organization_id")
                within = within or (self.named.id("organizations", unit) if unit else None)
        elif within:
            role = one.text("role") or "member"
            place, names = f"{within}:{slug(role)}", {self.options.language: role}
        else:
            raise Unfit("it names neither a post nor an organization")
        who = self.named.id("persons", person)
        if one.own:
            return [self._tenure(one, who, place)]
        (life,) = one.lives(("start_date", "end_date"), self.options.to_is)
        sources, context = self._sources(one)
        row = Row(
            stem=self.file.entry_id("membership", self._key(one)),
            sources=sources,
            context=context,
            times=Times(*one.days(life)),
            person=Thing(who),
            post=Thing(place, names),
            unit=Thing(within, self.named.names.get(within, {})) if within else None,
        )
        return entries_of(row)

    def _tenure(self, one: Object, person: str, post: str) -> Data:
        """The entry of a tenure of which a file of ours tells."""
        (life,) = one.lives(("start_date", "end_date"), self.options.to_is)
        capacities = one.values(life, {}, {"capacity": "capacities"})["capacity"]
        first = capacities[0][1] if capacities else None
        holder: Data = {"tenure": one.id, "person": person, "post": post}
        if one.id is None or not re.fullmatch(TENURE_PATTERN, one.id):
            raise Unfit("a tenure is named by its id")
        if life.since:
            begun = {"kind": "appointed", **holder, "capacity": first or "substantive", "effective": life.since}
        else:
            capacity = {"capacity": first} if first in CAPACITIES else {}
            begun = {"kind": "tenure-attested", **holder, **capacity, "effective": self._shown(life.event)}
        changes = [begun]
        if one.text("post_id") not in self.named.posts:  # it stands on no day that the file tells of
            title = one.names(self.options.language, "role")
            seen = {"kind": "post-attested", "post": post, "effective": None}
            changes.insert(0, {**seen, **({"title": title} if title else {})})
        changes += [
            {"kind": "capacity-changed", **holder, "capacity": value, "effective": since}
            for since, value in capacities[1:]
            if value and since
        ]
        if life.until:
            inferred = {"basis": "inferred"} if life.implied else {}
            ground = {"ground": life.ground} if life.ground else {}
            changes.append({"kind": "released", **holder, **ground, "effective": life.until, **inferred})
        return self._entry(one, self._key(one), changes, "membership")

    # --- entries

    def _key(self, one: Object) -> str:
        return slug(one.id) if one.id else slug(one.where)

    def _entry(self, one: Object, key: str, changes: list[Data], kind: str | None = None) -> Data:
        sources, context = self._sources(one)
        name = self.file.entry_id(kind, key) if kind else self.file.entry_id(key)
        return {"entry": name, "sources": sources, "changes": [*context, *changes]}

    def _sources(self, one: Object) -> tuple[list[Data], list[Data]]:
        """What an object rests on, the file first; and the changes that register its sources and links."""
        sources, context = [self.file.cited(one.locator)], list[Data]()
        for member in ("sources", "links"):
            for url, note in one.links(member):
                source = slug(url)
                registered = {"kind": "source-registered", "source": source, "title": {"und": url}, "address": url}
                if registered not in [{k: v for k, v in c.items() if k != "effective"} for c in context]:
                    context.append({**registered, "effective": None})
                if member == "sources":
                    sources.append({"source": source, **({"locator": note} if note else {})})
        return sources, context


_BEGUN = {"unit": "unit-established", "post": "post-created"}
_FIELDS = {"kind": "unit_kind"}
_PLURALS: Mapping[str, Mapping[str, str]] = {
    "unit": {"name": "names", "kind": "kinds", "parent": "parents", "order": "orders"},
    "post": {"title": "titles", "unit": "units", "seats": "seats", "portfolio": "portfolios"},
}
