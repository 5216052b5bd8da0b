"""An entry against the record: the events it makes, or the reasons why it is refused. Pure.

`decide` asks a History for the timelines of what an entry touches; first a fold answers it, later tables.
"""

from domain.decide.deciding import Decision, decide, recorded_already
from domain.decide.history import Drafting, FoldedHistory, History

__all__ = [
    "Decision",
    "Drafting",
    "FoldedHistory",
    "History",
    "decide",
    "recorded_already",
]
