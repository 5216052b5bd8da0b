"""Elements of EAC-CPF 2.0, and its dates: EDTF as recorded, bounds where that is no single day, else unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from lxml import etree

from domain.dates import Day, PartialDate, iso

NAMESPACE = "https://archivists.org/ns/eac/v2"
_DEFAULT: dict[str | None, str] = {None: NAMESPACE}

Element: TypeAlias = etree._Element
Content: TypeAlias = "Element | str | None"


def element(name: str, *content: Content, **attributes: str | None) -> Element:
    """An element with *content*, elements and text in order; what is None is left out."""
    made = etree.Element(etree.QName(NAMESPACE, name), nsmap=_DEFAULT)  # type: ignore[arg-type]  # None is the default one
    for attribute, value in attributes.items():
        if value:
            made.set(attribute, value)
    last = None
    for part in content:
        if isinstance(part, str):
            if last is None:
                made.text = (made.text or "") + part
            else:
                last.tail = (last.tail or "") + part
        elif part is not None:
            made.append(part)
            last = part
    return made


def whole(name: str, parts: Iterable[Element]) -> Element | None:
    """An element that holds *parts*; None, if there are none, for an empty one is not allowed."""
    held = list(parts)
    return element(name, *held) if held else None


def named(name: str, names: object, **attributes: str | None) -> list[Element]:
    """An element for each language of a name."""
    texts = names if isinstance(names, Mapping) else {}
    return [element(name, text, languageOfElement=language, **attributes) for language, text in texts.items()]


def note(*paragraphs: Content) -> Element | None:
    """A descriptive note, a paragraph each; None, if there is nothing to say."""
    said = [one if isinstance(one, etree._Element) else element("p", one) for one in paragraphs if one is not None]
    return whole("descriptiveNote", said)


def date(day: PartialDate | None) -> Element:
    """One date, as recorded."""
    if day is None:
        return element("date", "unknown", status="unknown")
    return element("date", day.text, standardDate=day.text, **_bounds(day.text, day.earliest, day.latest))


def date_range(since: Element, until: Element) -> Element:
    """From one date to another."""
    return element("dateRange", since, until)


def from_date(text: str | None, lo: Day, hi: Day, **more: str | None) -> Element:
    """The first day, some day from *lo* to *hi*."""
    return _end_of_range("fromDate", text, lo, hi, more)


def to_date(text: str | None, lo: Day, hi: Day, **more: str | None) -> Element:
    """The first day on which it holds no longer, some day from *lo* to *hi*."""
    return _end_of_range("toDate", text, lo, hi, more)


def _end_of_range(name: str, text: str | None, lo: Day, hi: Day, more: Mapping[str, str | None]) -> Element:
    if text is None:
        return element(name, "unknown", status="unknown", **_bounds(None, lo, hi), **more)
    return element(name, text, standardDate=text, **_bounds(text, lo, hi), **more)


def _bounds(text: str | None, lo: Day, hi: Day) -> dict[str, str | None]:
    """Between which days a date lies, where it does not say so itself."""
    if text is not None and text == iso(lo) == iso(hi):
        return {}
    return {"notBefore": iso(lo), "notAfter": iso(hi)}
