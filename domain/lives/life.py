"""Lives: one span each from a start to an end of a unit, post, tenure or relation, with all claimed of it.

A life knows the bounds of its start and end, which of them are proved, the days on which the record
shows it, its values in the order of effect, and the days on which claims about it disagree. From these it
answers how sure it is on a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from domain.acts import Act, better
from domain.claims import Key, Value
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, PartialDate, iso
from domain.lives.grades import Bounds, Grade
from domain.lives.told import End, Held, Rival, Seen, Shown


@dataclass
class Life:
    """One life of *key*, the *number*-th from 0; *after* is the earliest day it can begin, ended a life before."""

    key: Key
    number: int
    after: Day
    first: Mapping[str, Held]
    named: str | None = None
    starts: list[Act] = field(default_factory=list)
    shown: dict[Shown, None] = field(default_factory=dict)
    elsewhere: list[Seen] = field(default_factory=list)
    """Days on which something that is not looked at here shows the life: those that matter."""
    values: dict[str, list[Held]] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    names: dict[Act, str] = field(default_factory=dict)
    end: End | None = None
    disputes: list[tuple[Day, Day]] = field(default_factory=list)
    rivals: list[Rival] = field(default_factory=list)
    denied: list[Rival] = field(default_factory=list)
    """Ends that would have followed from *loser*, were the life not shown afterwards, by *winner*."""

    # --- while the fold runs

    @property
    def start_lo(self) -> Day:
        """The earliest day that every start claimed allows."""
        if len(self.starts) == 1:  # as nearly always
            return self.starts[0].lo
        return max((act.lo for act in self.starts), default=self.after)

    @property
    def start_hi(self) -> Day:
        """The latest day that every start claimed allows."""
        if len(self.starts) == 1:
            return self.starts[0].hi
        return min((act.hi for act in self.starts), default=AFTER_ALL)

    def show(self, shown: Shown) -> None:
        """Take in a day on which the record shows the life."""
        if shown.hi >= BEFORE_ALL:
            self.shown[shown] = None

    def hold(self, attribute: str, held: Held) -> None:
        """Take in a value, in the order of effect."""
        self.values.setdefault(attribute, []).append(held)

    def is_called(self, tenure: str) -> bool:
        """Whether *tenure* is the tenure's own id, or the name that an act about it gives it."""
        return tenure == self.named or tenure in self.names.values()

    def can_stand(self, lo: Day, hi: Day) -> bool:
        """Whether the life can stand on some day from *lo* to *hi*."""
        return self.start_lo <= hi and (self.end is None or lo < self.end.hi)

    def value(self, attribute: str, day: Day) -> Value:
        """The value of *attribute* on *day*; None if nothing gives one."""
        held = self.held(attribute, day)
        return held.value if held else None

    def held(self, attribute: str, day: Day) -> Held | None:
        """What gives *attribute* its value on *day*.

        An act's value holds until the next; an attested one only where no act gave one, and else on its
        own day if it is the better claim. The first value holds from the start.
        """
        given = self.values.get(attribute, ())
        if len(given) == 1 and given[0].given != "attested":  # as nearly always
            return given[0] if given[0].day <= day else self.first.get(attribute)
        act = _latest(held for held in given if held.given != "attested" and held.day <= day)
        if act:
            on_the_day = [h for h in given if _attested_on(h, day) and h.value != act.value]
            best = min(on_the_day, key=lambda held: held.act.rank, default=None)
            return best if best and best.act.rank < act.act.rank else act
        attested = _latest(held for held in given if held.given == "attested" and held.day <= day)
        if attested:
            same_day = (held for held in given if held.given == "attested" and held.day == attested.day)
            return min(same_day, key=lambda held: held.act.rank)
        if attribute in self.first:
            return self.first[attribute]
        first = min(given, key=lambda held: held.day, default=None)
        return first if first and first.given == "attested" else None

    def gave(self, attribute: str, day: Day) -> Held | None:
        """What gave *attribute* the value that it has on *day*: whoever said so first, since it was another."""
        given = self.values.get(attribute, ())
        found = self.held(attribute, day)
        if found is None or not given or (len(given) == 1 and attribute not in self.first):
            return found
        days = {held.day for held in given} | {held.day + 1 for held in given if held.given == "attested"}
        days.add(min(days) - 1)
        for earlier in sorted((one for one in days if one <= day), reverse=True):
            held = self.held(attribute, earlier)
            if held is None or held.value != found.value:
                break
            found = held
        return found

    def value_rivals(self, attribute: str, day: Day) -> list[Held]:
        """Values claimed for *day* itself that differ from the one shown."""
        shown = self.held(attribute, day)
        if shown is None:
            return []
        given = self.values.get(attribute, ())
        act = _latest(held for held in given if held.given != "attested" and held.day <= day)
        claims = [held for held in given if _attested_on(held, day)]
        return [held for held in ([act] if act else []) + claims if held.value != shown.value] if claims else []

    @property
    def rivals_of_a_day(self) -> Iterator[Rival]:
        """The values that sources claim for one day alone and that are not believed, each once."""
        for attribute, given in self.values.items():
            for day in sorted({held.day for held in given if _attested_on(held, held.day)}):
                shown = self.held(attribute, day)
                for other in self.value_rivals(attribute, day) if shown else ():
                    assert shown is not None
                    winner, loser, rule = better(shown.act, other.act)
                    yield Rival(self.key, attribute, winner, loser, rule, day, day)

    # --- when the fold is done

    @cached_property
    def id(self) -> str:
        """The tenure id: its own if named, else the `ENTRY#n` of its start, else of its first event."""
        if self.named:
            return self.named
        return self.names[self.start or self.acts[0]]

    @cached_property
    def start(self) -> Act | None:
        """The best claim of the start; None if no source states one."""
        return min(self.starts, key=lambda act: act.rank, default=None)

    @cached_property
    def cause(self) -> Act:
        """The act by which the life begins; of a life only attested the first attestation."""
        return self.start or self.acts[0]

    @cached_property
    def told_at(self) -> frozenset[int]:
        """The positions of its acts; no act is of two lives of one thing, however much is known."""
        return frozenset(act.position for act in self.acts)

    @property
    def days_shown(self) -> list[Seen]:
        """Every day on which the record shows the life."""
        return [*(shown.seen for shown in self.shown), *self.elsewhere]

    @cached_property
    def bounds(self) -> Bounds:
        """Between which days the life begins and ends, and from when until when that is proved."""
        seen = self.days_shown
        hi = min([self.start_hi, *(shown.hi for shown in seen)])
        lo = min(self.start_lo, hi)  # what is shown before every start claimed had begun
        e_lo = e_hi = AFTER_ALL
        if self.end is not None:
            e_hi = self.end.hi
            e_lo = max([self.end.lo, *(shown.lo + 1 for shown in seen if shown.lo < e_hi)])
        starts = [act.hi for act in self.starts if act.proves]
        ends = [act.lo for act in self.end.claims if act.proves] if self.end else []
        proved = [shown.lo + 1 for shown in seen if shown.proved and shown.lo < e_hi]
        return Bounds(
            s_lo=lo,
            s_hi=hi,
            e_lo=e_lo,
            e_hi=e_hi,
            proved_from=min([AFTER_ALL, *starts, *(shown.hi for shown in seen if shown.begins)]),
            proved_until=min(max([BEFORE_ALL, *ends, *proved]), e_hi),
            evidence=max((shown.lo for shown in seen if BEFORE_ALL < shown.lo < e_hi), default=None),
            begun=bool(self.starts),
            handed_on=self.end is not None and self.end.implied and self.end.rule == "succession",
        )

    @property
    def s_lo(self) -> Day:
        """The earliest day on which the life can begin."""
        return self.bounds.s_lo

    @property
    def s_hi(self) -> Day:
        """The latest day on which the life can begin."""
        return self.bounds.s_hi

    @property
    def e_lo(self) -> Day:
        """The earliest first day on which the life can stand no longer; AFTER_ALL without an end."""
        return self.bounds.e_lo

    @property
    def e_hi(self) -> Day:
        """The latest first day on which the life stands no longer; AFTER_ALL without an end."""
        return self.bounds.e_hi

    @property
    def evidence(self) -> Day | None:
        """The last day on which the record shows the life."""
        return self.bounds.evidence

    def contested(self, day: Day) -> bool:
        """Whether claims about the life disagree on *day*."""
        return any(lo <= day <= hi for lo, hi in self.disputes) or day in self.disputed_values

    @cached_property
    def disputed_values(self) -> frozenset[Day]:
        """The days for which a source shows another value than the one believed."""
        return frozenset(
            held.day
            for attribute, given in self.values.items()
            for held in given
            if _attested_on(held, held.day) and self.value_rivals(attribute, held.day)
        )

    def grade(self, day: Day) -> Grade | None:
        """How sure it is that the life stands on *day*; None if it does not."""
        return self.bounds.grade(day, self.contested(day))

    @property
    def since(self) -> str | None:
        """The start as recorded; None if unknown."""
        return self.start.day.text if self.start and self.start.day else None

    @property
    def until(self) -> str | None:
        """The end as recorded; of an implied end its cause's day, or the days between which it fell."""
        if self.end is None:
            return None
        if self.end.implied and self.end.rule in ("succession", "list"):
            return span_text(self.e_lo, self.e_hi)
        day = self.end.act.day
        return day.text if day else None

    def change_days(self) -> frozenset[Day]:
        """Every day on which grade, values or disputes can begin to differ from the day before."""
        days = {*self.bounds.days, self.after}
        for lo, hi in self.disputes:
            days |= {lo, hi + 1}
        for given in self.values.values():
            for held in given:
                days |= {held.day, held.day + 1} if held.given == "attested" else {held.day}
        return frozenset(day for day in days if BEFORE_ALL < day < AFTER_ALL)


def _latest(given: Iterable[Held]) -> Held | None:
    """The value of the latest day; of one day, the last in the order of effect."""
    latest = None
    for held in given:
        if latest is None or held.day >= latest.day:
            latest = held
    return latest


def _attested_on(held: Held, day: Day) -> bool:
    """Whether a source shows the value on exactly *day*."""
    return held.given == "attested" and held.day == day and held.act.lo == day


def span_text(lo: Day, hi: Day) -> str:
    """Some day from *lo* to *hi* in EDTF; a plain day if they are one."""
    first, last = iso(lo) or "..", iso(hi) or ".."
    return first if first == last else f"{first}/{last}"


def shown_by(day: Day) -> str | None:
    """Some day up to *day* in EDTF: when what a source shows then had begun; None if *day* is no bound."""
    text = iso(day)
    return None if text is None else f"../{text}"


def text_of(day: PartialDate | None) -> str | None:
    """The date as recorded, None for an unknown day."""
    return day.text if day else None
