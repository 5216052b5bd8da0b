"""What the register refuses, as one tree.

RegisterError
├── EntryUnreadable      the text is no entry: syntax, shape, size; names file, change, field
├── EntryRefused         an entry against the record; holds one Reason per fault
├── EntryDiffers         the entry id is taken by other content
├── HeadMoved            the head is not the one the writer expects
│   └── PositionTaken    another writer came first (domain.log): decide again
├── UnknownInstitution   no register of that id
├── UnknownThing         no unit, post, person, instrument or entry of that id
├── NowCalled            the id is another name of a thing that lives on under its first
├── NotAsCited           the log or the rules are not those of a citation
├── NotKnownYet          a position beyond the head, or an instant in the future
├── NotHereYet           recorded elsewhere, in a database that this copy follows
├── NotAKnownAt          neither a position nor an instant with its offset
├── LogUnreadable        an exported log that is not whole, or not one
├── ChainBroken          stored bytes and hash chain disagree
└── StoreUnusable        the database is not one of ours, of a later version, or out of reach
    └── CommitUnknown    lost while it committed: what was sent may be recorded, or not
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

REASONS: dict[str, str] = {
    "malformed": "The text is no entry: syntax, an unknown kind or field, a field left out, a bad value.",
    "too-large": "More bytes, changes or nesting than an entry may have.",
    "unknown-id": "An act on a unit, post, person, instrument or tenure that no entry introduces.",
    "id-of-another-kind": "Units, posts and persons share one namespace: the id names another kind of thing.",
    "no-effective": "No day is given, by the change, the entry or the instrument, where one is needed.",
    "end-before-start": "A thing would end before it begins: a named tenure, or one begun by the same entry.",
    "parent-cycle": "At the end of some day a unit would stand under itself.",
    "ambiguous-release": "Two tenures of that person in that post stand on the eve: name one by `tenure`.",
    "unknown-target": "No recorded change has that name.",
    "not-correctable": "Annulments, preferred readings, unifications, redactions: only annulled. Or it is erased.",
    "not-redactable": "A redaction is not erased itself: it says what is gone, and on what ground.",
    "not-founded": "The first entry of an institution begins with institution-declared.",
    "entry-differs": "The entry id is taken by other content; record a correction instead.",
    "tenure-taken": "The tenure id is in use for another person or post.",
}
"""Every rule that refuses a change, with what it means; each is a problem's `reasons[].rule`."""


class RegisterError(Exception):
    """Anything the register refuses; the message tells a historian what to look up."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One fault of an entry.

    *rule* is a key of REASONS, *change* the number of the change from 1 (None: the entry itself),
    *day* the ISO day on which the fault shows, where there is one.
    """

    rule: str
    change: int | None
    day: str | None
    detail: str

    def __str__(self) -> str:
        where = "entry" if self.change is None else f"change {self.change}"
        when = f", {self.day}" if self.day else ""
        return f"{where}{when}: {self.detail} ({self.rule})"


MOST_REASONS = 100
"""How many reasons a refusal lists; it says how many others there are, and does not outgrow what was sent."""


def first_reasons(reasons: Sequence[Reason], count: int | None = None) -> tuple[Reason, ...]:
    """The first of *reasons*, and one that says how many more there are; *count*: of how many, if not all are here."""
    count = len(reasons) if count is None else count
    if count <= MOST_REASONS + 1:
        return tuple(reasons)
    more = Reason(reasons[MOST_REASONS - 1].rule, None, None, f"{count - MOST_REASONS} more reasons are not listed")
    return (*reasons[:MOST_REASONS], more)


class EntryUnreadable(RegisterError):
    """*where* (a file, a line of it, or a request) does not hold an entry."""

    def __init__(self, where: str, reasons: Sequence[Reason]) -> None:
        self.where = where
        self.reasons = first_reasons(reasons)
        super().__init__(f"{where} is no entry: " + "; ".join(map(str, self.reasons)))


