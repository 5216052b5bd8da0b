"""How often somebody may ask: by key, or by address where none is sent. Each process counts for itself."""

from __future__ import annotations

import math
import time
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from threading import Lock

from fastapi import HTTPException
from limits import RateLimitItem, parse

MOST = 1_000_000
"""Instants kept of one rate, of eight bytes each; if there are more, who has not asked for longest is forgotten."""
EACH = 40
"""How many of them keeping somebody at all weighs as much as."""

NETWORK = 64
"""Bits of an IPv6 address that name a network. Whoever has one has all addresses in it, more than can be counted."""


def counted_as(host: str) -> str:
    """Under what somebody at *host* is counted: the address, of IPv6 its network; what is no address, as it is."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> (128 - NETWORK) << (128 - NETWORK))}/{NETWORK}"


class Rate:
    """So many requests in so much time, such as `600/minute`, and who has asked when, in seconds; None: any number.

    limits' own storage in memory has a list for everybody who ever asked, and begins a thread to look through all of
    them whenever somebody does.
    """

    def __init__(self, item: RateLimitItem | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.item = item
        self.size = 0
        self._clock = clock
        self._asked: OrderedDict[bytes, array[float]] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def of(cls, text: str, clock: Callable[[], float] = time.monotonic) -> Rate:
        """The rate that *text* says; `none` is none. Raises: ValueError."""
        return cls(None if text == "none" else parse(text), clock)

    def wait(self, of: str, *, asks: bool) -> float:
        """In how many seconds one more request is not too many; 0 for now, and then it counts if somebody *asks*."""
        if self.item is None:
            return 0
        who = blake2b(of.encode(errors="surrogatepass"), digest_size=16).digest()  # an address may be of any length
        now, period = self._clock(), self.item.get_expiry()
        with self._lock:
            self._forget(now - period)
            times = self._asked.get(who, array("d"))
            gone = bisect_right(times, now - period)
            if len(times) - gone >= self.item.amount:
                return times[-self.item.amount] + period - now
            if asks:
                del times[:gone]
                times.append(now)
                if who not in self._asked:
                    self.size += EACH
                self.size += 1 - gone
                self._asked[who] = times
                self._asked.move_to_end(who)
        return 0

    def _forget(self, until: float) -> None:
        """Keep nothing of who asked last before *until*, nor more than MOST."""
        while self._asked:
            first = next(iter(self._asked))
            if self.size <= MOST and self._asked[first][-1] > until:
                return
            self.size -= EACH + len(self._asked.pop(first))


class Rates:
    """What may be asked how often, and who has asked lately. Any thread may use it."""

    def __init__(
        self,
        reading: str = "none",
        writing: str = "none",
        wrong_keys: str = "none",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.reading, self.writing, self.wrong_keys = (Rate.of(text, clock) for text in (reading, writing, wrong_keys))

    def count(self, rate: Rate, of: str) -> None:
        """Count a request. Raises: HTTPException 429, if it is one too many."""
        _refuse(rate, rate.wait(of, asks=True))

    def see(self, rate: Rate, of: str) -> None:
        """See that one more would not be too many, and count nothing. Raises: HTTPException 429."""
        _refuse(rate, rate.wait(of, asks=False))


def _refuse(rate: Rate, wait: float) -> None:
    if wait > 0:
        again = max(1, math.ceil(wait))
        raise HTTPException(429, f"No more than {rate.item}; ask again in {again} s.", {"Retry-After": str(again)})
