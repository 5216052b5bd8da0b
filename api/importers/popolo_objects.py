"""An object of a Popolo file, with its place, and what its members say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from api.importers.days import day_in, end_in
from api.importers.naming import Unfit
from api.importers.options import ToIs
from api.importers.sources import Data
from domain.dates import AFTER_ALL, BEFORE_ALL, PartialDate

Values: TypeAlias = Mapping[str, list[tuple[str | None, Any]]]
"""The values that each attribute had, one after the other, each with its first day in EDTF."""


@dataclass(frozen=True)
class Life:
    """When something stood: since and until (the first day after) in EDTF, None if unknown."""

    number: int
    since: str | None
    until: str | None
    event: str | None = None
    implied: bool = False
    ground: str | None = None


@dataclass(eq=False)
class Object:
    """An object of a Popolo file, at *where* in it."""

    kind: str
    where: str
    members: Mapping[str, Any]
    own: Mapping[str, Any] | None
    """Its member `regesta`, in a file of ours."""
    within: bool = False
    """Whether it is the one object that a member of another holds, and may stand elsewhere too."""
    left: list[str] = field(default_factory=list)

    @property
    def id(self) -> str | None:
        """Its id in the file."""
        return self.text("id")

    @property
    def locator(self) -> str:
        """Where it is found in the file, by its id if it has one."""
        return f"{self.kind}, {self.id}" if self.id else self.where

    def text(self, member: str) -> str | None:
        """A member that is text. Raises: Unfit, if it is anything else; numbers are taken as they are written."""
        value = self.members.get(member)
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise Unfit(f"{member} is to be text")
        return value

    def named(self, member: str) -> str | None:
        """The same; None, if it is no text."""
        try:
            return self.text(member)
        except Unfit:
            return None

    def objects(self, member: str) -> list[Mapping[str, Any]]:
        """A member that is an array of objects. Raises: Unfit."""
        value = self.members.get(member) or []
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise Unfit(f"{member} is to be an array of objects")
        return value

    def names(self, language: str, *members: str) -> Data | None:
        """The name in the first of *members* that is there."""
        found = next(filter(None, map(self.text, members)), None)
        return {language: found} if found else None

    def links(self, member: str) -> Iterator[tuple[str, str | None]]:
        """The addresses of sources or links, each with its note. Raises: Unfit."""
        for link in self.objects(member):
            url, note = link.get("url"), link.get("note")
            if not isinstance(url, str) or not url or not isinstance(note, str | None):
                raise Unfit(f"each of {member} is to have a url")
            yield url, note or None

    # --- days

    def day(self, member: str) -> str | None:
        """The day of a member; a time of day is left out. Raises: Unfit."""
        text = self.text(member)
        if text is None:
            return None
        if "T" in text:
            self.left.append(f"the time of day in {member}")
            text = text.partition("T")[0]
        return text

    def life_day(self, member: str, own: str) -> str | None:
        """The day of birth or death. Raises: Unfit."""
        told = self.own.get(own) if self.own else None
        text = told if isinstance(told, str) else self.day(member)
        return str(_day(member, text)) if text else None

    def lives(self, dates: tuple[str, str], to_is: ToIs | None) -> list[Life]:
        """Its lives; one, but in a file of ours. Raises: Unfit."""
        if self.own is not None:
            lives = self.own.get("lives", [self.own])
            if isinstance(lives, list) and lives and all(isinstance(life, Mapping) for life in lives):
                return [_own_life(life) for life in lives]
            raise Unfit("its member `regesta` tells no lives")
        start, end = (self.day(member) for member in dates)
        since = str(_day(dates[0], start)) if start else None
        try:
            until = str(end_in(end, to_is)) if end else None
        except Unfit as fault:
            raise Unfit(f"{dates[1]}: {fault}") from None
        return [Life(1, since, until)]

    def days(self, life: Life) -> tuple[PartialDate | None, PartialDate | None]:
        """The days of a life, to reckon with."""
        since, until = (PartialDate.parse(day) if day else None for day in (life.since, life.until))
        return since, until

    def values(self, life: Life, now: Data, own: Mapping[str, str]) -> Values:
        """The values that each attribute had in a life, one after the other, each with its first day.

        *now* are those of Popolo's own members, *own* names the member of `regesta` that tells more. Raises: Unfit.
        """
        if self.own is None:
            return {name: [(None, value)] for name, value in now.items() if value is not None}
        found: dict[str, list[tuple[str | None, Any]]] = {}
        for name, plural in own.items():
            spans = self.own.get(plural) or []
            if not isinstance(spans, list) or not all(isinstance(span, Mapping) for span in spans):
                raise Unfit(f"{plural} of its member `regesta` is to be an array of objects")
            mine = [span for span in spans if span.get("life", 1) == life.number]
            found[name] = [(_text(span, "since"), span.get(name)) for span in mine]
        return found

    def person_names(self, language: str, to_is: ToIs | None) -> tuple[Data, list[Data], list[tuple[str, Data]]]:
        """The name that a person is registered by, other spellings of it, and later names with their days.

        Raises: Unfit.
        """
        if self.own is not None:
            names = self.own.get("names")
            if not isinstance(names, list) or not names or not all(isinstance(name, Mapping) for name in names):
                raise Unfit("its member `regesta` tells no names")
            by_use = {use: [name for name in names if name.get("use") == use] for use in ("other", "renamed")}
            later = [(_text(name, "since") or "", name.get("name")) for name in by_use["renamed"]]
            return names[0].get("name") or {}, [name.get("name") or {} for name in by_use["other"]], later
        name = self.text("name")
        if name is None:
            raise Unfit("it has no name")
        former: list[tuple[PartialDate, str]] = []
        spellings: list[Data] = []
        for other in self.objects("other_names"):
            text, end = other.get("name"), other.get("end_date")
            if not isinstance(text, str) or not text or not isinstance(end, str | None):
                raise Unfit("each of other_names is to have a name")
            if end:
                former.append((end_in(end, to_is), text))
            elif text != name:
                spellings.append({language: text})
        former.sort(key=lambda pair: pair[0].latest)
        borne = [*(text for _, text in former), name]
        later = [(str(day), {language: text}) for (day, _), text in zip(former, borne[1:], strict=True)]
        return {language: borne[0]}, spellings, later


def _own_life(told: Mapping[str, Any]) -> Life:
    number = told.get("life", 1)
    until, implied = _text(told, "until"), told.get("implied") is True
    if until and implied:
        until = _no_surer(until, _text(told, "until_earliest"), _text(told, "until_latest"))
    return Life(
        number if isinstance(number, int) else 1,
        _text(told, "since"),
        until,
        _text(told, "event"),
        implied,
        _text(told, "ground"),
    )


def _no_surer(text: str, earliest: str | None, latest: str | None) -> str:
    """An implied end as *text* has it, unless more days can be: of a cause badly known it may tell the last alone."""
    given = _day("until", text)
    first = _day("until_earliest", earliest).earliest if earliest else BEFORE_ALL
    last = _day("until_latest", latest).latest if latest else AFTER_ALL
    if given.earliest <= first and last <= given.latest:
        return text
    return f"{earliest or '..'}/{latest or '..'}"


def _text(told: Mapping[str, Any], member: str) -> str | None:
    value = told.get(member)
    if value is not None and not isinstance(value, str):
        raise Unfit(f"{member} of its member `regesta` is to be text")
    return value


def _day(member: str, text: str) -> PartialDate:
    try:
        return day_in(text)
    except Unfit as fault:
        raise Unfit(f"{member}: {fault}") from None
