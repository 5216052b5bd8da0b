"""The logs of a store as they stand at one moment, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from domain.chain import EMPTY, ZERO, Head, Row, check_link, checked, header, write_line
from domain.log.recorder import PAGE, LogRows


class Moment:
    """The logs of a store as they stand at one moment."""

    def __init__(self, rows: LogRows) -> None:
        self._rows = rows

    def heads(self) -> dict[str, Head]:
        """Where the log of each institution ends, by id."""
        return {stream: self.head(stream) for stream in self._rows.streams()}

    def head(self, institution: str) -> Head:
        """Where the log of *institution* ends; position 0 if it has none."""
        return head_in(self._rows, institution)

    def proved(self, institution: str) -> Iterator[Row]:
        """The rows of a log, each proved before it is given. Raises: ChainBroken."""
        return (row for row, _ in checked(institution, each(self._rows, institution)))

    def text(self, institution: str, head: Head) -> Iterator[bytes]:
        """The log up to *head* as it is exported: a header line, then an event a line."""
        return text_in(self._rows, institution, head)


def head_in(rows: LogRows, institution: str) -> Head:
    """Where the log of *institution* ends; position 0 if it has none."""
    last = rows.last(institution)
    return head_of(last) if last else EMPTY


def text_in(rows: LogRows, institution: str, head: Head) -> Iterator[bytes]:
    """The log up to *head* as it is exported: a header line, then an event a line."""
    yield header(institution, head)
    for row, prev in linked(rows, institution, until=head.position):
        yield write_line(row, prev)


def each(rows: LogRows, institution: str) -> Iterator[Row]:
    """Every row, by the page, as it is."""
    after = 0
    while page := rows.rows(institution, after, None, PAGE):
        yield from page
        after = page[-1].position


def linked(
    rows: LogRows, institution: str, after: int = 0, until: int | None = None, limit: int | None = None
) -> Iterator[tuple[Row, bytes]]:
    """Rows with the hash of the position before each, from which it follows. Raises: ChainBroken."""
    start = rows.rows(institution, after - 1, after, limit=1) if after > 0 else []
    prev = start[0].hash if start else ZERO
    left = limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = rows.rows(institution, after, until, size)
        for row in page:
            check_link(institution, row, prev, after + 1)
            yield row, prev
            prev, after = row.hash, row.position
        if len(page) < size:
            return
        if left is not None:
            left -= size


def head_of(row: Row) -> Head:
    """The head of a log that ends with *row*."""
    return Head(row.position, row.recorded, row.hash.hex())
