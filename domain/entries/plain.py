"""Plain data of JSON and YAML, and as YAML: bounded in size and depth, and never to be read in two ways."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import yaml

from domain.entries.faults import LONGEST_NAME, unreadable

MAX_ENTRY_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 12
MAX_VALUES = 300_000  # of an entry as YAML, names of fields among them: what MAX_ENTRY_BYTES hold; each takes 15 µs


def _check_size(text: bytes, where: str, most: int) -> None:
    if len(text) > most:
        what = "of an entry" if most == MAX_ENTRY_BYTES else "that are taken"
        raise unreadable(where, f"{len(text)} bytes are more than the {most} {what}", "too-large")


def check_depth(data: object, where: str) -> None:
    """See that *data* is not nested beyond MAX_DEPTH. Raises: EntryUnreadable."""
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, Mapping) else outer if isinstance(outer, list) else ())
            if isinstance(inner, Mapping | list)
        ]
        if not level:
            return
    raise unreadable(where, f"nested more than {MAX_DEPTH} levels deep", "too-large")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"the key {twice[:LONGEST_NAME]!r} stands twice in one object")
    return data


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def plain_json(text: bytes, where: str, most: int = MAX_ENTRY_BYTES) -> Any:
    """The plain data of a JSON text in UTF-8, of an entry's size or of *most* bytes. Raises: EntryUnreadable."""
    _check_size(text, where, most)
    try:
        return json.loads(text.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except RecursionError:
        raise unreadable(where, f"nested more than {MAX_DEPTH} levels deep", "too-large") from None
    except ValueError as fault:  # JSONDecodeError and UnicodeDecodeError are two of them
        raise unreadable(where, f"no JSON: {fault}") from None


_NULL, _BOOL, _STR = "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:str"
_RESOLVERS = {
    first: [(tag, pattern)]
    for tag, pattern, firsts in [
        (_NULL, re.compile("^null$"), "n"),
        (_BOOL, re.compile("^(true|false)$"), "tf"),
    ]
    for first in firsts
}


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader in which every scalar but null, true and false is text, and which takes no more than that.

    What it refuses it refuses as it comes to it, before anything is made of what follows.
    """

    yaml_implicit_resolvers = _RESOLVERS

    def __init__(self, text: str, where: str) -> None:
        super().__init__(text)
        self.where = where
        self.depth = self.values = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs say nothing of it
        aliased = isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None)
        refused = "anchors and aliases" if aliased else "tags" if getattr(event, "tag", None) else ""
        if refused:
            raise unreadable(self.where, f"line {event.start_mark.line + 1}: {refused} are not taken")
        self.values += 1
        if self.values > MAX_VALUES:
            raise unreadable(self.where, f"it holds more than {MAX_VALUES} names and values", "too-large")
        self.depth += 1
        if self.depth > MAX_DEPTH and isinstance(event, yaml.CollectionStartEvent):
            raise unreadable(self.where, f"nested more than {MAX_DEPTH} levels deep", "too-large")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != _STR:
                raise yaml.constructor.ConstructorError(None, None, "a key that is no text", key.start_mark)
            if key.value in keys:
                detail = f"the key {key.value[:LONGEST_NAME]!r} stands twice in one mapping"
                raise yaml.constructor.ConstructorError(None, None, detail, key.start_mark)
            keys.add(key.value)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


class _Dumper(yaml.SafeDumper):
    yaml_implicit_resolvers = _RESOLVERS

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.add_representer(float, lambda dumper, number: dumper.represent_scalar(_STR, repr(number)))
_Dumper.add_representer(int, lambda dumper, number: dumper.represent_scalar(_STR, str(number)))
_Dumper.add_representer(bool, lambda dumper, truth: dumper.represent_scalar(_BOOL, "true" if truth else "false"))


def plain_yaml(text: bytes, where: str) -> Any:
    """The plain data of one YAML document in UTF-8, of an entry's size. Raises: EntryUnreadable."""
    _check_size(text, where, MAX_ENTRY_BYTES)
    try:
        return _Loader(text.decode("utf-8"), where).get_single_data()
    except yaml.MarkedYAMLError as fault:
        line = f"line {fault.problem_mark.line + 1}: " if fault.problem_mark else ""
        raise unreadable(where, f"no YAML: {line}{fault.problem}") from None
    except (yaml.YAMLError, ValueError) as fault:
        raise unreadable(where, f"no YAML: {fault}") from None


def yaml_text(data: object) -> bytes:
    """*data* as YAML in the form that `plain_yaml` reads back equal."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text.encode("utf-8")
