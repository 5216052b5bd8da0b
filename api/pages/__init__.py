"""The reading room: pages over the same answers as the JSON, which need no script and nothing from another host."""

from __future__ import annotations

from fastapi import Depends, FastAPI

from api.pages import records, registers, states, things
from api.routes.asking import may_read


def add_pages(app: FastAPI) -> None:
    """Serve the pages of the registers from the root of *app*."""
    app.include_router(registers.router, include_in_schema=False, dependencies=[Depends(may_read)])
    for module in (states, things, records):
        app.include_router(
            module.router, prefix="/institutions", include_in_schema=False, dependencies=[Depends(may_read)]
        )
    app.include_router(
        registers.about, prefix="/institutions", include_in_schema=False, dependencies=[Depends(may_read)]
    )
