"""What routes are given: the registers, the key of who asks, and what is asked about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator, WithJsonSchema

from api.bodies import Bodies
from api.citing import FEWEST, as_cited
from api.conditional import JSON, as_json, conditional, etag_of
from api.keys import Key, Keys, scopes_for
from api.rates import Rates
from api.readings import Readings
from domain.chain import Head
from domain.dates import day
from domain.entries import MAX_ENTRY_BYTES, Entry
from domain.ids import ID_PATTERN
from domain.recording import Registers, View
from projections.tables.reading import Reading

Day = Annotated[
    int,
    BeforeValidator(day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2024-05-24"]}),
]
"""A day in a request: the text YYYY-MM-DD, and nothing that could pass for a number."""

InstitutionId = Annotated[str, Path(description="The id of a register.")]

KNOWN_AT: dict[str, Any] = {"anyOf": [{"pattern": "^[0-9]+$"}, {"format": "date-time"}]}
"""What OpenAPI says of a known position: digits, or an instant with its offset."""

KnownAt = Annotated[
    str | None,
    Query(
        description="A position of the log, or an instant with its offset; the head if left out.",
        examples=["120", "2024-05-24T12:00:00Z"],
        json_schema_extra={"type": "string", **KNOWN_AT},
    ),
]

CitedHash = Annotated[
    str | None,
    Query(
        alias="hash",
        pattern=f"^[0-9a-fA-F]{{{FEWEST},64}}$",
        description="The hash that a citation names, or its begin.",
    ),
]
CitedRules = Annotated[int | None, Query(ge=1, description="The number of the rules that a citation names.")]
During = Annotated[
    str | None, Query(description="A period of the register, in place of its days.", examples=["presidency-of-tokayev"])
]

CHALLENGE = 'Bearer realm="regesta"'
bearer = HTTPBearer(auto_error=False, description="A key, as `token create` shows it once.")


async def _readings(request: Request) -> Readings:
    readings: Readings = request.app.state.readings
    return readings


async def _recording(request: Request) -> Registers:
    registers: Registers = request.app.state.recording
    return registers


AllReadings = Annotated[Readings, Depends(_readings)]
Recording = Annotated[Registers, Depends(_recording)]
"""The registers into which is recorded: of a copy that is read, those it follows."""


async def key_of(request: Request, secret: str) -> Key | None:
    """The key of *secret*; None if it is none. Raises: HTTPException 429, for who has tried too many that are none."""
    keys: Keys = request.app.state.keys
    rates: Rates = request.app.state.rates
    rates.see(rates.wrong_keys, _address(request))
    key = await run_in_threadpool(keys.find, secret)
    if key is None:
        rates.count(rates.wrong_keys, _address(request))
    return key


async def _key(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Key | None:
    """The key that was sent. Raises: HTTPException 401, for one that is none."""
    if given is None:
        return None
    key = await key_of(request, given.credentials)
    if key is None:
        challenge = f'{CHALLENGE}, error="invalid_token"'
        raise HTTPException(401, "The key is unknown, revoked or expired.", {"WWW-Authenticate": challenge})
    request.state.key = key
    return key


SentKey = Annotated[Key | None, Depends(_key)]


def _address(request: Request) -> str:
    return request.client.host if request.client else "nowhere"


def admit_reader(request: Request, key: Key | None) -> None:
    """Let pass who may read what is asked for, as often as that.

    Raises: HTTPException 401, 403, where readers are shut out; 429.
    """
    rates: Rates = request.app.state.rates
    rates.count(rates.reading, f"key {key.name}" if key else _address(request))
    if request.app.state.open_to_readers:
        return
    if key is None:
        raise HTTPException(401, "Readers of this server need a key.", {"WWW-Authenticate": CHALLENGE})
    if not key.opens("read", request.path_params.get("institution")):
        raise HTTPException(403, "The key is not good for this institution.", {"WWW-Authenticate": _wanting("read")})


def within_reach(request: Request, institutions: Iterable[str]) -> list[str]:
    """Those of *institutions* that who asks may read; of an open server, all."""
    key: Key | None = getattr(request.state, "key", None)
    if request.app.state.open_to_readers:
        return list(institutions)
    return [institution for institution in institutions if key is not None and key.reaches(institution)]


async def may_read(request: Request, key: SentKey) -> None:
    """Let pass who may read: anybody, or whoever has a key if readers are shut out."""
    admit_reader(request, key)


WRITING = ("record", "correct", "redact")


def writes(key: Key, institution: str) -> bool:
    """Whether *key* is good for writing anything at *institution*."""
    return any(key.opens(scope, institution) for scope in WRITING)


def admit_writer(request: Request, key: Key | None, institution: str) -> Key:
    """*key*, if it is good for writing anything at *institution*, as often as that.

    Raises: HTTPException 401, 403, 429.
    """
    if key is None:
        raise HTTPException(401, "Recording needs a key.", {"WWW-Authenticate": CHALLENGE})
    rates: Rates = request.app.state.rates
    rates.count(rates.writing, f"key {key.name}")
    if not writes(key, institution):
        told = "The key is not good for this institution." if not key.reaches(institution) else WITHOUT.format("record")
        raise HTTPException(403, told, {"WWW-Authenticate": _wanting("record")})
    return key


def admit_entry(key: Key, entry: Entry) -> None:
    """See that *key* is good for all that *entry* does. Raises: HTTPException 403, for what it lacks."""
    for scope in sorted(scopes_for(entry)):
        if not key.opens(scope):
            raise HTTPException(403, WITHOUT.format(scope), {"WWW-Authenticate": _wanting(scope)})


WITHOUT = "The key has no scope {}."


def _wanting(scope: str) -> str:
    return f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'


WrittenId = Annotated[
    str,
    Path(
        description="The id of a register, or of one to be founded.",
        json_schema_extra={"pattern": ID_PATTERN},  # what is none is refused after who has no key
    ),
]


async def _may_record(request: Request, institution: WrittenId, key: SentKey) -> Key:
    return admit_writer(request, key, institution)


Recorder = Annotated[Key, Depends(_may_record)]


async def body_of(request: Request, most: int, refusal: str) -> bytes:
    """The body of *request*. Raises: HTTPException 413 with *refusal*, for more than *most* bytes; 408."""
    body = bytearray()
    try:
        async with asyncio.timeout(request.app.state.patience):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise HTTPException(413, refusal)
    except TimeoutError:
        raise HTTPException(408, "The body took too long to come.", {"Connection": "close"}) from None
    return bytes(body)


async def _body(request: Request, _: Recorder) -> bytes:
    """The body of who may record. FastAPI's own limit comes before the key, and speaks plain text."""
    return await body_of(request, MAX_ENTRY_BYTES, f"An entry has at most {MAX_ENTRY_BYTES} bytes.")


