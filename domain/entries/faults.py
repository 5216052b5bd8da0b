"""What is wrong with the data of an entry, in an editor's words."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.changes import KINDS, LANGUAGE_PATTERN
from domain.errors import MOST_REASONS, EntryUnreadable, Reason, first_reasons
from domain.ids import CODE_PATTERN, ID_PATTERN, TARGET_PATTERN, TENURE_PATTERN, sign_named

LONGEST_NAME = 80  # signs of a field's name that a refusal repeats

Place: TypeAlias = tuple[str | int, ...]
"""Where in an entry's data something is wrong: names of fields, and numbers in lists from 0."""


def faults_of(fault: ValidationError) -> list[Reason]:
    """A reason for each thing that is wrong, in an editor's words, with the number of the change.

    After the first MOST_REASONS one says how many more there are.
    """
    reasons = [_reason(place, message) for place, message in placed_faults(fault, MOST_REASONS + 1)]
    return list(first_reasons(reasons, fault.error_count()))


def placed_faults(fault: ValidationError, most: int | None = None) -> list[tuple[Place, str]]:
    """The place of each thing that is wrong, of the first *most*, and what is wrong with it in an editor's words."""
    errors = fault.errors(include_url=False)[:most]
    return [(tuple(part for part in error["loc"] if part not in _BRANCHES), _message(error)) for error in errors]


def _reason(place: Place, message: str) -> Reason:
    number = None
    if len(place) > 1 and place[0] == "changes" and isinstance(place[1], int):
        number, place = place[1] + 1, place[2:]
    field = ".".join(str(part + 1) if isinstance(part, int) else _field_name(part) for part in place)
    return Reason("malformed", number, None, f"{field}: {message}" if field else message)


def _field_name(name: str) -> str:
    """The name of a field in a sentence: one that nobody could read there is quoted, and a long one cut."""
    return name if len(name) <= LONGEST_NAME and name.isprintable() else repr(name[:LONGEST_NAME])


def _message(error: ErrorDetails) -> str:
    message, given = error["msg"].removeprefix("Value error, "), error.get("input")
    shown = f"; given: {str(given)[:60]!r}" if isinstance(given, str | int | float | bool) else ""
    match error["type"]:
        case "union_tag_invalid":
            kind = str(error.get("ctx", {}).get("tag", ""))[:80]
            near = get_close_matches(kind, KINDS, n=1)
            return f"there is no kind of change {kind!r}" + (f"; did you mean {near[0]!r}?" if near else "")
        case "union_tag_not_found":
            return "it says not what kind of change it is: `kind` is missing"
        case "extra_forbidden":
            return "there is no such field here"
        case "missing":
            return "it is required"
        case "too_short":
            return "it is empty"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"an object with named fields is wanted{shown}"
        case "string_pattern_mismatch":
            pattern = str(error.get("ctx", {}).get("pattern"))
            return _FORMS.get(pattern, "it holds a character that cannot be read") + _odd_sign(given) + shown
        case "not_a_date" | "value_error":
            return message
    return message + shown


def _odd_sign(given: object) -> str:
    """The first sign of *given* that no id has, by its name: some look like letters, some like nothing."""
    odd = next((sign for sign in given if not sign.isascii()), None) if isinstance(given, str) else None
    return f", not {sign_named(odd)}" if odd else ""


_FORMS = {
    ID_PATTERN: "an id has letters, digits and . _ : - , begins with a letter or digit, and is at most 128 long",
    CODE_PATTERN: "a code has letters, digits and . _ : - , begins with a letter or digit, and is at most 64 long",
    TARGET_PATTERN: "a target is written ENTRY#n, n being the number of the change, or ENTRY",
    TENURE_PATTERN: "a tenure is named by an id, or by the ENTRY#n of the change that first shows it",
    LANGUAGE_PATTERN: "a language is written by its tag, such as en, ru or kk",
}
"""What a text of a fixed form should be, by the pattern it is held against."""

_BRANCHES = frozenset({*KINDS, "given", "cited", "[key]"})
"""Parts of a pydantic error's place that name a branch of a union and no field."""


def unreadable(where: str, detail: str, rule: str = "malformed") -> EntryUnreadable:
    """The refusal of what is no entry at all, for one reason."""
    return EntryUnreadable(where, [Reason(rule, None, None, detail)])
