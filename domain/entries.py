"""What an editor records in one go: an instrument or a source, with its changes; read, checked, canonical.

An entry comes as JSON or as YAML by one model. Every YAML scalar but null, true and false is text, so
that `2019` stays the year that was written; aliases, tags and repeated keys are refused.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, TypeAlias

import yaml
from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationError, model_validator
from pydantic_core import ErrorDetails

from domain.changes import (
    KINDS,
    LANGUAGE_PATTERN,
    AnyChange,
    Basis,
    Change,
    Frozen,
    GivenBy,
    InstitutionDeclared,
    InstrumentIssued,
    Names,
    SourceRef,
    Text,
)
from domain.dates import PartialDate
from domain.errors import MOST_REASONS, EntryRefused, EntryUnreadable, Reason, first_reasons
from domain.events import Event, make_event
from domain.ids import CODE_PATTERN, ID_PATTERN, TARGET_PATTERN, TENURE_PATTERN, Code, Id, sign_named

MAX_ENTRY_BYTES = 4 * 1024 * 1024
MAX_CHANGES = 20_000
MAX_DEPTH = 12
LONGEST_NAME = 80  # signs of a field's name that a refusal repeats
MAX_VALUES = 300_000  # of an entry as YAML, names of fields among them: what MAX_ENTRY_BYTES hold; each takes 15 µs


class InstrumentGiven(Frozen):
    """The instrument that an entry brings; *id* defaults to the entry's, what is unknown is null."""

    id: Id | None = None
    kind: Code
    number: Text | None = None
    title: Names | None = None
    issuer: Text | None = None
    signed: PartialDate | None = None
    published: PartialDate | None = None
    in_force: PartialDate | None = None

    def issued_by(self, entry: str) -> InstrumentIssued:
        """The change that stands first in *entry* for this instrument."""
        facts = {name: getattr(self, name) for name in InstrumentGiven.model_fields if name not in ("id", "kind")}
        return InstrumentIssued(instrument=self.id or entry, instrument_kind=self.kind, **facts)


def _no_instrument(change: Change) -> Change:
    if isinstance(change, InstrumentIssued):
        raise ValueError("an instrument is written under `instrument` of the entry, not as a change")
    return change


def _without_instruments(schema: dict[str, Any]) -> None:
    """Let the schema of the changes of an entry tell of the same."""
    kinds = schema["items"]["discriminator"]["mapping"]
    issued = {"$ref": kinds.pop(InstrumentIssued.model_fields["kind"].default)}
    schema["items"]["oneOf"].remove(issued)


class Entry(Frozen):
    """An entry as its editor wrote it: whole or not at all recorded."""

    entry: Id
    instrument: Annotated[
        Annotated[InstrumentGiven, Tag("given")] | Annotated[Id | None, Tag("cited")],
        Discriminator(lambda given: "given" if isinstance(given, Mapping | InstrumentGiven) else "cited"),
    ] = None
    effective: PartialDate | None = None
    sources: tuple[SourceRef, ...] = ()
    changes: Annotated[
        tuple[Annotated[AnyChange, AfterValidator(_no_instrument)], ...],
        Field(json_schema_extra=_without_instruments),
    ]

    @model_validator(mode="after")
    def _says_something(self) -> Entry:
        if not self.changes and not isinstance(self.instrument, InstrumentGiven):
            raise ValueError("an entry holds a change, or brings an instrument")
        return self

    @property
    def founds(self) -> InstitutionDeclared | None:
        """The declaration by which this entry may found an institution: its first change."""
        first = self.changes[0] if self.changes else None
        return first if isinstance(first, InstitutionDeclared) else None

    def numbered(self) -> Iterator[tuple[int, Change]]:
        """The changes with their numbers; 0 is the instrument that the entry brings."""
        if isinstance(self.instrument, InstrumentGiven):
            yield 0, self.instrument.issued_by(self.entry)
        yield from enumerate(self.changes, 1)

    def events(
        self, institution: str, recorded_by: str, issued: Callable[[str], InstrumentIssued | None]
    ) -> list[Event]:
        """The events that recording this entry makes; *issued* answers instruments of earlier entries.

        Raises: EntryRefused, where a day is needed and none is found.
        """
        instrument: InstrumentIssued | None
        if isinstance(self.instrument, InstrumentGiven):
            instrument = self.instrument.issued_by(self.entry)
        else:
            instrument = issued(self.instrument) if self.instrument else None
        cited = self.instrument if isinstance(self.instrument, str) else None
        events, undated = [], []
        for number, change in self.numbered():
            day, given_by = self._day_of(change, instrument)
            if day is None and change.DATED:
                undated.append(
                    Reason("no-effective", number, None, f"{change.kind} needs the day on which it takes effect")
                )
            events.append(
                make_event(
                    institution,
                    self.entry,
                    number,
                    change,
                    effective=day,
                    given_by=given_by,
                    basis=basis_of(change, given_by),
                    instrument=instrument.instrument if instrument else cited,
                    sources=change.sources or self.sources,
                    recorded_by=recorded_by,
                )
            )
        if undated:
            raise EntryRefused(self.entry, undated)
        return events

    def _day_of(self, change: Change, instrument: InstrumentIssued | None) -> tuple[PartialDate | None, GivenBy | None]:
        if change.given("effective"):
            return change.effective, "written" if change.effective else None
        if self.effective:
            return self.effective, "written"
        return default_day(instrument)

    def written(self) -> dict[str, Any]:
        """The entry as plain data, with the fields its editor gave and no others."""
        return self.model_dump(mode="json", exclude_unset=True)


