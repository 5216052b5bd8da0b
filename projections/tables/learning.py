"""What entries taught, from the tables: the slice that they have to do with, as known before and after each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from domain.claims import Key, post_key
from domain.dates import Day
from domain.events import Event
from domain.ids import split_target
from domain.things import targets_of
from projections.learned import Step, learned
from projections.structure import Answer
from projections.tables.bringing import Bringing
from projections.tables.shelf import ShelfArchive
from projections.tables.slices import Position, Slice
from projections.tables.topics import key_of


@dataclass(frozen=True)
class Learning:
    """What is known at *position* and was not before; *as_known* gives the archive as known at any position."""

    as_known: Callable[[Position], ShelfArchive]
    position: Position

    @cached_property
    def archive(self) -> ShelfArchive:
        """The archive as known at the position."""
        return self.as_known(self.position)

    def learned(self, earlier: Position, day: Day) -> Answer:
        """What is known of *day* and was not at *earlier*: each difference with the entry that brought it."""
        core, rows, read = self._learning(earlier)
        entries = _entries(rows)
        first, last = (self._step(position, core, (), read) for position in (earlier, self.position))
        if len(entries) < 2:  # as nearly always: there is no choice
            events = entries[0][1] if entries else ()
            return learned([first, replace(last, events=events)], day)
        bringing = Bringing(self.archive.shelf, day, earlier, entries, last.known, self._slice_known)
        return learned([first, last], day, bringing.of)

    def _slice_known(self, position: Position, core: Iterable[Key], also: Iterable[Position]) -> Slice:
        """The acts on *core* as known at *position*."""
        return Slice(self.as_known(position), core, also=also)

    def steps(self, earlier: Position) -> list[Step]:
        """What is known at *earlier*, then after each entry behind it: all that those have to do with."""
        core, rows, read = self._learning(earlier)
        ends = [(earlier, ()), *_entries(rows)]
        return [self._step(position, core, events, read) for position, events in ends]

    def _learning(self, earlier: Position) -> tuple[set[Key], dict[Position, Event], set[Position]]:
        """All that the entries behind *earlier* have to do with, their events, and the positions these read anew."""
        core = set(map(key_of, self.archive.shelf.changed(earlier, self.position)))
        rows = self.archive.events(range(earlier + 1, self.position + 1))
        read = set(rows) | {place for event in rows.values() for place in read_anew(self.archive, event)}
        first = Slice(self.archive, (), also=read)
        core |= {key for place in read for key in first.keys_of(first.rows[place])}
        core |= {post_key(key[2]) for key in core if key[0] == "tenure"}
        slice_ = Slice(self.archive, core)
        core = slice_.all_of(core)
        for post in {key[1] for key in core if key[0] == "post"}:
            core |= slice_.keys_in(f"holders|{post}")
        return core, rows, read

    def _step(self, position: Position, core: set[Key], events: Sequence[Event], also: set[Position]) -> Step:
        slice_ = Slice(self.as_known(position), core, also=also)
        return Step(slice_.known, tuple(events), slice_.world)


def read_anew(archive: ShelfArchive, event: Event) -> Iterator[Position]:
    """The positions of what *event* says how to read."""
    for target in targets_of(event.change):
        entry, number = split_target(target)
        for position, other in archive.entry(entry):
            if number in (None, other.index):
                yield position
                yield from read_anew(archive, other)


def _entries(rows: dict[Position, Event]) -> list[tuple[Position, tuple[Event, ...]]]:
    """The entries of *rows*, each with its last position, in the order of recording."""
    return [
        (some[-1], tuple(rows[position] for position in some))
        for _, run in groupby(sorted(rows), key=lambda position: rows[position].entry)
        for some in [list(run)]
    ]
