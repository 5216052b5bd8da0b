"""Long registers, in which most things are no neighbours: the tables must tell what the fold tells there too."""

from __future__ import annotations

import pytest

from domain.lives import GRADES
from tests.tables.centuries import century, some_days
from tests.tables.reading import differences, recorded, rows_apart

ENTRIES = 60
EVERY = 10
"""Of the entries, at so many apart a reader stands, and at the head."""


@pytest.mark.parametrize("seed", range(6))
def test_a_century_reads_the_same_from_the_tables(seed: int) -> None:
    """What is found by looking at some days alone is all that a look at all of them would find."""
    # given entries over a hundred years, late ones and controls of old ones among them
    with recorded(century(seed, ENTRIES)) as store:
        asked = [(day, grade) for day in some_days(seed) for grade in GRADES]
        positions = [*store.ends[::EVERY], store.head]

        # then every tenth reader is told what the fold tells
        apart = "\n".join(differences(store, asked, positions))
        assert not apart, apart

        # and the tables are those that would be made anew
        kept = store.dump()
        store.rebuild()
        rows = rows_apart(kept, store.dump())
        assert not rows, "\n".join(rows)
