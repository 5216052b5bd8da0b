"""Files sent from a page, and the verdicts that come back."""

from __future__ import annotations

import json
from typing import Any

from httpx2 import Response

from tests.api.editor import Editor

UPLOAD = "/institutions/mint/upload"

OPENED = {
    "entry": "opened",
    "effective": "1830",
    "changes": [{"kind": "unit-established", "unit": "assay", "name": {"en": "Assay"}, "parent": "mint"}],
}


def lines(*entries: Any) -> bytes:
    """Entries as JSON lines; what is bytes already is a line by itself."""
    return b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in entries)


def send(editor: Editor, name: str, content: bytes, **texts: str) -> Response:
    """Choose a file and have it tried."""
    fields = {**{field: (None, text) for field, text in {**editor.fields, **texts}.items()}, "do": (None, "try")}
    answer = editor.browser.post(editor.place, files={**fields, "file": (name, content)})
    return editor.take(answer, editor.place)


def verdicts(editor: Editor) -> list[tuple[str, str, str]]:
    """(where, entry, verdict) of each row."""
    rows = editor.find("//table[contains(@class, 'verdicts')]/tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return [(where, entry, verdict) for where, entry, verdict, _ in cells]
