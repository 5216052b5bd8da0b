"""How often somebody may ask: by key, or by address where none is sent. Each process counts for itself."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from fastapi import HTTPException
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


@dataclass(frozen=True)
class Rate:
    """So many requests in so much time, such as `600/minute`; None: any number."""

    item: RateLimitItem | None

    @classmethod
    def of(cls, text: str) -> Rate:
        """The rate that *text* says; `none` is none. Raises: ValueError."""
        return cls(None if text == "none" else parse(text))


class Rates:
    """What may be asked how often, and who has asked lately. Any thread may use it."""

    def __init__(self, reading: str = "none", writing: str = "none", wrong_keys: str = "none") -> None:
        self.reading, self.writing, self.wrong_keys = Rate.of(reading), Rate.of(writing), Rate.of(wrong_keys)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, rate: Rate, of: str) -> None:
        """Count a request. Raises: HTTPException 429, if it is one too many."""
        if rate.item is not None and not self._limiter.hit(rate.item, of):
            raise self._refusal(rate.item, of)

    def see(self, rate: Rate, of: str) -> None:
        """See that one more would not be too many, and count nothing. Raises: HTTPException 429."""
        if rate.item is not None and not self._limiter.test(rate.item, of):
            raise self._refusal(rate.item, of)

    def _refusal(self, item: RateLimitItem, of: str) -> HTTPException:
        again = max(1, math.ceil(self._limiter.get_window_stats(item, of).reset_time - time.time()))
        return HTTPException(429, f"No more than {item}; ask again in {again} s.", {"Retry-After": str(again)})
