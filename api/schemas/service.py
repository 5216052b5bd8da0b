"""How the server itself is."""

from __future__ import annotations

from pydantic import BaseModel


class Status(BaseModel):
    """That the server works."""

    status: str
