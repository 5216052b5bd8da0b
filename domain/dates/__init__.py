"""Days and badly known days: what an archive can say about when something took effect.

A day is an int inside the program: the proleptic Gregorian ordinal of `datetime.date`. A `PartialDate`
is a day that may be badly known, written in EDTF, with the first and the last day it can be. The `edtf`
library judges one date at a time; intervals, sets, open ends and the margin of "about" are read here,
because it pads unknown ends by ten years, accepts a backward interval, and pads "about" by too much.
"""

from domain.dates.days import AFTER_ALL, BEFORE_ALL, Day, NotADay, day, iso
from domain.dates.edtf import LONGEST, NotADate
from domain.dates.partial import PartialDate

__all__ = [
    "AFTER_ALL",
    "BEFORE_ALL",
    "LONGEST",
    "Day",
    "NotADate",
    "NotADay",
    "PartialDate",
    "day",
    "iso",
]
