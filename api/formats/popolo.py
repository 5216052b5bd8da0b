"""`popolo`: organizations, posts, persons and memberships as the Popolo project specifies them (JSON).

Popolo knows plain dates alone. Where a date is no plain one it is left out, and stands in the member `regesta` of its
object, as do all other dates, grades, and the acts behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import orjson

from api.formats.cited import Cited
from api.formats.exported import Exported, Files, in_one_language
from api.formats.losses import Losses
from api.formats.persons import Person
from api.formats.popolo_acts import NO_PLACE, addresses, causes, lose_the_rest
from domain.acts import Act
from domain.claims import Key, post_key
from domain.dates import PartialDate, day
from domain.ids import natural
from domain.lives import Life
from domain.vacancy import vacancy
from projections.sources import described
from projections.structure import Answer

PLAIN = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
"""What Popolo takes for a date: a year, a month or a day."""

OWN = "the member regesta of the object"
NOT_PLAIN = "what is known of it is no year, month or day"


def popolo(exported: Exported) -> Files:
    """The one file: `organizations`, `posts`, `persons`, `memberships`, and `regesta`, what it is and what is lost."""
    writer = _Popolo(exported)
    objects: dict[str, list[Answer]] = {
        "organizations": writer.organizations(),
        "posts": writer.posts(),
        "persons": writer.persons(),
        "memberships": writer.memberships(),
    }
    lose_the_rest(exported, writer.cited, writer.losses)
    whole: Answer = {
        "regesta": {**exported.told, "losses": writer.losses.told, "acts": causes(writer.cited, exported.world)},
        **objects,
    }
    text = orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return {f"{exported.institution}.popolo.json": text}


class _Popolo:
    def __init__(self, exported: Exported) -> None:
        self.exported = exported
        self.world = exported.world
        self.losses = Losses()
        self.cited = Cited()
        self.sources = described(self.world.acts)

    # --- objects

    def organizations(self) -> list[Answer]:
        """A unit each, with what it is called and where it hangs, on the day or last."""
        return [self._organization(key, lives) for key, lives in self._things("unit")]

    def _organization(self, key: Key, lives: list[Life]) -> Answer:
        life, names = self._one(key, lives), self._all(lives, "name")
        parents, kinds, orders = (self._all(lives, name) for name in ("parent", "kind", "order"))
        self._lose_former(key[1], "kinds", kinds)
        self._lose_former(key[1], "parents", parents)
        if orders:
            self.losses.add("the place among units that hang on the same", key[1], NO_PLACE, OWN)
        return {
            "id": key[1],
            **self._named(names, life, "name", "other_names"),
            "classification": self.exported.value(life, "kind"),
            "parent_id": self.exported.value(life, "parent"),
            **self._dates(life, "founding_date", "dissolution_date"),
            "sources": self._addresses(act for life in lives for act in life.acts),
            "regesta": {
                "lives": self._lives(key[1], lives),
                "names": names,
                "kinds": kinds,
                "parents": parents,
                "orders": orders,
            },
        }

    def posts(self) -> list[Answer]:
        """A post each, with its title and its unit, on the day or last."""
        return [self._post(key, lives) for key, lives in self._things("post")]

    def _post(self, key: Key, lives: list[Life]) -> Answer:
        life, titles = self._one(key, lives), self._all(lives, "title")
        units, seats, portfolios = (self._all(lives, name) for name in ("unit", "seats", "portfolio"))
        label = self._named(titles, life, "title", "other_label")
        self._lose_former(key[1], "units", units)
        for what, found in (("seats", seats), ("portfolios", portfolios)):
            if found:
                self.losses.add(what, key[1], NO_PLACE, OWN)
        own: Answer = {
            "lives": self._lives(key[1], lives),
            "titles": titles,
            "units": units,
            "seats": seats,
            "portfolios": portfolios,
        }
        on = self.exported.as_of
        if on is not None and (shown := self.world.shown(key, on)):
            own["vacancy"] = vacancy(self.world, key[1], shown[0], on)
            self.losses.add("how far a post is held", key[1], NO_PLACE, OWN)
        return {
            "id": key[1],
            "label": label["title"],
            "other_label": sorted({other["name"] for other in label["other_label"]} - {label["title"]}),
            "organization_id": self.exported.value(life, "unit"),
            **self._dates(life, "start_date", "end_date"),
            "sources": self._addresses(act for life in lives for act in life.acts),
            "regesta": own,
        }

    def persons(self) -> list[Answer]:
        """Everybody who is registered."""
        return [self._person(person) for person in self.exported.persons()]

    def _person(self, person: Person) -> Answer:
        now = [name for name in person.names if name.use != "other"][-1]
        called = in_one_language(now.name)
        others = []
        for name in person.names:
            later = name.use == "renamed"
            since = _plain_day(name.act.day) if later else None
            if later and since is None:
                self.losses.add("a plain start_date of a name", person.id, NOT_PLAIN, OWN)
            for language, text in name.name.items():
                if (name, text) != (now, called):
                    dated = {"start_date": since} if since else {}
                    others.append({"name": text, **dated, "note": language})
        born, died = _plain_day(person.born), _plain_day(person.died)
        for member, date, plain in (("birth_date", person.born, born), ("death_date", person.died, died)):
            if date is not None and plain is None:
                self.losses.add(f"a plain {member}", person.id, NOT_PLAIN, OWN)
        return {
            "id": person.id,
            "name": called,
            "other_names": others,
            "birth_date": born,
            "death_date": died,
            "sources": self._addresses(name.act for name in person.names),
            "regesta": {
                "born": person.born.text if person.born else None,
                "died": person.died.text if person.died else None,
                "event": self.cited.act(person.act),
                "names": [
                    {
                        "use": name.use,
                        "name": dict(name.name),
                        "since": name.act.day.text if name.act.day and name.use == "renamed" else None,
                        "event": self.cited.act(name.act),
                    }
                    for name in person.names
                ],
            },
        }

    def memberships(self) -> list[Answer]:
        """A tenure each: the person, the post, and the unit of the post at that time."""
        tenures = sorted(self.exported.lives("tenure"), key=lambda life: natural(life.id))
        return [self._membership(life) for life in tenures]

    def _membership(self, life: Life) -> Answer:
        _, person, post = life.key
        held = self._all([life], "capacity")
        if held:
            self.losses.add("capacities", life.id, NO_PLACE, OWN)
        at = max(min(life.e_lo, life.e_hi) - 1, life.s_hi) if life.end else None
        place = self._place(post, at)
        return {
            "id": life.id,
            "role": in_one_language(place["title"]),
            "person_id": person,
            "post_id": post,
            "organization_id": place["unit"],
            **self._dates(life, "start_date", "end_date"),
            "sources": self._addresses(life.acts),
            "regesta": {**self._life(life.id, life), "capacities": held},
        }

    def _place(self, post: str, at: int | None) -> Answer:
        """Title and unit of a post on the last day of a tenure; of one that lasts, on the day asked about or last."""
        days = [on for on in (at, self.exported.as_of) if on is not None]
        found = self.world.shown(post_key(post), min(days)) if days else None
        life = found[0] if found else self.exported.last(post_key(post))
        if life is None:
            return {"title": None, "unit": None}
        return {
            name: life.value(name, min(days)) if days else self.exported.value(life, name) for name in ("title", "unit")
        }

    # --- what every object has

    def _addresses(self, acts: Iterable[Act]) -> list[Answer]:
        return addresses(acts, self.sources, self.losses)

    def _things(self, kind: str) -> list[tuple[Key, list[Life]]]:
        found: dict[Key, list[Life]] = {}
        for life in self.exported.lives(kind):
            found.setdefault(life.key, []).append(life)
        return sorted(found.items(), key=lambda item: natural(item[0][1]))

    def _one(self, key: Key, lives: list[Life]) -> Life:
        """The life of which Popolo's own members tell: that of the day, else the last."""
        one = self.exported.last(key)
        assert one is not None
        for other in lives:
            if other is not one:
                self.losses.add("dates of another life of the same id", key[1], NO_PLACE, OWN)
        return one

    def _lives(self, thing: str, lives: list[Life]) -> list[Answer]:
        return [self._life(thing, life) for life in lives]

    def _life(self, thing: str, life: Life) -> Answer:
        self.cited.life(life)
        told = self.exported.life(life)
        if told["grade"] != "certain":
            self.losses.add(f"that a fact is {told['grade'] or 'over by the day'}", thing, NO_PLACE, OWN)
        if told["implied"]:
            self.losses.add("that an end only follows from another act", thing, NO_PLACE, OWN)
        if told["contested"]:
            self.losses.add("that claims about it disagree", thing, NO_PLACE, OWN)
        for rival in (*life.rivals, *life.rivals_of_a_day):
            self.losses.add("a claim that is not believed", rival.loser.target, NO_PLACE)
        return told

    def _dates(self, life: Life, start: str, end: str) -> Answer:
        """The plain dates of a life; *end* is the first day on which it stands no longer."""
        told, thing = self.exported.life(life), life.id if life.key[0] == "tenure" else life.key[1]
        found = {start: _plain(told, "since"), end: _plain(told, "until")}
        for member, name in ((start, "since"), (end, "until")):
            if told[name] is not None and found[member] is None:
                self.losses.add(f"a plain {member}", thing, NOT_PLAIN, OWN)
        return found

    def _all(self, lives: Iterable[Life], attribute: str) -> list[Answer]:
        """Every value of an attribute: [{attribute: value, life, since, …, event}]; [] if there is none."""
        found: list[Answer] = []
        for life in lives:
            for span, row in self.exported.spans(life, attribute):
                self.cited.span(span)
                found.append({attribute: span.value, "life": life.number + 1, **row})
        return found if any(span[attribute] is not None for span in found) else []

    def _named(self, names: list[Answer], life: Life, attribute: str, others: str) -> Answer:
        """The name on the day or last, in one language; and all others, in every language, with their plain dates."""
        now = next((span for span in reversed(names) if span["life"] == life.number + 1), None)
        called, found = in_one_language(now[attribute]) if now else None, []
        for span in names:
            dates = {"start_date": _plain(span, "since"), "end_date": _plain(span, "until")}
            kept = {member: plain for member, plain in dates.items() if plain}
            for language, text in (span[attribute] or {}).items():
                if span is not now or text != called:
                    found.append({"name": text, **kept, "note": language})
        return {attribute: called, others: found}

    def _lose_former(self, thing: str, what: str, spans: list[Answer]) -> None:
        if len({str(next(iter(span.values()))) for span in spans}) > 1:
            self.losses.add(f"former {what}", thing, NO_PLACE, OWN)


def _plain(told: Answer, name: str) -> str | None:
    """The date *name* of what is told, if it is a year, a month or a day, and can be no other by what else is known."""
    text = told[name]
    if text is None or not PLAIN.fullmatch(text):
        return None
    date, lo, hi = PartialDate.parse(text), told[f"{name}_earliest"], told[f"{name}_latest"]
    within = lo is not None and hi is not None and date.earliest <= day(lo) and day(hi) <= date.latest
    return str(text) if within else None


def _plain_day(date: PartialDate | None) -> str | None:
    return date.text if date and PLAIN.fullmatch(date.text) else None
