"""The examples of the OpenAPI document: one for each address, each what a server answers; and HEAD for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from jsonschema import Draft202012Validator, FormatChecker

from api import examples
from ledger import examples as made
from tests.api.conftest import Server

METHODS = ("get", "post")


@pytest.fixture
def document(server: Server) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = server.client.get("/openapi.json").json()
    return found


@pytest.fixture
def small(server: Server) -> Server:
    """A server of the register of the examples."""
    for entry in examples.entries():
        assert server.record(entry).status_code == 201
    return server


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation by its name, as GET /v1/institutions."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert method in METHODS
            yield f"{method.upper()} {path}", operation


def check(document: dict[str, Any], schema: dict[str, Any], example: object) -> None:
    """See that *example* is one of *schema*."""
    whole = {**schema, "components": document["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(example)


def test_the_examples_are_what_a_server_answers() -> None:
    """`make pages` makes them anew; so they cannot tell of what is no more."""
    assert examples.ANSWERS.read_text(encoding="utf-8") == made.page()


def test_every_address_has_an_example_of_request_and_answer(document: dict[str, Any]) -> None:
    """Whoever adds one adds it to api/examples/requests.json, and runs `make pages`."""
    lacking = []
    for name, operation in operations(document):
        forms = [form for answer in operation["responses"].values() for form in answer.get("content", {}).values()]
        headers = [one for answer in operation["responses"].values() for one in answer.get("headers", {}).values()]
        answered = any("example" in one for one in forms + headers)
        sent = [one for one in operation.get("parameters", ()) if one["required"] and "example" not in one]
        body = operation.get("requestBody", {"content": {}})["content"].values()
        if not answered or sent or any("examples" not in form for form in body):
            lacking.append(name)

    assert lacking == []


def test_every_example_is_as_its_schema_says(document: dict[str, Any]) -> None:
    """Of answers, parameters and bodies, with the formats that JSON Schema knows."""
    seen = 0
    for _, operation in operations(document):
        for one in operation.get("parameters", ()):
            if "example" in one:
                check(document, one["schema"], one["example"])
        for form in operation.get("requestBody", {"content": {}})["content"].values():
            for example in form["examples"].values():
                check(document, form["schema"], example["value"])
        for answer in operation["responses"].values():
            for form in answer.get("content", {}).values():
                if "example" in form:
                    check(document, form["schema"], form["example"])
                    seen += 1

    assert seen >= len(document["paths"])


def test_the_bodies_that_are_shown_can_be_recorded_in_order(server: Server, document: dict[str, Any]) -> None:
    """Who tries them one after another holds the register that all the other examples are about."""
    post = document["paths"]["/v1/institutions/{institution}/entries"]["post"]
    for example in post["requestBody"]["content"]["application/json"]["examples"].values():
        assert server.record(example["value"]).status_code == 201


def test_every_parameter_is_described(document: dict[str, Any]) -> None:
    """By what it means, not only by its type."""
    for name, operation in operations(document):
        for one in operation.get("parameters", ()):
            assert one.get("description"), f"{one['name']} of {name}"


def test_a_key_is_asked_for_where_one_is_needed(server: Server, document: dict[str, Any]) -> None:
    """To record; to read too, of a server that is closed, else a key is let pass."""
    for name, operation in operations(document):
        if name.startswith("POST"):
            assert operation["security"] == [{"HTTPBearer": []}]
        elif "/v1/" in name:
            assert operation["security"] == [{}, {"HTTPBearer": []}]
            assert "401" in operation["responses"]
        else:
            assert "security" not in operation
    closed = server.open(open_to_readers=False).get("/openapi.json").json()
    for name, operation in operations(closed):
        if "/v1/" in name:
            assert operation["security"] == [{"HTTPBearer": []}]
    assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"


def addresses(server: Server) -> list[str]:
    """An address for every path that is served to GET, in and outside the document, with ids that there are."""
    ids = {one: value for request in examples.requests() for one, value in request["parameters"].items()}
    ids |= {"source": "almanac"}
    asked = {**ids, "from": "1811-06-30", "to": "1811-07-01", "q": "mint"}
    app: Any = server.client.app
    served = [(one.path_format, one.methods) for one in iter_route_contexts(app.routes)]
    paths = [path for path, methods in served if path and methods and "GET" in methods]
    assert len(paths) > 30
    wanted = {"structure": ("as_of",), "diff": ("from", "to"), "search": ("q",)}
    found = []
    for path in paths:
        names = wanted.get(path.rpartition("/")[2], ())
        query = "&".join(f"{name}={asked[name]}" for name in names)
        found.append(path.format(**ids) + (f"?{query}" if query else ""))
    return found


def test_head_is_answered_wherever_get_is(small: Server) -> None:
    """RFC 9110, section 9.3.2: the same headers, and no body; of pages and files too."""
    for address in [*addresses(small), "/docs/assets/swagger-ui.css"]:
        whole, head = small.client.get(address), small.client.head(address)

        assert whole.status_code in (200, 302), address
        assert (head.status_code, head.content) == (whole.status_code, b""), address
        own = {"x-request-id", "set-cookie", *(["content-length"] if address == "/metrics" else [])}  # these move on
        assert {n: v for n, v in head.headers.items() if n not in own} == {
            n: v for n, v in whole.headers.items() if n not in own
        }, address


def test_no_example_tells_of_the_machine() -> None:
    """Nothing of the folder in which they were made."""
    assert "/tmp" not in json.dumps(examples.answers())
