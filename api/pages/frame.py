"""The frame of every page: templates, links that keep the reader's language and known position, safety headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages.dates import date_phrase, last_day
from api.pages.directions import shown, typed
from api.pages.naming import Naming
from api.pages.telling import Piece, plainly, value_piece
from api.pages.texts import NAMES, Texts
from api.phrases import number_phrase
from api.routes.asking import Asked, Question
from domain.chain import Head
from domain.recording import View
from projections.structure import Answer
from projections.tables.reading import Reading

FOLDER = Path(str(files("api.pages")))
HTML = "text/html"
KEY = "regesta-key"
"""The cookie with the key of who visits."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load: the stylesheet of this server. No script, no style written in the page."""

HEADERS = {"Content-Security-Policy": POLICY, "Vary": "Accept, Cookie"}
"""Sent with every page: what it may load, and on what of the request it depends."""

SIGNS = {"certain": "●", "presumed": "◐", "possible": "○", "unattested": "·"}
"""How sure a fact is, without colour."""


def _edition() -> str:
    """What the pages are made of, in a hash: answers made of another edition are other answers."""
    parts = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".html", ".css", ".js", ".json", ".py"))
    return sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()[:16]


EDITION = _edition()

Lang = Annotated[
    str | None, Query(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="The language of names, as en, ru, kk.")
]


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    made.filters["typed"] = typed
    made.globals.update(SIGNS=SIGNS, NAMES=NAMES, edition=EDITION)
    made.tests["web"] = is_web
    return made


def is_web(address: object) -> bool:
    """Whether *address* may be a link: of http or https, and nothing that a browser would run."""
    return isinstance(address, str) and address.lower().startswith(("https://", "http://"))


ENVIRONMENT = _environment()


