"""Bars on the standard error, where that is a terminal, for what takes time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from api.store import Database
    from projections.tables.rebuilding import Progress

T = TypeVar("T")


@contextmanager
def catching_up() -> Iterator[Progress]:
    """What to tell how far the tables of a register are made: a bar appears with the first that is told."""
    with ExitStack() as shown:
        bars: dict[str, object] = {}

        def told(institution: str, done: int, events: int) -> None:
            if not sys.stderr.isatty():
                return
            from rich.console import Console
            from rich.progress import Progress as Bars

            if not bars:
                bars[""] = shown.enter_context(Bars(console=Console(stderr=True), transient=True))
            made = bars[""]
            assert isinstance(made, Bars)
            if institution not in bars:
                bars[institution] = made.add_task(f"tables of {institution}", total=events)
            made.update(bars[institution], completed=done, total=events)  # type: ignore[arg-type]  # the task's id

        yield told


@contextmanager
def opened(open_: Callable[..., AbstractContextManager[T]], database: Database, *, make: bool) -> Iterator[T]:
    """What *open_* opens in *database*, with a bar while its tables catch up."""
    with ExitStack() as stack:
        with catching_up() as progress:
            made = stack.enter_context(open_(database, make=make, progress=progress))
        yield made
