"""Text that says itself in which direction it runs, kept from turning what stands around it on a page."""

from __future__ import annotations

from markupsafe import Markup, escape

from api.turning import TURNING

_OPENS, _CLOSES = "\u2066\u2067\u2068", "\u2069"


def isolated(text: str) -> str:
    """*text* in an isolate of its own, if a sign in it embeds, overrides or isolates; else as it is.

    Inside it reads as before: an end of an isolate that never began does nothing there, and is left out, for it would
    end the isolate of the page. Source: Unicode Standard Annex 9, 3.3.2 and BD9.
    """
    if not TURNING.search(text):
        return text
    kept, depth = [], 0
    for sign in text:
        if sign == _CLOSES and not depth:
            continue
        depth += (sign in _OPENS) - (sign == _CLOSES)
        kept.append(sign)
    return f"\u2068{''.join(kept)}{_CLOSES * (depth + 1)}"


def shown(value: object) -> object:
    """*value* as a page shows it: plain text isolated, markup and all else as it is."""
    return isolated(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def typed(value: object) -> Markup:
    """*value* for a field of a form, sign by sign as somebody typed it."""
    return escape(value)
