"""What changed between two days: rows that name their cause, links from units to units, and a patch."""

from projections.diff.patching import patch
from projections.diff.rows import ALTERS, ATTESTED, BEGINS, ENDS, Row, life_subject
from projections.diff.things import regraded, unnamed_rows
from projections.diff.told import Ended, L, OneDay, Told
from projections.diff.two_days import between, compare, diff

__all__ = [
    "ALTERS",
    "ATTESTED",
    "BEGINS",
    "ENDS",
    "Ended",
    "L",
    "OneDay",
    "Row",
    "Told",
    "between",
    "compare",
    "diff",
    "life_subject",
    "patch",
    "regraded",
    "unnamed_rows",
]
