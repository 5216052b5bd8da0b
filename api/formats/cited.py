"""The acts that a document names, gathered while it is written, for it to tell of them all."""

from __future__ import annotations

from api.formats.exported import Span
from domain.acts import Act
from domain.lives import Life


class Cited:
    """The acts named so far, each by `ENTRY#n`."""

    def __init__(self) -> None:
        self.acts: dict[str, Act] = {}

    def act(self, act: Act) -> str:
        """Name *act*: its name."""
        self.acts[act.target] = act
        return act.target

    def life(self, life: Life) -> None:
        """Name the acts by which *life* begins and ends."""
        self.act(life.cause)
        if life.end:
            self.act(life.end.act)

    def span(self, span: Span) -> None:
        """Name the act that gave a value, if one did."""
        if span.held:
            self.act(span.held.act)
