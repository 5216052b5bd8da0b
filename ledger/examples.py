"""The answers of the OpenAPI document's examples, given by a server to the requests of api/examples."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from api import examples
from api.app import create_app, described
from api.keys import keys_in_file
from api.readings import Readings
from domain.recording import Registers
from projections.recorders.sqlite import open_sqlite
from projections.tables.reading import Reader

RECORDED = datetime(2024, 5, 24, 12, tzinfo=UTC)
"""The instant at which the register of the examples is recorded."""

SHOWN = ("Location", "Link", "Vary")
"""The headers that an example of an answer without a body tells."""


def answers() -> list[dict[str, Any]]:
    """What a server of the small register answers to each request, with hashes that are the same each time."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "examples.sqlite"
        with open_sqlite(file) as log, keys_in_file(file, lambda: RECORDED) as keys:
            registers = Registers(log, lambda: RECORDED, log.history)
            app = create_app(Readings(registers, Reader(log)), keys)
            client = TestClient(app, follow_redirects=False)
            client.headers["Authorization"] = f"Bearer {keys.create('clerk', ['record'])}"
            place = f"/v1/institutions/{examples.INSTITUTION}"
            for entry in examples.entries():
                client.post(f"{place}/entries", json=entry).raise_for_status()
            given = [_answer(client, described(app), request) for request in examples.requests()]
            hashes = [row.hash for row in log.read(examples.INSTITUTION, 0, 10_000)]
    text = json.dumps(given)
    for position, hash_ in enumerate(hashes, 1):  # salts are drawn at random
        steady = sha256(b"%d" % position).hexdigest()
        text = text.replace(hash_, steady).replace(hash_[:16], steady[:16])
    same: list[dict[str, Any]] = json.loads(text)
    return same


def _answer(client: TestClient, described: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """The answer to *request*. Raises: ValueError, for one that is refused."""
    method, path = request["operation"].split()
    places = {one["name"]: one["in"] for one in described["paths"][path][method.lower()].get("parameters", ())}
    sent: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
    for name, value in request["parameters"].items():
        sent[places[name]][name] = value
    headers = {**sent["header"], **({"Accept": request["accept"]} if "accept" in request else {})}
    place = path.format(**sent["path"])
    answer = client.request(method, place, params=sent["query"], headers=headers, json=request.get("body"))
    if answer.status_code >= 400:
        raise ValueError(f"{request['operation']}: {answer.text}")
    told = {name: answer.headers[name] for name in SHOWN if name in answer.headers} if not answer.content else {}
    form = answer.headers.get("content-type")
    body = None if not answer.content else answer.json() if form and "json" in form else answer.text
    return {"status": answer.status_code, "type": form, "headers": told, "body": body}


def page() -> str:
    """The text of api/examples/answers.json."""
    return json.dumps(answers(), ensure_ascii=False, indent=1) + "\n"
