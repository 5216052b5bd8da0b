"""Graphs laid out by Graphviz' `dot`, where the machine has it; what is written in them is never a command."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache

SECONDS = 5
"""How long a graph may take at most."""

LINE = 24
"""About how many signs of a name stand in a line."""


@dataclass(frozen=True)
class Layout:
    """A graph as SVG has it: the *box* that its coordinates lie in, its *width* in pixels, and what is *drawn*."""

    box: str
    width: int
    drawn: str


def present() -> bool:
    """Whether the machine has the program."""
    return shutil.which("dot") is not None


@lru_cache(maxsize=64)
def laid_out(graph: str) -> Layout | None:
    """The layout of *graph*; None, if the program is missing, fails, or takes longer than SECONDS."""
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
    box = re.search(r'viewBox="([^"]*)"', inside[1])
    width = re.search(r'width="(\d+)pt"', inside[1])
    drawing = re.sub(r"<!--.*?-->|<title>.*?</title>", "", inside[2], flags=re.DOTALL).strip()
    return Layout(box[1] if box else "", int(width[1]) * 4 // 3 if width else 600, drawing)


def quoted(text: str) -> str:
    """*text* as a label, in which nothing is a command: backslashes, quotes and ampersands mean themselves."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;").replace("\0", "\\n")
    return f'"{escaped}"'


def folded(name: str) -> str:
    """A long name in several lines; a zero stands for the end of one."""
    lines = [""]
    for word in name.replace("\0", " ").split():
        if lines[-1] and len(lines[-1]) + len(word) > LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\0".join(lines)
