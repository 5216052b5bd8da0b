"""A synthetic institution as it stands on a day, and the acts that change it: each act writes its changes in a draft.

It keeps what stands and nothing of the past, so that a register of any length can be written from it.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from bench.things import Bag, Candidate, Draft, Measure, Person, Plain, Post, Tenure, Unit
from domain.dates import Day

UNIT_KINDS = ("office", "directorate", "department")
RELATIONS = ("accountable-to", "supports", "advises")
GROUNDS = ("dismissed", "own-wish", "transfer", "term", "unknown")
SUBJECTS = ("Roads", "Mines", "Forests", "Customs", "Schools", "Posts", "Waters", "Crafts", "Grain", "Salt", "Mint")
SUBJECTS_RU = ("дорог", "рудников", "лесов", "пошлин", "школ", "почт", "вод", "ремёсел", "хлеба", "соли", "монеты")
OFFICES = (("Head", "Начальник"), ("Deputy head", "Заместитель"), ("Counsel", "Советник"), ("Clerk", "Письмоводитель"))
FAMILIES = (("Akhmetov", "Ахметов"), ("Berg", "Берг"), ("Ivanov", "Иванов"), ("Omarov", "Омаров"), ("Stein", "Штейн"))


class Institution:
    """What stands. An act picks only what nothing touched on the day of its draft, for acts of one day have no order.

    A person holds one post at a time, but for acting holders; nobody comes back to the post they held last.
    """

    def __init__(self, measure: Measure, random: Random) -> None:
        self.measure = measure
        self.random = random
        self.root: Unit | None = None
        self.directorates: Bag[Unit] = Bag()
        self.departments: Bag[Unit] = Bag()
        self.posts: Bag[Post] = Bag()
        self.relations: list[tuple[Unit, Unit, str, Day]] = []
        self.waiting: list[Person] = []
        self.founded = False
        self._given = 0

    @property
    def units(self) -> int:
        """How many units stand."""
        return (self.root is not None) + len(self.directorates) + len(self.departments)

    # --- acts upon tenures

    def turn_over(self, draft: Draft) -> None:
        """One post changes its holder, loses one, or gets one."""
        post = self._idle(self.posts, draft.day)
        if post is None:
            return
        chance = self.random.random()
        free = post.seats - len(post.holders)
        if free and (not post.holders or chance < 0.5):
            if post.seats == 1 and chance < 0.08:
                self._act_for(draft, post)
            else:
                self.appoint(draft, post)
        elif chance < 0.05:
            self._transfer(draft, post)
        elif chance < 0.4 and post.seats == 1:
            self.appoint(draft, post)
        else:
            self._release(draft, self._holder(post))
            if chance < 0.86:
                self.appoint(draft, post)

    def appoint(self, draft: Draft, post: Post) -> None:
        """Somebody takes office in *post*; of one seat, they succeed whoever is in it."""
        person = self._somebody(draft, post)
        if person is not None:
            self._begin(draft, person, post, "substantive")

    def _begin(self, draft: Draft, person: Person, post: Post, capacity: str) -> None:
        target = draft.add("appointed", person=person.id, post=post.id, capacity=capacity)
        draft.tenure_acts += 1
        before = post.touched
        tenure = self._enter(draft, person, post)
        if before < draft.day:
            draft.candidates.append(Candidate(target, draft.changes[-1], tenure, before))

    def _act_for(self, draft: Draft, post: Post) -> None:
        """The holder of another post acts in an empty one."""
        other = self._idle(self.posts, draft.day)
        if other is not None and other is not post and other.holders:
            person = self._holder(other).person
            if person.posts == 1 and person.last != post.id:
                self._begin(draft, person, post, "acting")

    def _transfer(self, draft: Draft, post: Post) -> None:
        to, tenure = self._idle(self.posts, draft.day), self._holder(post)
        if to is None or to is post or 1 < to.seats == len(to.holders):
            return
        person = tenure.person
        if person.last != to.id and all(held.person is not person for held in to.holders):
            draft.add("transferred", person=person.id, from_post=post.id, to_post=to.id)
            draft.tenure_acts += 1
            post.holders.remove(tenure)
            post.touched = draft.day
            person.posts -= 1
            person.last = post.id
            self._enter(draft, person, to)

    def _release(self, draft: Draft, tenure: Tenure) -> None:
        ground = GROUNDS[int(self.random.random() * len(GROUNDS))]
        target = draft.add("released", person=tenure.person.id, post=tenure.post.id, ground=ground)
        draft.tenure_acts += 1
        draft.candidates.append(Candidate(target, draft.changes[-1]))
        self.leave(tenure)
        tenure.post.touched = draft.day

    def _enter(self, draft: Draft, person: Person, post: Post) -> Tenure:
        if post.seats == 1:
            for held in post.holders[:]:
                self.leave(held)
        tenure = Tenure(person, post, draft.day)
        post.holders.append(tenure)
        post.touched = draft.day
        person.posts += 1
        return tenure

    def leave(self, tenure: Tenure) -> None:
        """A holder goes, and waits for another post or is forgotten."""
        tenure.post.holders.remove(tenure)
        person = tenure.person
        person.posts -= 1
        person.last = tenure.post.id
        if person.posts == 0 and len(self.waiting) < self.measure.waiting:
            self.waiting.append(person)

    def _somebody(self, draft: Draft, post: Post) -> Person | None:
        """Somebody without a post, or else a person nobody knew."""
        waiting = self.waiting
        if waiting and (draft.late or self.random.random() < 0.8):
            place = int(self.random.random() * len(waiting))
            if waiting[place].last != post.id:
                person, waiting[place] = waiting[place], waiting[-1]
                waiting.pop()
                return person
        if draft.late:
            return None
        person = Person(self._new("h"))
        en, ru = FAMILIES[self._given % len(FAMILIES)]
        number = self._given
        draft.add("person-registered", person=person.id, name={"en": f"{en} {number}", "ru": f"{ru} {number}"})
        return person

    # --- acts upon units and posts

    def grow(self, draft: Draft) -> None:
        """One step towards the measure: a unit; then a post with its holder, or a relation."""
        if self.units < self.measure.units:
            self.establish(draft)
        elif self.random.random() < 0.1:
            self.relate(draft)
        else:
            self.create(draft)
            self.founded = len(self.posts) >= self.measure.posts

    def establish(self, draft: Draft) -> None:
        """The root, a directorate under it, or a department under one."""
        if self.root is None:
            self.root = self._established(draft, 0, None)
        elif len(self.directorates) < self.measure.directorates:
            self.directorates.add(self._established(draft, 1, self.root))
        elif (over := self._idle(self.directorates, draft.day)) is not None:
            self.departments.add(self._established(draft, 2, over))

    def _established(self, draft: Draft, level: int, parent: Unit | None) -> Unit:
        # While it is founded, units are built upon on the day on which they begin.
        unit = Unit(self._new("u"), level, parent, draft.day if self.founded else draft.day - 1)
        kind, above = UNIT_KINDS[level], parent.id if parent else None
        draft.add("unit-established", unit=unit.id, name=self._name(level), unit_kind=kind, parent=above)
        return unit

    def create(self, draft: Draft) -> None:
        """A post in some unit, mostly with its first holder."""
        unit = self._unit(draft.day)
        if unit is None:
            return
        seats = 3 if self.random.random() < 0.1 else 1
        post = Post(self._new("p"), unit, seats, draft.day)
        draft.add("post-created", post=post.id, unit=unit.id, title=self._title(), seats=seats)
        unit.posts.append(post)
        self.posts.add(post)
        if self.random.random() < 0.9:
            self.appoint(draft, post)

    def reorganize(self, draft: Draft) -> None:
        """Units begin where they are too few; else one changes its form, or goes, if posts enough will be left."""
        chance = self.random.random()
        if len(self.posts) < 0.96 * self.measure.posts:
            self.create(draft)
        elif self.units < self.measure.units:
            if chance < 0.7:
                self.establish(draft)
            else:
                self._spin_off(draft)
        elif chance < 0.2:
            self._transform(draft)
        elif chance < 0.6:
            self._abolish(draft)
        else:
            self._merge(draft)

    def _abolish(self, draft: Draft) -> None:
        unit, heir = self._quiet(draft.day), self._idle(self.departments, draft.day)
        if unit is None or len(self.departments) < 2:
            return
        heirs = [heir.id] if heir is not None and heir is not unit and self.random.random() < 0.5 else []
        if heirs and heir is not None:
            heir.touched = draft.day
        draft.add("unit-abolished", unit=unit.id, successors=heirs)
        self._end(unit, draft.day)

    def _merge(self, draft: Draft) -> None:
        """Two departments become a new one, which takes over up to two of the posts."""
        one, other = self._quiet(draft.day), self._quiet(draft.day)
        if one is None or other is None or one is other:
            return
        new = Unit(self._new("u"), 2, one.parent, draft.day)
        links = [[one.id, new.id], [other.id, new.id]]
        after = [{"unit": new.id, "name": self._name(2), "unit_kind": UNIT_KINDS[2], "parent": _id(one.parent)}]
        draft.add("units-reorganized", form="merge", before=[one.id, other.id], after=after, links=links)
        self.departments.add(new)
        for post in one.posts[:2]:
            self._move(draft, post, new)
        self._end(one, draft.day)
        self._end(other, draft.day)

    def _spin_off(self, draft: Draft) -> None:
        unit = self._quiet(draft.day)
        if unit is None:
            return
        new = Unit(self._new("u"), 2, unit.parent, draft.day)
        after = [
            {"unit": unit.id},
            {"unit": new.id, "name": self._name(2), "unit_kind": UNIT_KINDS[2], "parent": _id(unit.parent)},
        ]
        links = [[unit.id, unit.id], [unit.id, new.id]]
        draft.add("units-reorganized", form="spin-off", before=[unit.id], after=after, links=links)
        unit.touched = draft.day
        self.departments.add(new)
        for post in unit.posts[:2]:
            self._move(draft, post, new)

    def _transform(self, draft: Draft) -> None:
        """A department goes on as another unit, with its posts."""
        unit = self._quiet(draft.day)
        if unit is None:
            return
        old, new = unit.id, self._new("u")
        after = [{"unit": new, "name": self._name(2), "unit_kind": UNIT_KINDS[2], "parent": _id(unit.parent)}]
        draft.add("units-reorganized", form="transform", before=[old], after=after, links=[[old, new]])
        self._unrelate(unit)
        unit.id, unit.touched = new, draft.day
        for post in unit.posts:
            post.touched = draft.day

    def move(self, draft: Draft) -> None:
        """A department moves to another directorate."""
        unit, over = self._idle(self.departments, draft.day), self._idle(self.directorates, draft.day)
        if unit is not None and over is not None and over is not unit.parent:
            draft.add("unit-moved", unit=unit.id, parent=over.id)
            unit.parent, unit.touched = over, draft.day

    def rename(self, draft: Draft) -> None:
        """A unit bears another name."""
        unit = self._unit(draft.day)
        if unit is not None:
            target = draft.add("unit-renamed", unit=unit.id, name=self._name(unit.level))
            draft.candidates.append(Candidate(target, draft.changes[-1]))
            unit.touched = draft.day

    def retitle(self, draft: Draft) -> None:
        """A post bears another title."""
        post = self._idle(self.posts, draft.day)
        if post is not None:
            target = draft.add("post-retitled", post=post.id, title=self._title())
            draft.candidates.append(Candidate(target, draft.changes[-1]))
            post.touched = draft.day

    def renew_posts(self, draft: Draft) -> None:
        """A post begins where they are too few; else one goes, with its holders."""
        if len(self.posts) < self.measure.posts:
            self.create(draft)
        elif (post := self._idle(self.posts, draft.day)) is not None:
            draft.add("post-abolished", post=post.id)
            self._close(post)

    def move_post(self, draft: Draft) -> None:
        """A post moves to another unit, with its holders."""
        post, unit = self._idle(self.posts, draft.day), self._unit(draft.day)
        if post is not None and unit is not None and unit is not post.unit and post.unit.touched < draft.day:
            self._move(draft, post, unit)

    def relate(self, draft: Draft) -> None:
        """A relation begins where they are too few; else one ends."""
        if len(self.relations) < self.measure.relations:
            one, other = self._unit(draft.day), self._unit(draft.day)
            kind = RELATIONS[int(self.random.random() * len(RELATIONS))]
            if one is None or other is None or one is other:
                return
            if all(known[:3] != (one, other, kind) for known in self.relations):
                draft.add("relation-started", subject=one.id, object=other.id, relation=kind)
                self.relations.append((one, other, kind, draft.day))
                one.touched = other.touched = draft.day
            return
        place = int(self.random.random() * len(self.relations))
        one, other, kind, since = self.relations[place]
        if max(since, one.touched, other.touched) < draft.day:
            draft.add("relation-ended", subject=one.id, object=other.id, relation=kind)
            self.relations[place] = self.relations[-1]
            self.relations.pop()
            one.touched = other.touched = draft.day

    # --- what a report says

    def observe(self, draft: Draft) -> None:
        """A number of staff, on the day or in its year."""
        unit = self._unit(draft.day) or self.root
        if unit is not None:
            value = 1 + int(self.random.random() * 400)
            year = {"effective": f"{date.fromordinal(draft.day).year:04}"} if self.random.random() < 0.5 else {}
            draft.add("quantity-observed", subject=unit.id, quantity="staff", value=value, **year)

    def attest(self, draft: Draft) -> None:
        """A unit is shown under its parent."""
        unit = self._idle(self.departments, draft.day)
        if unit is not None:
            draft.add("unit-attested", unit=unit.id, parent=_id(unit.parent))
            unit.touched = draft.day

    def list_holders(self, draft: Draft) -> None:
        """The complete list of who holds a post."""
        post = self._idle(self.posts, draft.day)
        if post is not None and post.holders:
            members = [tenure.person.id for tenure in post.holders]
            draft.add("list-attested", scope={"post": post.id}, members=members, closed=True)
            post.touched = draft.day

    # --- what stands

    def _move(self, draft: Draft, post: Post, unit: Unit) -> None:
        draft.add("post-moved", post=post.id, unit=unit.id)
        post.unit.posts.remove(post)
        unit.posts.append(post)
        post.unit, post.touched = unit, draft.day

    def _end(self, unit: Unit, day: Day) -> None:
        """A department goes, and all that hangs on it."""
        self.departments.remove(unit)
        unit.touched = day
        self._unrelate(unit)
        for post in unit.posts[:]:
            self._close(post)

    def _close(self, post: Post) -> None:
        self.posts.remove(post)
        post.unit.posts.remove(post)
        for tenure in post.holders[:]:
            self.leave(tenure)

    def _unrelate(self, unit: Unit) -> None:
        self.relations = [known for known in self.relations if unit not in known[:2]]

    def _holder(self, post: Post) -> Tenure:
        return post.holders[int(self.random.random() * len(post.holders))]

    def _idle(self, bag: Bag[Any], day: Day) -> Any:
        """One of *bag* that nothing touched today, if a few looks find it."""
        for _ in range(8 if bag.items else 0):
            found = bag.any(self.random)
            if found.touched < day:
                return found
        return None

    def _unit(self, day: Day) -> Unit | None:
        """A department or a directorate, each as likely."""
        under = len(self.directorates)
        chance = self.random.random() * (under + len(self.departments))
        bag = self.directorates if chance < under else self.departments
        found: Unit | None = self._idle(bag, day)
        return found

    def _quiet(self, day: Day) -> Unit | None:
        """A department that nothing touched today, nor any of its posts."""
        unit: Unit | None = self._idle(self.departments, day)
        return unit if unit is not None and all(post.touched < day for post in unit.posts) else None

    def _new(self, letter: str) -> str:
        self._given += 1
        return f"{letter}{self._given}"

    def _name(self, level: int) -> Plain:
        place, number = int(self.random.random() * len(SUBJECTS)), 1 + int(self.random.random() * 99)
        kind = UNIT_KINDS[level].capitalize()
        return {"en": f"{kind} of {SUBJECTS[place]}, no. {number}", "ru": f"Отдел {SUBJECTS_RU[place]} № {number}"}

    def _title(self) -> Plain:
        en, ru = OFFICES[int(self.random.random() * len(OFFICES))]
        number = 1 + int(self.random.random() * 99)
        return {"en": f"{en}, {number} section", "ru": f"{ru} {number} отделения"}


def _id(unit: Unit | None) -> str | None:
    return unit.id if unit else None
