"""The shelf: the tables of one register in a database, and the archive of what they hold at a position."""

from projections.tables.shelf.archive import ShelfArchive
from projections.tables.shelf.elsewhere import ShelfElsewhere
from projections.tables.shelf.event_cache import EventCache
from projections.tables.shelf.tables import EVE, TOLD, Doc, Place, PointRow, Read, Shelf, ThingId

__all__ = [
    "EVE",
    "TOLD",
    "Doc",
    "EventCache",
    "Place",
    "PointRow",
    "Read",
    "Shelf",
    "ShelfArchive",
    "ShelfElsewhere",
    "ThingId",
]
