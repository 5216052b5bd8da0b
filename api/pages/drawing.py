"""Drawings of lineage, laid out by Graphviz' `dot` where the machine has it; the facts stand in a table in any case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from api.graphviz import folded, laid_out, present, quoted

MOST = 80
"""How many links are drawn at most: more is a table."""


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
    if not 0 < len(told) <= MOST or not present():
        return None
    numbers = {node: f"n{n}" for n, node in enumerate(sorted(nodes))}
    lines = [
        f"{numbers[node]} [label={quoted(folded(name))}{', penwidth=2' if node in centres else ''}];"
        for node, name in sorted(nodes.items())
    ]
    lines += [
        f"{numbers[link.start]} -> {numbers[link.end]}"
        f" [label={quoted(link.label)}{', style=dashed' if link.broken else ''}];"
        for link in told
    ]
    body = "\n".join(lines)
    layout = laid_out(
        'digraph { rankdir=LR; bgcolor="transparent"; nodesep=0.15; ranksep=0.5;'
        ' node [shape=box, fontname="serif", fontsize=11, margin="0.1,0.05", height=0.3];'
        f' edge [fontname="serif", fontsize=10, arrowsize=0.6];\n{body}\n}}'
    )
    if layout is None:
        return None
    return f'<svg viewBox="{layout.box}" width="{layout.width}" aria-hidden="true">{layout.drawn}</svg>'
