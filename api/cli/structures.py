"""What stood on a day, as a tree of units with their posts and holders, and tables beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from api.cli.display import Names, console, known_phrase, table
from api.hanging import hanging
from api.phrases import HELD, cause_phrase, date_phrase, grade_phrase, quantity_phrase, span_phrase
from api.turning import visible
from domain.ids import natural
from domain.world import World
from projections.structure import Answer


def show_structure(answer: Answer, world: World, language: str | None) -> None:
    """The units as a tree, with posts and holders in it; then relations, and what is left out."""
    names = Names(world, language, answer["as_of"])
    head = f"{answer['institution']} on {date_phrase(answer['as_of'])}, {known_phrase(answer)}"
    tree = _Structure(answer, names).tree(Text(head))
    out = console()
    out.print(tree)
    for beside in _beside_the_tree(answer, names):
        out.print()
        out.print(beside)
    if answer["unattested"]:
        out.print()
        out.print(f"{answer['unattested']} more that no source shows as early: --grade unattested")


def _beside_the_tree(answer: Answer, names: Names) -> Iterable[Table]:
    relations, functions, quantities = (answer[part].values() for part in ("relations", "functions", "quantities"))
    rows: list[tuple[str, ...]]
    if relations:
        rows = [
            (names.thing(r["subject"]), r["relation"], names.thing(r["object"]), grade_phrase(r), span_phrase(r))
            for r in relations
        ]
        yield table("", "relation", "to", "grade", "span", rows=rows)
    if functions:
        rows = [
            (names.thing(f["holder"]), names.function(f["function"], f["text"]), grade_phrase(f), span_phrase(f))
            for f in functions
        ]
        yield table("", "function", "grade", "span", rows=rows)
    if quantities:
        rows = [
            (names.thing(q["subject"]), q["quantity"], quantity_phrase(q), grade_phrase(q), cause_phrase(q["cause"]))
            for q in quantities
        ]
        yield table("", "quantity", "", "grade", "by", rows=rows)


class _Structure:
    """The tree of one structure: each thing stands in it once."""

    def __init__(self, answer: Answer, names: Names) -> None:
        self.units, self.posts, self.names = answer["units"], answer["posts"], names
        self.left = set(self.units)
        self.below = hanging(self.units)
        self.posts_of: dict[str | None, list[str]] = defaultdict(list)
        for post, said in self.posts.items():
            self.posts_of[said["unit"] if said["unit"] in self.units else None].append(post)

    def tree(self, head: Text) -> Tree:
        root = Tree(head, guide_style="dim")
        self._units(root, None)
        while self.left:  # what is only possible may stand in a circle
            self._unit(root, min(self.left, key=natural))
        if self.posts_of[None]:
            self._posts(root.add(Text("posts of no unit shown here")), None)
        return root

    def _units(self, above: Tree, parent: str | None) -> None:
        for unit in self.below.get(parent, ()):
            if unit in self.left:
                self._unit(above, unit)

    def _unit(self, above: Tree, unit: str) -> None:
        self.left.remove(unit)
        said = self.units[unit]
        parent = said["parent"]
        under = f"; under {parent}, not shown here" if parent and parent not in self.units else ""
        kind = f" ({said['kind']})" if said["kind"] else ""
        branch = above.add(_line(f"{self.names.of(said['name'])} [{unit}]{kind}", said, under))
        self._posts(branch, unit)
        self._units(branch, unit)

    def _posts(self, above: Tree, unit: str | None) -> None:
        for post in sorted(self.posts_of[unit], key=natural):
            said = self.posts[post]
            seats = f", {said['seats']} seats" if said["seats"] not in (None, 1) else ""
            charge = f", in charge of {self.names.of(said['portfolio'])}" if said["portfolio"] else ""
            label = f"• {self.names.of(said['title'])} [{post}] {HELD[said['vacancy']]}{seats}{charge}"
            branch = above.add(_line(label, said))
            for tenure, held in said["holders"].items():
                capacity = f", {held['capacity']}" if held["capacity"] not in (None, "substantive") else ""
                branch.add(_line(f"{self.names.thing(held['person'])}{capacity} ({tenure})", held))


STYLES = {"certain": "bold", "presumed": "", "possible": "dim", "unattested": "dim"}


def _line(label: str, thing: Answer, more: str = "") -> Text:
    line = Text(visible(label), style=STYLES[thing["grade"]])
    line.append(f" — {grade_phrase(thing)}, {span_phrase(thing)}{more}", style="not bold")
    return line
