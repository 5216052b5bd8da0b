"""Memento (RFC 7089): structures of a register by HTTP dates, on the axis of the days on which things hold.

The Original Resource is the structure of an institution, and its own TimeGate (pattern 1.1). A Memento is the structure
on a day, at the address by which it is cited: that names day, position, hash and rules, so that it never changes.
docs/decisions/0010-memento.md says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote, urlencode

from werkzeug.http import http_date

from api.citing import citation
from domain.chain import Head
from domain.dates import Day, day, iso
from domain.errors import RegisterError
from projections.tables.reading import Reading

LINK_FORMAT = "application/link-format"
BEFORE_THE_CALENDAR: Day = 0  # the day before 0001-01-01
PAGE = 1_000  # Mementos in a page of a TimeMap

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HTTP_DATE = re.compile(
    rf"({'|'.join(WEEKDAYS)}), ([0-9]{{2}}) ({'|'.join(MONTHS)}) ([0-9]{{4}})"
    r" (?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60) GMT"
)


class NotADatetime(RegisterError):
    """*text* is no date as HTTP writes it, or its day of the week is not that of its date."""

    def __init__(self, text: str, detail: str) -> None:
        super().__init__(f"Accept-Datetime {text[:80]!r} {detail}")
        self.text = text


class NoMemento(RegisterError):
    """Nothing of *institution* has a day that has come, as known then: no past state can be shown."""

    def __init__(self, institution: str, position: int) -> None:
        super().__init__(f"as known at position {position}, {institution!r} has no day on which anything changed")
        self.institution = institution


def day_asked(text: str) -> Day:
    """The day of an Accept-Datetime: its date in GMT, whatever the time of day. Raises: NotADatetime.

    Python's parsers take a year below 100 for one of ours, and any weekday.
    """
    found = HTTP_DATE.fullmatch(text)
    if found is None:
        raise NotADatetime(text, f"is not written as {datetime_of(day('1811-07-01'))}")
    weekday, number, month, year = found.groups()
    try:
        named = date(int(year), MONTHS.index(month) + 1, int(number))
    except ValueError:
        raise NotADatetime(text, "is no day of the calendar, which is Gregorian, years 0001 to 9999") from None
    if WEEKDAYS[named.weekday()] != weekday:
        told = f"names another weekday than {WEEKDAYS[named.weekday()]}, which {named} is in the Gregorian calendar"
        raise NotADatetime(text, told)
    return named.toordinal()


def datetime_of(on: Day) -> str:
    """The beginning of a day as HTTP writes it: `Mon, 01 Jul 1811 00:00:00 GMT`."""
    return http_date(datetime.combine(date.fromordinal(on), datetime.min.time(), UTC))


@dataclass(frozen=True)
class Mementos:
    """The past states of one register as known at *head*; *known_at* is that position, if the asker named it."""

    institution: str
    head: Head
    known_at: int | None = None

    @property
    def present(self) -> Day:
        """The day on which the last entry was recorded: what is to hold later is no past state."""
        return day(self.head.recorded[:10]) if self.head.recorded else BEFORE_THE_CALENDAR

    def ends(self, reading: Reading) -> tuple[Day, Day] | None:
        """The first and the last day on which anything changed."""
        first = reading.days_of_change(BEFORE_THE_CALENDAR, 1)
        last = reading.days_of_change(self.present + 1, 1, backwards=True)
        return (first[0], last[0]) if first and last and first[0] <= last[0] else None

    def nearest(self, reading: Reading, wanted: Day | None) -> Day:
        """The day of the Memento for who wants *wanted*: that day, within the first and the last; None: the last.

        Raises: NoMemento.
        """
        ends = self.ends(reading)
        if ends is None:
            raise NoMemento(self.institution, self.head.position)
        first, last = ends
        return last if wanted is None else min(max(wanted, first), last)

    # --- addresses

    def address(self, on: Day) -> str:
        """The address of the Memento of a day (URI-M)."""
        address: str = citation(self.institution, self.head, "structure", as_of=iso(on))["address"]
        return address

    def _place(self, path: str, known_at: int | None = None, **asked: str | None) -> str:
        named = {**asked, **({} if known_at is None else {"known_at": known_at})}
        place = f"/v1/institutions/{quote(self.institution)}/{path}"
        return f"{place}?{urlencode(named)}" if named else place

    # --- links

    @property
    def links(self) -> list[str]:
        """What is negotiated (URI-R), where (URI-G), and where all of it is listed (URI-T)."""
        return [*self._origin, link(self._place("timemap", self.known_at), "timemap", type=LINK_FORMAT)]

    @property
    def _origin(self) -> list[str]:
        original, timegate = self._place("timegate"), self._place("timegate", self.known_at)
        if original == timegate:
            return [link(original, "original timegate")]
        return [link(original, "original"), link(timegate, "timegate")]

    def links_around(self, reading: Reading, on: Day) -> list[str]:
        """The same, with the Memento of a day, and those that are first, last, and next to it."""
        ends = self.ends(reading) or ()
        earlier = [one for one in reading.days_of_change(on, 1, backwards=True) if one > BEFORE_THE_CALENDAR]
        later = [one for one in reading.days_of_change(on, 1) if one <= self.present]
        rels: dict[Day, list[str]] = {on: []}
        for rel, days in (("first", ends[:1]), ("last", ends[1:]), ("prev", earlier), ("next", later)):
            for one in days:
                rels.setdefault(one, []).append(rel)
        return self.links + [self._memento(one, *rels[one]) for one in sorted(rels)]

    def _memento(self, on: Day, *rels: str) -> str:
        return link(self.address(on), " ".join([*rels, "memento"]), datetime=datetime_of(on))

    def timemap(self, reading: Reading, after: Day | None) -> bytes:
        """The TimeMap (section 5), or its page *after* a day, as application/link-format."""
        begin, ends = BEFORE_THE_CALENDAR if after is None else after, self.ends(reading)
        found = [one for one in reading.days_of_change(begin, PAGE + 1) if one <= self.present]
        shown, more = found[:PAGE], found[PAGE:]
        span = {"from": datetime_of(shown[0]), "until": datetime_of(shown[-1])} if shown else {}
        here = self._place("timemap", self.known_at, **({} if after is None else {"after": iso(after)}))
        links = [*self._origin, link(here, "self", type=LINK_FORMAT, **span)]
        for one in more:
            following = self._place("timemap", self.head.position, after=iso(shown[-1]))
            links.append(link(following, "timemap", type=LINK_FORMAT, **{"from": datetime_of(one)}))
        for one in shown:
            rels = [rel for rel, end in zip(("first", "last"), ends or (), strict=False) if end == one]
            links.append(self._memento(one, *rels))
        return ",\n".join(links).encode()


def link(address: str, rel: str, **attributes: str) -> str:
    """A link as RFC 8288 writes it."""
    return "".join([f'<{address}>; rel="{rel}"', *(f'; {name}="{value}"' for name, value in attributes.items())])
