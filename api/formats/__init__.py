"""A register in the formats of others: what they are called. `table` says who writes each."""

from __future__ import annotations

from typing import Literal, TypeAlias

FormatName: TypeAlias = Literal["log", "popolo", "csv", "bfs", "svg", "org-jsonld", "org-turtle", "eac-cpf"]
"""What an export may be asked for as."""
