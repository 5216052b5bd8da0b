"""The event log: one stream of events an institution, over the `eventsourcing` library.

The stream's version is the log's *position*, gapless from 1. Each append is one `save()` of whole entries,
stored in one transaction or not at all. Only this package and the recorders know the library; which database
keeps the log is the business of the infrastructure it is given.
"""

from domain.chain import Head
from domain.log.application import Placed
from domain.log.log import Log, Recorded
from domain.log.moment import Moment
from domain.log.recorder import PAGE, Clock, LogRecorder, LogRows, PositionTaken, StoredChange

__all__ = [
    "PAGE",
    "Clock",
    "Head",
    "Log",
    "LogRecorder",
    "LogRows",
    "Moment",
    "Placed",
    "PositionTaken",
    "Recorded",
    "StoredChange",
]
