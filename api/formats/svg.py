"""`svg`: the structure of a day as a drawing, units in boxes with their posts and holders, as Graphviz lays it out."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import orjson

from api.formats.exported import Exported, Files, NotExported, in_one_language
from api.formats.losses import Losses
from api.graphviz import SECONDS, folded, laid_out, present, quoted
from domain.ids import natural
from projections.structure import Answer

MOST = 600
"""How many units and posts of no unit are drawn at most: of more, nobody could read the names."""

NO_PLACE = "a drawing has no place for it"
BORDERS = {"certain": "solid", "presumed": "solid", "possible": "dashed"}


def svg(exported: Exported) -> Files:
    """The one file. Raises: NotExported, where nothing can be drawn."""
    shown = exported.structure
    assert shown is not None  # the table says that a day must be named
    drawing = _Drawing(exported, shown)
    if len(drawing.numbers) > MOST:
        raise NotExported("svg", f"{len(drawing.numbers)} boxes are more than the {MOST} that can be read")
    if not present():
        raise NotExported("svg", "this machine has no program `dot` to lay it out")
    layout = laid_out(drawing.graph())
    if layout is None:
        raise NotExported("svg", f"`dot` did not lay it out in {SECONDS} seconds")
    drawing.lose_the_rest()
    told = {**exported.told, "losses": drawing.losses.told}
    title = f"{exported.institution} on {told['as_of']}"
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="{layout.box}"'
        f' width="{layout.width}" role="img" aria-labelledby="title desc">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="desc">{escape(told["text"])}</desc>\n'
        f'<metadata id="regesta">{escape(orjson.dumps(told).decode())}</metadata>\n{layout.drawn}\n</svg>\n'
    )
    return {f"{exported.institution}.svg": text.encode()}


class _Drawing:
    def __init__(self, exported: Exported, shown: Answer) -> None:
        self.exported = exported
        self.units, self.posts = shown["units"], shown["posts"]
        self.shown = shown
        self.people = {one.id: one for one in exported.persons()}
        self.losses = Losses()
        boxes = [*self.units, *(post for post, said in self.posts.items() if said["unit"] not in self.units)]
        self.numbers = {thing: f"n{n}" for n, thing in enumerate(sorted(boxes, key=natural))}

    def graph(self) -> str:
        """What `dot` is given: a box a unit, an arrow from each to those that hang on it, and dotted relations."""
        caption = f"{self.exported.told['text']}; dashed: only possible"
        body = "\n".join([*self._boxes(), *self._arrows()])
        return (
            'digraph { rankdir=LR; bgcolor="white"; nodesep=0.12; ranksep=0.6;'
            f' labelloc=b; fontname="serif"; fontsize=10; label={quoted(caption)};'
            ' node [shape=box, fontname="serif", fontsize=11, margin="0.1,0.05", height=0.3];'
            f' edge [fontname="serif", fontsize=9, arrowsize=0.5];\n{body}\n}}'
        )

    def _boxes(self) -> Iterator[str]:
        for thing, number in self.numbers.items():
            said = self.units.get(thing) or self.posts[thing]
            lines = [folded(self._named(thing, said["name"]))] if thing in self.units else list(self._held(thing))
            for post in sorted(self.posts, key=natural) if thing in self.units else ():
                if self.posts[post]["unit"] == thing:
                    lines += self._held(post)
            yield f"{number} [label={quoted(chr(0).join(lines))}, style={BORDERS[said['grade']]}];"

    def _held(self, post: str) -> Iterator[str]:
        """The title of a post and who holds it."""
        said = self.posts[post]
        yield folded(f"· {self._named(post, said['title'])}")
        for tenure, held in said["holders"].items():
            person = self.people.get(held["person"])
            names = [name.name for name in person.names if name.use != "other"] if person else []
            capacity = f" ({held['capacity']})" if held["capacity"] not in (None, "substantive") else ""
            doubt = "?" if held["grade"] == "possible" else ""
            yield folded(f"{self._named(held['person'], names[-1] if names else None)}{capacity}{doubt}")
            self._lose_dates(tenure, held)
        if not said["holders"]:
            yield f"({said['vacancy']})"

    def _arrows(self) -> Iterator[str]:
        for unit, said in self.units.items():
            if said["parent"] in self.units:
                yield f"{self.numbers[said['parent']]} -> {self.numbers[unit]};"
        for one in self.shown["relations"].values():
            ends = [self._box(one["subject"]), self._box(one["object"])]
            if None not in ends:
                said = f"[label={quoted(one['relation'])}, style=dotted, constraint=false]"
                yield f"{ends[0]} -> {ends[1]} {said};"

    def _box(self, thing: str) -> str | None:
        """The box in which a unit or post stands."""
        return self.numbers.get(thing) or self.numbers.get(self.posts.get(thing, {}).get("unit") or "")

    def _named(self, thing: str, names: object) -> str:
        """A name in one language; the id of what has none."""
        if isinstance(names, dict) and len(names) > 1:
            self.losses.add("names in other languages", thing, NO_PLACE)
        return in_one_language(names) or thing

    def _lose_dates(self, thing: str, said: Answer) -> None:
        self.losses.add("since when and until when it stands, and by which act", thing, NO_PLACE)
        if said["grade"] == "presumed":
            self.losses.add("that it is presumed, and not certain", thing, "it is drawn as what is certain")
        if said["contested"]:
            self.losses.add("that claims about it disagree", thing, NO_PLACE)

    def lose_the_rest(self) -> None:
        """Take note of what stands on the day and is not drawn."""
        for part in ("units", "posts"):
            for thing, said in self.shown[part].items():
                self._lose_dates(thing, said)
        for one in self.posts:
            if self.posts[one]["seats"] is not None:
                self.losses.add("how many seats it has", one, NO_PLACE)
            if self.posts[one]["portfolio"] is not None:
                self.losses.add("its portfolio", one, NO_PLACE)
        for unit, said in self.units.items():
            if said["kind"] is not None:
                self.losses.add("of which kind it is", unit, NO_PLACE)
            if said["parent"] is not None and said["parent"] not in self.units:
                self.losses.add("that it hangs on what does not stand", unit, NO_PLACE)
        for name, one in self.shown["relations"].items():
            self._lose_dates(name, one)
            if self._box(one["subject"]) is None or self._box(one["object"]) is None:
                self.losses.add("a relation to what does not stand", name, NO_PLACE)
        for part in ("functions", "quantities"):
            for thing in self.shown[part]:
                self.losses.add(f"{part} of units and posts", thing, NO_PLACE)
        if self.shown["unattested"]:
            self.losses.add(
                f"{self.shown['unattested']} things that no source shows as early", self.exported.institution, NO_PLACE
            )
