"""The reading room: pages over the same answers as the JSON, which need no script and nothing from another host."""

from __future__ import annotations

from fastapi import Depends, FastAPI

from api.pages import log, people, recording, records, registers, states, things, uploads, visitors


def add_pages(app: FastAPI) -> None:
    """Serve the pages of the registers from the root of *app*."""
    for first in (recording.founding, uploads.founding):
        app.include_router(first, include_in_schema=False)
    for router in (recording.router, uploads.router):
        app.include_router(router, prefix="/institutions", include_in_schema=False)
    guarded = [Depends(visitors.may_visit)]
    app.include_router(visitors.router, include_in_schema=False)
    app.include_router(registers.style, include_in_schema=False)
    app.include_router(registers.router, include_in_schema=False, dependencies=guarded)
    for router in (states.router, things.router, records.router, people.router, log.router, registers.about):
        app.include_router(router, prefix="/institutions", include_in_schema=False, dependencies=guarded)
