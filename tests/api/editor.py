"""An editor at a page with a form: what is typed, which button is pressed, what comes back; without script."""

from __future__ import annotations

from urllib.parse import urljoin

from httpx2 import Response
from lxml import html
from starlette.testclient import TestClient

from tests.api.conftest import Server

RECORD = "/institutions/mint/record"

DECREE = {
    "entry": "decree-9",
    "how": "given",
    "instrument.kind": "decree",
    "instrument.number": "9",
    "instrument.signed": "1820-03-01",
    "changes.0.kind": "person-registered",
}
"""A decree of which the form is half filled in."""


class Editor:
    """Somebody with a form open in a browser, which keeps cookies."""

    def __init__(self, browser: TestClient, place: str = RECORD, key: str | None = None) -> None:
        self.browser, self.place = browser, place
        if key:
            self.take(browser.get("/key"), "/key")
            self.type(key=key)
            assert self.press("").status_code == 303
        self.answer = self.take(browser.get(place), place)

    def take(self, answer: Response, place: str) -> Response:
        """Look at the page that came."""
        self.answer, self.place = answer, place
        page = html.document_fromstring(answer.text or "<p></p>")
        assert isinstance(page, html.HtmlElement)
        self.page = page
        self.fields: dict[str, str] = {}
        self.parts = False
        forms = [form for form in self.page.forms if form.method == "POST"]
        if forms:
            self.fields = {name: _value(forms[-1], name, value) for name, value in forms[-1].form_values()}
            self.place = urljoin(place, forms[-1].action)
            self.parts = forms[-1].get("enctype") == "multipart/form-data"
        return answer

    def type(self, **texts: str) -> Editor:
        """Fill in fields; a path is written with two underscores for each dot."""
        return self.fill({name.replace("__", "."): text for name, text in texts.items()})

    def fill(self, texts: dict[str, str]) -> Editor:
        """Fill in fields by their paths."""
        self.fields |= texts
        return self

    def press(self, button: str, **headers: str) -> Response:
        """Press a button and look at the page that comes."""
        texts = {**self.fields, "do": button}
        parts = {name: (None, text) for name, text in texts.items()}
        sent = {"files": parts} if self.parts else {"data": texts}
        answer = self.browser.post(self.place, headers=headers, **sent)
        return self.take(answer, self.place)

    def find(self, path: str) -> list[html.HtmlElement]:
        """The elements of the page at an XPath."""
        found = self.page.xpath(path)
        return [one for one in found if isinstance(one, html.HtmlElement)] if isinstance(found, list) else []

    def _at(self, name: str) -> str:
        return " ".join(" ".join(one.text_content() for one in self.find(f"//*[@id='{name}']")).split())

    def wrong_at(self, path: str) -> str:
        """What is wrong at a field, as the page says it next to the field."""
        return self._at(f"wrong-{path}")

    def read_as(self, path: str) -> str:
        """How the page understood the date at a field."""
        return self._at(f"hint-{path}")

    @property
    def text(self) -> str:
        """What the page says."""
        return " ".join(self.page.text_content().split())


def _value(form: html.FormElement, name: str, value: str | None) -> str:
    """A value as browsers read it: the line feed that begins a text of several lines is none of it."""
    several = any(one.get("name") == name for one in form.iter("textarea"))
    return (value or "").removeprefix("\n") if several else value or ""


def at_the_desk(mint: Server) -> Editor:
    """An editor with a key."""
    return Editor(mint.open(), key=mint.secret)


def with_a_successor(editor: Editor) -> Editor:
    """A decree by which Bob follows Ann as warden."""
    editor.fill(DECREE).press("show")
    editor.type(changes__0__person="bob", changes__0__name__en="Bob")
    editor.press("more:changes")
    editor.type(changes__1__kind="appointed").press("show")
    return editor.type(changes__1__person="bob", changes__1__post="warden", changes__1__capacity="substantive")


def entries(mint: Server) -> int:
    """The position at which the log ends."""
    return int(mint.get("/structure", as_of="1821-01-01")["known_at"]["position"])
