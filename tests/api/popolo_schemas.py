"""The schemas of Popolo, JSON Schema draft 3, all loaded, so that no reference leads to another host."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft3Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT3

from tests.requirements import standards

KINDS = {"organizations": "organization", "posts": "post", "persons": "person", "memberships": "membership"}
"""The members of a document, each with the schema of what it holds."""


@cache
def validators() -> dict[str, Draft3Validator]:
    """A validator for each kind of object."""
    folder = standards()
    assert folder is not None
    schemas = {path.stem: json.loads(path.read_text()) for path in (folder / "popolo").glob("*.json")}
    assert len(schemas) == 16
    resources = [
        (schema["id"].rstrip("#"), Resource.from_contents(schema, default_specification=DRAFT3))
        for schema in schemas.values()
    ]
    registry: Registry[Any] = Registry().with_resources([*resources, *((f"{uri}#", one) for uri, one in resources)])
    return {kind: Draft3Validator(schemas[kind], registry=registry) for kind in KINDS.values()}


def faults(document: dict[str, Any]) -> Iterator[str]:
    """What is not valid in a document, by the id of the object."""
    for members, kind in KINDS.items():
        for thing in document[members]:
            yield from (f"{thing['id']}: {fault.message}" for fault in validators()[kind].iter_errors(thing))
