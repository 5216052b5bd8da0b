"""How the process of the program is set up."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 10_000, 10, 5


def collect_seldom() -> None:
    """Look for garbage in cycles less often than Python does by itself, but before it amounts to a hundred megabytes.

    Recording and reading make many small objects that live for a moment, beside caches of many that live long and
    that each full collection walks through: a third of the time of an import went there (docs/speed.md).
    """
    gc.set_threshold(YOUNG, MIDDLE, OLD)
