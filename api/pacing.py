"""How long one request may take, and how many long ones go on at once, so that short ones are answered always."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import RegisterError
from domain.pausing import paused_by

SECONDS = 30.0  # for which an answer may be worked at
LONG = 2  # long answers at a time
WAITING = 4  # times as many wait
SOON = 0.5  # seconds after which an answer is a long one
RECORDING, RECORDING_WAITING = 4, 12  # requests that record at a time, and more that wait


class TakesTooLong(RegisterError):
    """The answer would take longer than this server works at one. Of what was to be recorded nothing is stored.

    Ask for less: a shorter period, a later `known_at` with the earlier one, one thing in place of all; and split an
    entry. The command line, `regesta`, has no such bound.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it takes longer than the {seconds:g} s for which this server works at an answer")
        self.seconds = seconds


class TooMuchAtOnce(RegisterError):
    """As many long answers are being made, and waited for, as this server allows, or as many entries recorded.

    Short answers are given meanwhile. Of what was to be recorded nothing is stored.
    """

    def __init__(self) -> None:
        super().__init__("as many long answers, or entries, as this server allows are being worked at; ask again")


class Lane:
    """What *at_once* may be in, while *waiting* more wait to come in. Any thread may use it."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = BoundedSemaphore(at_once)
        self._waiting = BoundedSemaphore(waiting)

    def enter(self, seconds: float) -> None:
        """Come in. Raises: TooMuchAtOnce, where as many wait as may; or nobody left in *seconds*."""
        if self._free.acquire(blocking=False):
            return
        if not self._waiting.acquire(blocking=False):
            raise TooMuchAtOnce
        try:
            if not self._free.acquire(timeout=seconds):
                raise TooMuchAtOnce
        finally:
            self._waiting.release()

    def leave(self) -> None:
        """Go out."""
        self._free.release()


@dataclass
class Pace:
    """How one answer goes on: after *soon* in a *lane*, if there is one, and for no more than *seconds*.

    Its clock runs from its first pause, and not while it waits for the lane, or rests. One thread at a time uses it.
    """

    seconds: float
    lane: Lane | None = None
    soon: float = SOON
    clock: Callable[[], float] = time.monotonic
    _since: float | None = None
    _used: float = 0.0
    _inside: bool = False

    def pause(self) -> None:
        """See how long it took so far. Raises: TakesTooLong, TooMuchAtOnce."""
        now = self.clock()
        if self._since is None:
            self._since = now
        used = self._used + now - self._since
        if used > self.seconds:
            raise TakesTooLong(self.seconds)
        if used > self.soon and self.lane is not None and not self._inside:
            self.lane.enter(self.seconds)
            self._inside = True
            self._since += self.clock() - now

    def rest(self) -> None:
        """Nothing is worked at: what is made so far is being sent, or all is done."""
        if self._since is not None:
            self._used += self.clock() - self._since
            self._since = None
        if self._inside and self.lane is not None:
            self._inside = False
            self.lane.leave()


@dataclass
class Paces:
    """How the answers of one server go on, each for at most *seconds*, *long* of those beyond *soon* at a time."""

    seconds: float = SECONDS
    long: int = LONG
    soon: float = SOON
    answers: Lane = field(init=False)
    entries: Lane = field(init=False)

    def __post_init__(self) -> None:
        self.answers = Lane(self.long, WAITING * self.long)
        self.entries = Lane(RECORDING, RECORDING_WAITING)

    @contextmanager
    def recording(self, *, bounded: bool = True) -> Iterator[None]:
        """Recording, beside RECORDING others at most; unless *bounded*, for as long as it takes: entry by entry.

        Raises: TooMuchAtOnce; TakesTooLong, of what is decided and settled, before it is stored.
        """
        self.entries.enter(self.seconds)
        try:
            with paused_by(Pace(self.seconds).pause if bounded else None):
                yield
        finally:
            self.entries.leave()


class Pacing:
    """Gives each request its pace."""

    def __init__(self, app: ASGIApp, paces: Paces) -> None:
        self.app = app
        self.paces = paces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        pace = Pace(self.paces.seconds, self.paces.answers, self.paces.soon)

        async def resting(message: Message) -> None:
            pace.rest()  # however slowly the other side takes it
            await send(message)

        try:
            with paused_by(pace.pause):  # threads that answer are given the context of the request
                await self.app(scope, receive, resting)
        finally:
            pace.rest()
