"""The structure of a day as a drawing: well formed, with every unit, post and holder, and refused where none can be."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from api.formats import svg as module
from api.formats.exported import Exported, NotExported
from api.formats.svg import svg
from api.formats.table import FORMATS
from domain.dates import day
from tests.api.conftest import Server
from tests.api.kz_eo import DAYS, exported
from tests.history import History, appointed, post, released, unit

SVG = "{http://www.w3.org/2000/svg}"


def drawn(told: Exported) -> etree._Element:
    """The drawing, read by a parser that loads nothing."""
    (text,) = svg(told).values()
    return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))


def words(drawing: etree._Element) -> str:
    """Everything that is written in it, lines joined."""
    return " ".join(text.text or "" for text in drawing.iter(f"{SVG}text"))


def treasury(history: History, as_of: str) -> Exported:
    """A register in the making, to be drawn."""
    return Exported(history.view(), "svg", day(as_of))


@pytest.mark.needs("dot")
@pytest.mark.parametrize("as_of", DAYS)
def test_every_unit_and_post_of_the_day_is_in_the_drawing(as_of: str) -> None:
    """A box a unit, and one a post of no unit; of which day and as known when stands under it."""
    told = exported("svg", as_of)
    shown, drawing = told.structure, drawn(told)
    assert shown is not None

    alone = [post for post in shown["posts"].values() if post["unit"] not in shown["units"]]
    boxes = [group for group in drawing.iter(f"{SVG}g") if group.get("class") == "node"]
    assert len(boxes) == len(shown["units"]) + len(alone)
    written = words(drawing)
    for said in (*shown["units"].values(), *shown["posts"].values()):
        name = (said.get("name") or said.get("title") or {}).get("en")
        assert name is None or " ".join(name.split()) in " ".join(written.split())
    assert f"as_of={as_of}, as known at position {told.view.head.position}" in written
    said = json.loads(drawing.findtext(f"{SVG}metadata") or "")
    assert (said["as_of"], said["known_at"]["hash"]) == (as_of, told.view.head.hash)


@pytest.mark.needs("dot")
def test_eve_and_first_day_of_a_holder() -> None:
    """On the eve ann is in the drawing; on the day of her release nobody is said to be, nor that nobody is."""
    history = History().on("2000-02-01", post("warden"), appointed("ann", "warden"))
    history.on("2001-03-01", released("ann", "warden"))

    assert "· warden Ann" in words(drawn(treasury(history, "2001-02-28")))
    assert "· warden (unknown)" in words(drawn(treasury(history, "2001-03-01")))


@pytest.mark.needs("dot")
def test_a_name_is_no_command_and_no_tag() -> None:
    """Quotes, backslashes, tags and line ends in a name are letters of it."""
    name = 'A "B" \\N <script>&amp;</script>\tC'
    history = History().on("2000-02-01", {**unit("assay"), "name": {"en": name}})

    drawing = drawn(treasury(history, "2000-02-01"))

    assert '"B" \\N <script>&amp;</script> C' in words(drawing)
    assert not [*drawing.iter(f"{SVG}script")]


@pytest.mark.needs("dot")
def test_what_a_drawing_cannot_show_is_listed() -> None:
    """Names in other languages, grades, dates."""
    history = History().on("2000-02-01", {**unit("assay"), "name": {"en": "Assay", "ru": "Пробирная"}})
    losses = json.loads(drawn(treasury(history, "2000-02-02")).findtext(f"{SVG}metadata") or "")["losses"]
    lost = {loss["what"]: loss["where"] for loss in losses}

    assert lost["names in other languages"] == ["assay"]
    assert lost["since when and until when it stands, and by which act"] == ["assay", "mint"]
    assert lost["that it is presumed, and not certain"] == ["assay", "mint"]


def test_without_the_program_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks is told what is missing; nothing empty is passed off as a drawing."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NotExported, match="no program `dot`"):
        svg(treasury(History(), "2000-01-01"))


def test_what_nobody_could_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A structure of very many units is a table."""
    monkeypatch.setattr(module, "MOST", 1)
    with pytest.raises(NotExported, match="2 boxes are more than the 1"):
        svg(treasury(History().on("2000-02-01", unit("assay")), "2000-02-01"))


def test_a_drawing_is_of_a_day(mint: Server) -> None:
    """There is no drawing of a whole history, over HTTP either."""
    answer = mint.client.get("/v1/institutions/mint/export", params={"format": "svg"})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-exported")
    with pytest.raises(NotExported, match="name it by as_of"):
        FORMATS["svg"].files(Exported(History().view(), "svg"))
