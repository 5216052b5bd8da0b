"""Answers that will not change, kept as the bytes that were sent."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

MOST = 64 * 1024 * 1024  # bytes of bodies kept in one process
OVERHEAD = 512  # bytes that keeping one costs beside, at most


class Bodies:
    """The bodies asked for last, by their tags, in at most *most* bytes of memory. Any thread may use it."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._erased: dict[str, frozenset[str]] = {}
        self._lock = Lock()

    def forget(self, institution: str, erased: frozenset[str]) -> None:
        """Keep no body, if more than before is *erased* of a register: any may tell of it."""
        with self._lock:
            if erased != self._erased.get(institution, frozenset()):
                self._erased[institution] = erased
                self._kept.clear()
                self.size = 0

    def get(self, tag: str, make: Callable[[], tuple[bytes, bool]]) -> bytes:
        """The body of *tag*; made, where it is not here, and kept if *make* says that it may be."""
        with self._lock:
            body = self._kept.get(tag)
            if body is not None:
                self._kept.move_to_end(tag)
                return body
        body, lasts = make()
        if lasts and len(body) + OVERHEAD <= self.most:
            with self._lock:
                if tag not in self._kept:
                    self._kept[tag] = body
                    self.size += len(body) + OVERHEAD
                while self.size > self.most:
                    _, oldest = self._kept.popitem(last=False)
                    self.size -= len(oldest) + OVERHEAD
        return body