Body = Annotated[bytes, Depends(_body)]


@dataclass(frozen=True)
class Asked:
    """A question about *institution* as known at *known_at*, of which the answer is made in a thread that may wait."""

    request: Request
    readings: Readings
    institution: str
    known_at: str | None
    hash: str | None = None
    rules: int | None = None
    """The log and the rules of a citation, if the address is that of one."""

    @cached_property
    def head(self) -> Head:
        """Where the log ended then. Raises: UnknownInstitution, NotAKnownAt, NotKnownYet, NotAsCited."""
        head = self.readings.head_at(self.institution, self.known_at)
        as_cited(self.institution, head, self.hash, self.rules)
        return head

    @property
    def fixed(self) -> bool:
        """Whether the asker named a position."""
        return self.known_at is not None and self.known_at.isdigit()

    @property
    def cited(self) -> bool:
        """Whether the address is that of a citation: it names position, log and rules."""
        return self.fixed and self.hash is not None and self.rules is not None

    def answer(
        self,
        make: Callable[[Reading], object],
        *,
        media_type: str = JSON,
        dated: bool = False,
        headers: dict[str, str] | None = None,
        state: str = "",
        lasting: bool = True,
    ) -> Response:
        """What *make* says of the register, or its JSON; *dated* if every day asked about was named.

        What names its days and its position will be answered the same for ever, unless something is withheld. The
        bytes of what names its days are kept under their tag, which names the head of the log too. *state* is
        whatever else the answer follows from; what is not *lasting* is asked for again whatever it names.
        """
        withheld = self.readings.redacted(self.institution)
        log = "\n".join([self.head.hash, state, *sorted(withheld)])

        def body() -> tuple[bytes, bool]:
            with self.readings.at(self.institution, self.head.position) as reading:
                return as_json(make(reading)), reading.redacted == withheld

        bodies: Bodies = self.request.app.state.bodies
        bodies.forget(self.institution, withheld)
        tag = etag_of(self.request, log, media_type)
        return conditional(
            self.request,
            log,
            lambda: bodies.get(tag, body) if dated else body()[0],
            media_type=media_type,
            immutable=lasting and dated and self.fixed,
            headers=headers,
        )

    def folded(self, make: Callable[[View], object]) -> Response:
        """What *make* says of all that is known of the register, which is read and folded whole."""
        registers, withheld = self.readings.registers, self.readings.redacted(self.institution)
        return conditional(
            self.request,
            "\n".join([self.head.hash, "", *sorted(withheld)]),
            lambda: make(registers.view_at(self.institution, self.head.position)),
        )

    def known(self, known_at: str) -> Asked:
        """The same question of another known position."""
        return Asked(self.request, self.readings, self.institution, known_at, self.hash, self.rules)


async def _asked(
    request: Request,
    institution: InstitutionId,
    readings: AllReadings,
    known_at: KnownAt = None,
    hash_: CitedHash = None,
    rules: CitedRules = None,
) -> Asked:
    return Asked(request, readings, institution, known_at, hash_, rules)


Question = Annotated[Asked, Depends(_asked)]
