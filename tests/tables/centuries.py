"""Long registers: a century of a small office, in which what happened in one decade leaves the others alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

from domain.dates import Day
from domain.entries import Entry, entry_from

FIRST, LAST = date(1850, 1, 1), date(1950, 1, 1)
UNITS = [f"u{number}" for number in range(1, 9)]
"""The first three under the root, the next three under those, the last two below them."""
ONE_SEAT = ["p1", "p2", "p3"]
THREE_SEATS = ["p4", "p5"]
POSTS = [*ONE_SEAT, *THREE_SEATS]
PERSONS = [f"m{number}" for number in range(14)]
RELATION = "supports"

Change: TypeAlias = dict[str, Any]


def _text(name: str) -> dict[str, str]:
    return {"en": name}


def _above(unit: str) -> str:
    number = int(unit[1:])
    return "root" if number <= 3 else f"u{number - 3}"


def founding() -> Entry:
    """The cast; most of it begins in the first years."""
    changes: list[Change] = [
        {"kind": "institution-declared", "name": _text("Office"), "effective": None},
        {"kind": "unit-established", "unit": "root", "name": _text("Office"), "unit_kind": "k", "parent": None},
    ]
    for number, unit in enumerate(UNITS):
        born = {"unit": unit, "name": _text(unit), "unit_kind": "d", "parent": _above(unit)}
        begun = f"185{number // 2}-03-0{number + 1}"
        if number % 4 == 3:  # known by a list alone
            changes.append({"kind": "unit-attested", **born, "effective": "1860-05-05"})
        else:
            changes.append({"kind": "unit-established", **born, "effective": begun})
    for number, post in enumerate(POSTS):
        seats = 1 if post in ONE_SEAT else 3
        held: Change = {"post": post, "unit": UNITS[number], "title": _text(post), "seats": seats}
        if post == "p3":
            changes.append({"kind": "post-attested", **held, "effective": None})
        else:
            changes.append({"kind": "post-created", **held, "effective": f"185{number}-06-01"})
    changes += [{"kind": "person-registered", "person": one, "name": _text(one), "effective": None} for one in PERSONS]
    return entry_from({"entry": "founding", "effective": "1850-01-01", "changes": changes}, "drawn")


class Century:
    """Entries drawn one after another; most go on where the last left off, some come late or take back."""

    def __init__(self, chance: Random, most: int) -> None:
        self.chance = chance
        self.most = most
        self.at = FIRST + timedelta(365)
        self.targets: list[str] = []
        self.held: dict[str, list[str]] = {post: [] for post in POSTS}
        self.appointments: list[tuple[str, str, str]] = []

    def entries(self) -> list[Entry]:
        """The founding and what follows it."""
        found = [founding()]
        step = (LAST - self.at).days // self.most
        for number in range(self.most):
            self.at += timedelta(self.chance.randint(0, 2 * step))
            self.at = min(self.at, LAST)
            found.append(self._entry(f"e{number}"))
        return found

    def _entry(self, name: str) -> Entry:
        data: dict[str, Any] = {"entry": name}
        if self.targets and self.chance.random() < 0.22:
            changes = [self._control()]
        else:
            late = self.chance.random() < 0.3
            day = self._past() if late else self.at
            changes = [self._fact(day) for _ in range(self.chance.choice([1, 1, 1, 2, 2, 3]))]
            if self.chance.random() < 0.4:
                issued = str(self.chance.randint(1, 40))
                data["instrument"] = {"kind": "decree", "number": issued, "signed": day.isoformat()}
        self.targets += [f"{name}#{number + 1}" for number in range(len(changes))]
        for number, change in enumerate(changes):
            if change["kind"] == "appointed":
                self.appointments.append((f"{name}#{number + 1}", change["person"], change["post"]))
        return entry_from({**data, "changes": changes}, "drawn")

    def _past(self) -> date:
        return FIRST + timedelta(self.chance.randint(0, max(1, (self.at - FIRST).days)))

    def _effective(self, day: date) -> str:
        text = day.isoformat()
        match self.chance.randint(0, 19):
            case 0:
                return text[:4]
            case 1 | 2:
                return text[:7]
            case 3:
                return f"../{text}"
            case 4:
                return text + self.chance.choice("~?")
            case 5:
                return f"{text}/{(day + timedelta(self.chance.choice([3, 40, 900]))).isoformat()}"
            case _:
                return text

    def _fact(self, day: date) -> Change:
        kinds: list[tuple[int, Callable[[date], Change]]] = [
            (22, self._appoint),
            (12, self._release),
            (6, self._transfer),
            (4, self._report_holder),
            (14, self._unit),
            (8, self._reorganize),
            (8, self._post),
            (5, self._list),
            (3, self._cover),
            (2, self._die),
            (5, self._relate),
            (4, self._assign),
            (3, self._count),
        ]
        act = self.chance.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]
        certainty = self.chance.choice(["high", "medium", "medium", "medium", "low"])
        sources = [{"source": "s", "certainty": certainty}]
        return {"effective": self._effective(day), "sources": sources, **act(day)}

    def _appoint(self, day: date) -> Change:
        post, person = self.chance.choice(POSTS), self.chance.choice(PERSONS)
        self.held[post] = [*self.held[post], person][-3:]
        capacity = self.chance.choice(["substantive", "substantive", "substantive", "acting", "concurrent"])
        change = {"kind": "appointed", "person": person, "post": post, "capacity": capacity}
        return {**change, "reappointed": True} if self.chance.random() < 0.1 else change

    def _release(self, day: date) -> Change:
        if self.appointments and self.chance.random() < 0.2:
            return {"kind": "released", "tenure": self.chance.choice(self.appointments)[0]}
        post = self.chance.choice(POSTS)
        person = self.chance.choice(self.held[post] or PERSONS)
        if self.chance.random() < 0.15:
            return {"kind": "capacity-changed", "person": person, "post": post, "capacity": "on-leave"}
        return {"kind": "released", "person": person, "post": post}

    def _transfer(self, day: date) -> Change:
        post, other = self.chance.sample(POSTS, 2)
        person = self.chance.choice(self.held[post] or PERSONS)
        self.held[other] = [*self.held[other], person][-3:]
        return {"kind": "transferred", "person": person, "from_post": post, "to_post": other}

    def _report_holder(self, day: date) -> Change:
        post = self.chance.choice(POSTS)
        person = self.chance.choice(self.held[post] or PERSONS)
        return {"kind": "tenure-attested", "person": person, "post": post}

    def _unit(self, day: date) -> Change:
        unit = self.chance.choice(UNITS)
        parent = self.chance.choice(["root", *UNITS[: UNITS.index(unit)]])
        name = _text(self.chance.choice("ABCDEF"))
        return self.chance.choice(
            [
                {"kind": "unit-renamed", "unit": unit, "name": name},
                {"kind": "unit-renamed", "unit": unit, "name": name},
                {"kind": "unit-moved", "unit": unit, "parent": parent},
                {"kind": "unit-moved", "unit": unit, "parent": parent},
                {"kind": "unit-abolished", "unit": unit},
                {"kind": "unit-reinstated", "unit": unit, "parent": parent},
                {"kind": "unit-established", "unit": unit, "name": name, "unit_kind": "d", "parent": parent},
                {"kind": "unit-attested", "unit": unit, "name": name},
                {"kind": "unit-attested", "unit": unit, "parent": parent},
            ]
        )

    def _reorganize(self, day: date) -> Change:
        form = self.chance.choice(["transform", "transform", "recode", "merge", "absorb", "split"])
        before = self.chance.sample(UNITS, 2 if form in ("merge", "absorb") else 1)
        after = self.chance.sample(UNITS, 2 if form == "split" else 1)
        return {
            "kind": "units-reorganized",
            "form": form,
            "before": before,
            "after": [{"unit": one, "name": _text(one.upper()), "parent": "root"} for one in after],
        }

    def _post(self, day: date) -> Change:
        post, unit = self.chance.choice(POSTS), self.chance.choice(["root", *UNITS])
        return self.chance.choice(
            [
                {"kind": "post-retitled", "post": post, "title": _text(self.chance.choice("ABC"))},
                {"kind": "post-moved", "post": post, "unit": unit},
                {"kind": "post-abolished", "post": post},
                {"kind": "post-reinstated", "post": post, "unit": unit},
                {"kind": "post-attested", "post": post, "unit": unit},
                {"kind": "post-attested", "post": post, "seats": self.chance.choice([1, 3])},
                {"kind": "seats-changed", "post": post, "seats": self.chance.choice([1, 1, 2, 3])},
                {"kind": "portfolio-changed", "post": post, "portfolio": _text("all")},
            ]
        )

    def _scope(self) -> tuple[dict[str, str], list[str]]:
        match self.chance.randint(0, 5):
            case 0 | 1:
                parent = self.chance.choice(["root", *UNITS[:5]])
                others = [unit for unit in UNITS if parent == "root" or unit > parent]
                return {"parent": parent}, self.chance.sample(others, min(len(others), self.chance.randint(1, 4)))
            case 2:
                return {"relation": RELATION, "object": self.chance.choice(UNITS)}, self.chance.sample(UNITS, 1)
            case _:
                post = self.chance.choice(POSTS)
                return {"post": post}, sorted({*self.held[post][-1:]})

    def _list(self, day: date) -> Change:
        scope, members = self._scope()
        if self.chance.random() < 0.2:
            members = []
        return {"kind": "list-attested", "scope": scope, "members": members, "closed": self.chance.random() < 0.6}

    def _cover(self, day: date) -> Change:
        scope, _ = self._scope()
        until = day + timedelta(self.chance.randint(10, 4000))
        return {"kind": "coverage-declared", "scope": scope, "from": day.isoformat(), "until": until.isoformat()}

    def _die(self, day: date) -> Change:
        return {"kind": "life-event", "person": self.chance.choice(PERSONS), "what": "died"}

    def _relate(self, day: date) -> Change:
        subject, object_ = self.chance.sample([*UNITS, *POSTS], 2)
        kind = self.chance.choice(["relation-started", "relation-started", "relation-ended", "relation-attested"])
        return {"kind": kind, "subject": subject, "object": object_, "relation": RELATION}

    def _assign(self, day: date) -> Change:
        kind = self.chance.choice(["assigned", "withdrawn", "transferred", "transferred", "attested"])
        holder = self.chance.choice([*UNITS[:4], *POSTS[:3]])
        change = {"kind": f"function-{kind}", "holder": holder, "function": self.chance.choice(["f1", "f2"])}
        return {**change, "text": _text("duty")} if kind != "withdrawn" else change

    def _count(self, day: date) -> Change:
        subject = self.chance.choice([*UNITS, *POSTS])
        return {"kind": "quantity-observed", "subject": subject, "quantity": "staff", "value": 7}

    def _control(self) -> Change:
        target = self.chance.choice(self.targets)
        match self.chance.randint(0, 24):
            case 0 | 1 | 2 | 3 | 4 | 5 | 6:
                return {"kind": "annulled", "target": target, "reason": "misread"}
            case 7 | 8 | 9 | 10:
                return {"kind": "annulled", "target": target.partition("#")[0], "reason": "misread"}
            case 11 | 12:
                return {"kind": "reading-preferred", "target": target, "reason": "better"}
            case 13:
                ids = self.chance.sample(self.chance.choice([UNITS, POSTS, PERSONS]), 2)
                return {"kind": "identities-unified", "ids": ids, "reason": "one thing"}
            case 14:
                return {"kind": "redacted", "targets": [target], "scope": "all", "ground": "privacy"}
            case _:
                change = self._fact(self._past())
                return {"kind": "corrected", "target": target, "change": change, "reason": "misread"}


def century(seed: int, most: int = 100) -> list[Entry]:
    """The founding and *most* entries; the same *seed* gives the same. Some of them will be refused."""
    return Century(Random(seed), most).entries()


def some_days(seed: int, count: int = 25) -> list[Day]:
    """Days all over the century, and one before and after all."""
    chance = Random(seed)
    first, last = FIRST.toordinal(), LAST.toordinal()
    return sorted({first - 4000, last + 4000, *(chance.randint(first, last) for _ in range(count - 2))})
