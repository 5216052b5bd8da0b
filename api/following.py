"""Reading from a copy that follows the database in which is recorded: never an older answer for a newer one."""

from __future__ import annotations

from datetime import datetime

from domain.chain import Head
from domain.errors import NotHereYet, NotKnownYet, StoreUnusable, UnknownInstitution
from domain.log import Log
from domain.recording import Registers, instant_of, utc_now


class FollowingRegisters(Registers):
    """The registers of a copy, *log*, of which *primary* is ahead by a moment.

    Without a known position the answer is of the copy's own head, which every answer names. With one that the copy
    has not got, or may not have, it is refused; what the copy has is answered while the primary is out of reach.
    """

    def __init__(self, log: Log, primary: Log) -> None:
        super().__init__(log, utc_now)
        self._primary = primary

    def head(self, institution: str) -> Head:
        """The end of the log here. Raises: UnknownInstitution; NotHereYet."""
        head = self.log.head(institution)
        if head.position == 0:
            try:
                known = self._primary.head(institution).position > 0
            except StoreUnusable:
                known = True  # perhaps
            if known:
                raise NotHereYet(institution, "its founding", 0)
            raise UnknownInstitution(institution)
        return head

    def known_position(self, institution: str, known_at: str | None) -> int:
        """The position that *known_at* means.

        Raises: UnknownInstitution, NotAKnownAt, NotKnownYet; NotHereYet, where it lies, or may lie, beyond this copy.
        """
        try:
            position = super().known_position(institution, known_at)
        except NotKnownYet:
            here = self.log.head(institution).position
            if known_at is not None and known_at.isdigit() and self._may_have(institution, int(known_at[:18])):
                raise NotHereYet(institution, f"position {known_at[:18]}", here) from None
            raise
        if known_at is not None and not known_at.isdigit():
            self._see_that_all_is_here(institution, known_at, instant_of(known_at))
        return position

    def _may_have(self, institution: str, position: int) -> bool:
        try:
            return self._primary.head(institution).position >= position
        except StoreUnusable:
            return True

    def _see_that_all_is_here(self, institution: str, known_at: str, instant: datetime) -> None:
        """Raises: NotHereYet, unless all that was recorded up to *instant* is here for certain."""
        head = self.log.head(institution)
        if self.log.position_at(institution, instant) < head.position:
            return  # something later is here, and the log comes in its order
        try:
            recorded = self._primary.position_at(institution, instant)
        except StoreUnusable:
            recorded = head.position + 1  # perhaps
        if recorded > head.position:
            raise NotHereYet(institution, known_at, head.position)
