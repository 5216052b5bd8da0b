"""The reference of the HTTP interface, made from the OpenAPI document that the server gives of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.app import create_app
from api.keys import keys_in_file
from api.store import readings_in_memory

INTRODUCTION = """# Every address, and the shape of every answer

Made by `make pages` from the document that the server gives of itself at `/openapi.json`; a test holds it to that. What
holds for all addresses, and what the answers mean, is told in [http.md](http.md).
*In italics*: may be left out, or be missing.
"""

Schema = Mapping[str, Any]


def page() -> str:
    """The text of the page."""
    with readings_in_memory() as readings, keys_in_file(":memory:") as keys:
        document = create_app(readings, keys).openapi()
    schemas = document["components"]["schemas"]
    told = [name for name in schemas if name in _reached(document["paths"], schemas)]
    return "\n".join(
        [
            INTRODUCTION,
            *_addresses(document["paths"]),
            "## Shapes\n",
            *(line for name in sorted(told, key=str.lower) for line in _shape(name, schemas[name])),
        ]
    )


def _addresses(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            yield f"## {method.upper()} {path}\n"
            yield f"{_line(operation.get('description', ''))}\n"
            rows = [
                _row(given["name"], given["required"], given["schema"], given)
                for given in operation.get("parameters", ())
            ]
            if "requestBody" in operation:
                rows.append(_row("the body", True, _body(operation["requestBody"]), {}))
            yield from _table(("parameter", "is", "what it says"), rows)
            yield from _table(("status", "answers with"), [_answer(*each) for each in operation["responses"].items()])


def _answer(status: str, answer: Mapping[str, Any]) -> tuple[str, ...]:
    forms = [f"{_type(form.get('schema', {}))} as `{kind}`" for kind, form in answer.get("content", {}).items()]
    return f"{status} {answer['description']}", ", or ".join(forms)


def _body(body: Mapping[str, Any]) -> Schema:
    schema: Schema = next(iter(body["content"].values()))["schema"]
    return schema


def _shape(name: str, schema: Schema) -> Iterator[str]:
    yield f"### {name}\n"
    if said := _line(schema.get("description", "")):
        yield f"{said}\n"
    if "properties" not in schema:
        yield f"{_type(schema)}\n"
    needed = schema.get("required", ())
    fields = schema.get("properties", {}).items()
    yield from _table(("field", "is", "what it says"), [_row(each, each in needed, of, of) for each, of in fields])


def _row(name: str, required: bool, schema: Schema, told: Schema) -> tuple[str, ...]:
    shown = f"`{name}`" if required else f"*`{name}`*"
    default = schema.get("default")
    without = f" Left out: `{default}`." if default not in (None, [], {}) and "const" not in schema else ""
    return shown, _type(schema), _line(told.get("description", "")) + without


def _type(schema: Schema) -> str:
    """What a value is, in words; a shape of this page as a link."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(map(_type, schema[several])))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    return _plain(schema)


def _plain(schema: Schema) -> str:
    kind = schema.get("type", "anything")
    if kind == "array" and "prefixItems" in schema:
        return f"[{', '.join(map(_type, schema['prefixItems']))}]"
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"by id or code: {_type(schema['additionalProperties'])}"
    bounds = [f"{sign} {schema[name]}" for name, sign in BOUNDS.items() if name in schema]
    return " ".join([str(kind), *bounds])


BOUNDS = {
    "minimum": "≥",
    "maximum": "≤",
    "exclusiveMinimum": ">",
    "exclusiveMaximum": "<",
    "minLength": "of at least",
    "maxLength": "of at most",
}


def _reached(told: object, schemas: Mapping[str, Schema]) -> set[str]:
    """The names of the shapes that *told* refers to, and of all that these refer to."""
    found: set[str] = set()
    wanted = set(_references(told))
    while wanted:
        found |= wanted
        wanted = {each for name in wanted for each in _references(schemas[name])} - found
    return found


def _references(told: object) -> Iterator[str]:
    if isinstance(told, Mapping):
        if isinstance(told.get("$ref"), str):
            yield told["$ref"].rpartition("/")[2]
        for each in told.values():
            yield from _references(each)
    elif isinstance(told, list):
        for each in told:
            yield from _references(each)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    if lines:
        yield "\n".join([f"| {' | '.join(heads)} |", "|" + "---|" * len(heads), *lines]) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())
