"""Recorded events as they are to be read at a known position: corrected, annulled, in the order of effect."""

from domain.acts.act import RANKING, UNDATED, Act, Order, better
from domain.acts.known import Known, redactions
from domain.acts.renaming import Model, renamed

__all__ = [
    "RANKING",
    "UNDATED",
    "Act",
    "Known",
    "Model",
    "Order",
    "better",
    "redactions",
    "renamed",
]
