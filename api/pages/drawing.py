"""Drawings of lineage, laid out by Graphviz' `dot` where the machine has it; the facts stand in a table in any case."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

SECONDS = 5
MOST = 80
"""How many links are drawn at most: more is a table."""

LINE = 24
"""About how many signs of a name stand in a line."""


@dataclass(frozen=True)
class Link:
    """An arrow of a drawing; *broken*: only a part went on so, or it is not sure."""

    start: str
    end: str
    label: str
    broken: bool = False


def drawn(nodes: Mapping[str, str], links: Iterable[Link], centres: Collection[str]) -> str | None:
    """An SVG of *nodes* (id → name) and *links*, the *centres* in bold; None, where none can be drawn."""
    told = sorted(set(links), key=lambda link: (link.start, link.end, link.label))
    if not 0 < len(told) <= MOST or shutil.which("dot") is None:
        return None
    numbers = {node: f"n{n}" for n, node in enumerate(sorted(nodes))}
    lines = [
        f"{numbers[node]} [label={_quoted(_folded(name))}{', penwidth=2' if node in centres else ''}];"
        for node, name in sorted(nodes.items())
    ]
    lines += [
        f"{numbers[link.start]} -> {numbers[link.end]}"
        f" [label={_quoted(link.label)}{', style=dashed' if link.broken else ''}];"
        for link in told
    ]
    body = "\n".join(lines)
    return _laid_out(
        'digraph { rankdir=LR; bgcolor="transparent"; nodesep=0.15; ranksep=0.5;'
        ' node [shape=box, fontname="serif", fontsize=11, margin="0.1,0.05", height=0.3];'
        f' edge [fontname="serif", fontsize=10, arrowsize=0.6];\n{body}\n}}'
    )


@lru_cache(maxsize=256)
def _laid_out(graph: str) -> str | None:
    try:
        done = subprocess.run(  # a program of the machine, given a graph of numbers and quoted names
            ["dot", "-Tsvg"],  # noqa: S607
            input=graph.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    text = done.stdout.decode("utf-8", "replace")
    inside = re.search(r"<svg\b(.*?)>(.*)</svg>", text, re.DOTALL)
    if inside is None:
        return None
    box = re.search(r'viewBox="[^"]*"', inside[1])
    width = re.search(r'width="(\d+)pt"', inside[1])
    drawing = re.sub(r"<!--.*?-->|<title>.*?</title>", "", inside[2], flags=re.DOTALL).strip()
    pixels = int(width[1]) * 4 // 3 if width else 600
    return f'<svg {box[0] if box else ""} width="{pixels}" aria-hidden="true">{drawing}</svg>'


def _quoted(text: str) -> str:
    """*text* as a label, in which nothing is a command: backslashes, quotes and ampersands mean themselves."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;").replace("\0", "\\n")
    return f'"{escaped}"'


def _folded(name: str) -> str:
    """A long name in several lines; a zero stands for the end of one."""
    lines = [""]
    for word in name.replace("\0", " ").split():
        if lines[-1] and len(lines[-1]) + len(word) > LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\0".join(lines)
