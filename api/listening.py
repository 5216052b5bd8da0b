"""How connections are listened to: for the head of a request no longer than for its body."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol


def patient(seconds: float) -> type[H11Protocol]:
    """What reads requests, and closes a connection on which none has begun for so many *seconds*.

    uvicorn waits for the head of a request for as long as something comes now and then, or nothing at all.
    """

    class Patient(H11Protocol):
        """HTTP/1.1, with an end to waiting."""

        _waiting: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
            super().connection_made(transport)
            self._wait()

        def handle_events(self) -> None:
            super().handle_events()
            self._wait()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._wait_no_longer()
            super().connection_lost(exc)

        def _wait(self) -> None:
            """Begin to wait, unless that has begun, or a request has."""
            asked = self.cycle is not None and not self.cycle.response_complete
            if asked or self.transport.is_closing():
                self._wait_no_longer()
            elif self._waiting is None:
                self._waiting = self.loop.call_later(seconds, self.transport.close)

        def _wait_no_longer(self) -> None:
            if self._waiting is not None:
                self._waiting.cancel()
                self._waiting = None

    return Patient
