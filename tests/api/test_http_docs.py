"""The server's description of itself: offline, and true."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from tests.api.conftest import Server


def references(part: Any) -> Iterator[str]:
    """Every `$ref` of a document."""
    if isinstance(part, dict):
        yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_the_docs_load_nothing_from_another_host(server: Server) -> None:
    """An archive's network may have no way out."""
    page = server.client.get("/docs")

    assert page.status_code == 200
    assert "//" not in re.sub(r"<!--.*?-->", "", page.text)
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 3
    for address in [*loaded, "openapi.json"]:
        assert server.client.get(f"/{address}").status_code == 200


def test_the_docs_may_run_their_own_script_alone(server: Server) -> None:
    """The policy names the one script in the page by its hash."""
    page = server.client.get("/docs")
    policy = page.headers["content-security-policy"]
    (script,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)

    assert f"script-src 'self' 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}';" in policy
    assert "http" not in policy


def test_every_address_is_described_with_its_schema(server: Server) -> None:
    """What the contract promises is in the document, under one id each, and every reference leads somewhere."""
    document = server.client.get("/openapi.json").json()
    paths = document["paths"]

    assert {path.removeprefix("/v1/institutions/{institution}") for path in paths} >= {
        "/v1/institutions",
        *("/structure", "/diff", "/events", "/findings", "/entries"),
        *("/units/{unit}", "/posts/{post}", "/persons/{person}"),
        *("/instruments/{instrument}", "/entries/{entry}"),
    }
    operations = [operation for path in paths.values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["description"]
        for status, answer in operation["responses"].items():
            forms = answer.get("content", {})
            if int(status) >= 400:
                assert list(forms) == ["application/problem+json"]
            assert all(form["schema"] for form in forms.values())
            assert forms or status == "304" or answer["headers"]["Location"]
    for reference in references(document):
        part: Any = document
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]


def test_the_entry_is_described_though_the_domain_reads_it(server: Server) -> None:
    """A writer sees each kind of change with its fields."""
    document = server.client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    post = document["paths"]["/v1/institutions/{institution}/entries"]["post"]

    assert post["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Entry"}
    assert {"entry", "instrument", "effective", "sources", "changes"} <= set(schemas["Entry"]["properties"])
    assert "unit" in schemas["UnitMoved"]["required"]
    assert post["security"] == [{"HTTPBearer": []}]
    assert schemas["StructureAnswer"]["properties"]["known_at"]


def test_days_are_described_as_days(server: Server) -> None:
    """Not as the numbers they are inside."""
    parameters = server.client.get("/openapi.json").json()["paths"]["/v1/institutions/{institution}/structure"]["get"][
        "parameters"
    ]
    as_of = next(p for p in parameters if p["name"] == "as_of")

    assert as_of["required"] is True
    assert as_of["schema"]["type"] == "string"
    assert as_of["schema"]["format"] == "date"
