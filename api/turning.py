"""Signs that turn the direction in which a text runs, and with it what stands around the text."""

from __future__ import annotations

import re

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Those that embed, override or isolate, and those that end it. Source: Unicode Standard Annex 9, 3.3.2."""


def visible(text: str) -> str:
    r"""*text* for a terminal, each such sign written as JSON writes it, `\u202e`, where it turns nothing."""
    return TURNING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
