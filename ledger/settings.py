"""The page of a server's settings, made from them."""

from __future__ import annotations

from pydantic.fields import FieldInfo

from api.settings import PREFIX, Settings

INTRODUCTION = """# Settings of a server

Made from the code by `make pages`; a test holds it to that. `serve` looks at its command line first, then at the
environment, then at the file of TOML that `REGESTA_SETTINGS` names, with the names of the last column. What is wrong is
told at the start, and nothing is served; so is a name that there is not.

| in the environment | default | what it sets | in the file |
|---|---|---|---|
"""


def page() -> str:
    """The text of the page."""
    return INTRODUCTION + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    default = f"`{field.default}`" if field.default is not None else ""
    return f"| `{PREFIX}{name.upper()}` | {default} | {field.description} | `{name}` |\n"
