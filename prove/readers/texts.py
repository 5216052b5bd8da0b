"""What reads dates and entries."""

from __future__ import annotations

import json
from collections.abc import Iterator

from prove.readers.reader import FIXTURES, Take, in_words


def dates_reader() -> Take:
    """Reads an EDTF and a day, whose bounds must hold what they say."""
    from domain.dates import AFTER_ALL, BEFORE_ALL, NotADate, NotADay, PartialDate, day, iso

    def take(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        try:
            read = PartialDate.parse(text)
        except NotADate as refusal:
            in_words(refusal)
        else:
            assert BEFORE_ALL <= read.earliest <= read.latest <= AFTER_ALL, "bounds"
            assert PartialDate.parse(str(read)) == read, "printed and read again it is another"
        try:
            assert iso(day(text)) == text, "a day is written otherwise"
        except NotADay as refusal:
            in_words(refusal)

    return take


def dates_seeds() -> Iterator[bytes]:
    """Dates that are read, and that are refused."""
    from tests.domain.test_dates import ABOUT, BAD, LEVEL_0, LEVEL_1, LEVEL_2, REFUSED_EDTF

    yield from (text.encode() for text, *_ in (*LEVEL_0, *LEVEL_1, *LEVEL_2, *ABOUT))
    yield from (text.encode() for text in (*BAD, *REFUSED_EDTF))


def yaml_reader() -> Take:
    """Reads an entry and an institution, and writes an entry back."""
    from api.registers.files import lines_of
    from domain.entries import canonical_yaml, entry_from_yaml, institution_from_yaml
    from domain.errors import EntryUnreadable

    def take(data: bytes) -> None:
        try:
            entry = entry_from_yaml(data, "it")
        except EntryUnreadable as refusal:
            in_words(refusal)
            lines = lines_of(lambda: data)
            for number in (reason.change for reason in refusal.reasons if reason.change):
                lines(number)
        else:
            assert entry_from_yaml(canonical_yaml(entry), "it") == entry, "written and read again it is another"
        try:
            institution_from_yaml(data, "it")
        except EntryUnreadable as refusal:
            in_words(refusal)

    return take


def yaml_seeds() -> Iterator[bytes]:
    """The shortest entries of the bundled registers."""
    files = sorted(FIXTURES.glob("*/entries/*.yaml"), key=lambda file: (file.stat().st_size, file.name))
    yield from (file.read_bytes() for file in files[:60])
    yield from (file.read_bytes() for file in sorted(FIXTURES.glob("*/institution.yaml")))


def json_reader() -> Take:
    """Reads entries as JSON."""
    from domain.entries import drafts_from_json
    from domain.errors import EntryUnreadable

    def take(data: bytes) -> None:
        try:
            drafts_from_json(data, "it")
        except EntryUnreadable as refusal:
            in_words(refusal)

    return take


def golden() -> Iterator[bytes]:
    """A change of every kind, as JSON."""
    yield from (file.read_bytes() for file in sorted((FIXTURES.parent / "tests" / "golden").glob("*.json")))


def json_seeds() -> Iterator[bytes]:
    """Entries of the examples, and one of each kind of change."""
    from api.examples import entries

    yield from (json.dumps(entry, ensure_ascii=False).encode() for entry in entries())
    for change in golden():
        yield json.dumps({"entry": "e", "changes": [json.loads(change)]}, ensure_ascii=False).encode()


def recording_reader() -> Take:
    """Records what reads as an entry: whole, or nothing of it."""
    from tests.api.test_entries_mutated import faults_of_taking

    def take(data: bytes) -> None:
        try:
            found = faults_of_taking(json.loads(data))
        except (ValueError, RecursionError):
            return  # that is tried as JSON
        assert not found, found[0]

    return take
