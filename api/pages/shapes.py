"""What a form can ask for: a text, a name by language, a list, a group of fields, a change of some kind.

A shape reads the plain data of a part of an entry out of what is typed, and writes such data into it: what is written
and read again is equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from api.pages.typed import NONE, TAG, TEXT, Form, Typed
from domain.entries import Place

LANGUAGES = ("en", "ru", "kk")
"""The languages for which a name always has a field; others are typed with their tag."""


class _LeftOut:
    """What is not said at all; None is said."""


LEFT_OUT: Final = _LeftOut()


@dataclass
class Reading:
    """What is read out of a form: where each part of the data was typed, and what is wrong before it is an entry."""

    form: Form
    paths: dict[Place, str] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Leaf:
    """A text: of one or more lines, a date, an id, a number, one of several words, or yes and no."""

    form: Literal["text", "long", "date", "id", "number", "choice", "flag"]
    choices: tuple[str, ...] = ()

    def plain(self, path: str, place: Place, reading: Reading) -> Any:
        """The data typed at *path*."""
        text = reading.form.text(path)
        if not text:
            return LEFT_OUT
        return {"true": True, "false": False}.get(text, text) if self.form == "flag" else text

    def write(self, path: str, data: Any, typed: Typed) -> None:
        """Type *data* at *path*."""
        typed[path] = str(data).lower() if isinstance(data, bool) else str(data)


@dataclass(frozen=True)
class ByKey:
    """Texts by language, or by another key; *always* are the keys that have a field from the start."""

    form = "by_key"
    always: tuple[str, ...] = LANGUAGES
    long: bool = False

    def keys(self, path: str, form: Form) -> list[str]:
        """The keys that have a field."""
        more = (part.replace("~", ".") for part in form.parts(path) if part not in (TAG, TEXT))
        return list(dict.fromkeys([*self.always, *more]))

    def plain(self, path: str, place: Place, reading: Reading) -> Any:
        """The data typed at *path*."""
        found = {}
        for key in self.keys(path, reading.form):
            here = self.at(path, key)
            if text := reading.form.text(here):
                found[key], reading.paths[*place, key] = text, here
        tag, text = reading.form.text(f"{path}.{TAG}"), reading.form.text(f"{path}.{TEXT}")
        if tag in found:
            reading.faults.append((f"{path}.{TAG}", f"{tag!r} stands here twice"))
        elif tag or text:
            found[tag], reading.paths[*place, tag] = text, f"{path}.{TAG}"
        return found or LEFT_OUT

    def write(self, path: str, data: Any, typed: Typed) -> None:
        """Type *data* at *path*."""
        for key, text in data.items():
            typed[self.at(path, key)] = text

    @staticmethod
    def at(path: str, key: str) -> str:
        """The field of *key*; a dot in it would divide the path."""
        return f"{path}.{key.replace('.', '~')}"


@dataclass(frozen=True)
class Row:
    """A few texts that belong together, as the two ends of a link and what passed."""

    form = "row"
    cells: int = 3

    def plain(self, path: str, place: Place, reading: Reading) -> Any:
        """The data typed at *path*: empty cells at the end are none."""
        texts = [reading.form.text(f"{path}.{cell}") for cell in range(self.cells)]
        while texts and not texts[-1]:
            texts.pop()
        return texts or LEFT_OUT

    def write(self, path: str, data: Any, typed: Typed) -> None:
        """Type *data* at *path*."""
        for cell, text in enumerate(data):
            typed[f"{path}.{cell}"] = text


@dataclass(frozen=True)
class Several:
    """A list; what is left blank in it is no member of it. *least*: how many are shown at least."""

    form = "several"
    of: Shape
    empty: bool = False
    """Whether a list without members says something."""

    def plain(self, path: str, place: Place, reading: Reading) -> Any:
        """The data typed at *path*."""
        made: list[Any] = []
        for number in reading.form.numbers(path):
            said = self.of.plain(f"{path}.{number}", (*place, len(made)), reading)
            if said is not LEFT_OUT:
                reading.paths[*place, len(made)] = f"{path}.{number}"
                made.append(said)
        return made if made or self.empty else LEFT_OUT

    def write(self, path: str, data: Any, typed: Typed) -> None:
        """Type *data* at *path*."""
        for number, one in enumerate(data):
            typed.setdefault(f"{path}.{number}", "")
            self.of.write(f"{path}.{number}", one, typed)


@dataclass(frozen=True)
class Field:
    """A named part; *none* where it may say none, which is not the same as saying nothing."""

    name: str
    shape: Shape
    required: bool
    none: bool
    default: str | None = None


@dataclass(frozen=True)
class Group:
    """Named parts that belong together."""

    form = "group"
    fields: tuple[Field, ...]
    needed: bool = False

    def plain(self, path: str, place: Place, reading: Reading) -> Any:
        """The data typed at *path*."""
        made = {}
        for one in self.fields:
            here = f"{path}.{one.name}"
            reading.paths[*place, one.name] = here
            said = one.shape.plain(here, (*place, one.name), reading)
            if one.none and reading.form.says_none(here):
                if said not in (LEFT_OUT, []):
                    reading.faults.append((here, "something is said here, and none as well"))
                said = None
            if said is not LEFT_OUT:
                made[one.name] = said
        return made if made or self.needed else LEFT_OUT

    def write(self, path: str, data: Any, typed: Typed) -> None:
        """Type *data* at *path*."""
        for one in self.fields:
            if one.name not in data:
                continue
            if data[one.name] is not None:
                one.shape.write(f"{path}.{one.name}", data[one.name], typed)
            elif one.none:
                typed[f"{NONE}{path}.{one.name}"] = "on"


@dataclass(frozen=True)
class Change:
    """A change of one of *kinds*, with the fields that *fields_of* its kind are."""

    form = "change"
    kinds: tuple[str, ...]
    fields_of: Callable[[str], Group]

    def group(self, path: str, form: Form) -> Group | None:
        """The fields of the kind that is chosen; None before."""
        kind = form.text(f"{path}.kind")
        return self.fields_of(kind) if kind in self.kinds else None

    def plain(self, path: str, place: Place, reading: Reading) -> Any:
        """The data typed at *path*."""
        reading.paths[*place, "kind"] = f"{path}.kind"
        kind, group = reading.form.text(f"{path}.kind"), self.group(path, reading.form)
        if group is None:
            if kind:
                return {"kind": kind}
            return {} if reading.form.filled(path) else LEFT_OUT
        return {"kind": kind, **group.plain(path, place, reading)}

    def write(self, path: str, data: Any, typed: Typed) -> None:
        """Type *data* at *path*."""
        typed[f"{path}.kind"] = data["kind"]
        self.fields_of(data["kind"]).write(path, data, typed)


Shape: TypeAlias = Leaf | ByKey | Row | Several | Group | Change


def fields_shown(shape: Shape, path: str, form: Form) -> Iterator[str]:
    """The paths of the fields of *shape* that a form shows."""
    match shape:
        case Leaf():
            yield path
        case Row():
            yield from (f"{path}.{cell}" for cell in range(shape.cells))
        case ByKey():
            yield from (shape.at(path, key) for key in (*shape.keys(path, form), TAG, TEXT))
        case Several():
            for number in form.numbers(path):
                yield from (f"{path}.{number}", *fields_shown(shape.of, f"{path}.{number}", form))
        case Group():
            for one in shape.fields:
                yield from (f"{path}.{one.name}", *fields_shown(one.shape, f"{path}.{one.name}", form))
        case Change():
            yield f"{path}.kind"
            group = shape.group(path, form)
            if group is not None:
                yield from fields_shown(group, path, form)
