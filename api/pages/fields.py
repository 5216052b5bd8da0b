"""The fields of entries and changes, made from their schemas: every kind of change without code of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from api.pages.shapes import LANGUAGES, ByKey, Change, Field, Group, Leaf, Row, Several, Shape
from domain.changes import ENVELOPE, KINDS, LANGUAGE_PATTERN, Frozen, SourceRef, UnitAfter
from domain.entries import InstrumentGiven
from domain.ids import CODE_PATTERN, ID_PATTERN, TARGET_PATTERN, TENURE_PATTERN

LONG = ("note", "wording", "gist", "reason", "notes", "text", "portfolio")
"""Fields whose text may have several lines."""

IDS = (ID_PATTERN, CODE_PATTERN, TARGET_PATTERN, TENURE_PATTERN)
"""Patterns of texts that name something."""


@cache
def change_group(kind: str) -> Group:
    """The fields of a kind of change: those of the fact, then of where, when and how it is told."""
    model = KINDS[kind]
    fields = _fields(model, model.PARTIAL)
    day = next(one for one in fields if one.name == "effective")
    own = [one for one in fields if one.name not in ENVELOPE and one.name != "kind"]
    around = [one for one in fields if one.name in ENVELOPE and one is not day]
    day = Field(day.name, day.shape, required=False, none=not model.DATED)
    return Group((*own, day, *sorted(around, key=lambda one: ENVELOPE.index(one.name))), needed=True)


def _fields(model: type[Frozen], said: bool) -> list[Field]:
    """The fields of *model*; *said* where none differs from what is left out."""
    schema = model.model_json_schema(by_alias=True)
    required = schema.get("required", ())
    return [
        _field(name, part, schema.get("$defs", {}), name in required, said and name not in ENVELOPE)
        for name, part in schema["properties"].items()
    ]


def _field(name: str, schema: Mapping[str, Any], defs: Mapping[str, Any], required: bool, said: bool) -> Field:
    nullable = any(one.get("type") == "null" for one in schema.get("anyOf", ()))
    default = schema.get("default")
    shape = _shape(name, schema, defs, required)
    return Field(name, shape, required, nullable and (required or said), default if isinstance(default, str) else None)


SAYING_NONE = (UnitAfter.__name__,)
"""Parts of changes in which none differs from what is left out."""


def _shape(name: str, schema: Mapping[str, Any], defs: Mapping[str, Any], required: bool) -> Shape:
    kinds = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if kinds:
        return _shape(name, kinds[0], defs, required)
    if "discriminator" in schema:
        return Change(tuple(schema["discriminator"]["mapping"]), change_group)
    if "$ref" in schema:
        model = schema["$ref"].rpartition("/")[2]
        inner = defs[model]
        needed = inner.get("required", ())
        return Group(
            tuple(
                _field(one, part, defs, one in needed, model in SAYING_NONE)
                for one, part in inner["properties"].items()
            ),
            needed=required,
        )
    match schema:
        case {"enum": words}:
            return Leaf("choice", tuple(words))
        case {"type": "boolean"}:
            return Leaf("flag")
        case {"type": "integer" | "number"}:
            return Leaf("number")
        case {"format": "edtf"}:
            return Leaf("date")
        case {"type": "array", "items": {"type": "array"}}:
            return Several(Row())
        case {"type": "array", "items": items}:
            return Several(_shape(name, items, defs, required=False), required and "minItems" not in schema)
        case {"type": "object", "patternProperties": keys}:
            languages = LANGUAGE_PATTERN in keys
            return ByKey(LANGUAGES if languages else (), name in LONG)
        case {"type": "string", "pattern": pattern} if pattern in IDS:
            return Leaf("id")
        case {"type": "string"}:
            return Leaf("long" if name in LONG else "text")
    raise TypeError(f"a form has no field for {name}: {schema}")


CHANGES = Several(Change(tuple(kind for kind in KINDS if kind != "instrument-issued"), change_group), empty=True)
SOURCES = Several(Group(tuple(_fields(SourceRef, said=False))))
INSTRUMENT = Group(tuple(_fields(InstrumentGiven, said=False)), needed=True)
DATE = Leaf("date")
"""The parts of an entry."""
