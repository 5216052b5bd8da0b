"""Who may read and who may record, how often, and how much may be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, HTTPException, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import ClientDisconnect

from api.keys import Key, Keys, scopes_for
from api.rates import Rates, counted_as
from domain.entries import MAX_ENTRY_BYTES, Entry
from domain.ids import ID_PATTERN

CHALLENGE = 'Bearer realm="regesta"'
WITHOUT = "The key has no scope {}."
bearer = HTTPBearer(auto_error=False, description="A key, as `token create` shows it once.")


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
    return counted_as(request.client.host) if request.client else "nowhere"


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
    except ClientDisconnect:  # nobody hears it; the log and the metrics tell of no fault of the server
        raise HTTPException(408, "The body did not come to its end.") from None
    return bytes(body)


async def _body(request: Request, _: Recorder) -> bytes:
    """The body of who may record. FastAPI's own limit comes before the key, and speaks plain text."""
    return await body_of(request, MAX_ENTRY_BYTES, f"An entry has at most {MAX_ENTRY_BYTES} bytes.")


Body = Annotated[bytes, Depends(_body)]