def default_day(instrument: InstrumentIssued | None) -> tuple[PartialDate | None, GivenBy | None]:
    """The day that an instrument gives to a change without one, and which of its days it is."""
    if instrument and instrument.in_force:
        return instrument.in_force, "in-force"
    if instrument and instrument.signed:
        return instrument.signed, "signed"
    return None, None


def basis_of(change: Change, given_by: GivenBy | None) -> Basis:
    """How *change* is based: a signing day is a default, a day in force is stated."""
    if change.basis == "inferred":
        return "inferred"
    return "instrument-default" if given_by == "signed" else "stated"


Plain: TypeAlias = Mapping[str, Any]


def entry_from(data: object, where: str) -> Entry:
    """The entry of plain *data*; *where* names file or request in the error.

    Raises: EntryUnreadable, with a reason for each fault.
    """
    _check_depth(data, where)
    changes = data.get("changes") if isinstance(data, Mapping) else None
    if isinstance(changes, list) and len(changes) > MAX_CHANGES:
        raise _unreadable(where, f"{len(changes)} changes are more than the {MAX_CHANGES} of an entry", "too-large")
    try:
        return Entry.model_validate(data)
    except ValidationError as fault:
        raise EntryUnreadable(where, faults_of(fault)) from None


def entry_from_json(text: bytes, where: str) -> Entry:
    """The entry of a JSON object in UTF-8. Raises: EntryUnreadable."""
    return entry_from(plain_json(text, where), where)


def drafts_from_json(text: bytes, where: str) -> list[Entry]:
    """The entries of a JSON array, or of one object, in UTF-8. Raises: EntryUnreadable."""
    data = plain_json(text, where)
    if not isinstance(data, list):
        return [entry_from(data, where)]
    return [entry_from(draft, f"{where}, entry {number}") for number, draft in enumerate(data, 1)]


def entry_from_yaml(text: bytes, where: str) -> Entry:
    """The entry of a YAML document in UTF-8. Raises: EntryUnreadable."""
    return entry_from(plain_yaml(text, where), where)


class InstitutionFile(Frozen):
    """What `institution.yaml` of a register folder holds."""

    id: Id
    name: Names
    unit_kinds: tuple[Code, ...] = ()
    relations: tuple[Code, ...] = ()
    instrument_kinds: tuple[Code, ...] = ()
    notes: Names | None = None

    def declared(self) -> Entry:
        """The entry `institution` that founds the register; an institution has no first day of its own."""
        facts = self.model_dump(mode="json", exclude_unset=True, exclude={"id"})
        change = {"kind": "institution-declared", "effective": None, **facts}
        return Entry.model_validate({"entry": "institution", "changes": [change]})


def institution_from_yaml(text: bytes, where: str) -> InstitutionFile:
    """The institution of a register folder. Raises: EntryUnreadable."""
    try:
        return InstitutionFile.model_validate(plain_yaml(text, where))
    except ValidationError as fault:
        raise EntryUnreadable(where, faults_of(fault)) from None


Place: TypeAlias = tuple[str | int, ...]
"""Where in an entry's data something is wrong: names of fields, and numbers in lists from 0."""


def faults_of(fault: ValidationError) -> list[Reason]:
    """A reason for each thing that is wrong, in an editor's words, with the number of the change.

    After the first MOST_REASONS one says how many more there are.
    """
    reasons = [_reason(place, message) for place, message in placed_faults(fault, MOST_REASONS + 1)]
    return list(first_reasons(reasons, fault.error_count()))


def placed_faults(fault: ValidationError, most: int | None = None) -> list[tuple[Place, str]]:
    """The place of each thing that is wrong, of the first *most*, and what is wrong with it in an editor's words."""
    errors = fault.errors(include_url=False)[:most]
    return [(tuple(part for part in error["loc"] if part not in _BRANCHES), _message(error)) for error in errors]