def in_order(names: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    """(language, text) of a name: that in *language* first, else the first there is; then the others, each once."""
    first = language if language in names else next(iter(names))
    ordered = [(first, names[first]), *((other, text) for other, text in names.items() if other != first)]
    seen: dict[str, str] = {}
    for of, text in ordered:
        seen.setdefault(text, of)
    return [(of, text) for text, of in seen.items()]


@dataclass
class Frame:
    """One page for one request: how it names things and where its links lead."""

    request: Request
    lang: str | None = None
    texts: Texts = field(default_factory=Texts)

    @property
    def up(self) -> str:
        """From this page to the root of the server, so that links hold behind any prefix."""
        return (
            "../" * (self.request.url.path.removeprefix(self.request.scope.get("root_path", "")).count("/") - 1) or "./"
        )

    def href(self, path: str, **query: object) -> str:
        """A link to *path*, from the root; it keeps the language and the position at which things are known."""
        return self.link(self.up + quote(path, safe="/:~"), query)

    def link(self, place: str, query: Mapping[str, object]) -> str:
        """*place* with *query* and what links keep."""
        asked = {name.rstrip("_"): value for name, value in {**self.kept, **query}.items() if value is not None}
        return f"{place}?{urlencode(asked, safe=':')}" if asked else place

    @property
    def kept(self) -> dict[str, str]:
        """What of the address every link of the page keeps."""
        asked = self.request.query_params
        return {name: asked[name] for name in ("known_at", "lang") if asked.get(name)}

    def value(self, name: str, value: object) -> Piece:
        """The value of an attribute as a piece."""
        return value_piece(name, value, self.texts)

    def plainly(self, said: object) -> str:
        """A change as it was written."""
        return plainly(said, self.texts)

    @property
    def editing(self) -> bool:
        """Whether the reader has given a key, and is shown the ways to record; whether it is good is asked there."""
        return KEY in self.request.cookies

    number = staticmethod(number_phrase)

    def again(self, **query: object) -> str:
        """A link to this page with some of its question changed; None: left out."""
        asked = {name: value for name, value in self.request.query_params.items() if name not in ("hash", "rules")}
        asked |= {name.rstrip("_"): value for name, value in query.items()}  # type: ignore[misc]
        told = {name: value for name, value in asked.items() if value is not None}
        here = self.same
        return f"{here}?{urlencode(told, safe=':')}" if told else here

    @property
    def same(self) -> str:
        """A link to this page's path; it begins with a dot, so that no id in it passes for a scheme."""
        return "./" + quote(self.request.url.path.rpartition("/")[2], safe="~:")

    def render(self, template: str, **context: Any) -> bytes:
        """The page that *template* makes of *context*."""
        language = self.lang or self.texts.language
        page = ENVIRONMENT.get_template(template).render(
            t=self.texts,
            frame=self,
            href=self.href,
            date=partial(date_phrase, texts=self.texts),
            in_order=partial(in_order, language=language),
            language=language,
            naming=context.pop("naming", Naming()),
            **context,
        )
        return page.encode()

    def answer(self, template: str, **context: Any) -> Response:
        """The same, as an answer."""
        return Response(self.render(template, **context), headers=HEADERS, media_type=HTML)


@dataclass
class RegisterPage(Frame):
    """A page about one register."""

    asked: Asked | None = None

    @property
    def question(self) -> Asked:
        """What is asked."""
        assert self.asked is not None
        return self.asked

    def in_register(self, path: str = "", **query: object) -> str:
        """A link to *path* of this register, as short as it can be: a page has hundreds."""
        above = self.request.url.path.rpartition(f"/institutions/{self.question.institution}/")[2]
        if path and not above.startswith("/"):
            return self.link("../" * above.count("/") + quote(path, safe="/:~"), query)
        return self.href(f"institutions/{self.question.institution}{'/' + path if path else ''}", **query)

    def register_link(self, path: str, **query: object) -> str:
        """The same without what links keep: for a form, which holds it, or for another known position."""
        kept = {"lang": self.lang} if query and self.lang else {}
        place = f"{self.up}institutions/{quote(self.question.institution)}/{path}"
        return f"{place}?{urlencode({**kept, **query}, safe=':')}" if query else place

    def show(self, template: str, make: Callable[[Reading], Mapping[str, Any]], *, dated: bool = False) -> Response:
        """The page that *template* makes of what *make* says of the register; asked for again by its tag."""

        def page(reading: Reading) -> bytes:
            return self.page(template, make(reading))

        return self.question.answer(
            page, media_type=HTML, dated=dated, lasting=False, headers=HEADERS, state=self.state
        )

    def folded(self, template: str, make: Callable[[View, Reading], Mapping[str, Any]]) -> Response:
        """The page of what *make* says of all that is known, which is read and folded whole."""
        asked, registers = self.question, self.question.readings.registers

        def whole(reading: Reading) -> bytes:
            return self.page(template, make(registers.view_at(asked.institution, asked.head.position), reading))

        return asked.answer(whole, media_type=HTML, lasting=False, headers=HEADERS, state=self.state)

    @property
    def state(self) -> str:
        """What a page follows from beside the register."""
        return f"{EDITION}, {self.editing}"

    def page(self, template: str, context: Mapping[str, Any]) -> bytes:
        """The same as bytes."""
        asked, readings = self.question, self.question.readings
        line = readings.line(asked.institution, readings.registers.head(asked.institution))
        today = present(line, asked.head)
        return self.render(
            template,
            here=self.in_register,
            register=asked.institution,
            register_name=line["name"],
            today=today,
            year_ago=f"{int(today[:4]) - 1:04}-01-01" if today else None,
            past=asked.head.position if asked.head.position != line["position"] else None,
            **{"known": known_words(asked.head.position, asked.head.recorded, self.texts), **context},
        )


def present(line: Answer, head: Head) -> str | None:
    """The day that a reader who names none is shown: the last that the register tells of, not after it was recorded."""
    last = last_day(line["last_effective"]) if line["last_effective"] else None
    return min(last, head.recorded[:10]) if last and head.recorded else last


def known_words(position: int, recorded: str | None, texts: Texts) -> str:
    """As known when, in words."""
    if recorded is None:
        return texts("known.nothing")
    when = f"{date_phrase(recorded[:10], texts)}, {recorded[11:16]} UTC"
    return texts("known.recorded", position=position, recorded=when)


def citation(answer: Answer) -> dict[str, str]:
    """How a page that shows *answer* is cited: its own permanent address, that of the JSON, and the footnote."""
    cited = answer["citation"]
    return {"text": cited["text"], "json": cited["address"], "page": cited["address"].removeprefix("/v1")}


async def _frame(request: Request, lang: Lang = None) -> Frame:
    return Frame(request, lang)


async def _register_page(request: Request, asked: Question, lang: Lang = None) -> RegisterPage:
    return RegisterPage(request, lang, asked=asked)


AnyPage = Annotated[Frame, Depends(_frame)]
Page = Annotated[RegisterPage, Depends(_register_page)]