class EntryRefused(RegisterError):
    """*entry* contradicts the record; nothing of it was stored."""

    def __init__(self, entry: str, reasons: Sequence[Reason]) -> None:
        self.entry = entry
        self.reasons = first_reasons(reasons)
        super().__init__(f"entry {entry!r} is refused: " + "; ".join(map(str, self.reasons)))


class EntryDiffers(RegisterError):
    """*entry* is recorded already, with other content."""

    def __init__(self, entry: str) -> None:
        super().__init__(f"entry {entry!r} is recorded already with other content; record a correction instead")
        self.entry = entry


class HeadMoved(RegisterError):
    """The log of *institution* does not end where the writer expects."""

    def __init__(self, institution: str, expected: str, found: str) -> None:
        super().__init__(f"the log of {institution!r} ends at {found}, not at {expected}")
        self.institution = institution
        self.expected = expected
        self.found = found


class UnknownInstitution(RegisterError):
    """No register of that id."""

    def __init__(self, institution: str) -> None:
        super().__init__(
            f"there is no institution {institution!r}; its first entry must begin with institution-declared"
        )
        self.institution = institution


class UnknownThing(RegisterError):
    """*institution* has no *what* of id *thing* at the known position asked for."""

    def __init__(self, institution: str, what: str, thing: str) -> None:
        super().__init__(f"{institution!r} has no {what} {thing!r}")
        self.institution = institution
        self.what = what
        self.thing = thing


class NowCalled(RegisterError):
    """*thing* was unified with another: it lives on as *first*."""

    def __init__(self, institution: str, thing: str, first: str) -> None:
        super().__init__(f"in {institution!r} {thing!r} is another name of {first!r}")
        self.institution = institution
        self.thing = thing
        self.first = first


class NotAsCited(RegisterError):
    """A citation names another log or other rules than there are: the answer that was cited cannot be given."""

    def __init__(self, institution: str, cited: str, found: str) -> None:
        super().__init__(f"the citation is of {institution!r} with {cited}, and here is {found}")
        self.institution = institution
        self.cited = cited
        self.found = found


class NotKnownYet(RegisterError):
    """*known_at* lies beyond the head of the log, or in the future."""

    def __init__(self, known_at: str, head: str) -> None:
        super().__init__(f"known_at {known_at} lies beyond the head of the log, {head}")
        self.known_at = known_at


class NotHereYet(RegisterError):
    """*known_at* is, or may be, recorded where this copy takes it from, and has not come here so far.

    Ask again in a moment: an answer of what was known before would pass for one of what is known.
    """

    def __init__(self, institution: str, known_at: str, found: int) -> None:
        super().__init__(f"{institution}: this copy has followed up to position {found}, and not yet to {known_at}")


class NotAKnownAt(RegisterError):
    """Neither a log position nor an instant."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"known_at {text[:80]!r} is neither a position of the log (digits)"
            " nor an instant with its offset, as 2024-05-24T12:00:00Z"
        )
        self.text = text


class LogUnreadable(RegisterError):
    """Line *line* of an exported log cannot be read back."""

    def __init__(self, line: int, detail: str) -> None:
        super().__init__(f"line {line} of the log: {detail}")
        self.line = line


class ChainBroken(RegisterError):
    """The log of *institution* was altered; *position* is the first that does not verify."""

    def __init__(self, institution: str, position: int, detail: str) -> None:
        super().__init__(f"the log of {institution!r} does not verify at position {position}: {detail}")
        self.institution = institution
        self.position = position
        self.detail = detail


class StoreUnusable(RegisterError):
    """The database at *place* cannot serve as a register."""

    def __init__(self, place: str, detail: str) -> None:
        super().__init__(f"{place}: {detail}")
        self.place = place


class CommitUnknown(StoreUnusable):
    """The database was lost while it committed: what was sent may be recorded, or not.

    Send it again: an entry that was recorded is answered as one that stands in the log already.
    """
