"""What each type of problem looks like, and what to do about it: the page at a problem's `type`."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Response
from fastapi.exceptions import RequestValidationError

from api.copies import NoCopy
from api.formats.exported import NotExported
from api.keys import KeyRefused
from api.mementos import NoMemento, NotADatetime
from api.pacing import TakesTooLong, TooMuchAtOnce
from api.problems import ANSWERS, FAULT, Kind, invalid, missing_parameters, problem, refusal
from api.schemas import ProblemKind
from domain import errors
from domain.checkpoints import CheckpointRefused, OtherLog
from domain.dates import NotADay
from domain.errors import Reason
from domain.rules import RULES

REMEDIES: dict[str, str] = {
    "entry-unreadable": "Mend the place that each of `reasons` names; docs/kinds.md has every kind with its fields.",
    "entry-refused": "Look up what each of `reasons` names, in the entry and in the record. docs/refusals.md says what"
    " to do for each rule. Nothing of the entry was stored: send it again, whole, once it is mended.",
    "entry-differs": "What is recorded is never rewritten: record a correction, in an entry with an id of its own."
    " If it is another act altogether, give it another id.",
    "head-moved": "Somebody recorded meanwhile. Read what came after the head you knew (`/events?after=`), see whether"
    " your entry still says what you mean, and send it with the hash that is `found`.",
    "unknown-institution": "/v1/institutions lists those there are. A new one is founded by recording an entry that"
    " begins with `institution-declared`.",
    "unknown-thing": "Look for it by name with /search. If `known_at` was given, it may have become known later; an id"
    " of another kind of thing is not found here.",
    "now-called": "Follow `Location`, and use that id from now on.",
    "not-as-cited": "The answer that was cited cannot be given any more, and no other is given in its place. Leave out"
    " `hash` and `rules` to ask the same of this log by its present rules, and cite that anew.",
    "not-known-yet": "Ask for an earlier position or instant, or leave `known_at` out for all that is known.",
    "not-here-yet": "Ask again after the seconds that `Retry-After` names.",
    "takes-too-long": "Ask for less: /flows with `since` and `until`, or `during`; /diff of fewer years; one unit, post"
    " or person in place of all. Split an entry that is refused so: a second one cites the instrument of the first by"
    " its id. On the machine of the server `regesta import`, `export` and the other commands have no such bound; its"
    " keeper sets the seconds.",
    "too-much-at-once": "Ask again after the seconds that `Retry-After` names, one long question at a time.",
    "not-a-known-at": "Write a position of the log in digits, or an instant with its offset; in an address a plus is"
    " written `%2B`.",
    "not-a-datetime": "Write the date as HTTP does, in GMT, with four digits of the year and the weekday that the day"
    " has in the Gregorian calendar; or ask /structure with `as_of`.",
    "no-memento": "Ask /structure with `as_of`, or without `known_at` for what is known now.",
    "log-unreadable": "Export the log again from where it came, and bring the file over unchanged.",
    "key-refused": "Choose another name, or one of the scopes there are: `regesta token create --help`.",
    "chain-broken": "Trust no answer of this register. Tell its keeper, who runs `regesta verify` and restores a copy"
    " that verifies.",
    "commit-unknown": "Send the same entry again: if it was recorded, it is answered as one that stands there already.",
    "store-unusable": "Try again later. If it lasts, tell the keeper of the server the `X-Request-ID` of the answer.",
    "not-a-day": "Write year, month and day in full, as 2024-05-24: a day of the Gregorian calendar, years 0001 to"
    " 9999. There is no today, and no month or year in place of a day.",
    "invalid-parameters": "Mend each parameter that `errors` names; /docs describes them.",
    "fault": "Nothing that you sent should do this. Tell the keeper of the server the `X-Request-ID` of the answer.",
    "key-needed": "Send a key of this server as `Authorization: Bearer KEY`. A keeper makes one with"
    " `regesta token create`; a lost key is not found again but made anew.",
    "scope-needed": "Ask a keeper of the server for a key with the scope that `WWW-Authenticate` names.",
    "no-such-page": "Check the address: /docs lists all that is served; there is no slash at the end.",
    "method-not-allowed": "Use one of the methods that `Allow` lists.",
    "not-acceptable": "Name in `Accept` one of the forms that `detail` lists, or leave it out.",
    "checkpoint-refused": "Get the checkpoint, or the public key, again from whoever published it.",
    "other-log": "One of the two was altered at that position or later. Trust the one that agrees with a checkpoint"
    " published by the institution, and tell the keeper of the other.",
    "no-copy": "Name a file that `regesta backup` wrote, and a place where nothing is yet.",
    "too-slow": "Send the body at once; a proxy that holds it back may need another setting.",
    "too-many-requests": "Ask again after the seconds that `Retry-After` names. A keeper of the server sets how often"
    " one key, or one address without, may ask.",
    "not-exported": "Choose a format, a day and parameters that go together: docs/formats.md says what each takes.",
    "too-large": "Split the entry: a second one cites the instrument of the first by its id. Many entries are imported"
    " as a file, with `regesta import`.",
}
"""What whoever meets a type of problem can do about it."""


_UNREADABLE = Reason("malformed", 2, None, "unit: Field required")
_REFUSED = Reason("unknown-id", 1, "1811-07-01", "'minting' is no unit that any entry introduces")
_DAY = NotADay("1811-7-1")
_BAD_DAY: dict[str, Any] = {"type": "value_error", "loc": ("query", "as_of"), "msg": str(_DAY), "ctx": {"error": _DAY}}
_SAID = {
    401: "Recording needs a key.",
    403: "The key has no scope record.",
    406: "This comes as application/json or as application/json-patch+json.",
    408: "The body took too long to come.",
    429: "No more than 12000 per 1 minute; ask again in 7 s.",
    413: "An entry has at most 4194304 bytes.",
}
_MET: tuple[Response, ...] = (
    refusal(errors.EntryUnreadable("the request", [_UNREADABLE])),
    refusal(errors.EntryRefused("mining", [_REFUSED])),
    refusal(errors.EntryDiffers("mining")),
    refusal(errors.HeadMoved("mint", "0" * 64, "1" * 64)),
    refusal(errors.UnknownInstitution("mint")),
    refusal(errors.UnknownThing("mint", "unit", "minting")),
    refusal(errors.NowCalled("mint", "ann-smith", "ann")),
    refusal(errors.NotAsCited("mint", "the rules 1", f"the rules {RULES}")),
    refusal(errors.NotKnownYet("11", "10")),
    refusal(errors.NotHereYet("mint", "11", 10)),
    refusal(errors.NotAKnownAt("yesterday")),
    refusal(NotADatetime("01.07.1811", "is not written as Mon, 01 Jul 1811 00:00:00 GMT")),
    refusal(NoMemento("mint", 0)),
    refusal(errors.LogUnreadable(3, "it ends in the middle of an event")),
    refusal(NotExported("bfs", "from lies after as_of")),
    refusal(CheckpointRefused("checkpoint.json: its signature is not by this key")),
    refusal(OtherLog("mint", 10, "its hash is not that of the checkpoint")),
    refusal(NoCopy("copy.sqlite", "there is something already")),
    refusal(KeyRefused("there is, or was, a key 'clerk'; a name is given once")),
    refusal(errors.ChainBroken("mint", 3, "its hash is another")),
    refusal(TakesTooLong(30)),
    refusal(TooMuchAtOnce()),
    refusal(errors.CommitUnknown("the database", "the connection was lost")),
    refusal(errors.StoreUnusable("the database", "it cannot be reached")),
    invalid(RequestValidationError([_BAD_DAY])),
    invalid(missing_parameters({"as_of": None})),
    problem(FAULT, "The server failed; its log says how."),
    *(problem(kind, _SAID.get(status, kind.meaning)) for status, kind in ANSWERS.items()),
)

EXAMPLES: dict[str, dict[str, Any]] = {
    document["type"].removeprefix("/problems/"): document
    for document in (orjson.loads(bytes(answer.body)) for answer in _MET)
}
"""A document of each type, as the server makes it."""


def explained(kind: Kind) -> ProblemKind:
    """What stands at the address of a type of problem."""
    return ProblemKind(
        type=kind.address,
        status=kind.status,
        title=kind.title,
        meaning=kind.meaning,
        remedy=REMEDIES[kind.slug],
        example=EXAMPLES[kind.slug],
        rules=kind.rules,
    )
