"""The examples of the OpenAPI document: requests about a small register, and what a server answered to each.

`entries.json` is the register, `requests.json` a request for each address; `make pages` makes `answers.json` of both.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]

FOLDER = Path(str(files("api.examples")))
ANSWERS = FOLDER / "answers.json"
INSTITUTION = "mint"


def entries() -> list[Document]:
    """The entries of the register that all examples are about, in the order of recording; the first founds it."""
    found: list[Document] = json.loads((FOLDER / "entries.json").read_bytes())
    return found


def requests() -> list[Document]:
    """{operation, parameters?, accept?, body?}: a request for each operation at least, those that record last."""
    found: list[Document] = json.loads((FOLDER / "requests.json").read_bytes())
    for request in found:
        request.setdefault("parameters", {})
        if "{institution}" in request["operation"]:
            request["parameters"] = {"institution": INSTITUTION, **request["parameters"]}
    return found


def answers() -> list[Document]:
    """{status, type, headers, body} of each request, in the same order."""
    found: list[Document] = json.loads(ANSWERS.read_bytes())
    return found


def add_examples(document: Document) -> None:
    """Put the examples into an OpenAPI document."""
    for request, answer in zip(requests(), answers(), strict=True):
        method, path = request["operation"].split()
        operation = document["paths"][path][method.lower()]
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in request["parameters"]:
                parameter.setdefault("example", request["parameters"][parameter["name"]])
        if "body" in request:
            known = {entry["entry"]: {"value": entry} for entry in [*entries(), request["body"]]}
            operation["requestBody"]["content"]["application/json"]["examples"] = known
        described = operation["responses"][str(answer["status"])]
        for name, value in answer["headers"].items():
            described["headers"][name]["example"] = value
        if answer["body"] is not None:
            described["content"][answer["type"]]["example"] = answer["body"]