def _reason(place: Place, message: str) -> Reason:
    number = None
    if len(place) > 1 and place[0] == "changes" and isinstance(place[1], int):
        number, place = place[1] + 1, place[2:]
    field = ".".join(str(part + 1) if isinstance(part, int) else _field_name(part) for part in place)
    return Reason("malformed", number, None, f"{field}: {message}" if field else message)


def _field_name(name: str) -> str:
    """The name of a field in a sentence: one that nobody could read there is quoted, and a long one cut."""
    return name if len(name) <= LONGEST_NAME and name.isprintable() else repr(name[:LONGEST_NAME])


def _message(error: ErrorDetails) -> str:
    message, given = error["msg"].removeprefix("Value error, "), error.get("input")
    shown = f"; given: {str(given)[:60]!r}" if isinstance(given, str | int | float | bool) else ""
    match error["type"]:
        case "union_tag_invalid":
            kind = str(error.get("ctx", {}).get("tag", ""))[:80]
            near = get_close_matches(kind, KINDS, n=1)
            return f"there is no kind of change {kind!r}" + (f"; did you mean {near[0]!r}?" if near else "")
        case "union_tag_not_found":
            return "it says not what kind of change it is: `kind` is missing"
        case "extra_forbidden":
            return "there is no such field here"
        case "missing":
            return "it is required"
        case "too_short":
            return "it is empty"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"an object with named fields is wanted{shown}"
        case "string_pattern_mismatch":
            pattern = str(error.get("ctx", {}).get("pattern"))
            return _FORMS.get(pattern, "it holds a character that cannot be read") + _odd_sign(given) + shown
        case "not_a_date" | "value_error":
            return message
    return message + shown


def _odd_sign(given: object) -> str:
    """The first sign of *given* that no id has, by its name: some look like letters, some like nothing."""
    odd = next((sign for sign in given if not sign.isascii()), None) if isinstance(given, str) else None
    return f", not {sign_named(odd)}" if odd else ""


_FORMS = {
    ID_PATTERN: "an id has letters, digits and . _ : - , begins with a letter or digit, and is at most 128 long",
    CODE_PATTERN: "a code has letters, digits and . _ : - , begins with a letter or digit, and is at most 64 long",
    TARGET_PATTERN: "a target is written ENTRY#n, n being the number of the change, or ENTRY",
    TENURE_PATTERN: "a tenure is named by an id, or by the ENTRY#n of the change that first shows it",
    LANGUAGE_PATTERN: "a language is written by its tag, such as en, ru or kk",
}
"""What a text of a fixed form should be, by the pattern it is held against."""

_BRANCHES = frozenset({*KINDS, "given", "cited", "[key]"})
"""Parts of a pydantic error's place that name a branch of a union and no field."""


def _unreadable(where: str, detail: str, rule: str = "malformed") -> EntryUnreadable:
    return EntryUnreadable(where, [Reason(rule, None, None, detail)])


def _check_size(text: bytes, where: str, most: int) -> None:
    if len(text) > most:
        what = "of an entry" if most == MAX_ENTRY_BYTES else "that are taken"
        raise _unreadable(where, f"{len(text)} bytes are more than the {most} {what}", "too-large")


def _check_depth(data: object, where: str) -> None:
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
    raise _unreadable(where, f"nested more than {MAX_DEPTH} levels deep", "too-large")


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
        raise _unreadable(where, f"nested more than {MAX_DEPTH} levels deep", "too-large") from None
    except ValueError as fault:  # JSONDecodeError and UnicodeDecodeError are two of them
        raise _unreadable(where, f"no JSON: {fault}") from None


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
            raise _unreadable(self.where, f"line {event.start_mark.line + 1}: {refused} are not taken")
        self.values += 1
        if self.values > MAX_VALUES:
            raise _unreadable(self.where, f"it holds more than {MAX_VALUES} names and values", "too-large")
        self.depth += 1
        if self.depth > MAX_DEPTH and isinstance(event, yaml.CollectionStartEvent):
            raise _unreadable(self.where, f"nested more than {MAX_DEPTH} levels deep", "too-large")
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
        raise _unreadable(where, f"no YAML: {line}{fault.problem}") from None
    except (yaml.YAMLError, ValueError) as fault:
        raise _unreadable(where, f"no YAML: {fault}") from None


def canonical_yaml(entry: Entry) -> bytes:
    """The one YAML text of *entry*: what fixtures hold, what an export writes."""
    return yaml_text(entry.written())


def yaml_text(data: object) -> bytes:
    """*data* as YAML in the form that `plain_yaml` reads back equal."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text.encode("utf-8")
