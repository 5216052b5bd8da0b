"""The formats there are: the name and media type of each, of which days it can tell, and what writes it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from api.formats import FormatName
from api.formats.exported import Exported, Files, NotExported

ZIP = "application/zip"
BEGINNING_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can tell; the same bytes for the same files


@dataclass(frozen=True)
class Format:
    """A format: what *write* makes of a register, one file or, if *media_type* is that of a zip, a folder of many.

    *day*: whether a day may be named, must be, or cannot; *since*: whether an earlier day may be named too.
    *write* loads what it needs when it is called, for some of it is slow to load.
    """

    name: FormatName
    media_type: str
    suffix: str
    gist: str
    write: Callable[[Exported], Files]
    day: Literal["may", "must"] = "may"
    since: bool = False

    @property
    def many(self) -> bool:
        """Whether it is a folder of files, a zip over HTTP."""
        return self.media_type == ZIP

    def check(self, *, day: bool, since: bool) -> None:
        """See that the days are those it can tell of. Raises: NotExported."""
        if self.day == "must" and not day:
            raise NotExported(self.name, "it tells of one day, so name it by as_of")
        if since and not self.since:
            raise NotExported(self.name, "it tells of no span of days, so leave from out")

    def files(self, exported: Exported) -> Files:
        """The files of *exported*; of a format of one file, that one. Raises: NotExported."""
        self.check(day=exported.as_of is not None, since=exported.since is not None)
        return self.write(exported)

    def body(self, exported: Exported) -> bytes:
        """The one file, or a zip of all. Raises: NotExported."""
        files = self.files(exported)
        if not self.many:
            (only,) = files.values()
            return only
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in sorted(files.items()):
                archive.writestr(zipfile.ZipInfo(name, BEGINNING_OF_ZIP), content, zipfile.ZIP_DEFLATED)
        return packed.getvalue()


LOG: FormatName = "log"
LOG_TYPE = "application/x-ndjson"
"""The log as text: no reading of it, for it is copied line by line and not made from a world. It tells of no day."""


def _csv(exported: Exported) -> Files:
    from api.formats.tables import tables

    return tables(exported)


def _popolo(exported: Exported) -> Files:
    from api.formats.popolo import popolo

    return popolo(exported)


def _svg(exported: Exported) -> Files:
    from api.formats.svg import svg

    return svg(exported)


def _bfs(exported: Exported) -> Files:
    from api.formats.bfs import bfs

    return bfs(exported)


def _org_jsonld(exported: Exported) -> Files:
    from api.formats.org import json_ld

    return json_ld(exported)


def _org_turtle(exported: Exported) -> Files:
    from api.formats.org import turtle

    return turtle(exported)


def _eac_cpf(exported: Exported) -> Files:
    from api.formats.eac import eac_cpf

    return eac_cpf(exported)


_ALL = (
    Format("popolo", "application/json", ".popolo.json", "organizations, posts, persons, memberships", _popolo),
    Format("csv", ZIP, ".zip", "tidy tables with a Frictionless description", _csv),
    Format("bfs", ZIP, ".bfs.zip", "units as a historicised register of communes", _bfs, day="must", since=True),
    Format("svg", "image/svg+xml", ".svg", "the structure of a day, drawn", _svg, day="must"),
    Format("org-jsonld", "application/ld+json", ".jsonld", "a graph in W3C ORG and PROV, with CPOV", _org_jsonld),
    Format("org-turtle", "text/turtle", ".ttl", "the same graph as Turtle", _org_turtle),
    Format("eac-cpf", ZIP, ".eac-cpf.zip", "archival authority records, one a body and a person", _eac_cpf),
)
FORMATS: dict[str, Format] = {each.name: each for each in _ALL}
"""Every format but the log, by name; where `Accept` allows several, the first is taken."""
