"""A register as it is to be exported: of which day, as known when, with every life that is to be told."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, cast

from api.answers import known_at_answer
from api.citing import citation
from api.formats.losses import Losses
from api.formats.named import named_beside
from api.formats.persons import Person, persons_of
from domain.acts import Act
from domain.changes import CONTROLS, InstitutionDeclared, Released, Transferred
from domain.claims import Key
from domain.dates import AFTER_ALL, BEFORE_ALL, Day, iso
from domain.errors import RegisterError
from domain.lives import GRADES, Grade, Held, Life, span_text
from domain.recording import View
from domain.rules import RULES
from domain.world import World
from projections.structure import Answer, structure

Files: TypeAlias = Mapping[str, bytes]
"""Names of files, with `/` for folders, and what is in them."""


Bounded: TypeAlias = tuple[str | None, Day, Day]
"""A date in EDTF, None if it is unknown, and the first and the last day that it can be."""


KINDS = ("unit", "post", "tenure", "relation", "function")
"""What has lives."""


class NotExported(RegisterError):
    """The register cannot be written in *format*, because of *reason*."""

    def __init__(self, format: str, reason: str) -> None:  # noqa: A002  # the parameter's word
        super().__init__(f"no {format}: {reason}")
        self.format = format
        self.reason = reason


@dataclass(frozen=True)
class Span:
    """*value*, held from *since* (None: from the start of its life) until *until* (None: to its end), by *held*.

    *shown_first*: no act gave it: a source shows it on *since*, and it can have begun since this day.
    """

    value: object
    since: Day | None
    until: Day | None
    held: Held | None
    shown_first: Day | None = None

    def begins(self, life: Life) -> Bounded:
        """Since when it is held: in EDTF as recorded, and the first and the last day that can be."""
        if self.since is None:
            return life.since, life.s_lo, life.s_hi
        if self.shown_first is not None:
            return span_text(self.shown_first, self.since), self.shown_first, self.since
        if self.held is not None and self.held.day == self.since and self.held.act.day is not None:
            return self.held.act.day.text, self.held.act.lo, self.held.act.hi
        return iso(self.since), self.since, self.since  # the day after one that a source shows otherwise


@dataclass(frozen=True)
class Exported:
    """The register of *view*; of *as_of*, if a day is asked about, and since *since* where changes are told too.

    Without a day the whole history is told as it is known. With one: what stands on it, and every life and value that
    can have begun by then, each with its whole span, so that an end known today is told though it comes later.
    """

    view: View
    format: str
    as_of: Day | None = None
    since: Day | None = None

    @property
    def institution(self) -> str:
        """The id of the institution."""
        return self.view.institution

    @property
    def world(self) -> World:
        """All that is known, folded."""
        return self.view.world

    @cached_property
    def declared(self) -> InstitutionDeclared | None:
        """How the institution is declared: its name and its lists of codes; None, if that is annulled or withheld."""
        found = [act.change for act in self.world.acts if isinstance(act.change, InstitutionDeclared)]
        return found[-1] if found else None

    @property
    def cited(self) -> Answer:
        """How to cite the export, with the address at which it is served for ever."""
        asked = {"format": self.format, "from": _iso(self.since), "as_of": _iso(self.as_of)}
        return citation(self.institution, self.view.head, "export", **asked)

    @property
    def told(self) -> Answer:
        """What every export says of itself: {institution, name, format, as_of, from, known_at, rules, …}.

        And {address, text}: where it is served for ever, and how to cite it; {withheld}: how many changes are withheld
        from every reader.
        """
        head, cited = self.view.head, self.cited
        return {
            "institution": self.institution,
            "name": self.declared.name if self.declared else None,
            "format": self.format,
            "as_of": _iso(self.as_of),
            "from": _iso(self.since),
            "known_at": known_at_answer(head),
            "rules": RULES,
            "address": cited["address"],
            "text": cited["text"],
            "withheld": len(self.view.known.redacted),
        }

    @cached_property
    def structure(self) -> Answer | None:
        """What stands on the day, as the structure answers it; None without a day."""
        return structure(self.world, self.as_of) if self.as_of is not None else None

    # --- lives

    def lives(self, kind: str) -> Iterator[Life]:
        """Every life of things of *kind*, one of KINDS, to be told, by key and number."""
        for _, lives in sorted(self.world.of_kind(kind)):
            yield from (life for life in lives if self.tells(life))

    def all_lives(self) -> Iterator[Life]:
        """Every life to be told, of things of every kind that has lives."""
        return (life for kind in KINDS for life in self.lives(kind))

    def tells(self, life: Life) -> bool:
        """Whether a life is to be told: always without a day, else if it can have begun by then.

        Of what began later and is named by one of these all the same, its first life is told, which has no grade then.
        """
        return self._begun(life) or (life.key in self._beside and life is self.world.lives[life.key][0])

    def _begun(self, life: Life) -> bool:
        return self.as_of is None or (life.s_lo if life.starts else life.s_hi) <= self.as_of

    @cached_property
    def _beside(self) -> Container[Key]:
        begun = (life for kind in KINDS for _, lives in self.world.of_kind(kind) for life in lives if self._begun(life))
        return named_beside(
            begun,
            lambda key: self.world.lives.get(key, []),
            lambda life, attribute: (span.value for span in self.values(life, attribute)),
        )

    def grade(self, life: Life) -> Grade | None:
        """How sure a life is: on the day, if one is asked about (None: it does not stand then), else at its surest."""
        if self.as_of is not None:
            return life.grade(self.as_of)
        return min((life.grade(day) or "unattested" for day in life.change_days()), key=GRADES.index, default=None)

    def contested(self, life: Life) -> bool:
        """Whether claims about a life disagree: on the day, if one is asked about, else on any."""
        return life.contested(self.as_of) if self.as_of is not None else bool(life.disputes or life.disputed_values)

    def values(self, life: Life, attribute: str) -> list[Span]:
        """The values that an attribute of a life has one after the other; of a day, those that it has by then."""
        return [span for span in self._ever(life, attribute) if self._by_then(span)]

    def _by_then(self, span: Span) -> bool:
        return self.as_of is None or span.since is None or span.since <= self.as_of

    def _ever(self, life: Life, attribute: str) -> list[Span]:
        """Every value that an attribute of a life has, whatever the day asked about."""
        spans: list[Span] = []
        first = max(min(life.s_hi, life.e_hi - 1), BEFORE_ALL)
        acted = min((h.day for h in life.values.get(attribute, ()) if h.given != "attested"), default=AFTER_ALL)
        before = first  # the last day on which the value before was given
        for on in [first, *(day for day in _turns(life, attribute) if first < day < life.e_hi)]:
            held = life.held(attribute, on)
            value = held.value if held else None
            if not spans:
                spans.append(Span(value, None, None, held))
            elif spans[-1].value != value:
                shown = before + 1 if held and held.given == "attested" and acted > on else None
                spans[-1] = replace(spans[-1], until=on)
                spans.append(Span(value, on, None, held, shown))
            if held and held.day == on:
                before = on
        return spans

    def value(self, life: Life, attribute: str) -> object:
        """The value of an attribute on the day, if one is asked about, else the last."""
        return self.values(life, attribute)[-1].value

    def life(self, life: Life) -> Answer:
        """What every format says of a life: {life, since, …, until, …, grade, contested, evidence, event, …}.

        `life` counts from 1; `since` and `until` are EDTF as recorded, each with `_earliest` and `_latest`, the days it
        can be; `event` and `until_event` are the acts by which it begins and ends.
        """
        end, shown = life.end, life.evidence
        return {
            "life": life.number + 1,
            **_days("since", (life.since, life.s_lo, life.s_hi)),
            **_days("until", ends(life)),
            "grade": self.grade(life),
            "contested": self.contested(life),
            "evidence": iso(shown) if shown is not None else None,
            "event": life.cause.target,
            "until_event": end.act.target if end else None,
            "implied": end.implied if end else None,
            "ground": _ground(life),
        }

    def spans(self, life: Life, attribute: str) -> Iterator[tuple[Span, Answer]]:
        """The values that an attribute of a life has, each with {since, …, until, …, event} as in `life`."""
        spans = self._ever(life, attribute)
        for span, after in zip(spans, [*spans[1:], None], strict=True):
            if self._by_then(span):
                until = after.begins(life) if after else ends(life)
                days = {**_days("since", span.begins(life)), **_days("until", until)}
                yield span, {**days, "event": span.held.act.target if span.held else None}

    def acts(self) -> Iterator[Act]:
        """The acts that can take effect by the day, if one is asked about; else all."""
        return (act for act in self.world.acts if self.as_of is None or act.lo <= self.as_of)

    def persons(self) -> list[Person]:
        """Everybody who is registered and can have been born by the day, if one is asked about."""
        return persons_of(self.world, self.as_of)

    def last(self, key: Key) -> Life | None:
        """The life of a thing to speak of where one is wanted: what is shown on the day, else the last told."""
        if self.as_of is not None and (shown := self.world.shown(key, self.as_of)):
            return shown[0]
        return next((life for life in reversed(self.world.lives.get(key, [])) if self.tells(life)), None)


def ends(life: Life) -> Bounded:
    """The first day on which a life stands no longer: in EDTF, and the first and the last day that can be.

    What only follows from another act can be known worse than the day of that act: then in EDTF too.
    """
    text, day = life.until, life.end.act.day if life.end and life.end.implied else None
    if day is not None and (day.earliest, day.latest) != (life.e_lo, life.e_hi):
        text = span_text(life.e_lo, life.e_hi)
    return text, life.e_lo, life.e_hi


def _ground(life: Life) -> str | None:
    """On what ground a tenure ended, if its end is stated."""
    if life.end is None or life.end.implied:
        return None
    change = life.end.act.change
    return change.ground if isinstance(change, Released) else "transfer" if isinstance(change, Transferred) else None


def _days(name: str, day: Bounded) -> Answer:
    text, lo, hi = day
    return {name: text, f"{name}_earliest": iso(lo), f"{name}_latest": iso(hi)}


def lose_what_reads_otherwise(exported: Exported, losses: Losses, told: Container[str] = ()) -> None:
    """Take note of the changes that are told only by what became of them, and of what is withheld; but for *told*."""
    acts = {act.target: act for act in exported.world.acts}
    for _, event in exported.view.known.rows:
        act = acts.get(event.target)
        if event.target in exported.view.known.redacted:
            losses.add("a change that is withheld from every reader", event.target, "it is redacted")
        elif event.target in told:
            continue
        elif isinstance(event.change, CONTROLS):
            losses.add(f"a change of kind {event.kind}", event.target, NOW)
        elif act is None:
            losses.add("a change that is annulled or hangs on nothing", event.target, NOW)
        elif act.corrected_by:
            losses.add("a change as it read before its correction", event.target, NOW)
    if exported.view.head.position:
        losses.add("instants of recording, hashes and salts", exported.institution, "the log alone proves itself")


NOW = "it tells how the record reads, not how it came to"


def in_one_language(names: object) -> str | None:
    """A name in one language, the first by its tag that there is: none is special. None, if there is no name."""
    return min(cast("Mapping[str, str]", names or {}).items(), default=(None, None))[1]


def _turns(life: Life, attribute: str) -> list[Day]:
    """The days on which the value of an attribute may become another."""
    given = life.values.get(attribute, ())
    return sorted({held.day for held in given} | {held.day + 1 for held in given if held.given == "attested"})


def _iso(day: Day | None) -> str | None:
    return iso(day) if day is not None else None
