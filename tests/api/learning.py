"""Questions of knowledge: what a server learned of a day."""

from __future__ import annotations

from typing import Any

from api import schemas
from tests.api.conftest import Server
from tests.api.test_http_reading import whole

AS_PATCH = {"Accept": "application/json-patch+json"}
DIFF = "/v1/institutions/mint/diff"


def entry(name: str, *changes: dict[str, Any], on: str | None = None) -> dict[str, Any]:
    """An entry of *changes*, in effect *on* a day."""
    return {"entry": name, "effective": on, "changes": list(changes)}


RENAMED: dict[str, Any] = {"kind": "unit-renamed", "unit": "mint", "name": {"en": "Royal Mint"}}
MENDED = entry("mended", {"kind": "annulled", "target": "mining#2", "reason": "a forgery"})


def learned(server: Server, as_of: str, known_from: object, known_to: object) -> Any:
    """The difference in knowledge, which must be as its schema says."""
    answer = server.get("/diff", as_of=as_of, known_from=known_from, known_to=known_to)
    whole(schemas.LearnedAnswer, answer)
    return answer


def told(answer: Any) -> list[tuple[str, Any, Any, Any, str]]:
    """Kind, subject, before, after and event of each row."""
    return [(r["kind"], r["subject"], r["before"], r["after"], r["cause"]["event"]) for r in answer["changes"]]


def recorded(server: Server, *entries: dict[str, Any]) -> list[int]:
    """Record *entries*, an hour apart, and give the positions at which they end."""
    ends = []
    for each in entries:
        server.clock.pass_(hours=1)
        answer = server.record(each)
        assert answer.status_code == 201, answer.text
        ends.append(answer.json()["positions"][1])
    return ends
