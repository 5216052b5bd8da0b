"""What the pages for readers weigh, and how long they take, each view over kz-eo."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

import orjson

from bench.figures import Figure, Times
from bench.peers import ROOT
from bench.places import InFile
from bench.serving import got, server

REGISTER = "/institutions/kz-eo"
HEAD = "HEAD"
"""Stands in an address for the position at which the log ends."""

FIRST_PAGE = 100
"""The most kB of the first page and its stylesheet."""

VIEWS = {
    "first page, with the stylesheet": ["/", "/static/page.css"],
    "overview of a register": [REGISTER],
    "structure on a day": [
        f"{REGISTER}/structure?as_of={year}-06-{day:02}" for year in range(2004, 2026) for day in (1, 7)
    ],
    "what changed in a month": [f"{REGISTER}/diff?from={year}-01-01&to={year}-02-01" for year in range(1996, 2026)],
    "what was learned of a day by one entry": [
        f"{REGISTER}/diff?as_of=2024-05-24&known_from={position - 1}&known_to={position}"
        for position in (1098, 1110, 1120)
    ],
    "what was learned of a day by all entries": [
        f"{REGISTER}/diff?as_of={year}-05-24&known_from={position}&known_to={HEAD}"
        for year in (1996, 2005, 2012, 2024)
        for position in (0, 1)
    ],
    "a unit": [f"{REGISTER}/units/eo"] * 10,
    "a post with its holders": [f"{REGISTER}/posts/head-of-eo"] * 10,
    "a person": [f"{REGISTER}/persons/bektenov-olzhas"] * 10,
    "a decree": [f"{REGISTER}/instruments/2023-09-01-decree-reorganization"] * 10,
    "an entry": [f"{REGISTER}/entries/2024-05-24-leaders"] * 10,
    "claimed counts": [f"{REGISTER}/counts"] * 10,
    "moves from body to body, of all time": [f"{REGISTER}/flows"] * 10,
    "the log, fifty events": [f"{REGISTER}/events?after={after}" for after in range(0, 1000, 100)],
    "findings": [f"{REGISTER}/findings"] * 10,
    "search": [f"{REGISTER}/search?q={quote(name)}" for name in ("Қарин", "Bektenov", "exec off", "Дадебаев", "совет")],
    "sources": [f"{REGISTER}/sources"] * 10,
    "a source": [f"{REGISTER}/sources/s4-forbes-kz-2023-09-01"] * 10,
}
"""View → addresses of it, each asked for once; what names its days is never answered from memory so."""


def page_figures(scratch: Path) -> list[Figure]:
    """The weight of each view, of the heaviest that was asked for, and the middle of the times it took."""
    file = scratch / "pages.sqlite"
    command = [sys.executable, "-m", "api", "--db", f"sqlite:///{file}", "import", "fixtures/kz-eo"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603  # our own program
    figures = []
    with server(InFile(file, scratch)) as port:
        listed, _ = got(port, "/v1/institutions")
        head = str(orjson.loads(listed)["institutions"]["kz-eo"]["position"])
        got(port, f"{REGISTER}/structure?as_of=1990-01-01")  # what is read once, and templates
        for view, addresses in VIEWS.items():
            seconds, weights = [], []
            for address in (address.replace(HEAD, head) for address in addresses):
                start = perf_counter()
                body, _ = got(port, address)
                seconds.append(perf_counter() - start)
                weights.append(len(body) / 1000)
            whole = view.startswith("first page")
            weight = sum(weights) if whole else max(weights)
            limit = FIRST_PAGE if whole else None
            took = f"{Times.of(seconds).p50 * 1e3:.3g} ms, at most {max(seconds) * 1e3:.3g} ms"
            figures.append(Figure("", f"page: {view}", limit, limit, weight, False, " kB", took))
    return figures
