"""The log: entries recorded whole, in order, each proving all before it, and the same again from text."""

import hashlib
import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.chain import EMPTY, digest_of, hash_of
from domain.changes import (
    Annulled,
    Appointed,
    Change,
    Corrected,
    InstitutionDeclared,
    InstrumentIssued,
    PersonRegistered,
    PostAttested,
    SourceRef,
    UnitAfter,
    UnitRenamed,
    UnitsReorganized,
)
from domain.dates import PartialDate
from domain.errors import LogUnreadable, UnknownInstitution
from domain.events import Event, make_event
from domain.log import PAGE, Clock, Log, PositionTaken
from tests.stores import OpenStore

NOON = datetime(2024, 5, 24, 12, tzinfo=UTC)


def at(instant: datetime) -> Clock:
    """A clock that stands at *instant*."""
    return lambda: instant


def entry(name: str, *changes: Change, first: int = 1, institution: str = "mint") -> list[Event]:
    """An entry of *changes*, of an unknown day; `first=0` for one that brings its instrument."""
    return [
        make_event(
            institution,
            name,
            number,
            change,
            effective=change.effective,
            given_by="written" if change.effective else None,
            basis=change.basis,
            instrument=None,
            sources=change.sources,
            recorded_by="import",
        )
        for number, change in enumerate(changes, start=first)
    ]


def persons(name: str, count: int, institution: str = "mint") -> list[Event]:
    """An entry that registers *count* persons."""
    changes = (PersonRegistered(person=f"{name}-{n}", name={"en": "Somebody"}) for n in range(count))
    return entry(name, *changes, institution=institution)


def text_of(log: Log, institution: str = "mint") -> bytes:
    """The exported log."""
    out = io.BytesIO()
    log.export(institution, out)
    return out.getvalue()


def lines_of(log: Log) -> list[bytes]:
    """The header and the events of the exported log."""
    return text_of(log).splitlines(keepends=True)


@pytest.fixture
def log(open_store: OpenStore) -> Log:
    """An empty store."""
    return open_store()


@pytest.fixture
def elsewhere(open_store: OpenStore) -> Log:
    """Another empty store."""
    return open_store()


# --- recording and reading


def test_events_are_read_as_they_were_recorded(log: Log) -> None:
    """A field lost on the way through the database is a fact lost to history."""
    # given
    events = entry(
        "decree-1",
        InstrumentIssued(
            instrument="decree-1",
            instrument_kind="decree",
            number="1",
            signed=PartialDate.parse("1811-07"),
            title={"ru": "О монетах", "kk": "Ақша туралы"},
        ),
        InstitutionDeclared(name={"en": "Mint", "ru": "Монетный двор"}, unit_kinds=("office",)),
        PostAttested(
            post="warden",
            seats=None,
            effective=PartialDate.parse("../1811-07-01"),
            sources=(SourceRef(source="almanac", locator="p. 3", certainty="low"),),
        ),
        UnitsReorganized(
            form="merge",
            before=("a", "b"),
            after=(UnitAfter(unit="c", name={"en": "C"}, parent=None),),
            links=(("a", "c"), ("b", "c", "assays")),
            effective=PartialDate.parse("1811-07-01"),
            note='a line\nand another, with "quotes" and ,"state":',
        ),
        Appointed(person="ivanov", post="warden", capacity="acting", effective=PartialDate.parse("1811~")),
        Corrected(
            target="decree-0#1",
            change=UnitRenamed(unit="a", name={"en": "A"}, effective=PartialDate.parse("1810")),
            reason="misread",
        ),
        Annulled(target="decree-0", reason="a forgery"),
        first=0,
    )

    # when
    positions = log.append("mint", events, expected=0, clock=at(NOON))

    # then
    read = list(log.read("mint"))
    assert positions == (1, 7)
    assert [r.event for r in read] == events
    assert [r.event.stored() for r in read] == [e.stored() for e in events]
    assert [r.position for r in read] == [1, 2, 3, 4, 5, 6, 7]
    assert {r.recorded for r in read} == {"2024-05-24T12:00:00.000000Z"}
    assert [r.prev_hash for r in read] == [EMPTY.hash, *(r.hash for r in read[:-1])]
    assert log.head("mint").hash == read[-1].hash


def test_an_empty_log_ends_at_position_0(log: Log) -> None:
    """A reader may hold the head of a log before its first entry."""
    assert log.head("mint") == log.verify("mint")
    assert (log.head("mint").position, log.head("mint").recorded) == (0, None)
    assert log.head("mint").hash == "0" * 64
    assert list(log.read("mint")) == []
    assert log.institutions() == []


def test_a_log_longer_than_a_page_is_read_in_order(log: Log) -> None:
    """Events are fetched in pages; none is lost or told twice where pages meet."""
    # given
    log.append("mint", persons("census", 2 * PAGE + 1), expected=0, clock=at(NOON))

    # when
    def positions(after: int = 0, until: int | None = None, limit: int | None = None) -> list[int]:
        return [r.position for r in log.read("mint", after, until, limit)]

    # then
    assert positions() == list(range(1, 2 * PAGE + 2))
    assert positions(after=PAGE - 1, limit=PAGE + 1) == list(range(PAGE, 2 * PAGE + 1))
    assert positions(after=3, until=5) == [4, 5]
    assert positions(limit=0) == positions(after=2 * PAGE + 1) == []
    third, fourth = log.read("mint", after=2, limit=2)
    assert fourth.prev_hash == third.hash


def test_institutions_have_logs_of_their_own(log: Log) -> None:
    """What is recorded of one institution moves no other's positions."""
    log.append("mint", persons("a", 2), expected=0, clock=at(NOON))
    log.append("bank", persons("a", 1, "bank"), expected=0, clock=at(NOON))

    assert log.institutions() == ["bank", "mint"]
    assert (log.head("bank").position, log.head("mint").position) == (1, 2)
    assert log.verify("bank") == log.head("bank")


def test_a_writer_who_comes_second_is_told_so(log: Log) -> None:
    """An entry is decided upon what the log held; when that changed, it must be decided again."""
    # given
    log.append("mint", persons("a", 2), expected=0, clock=at(NOON))

    # when, then
    with pytest.raises(PositionTaken, match="ends at position 2, not at position 0"):
        log.append("mint", persons("b", 1), expected=0, clock=at(NOON))
    with pytest.raises(PositionTaken):
        log.append("mint", persons("b", 1), expected=3, clock=at(NOON))
    assert log.entry("mint", "b") is None
    assert log.append("mint", persons("b", 1), expected=2, clock=at(NOON)) == (3, 3)


@pytest.mark.parametrize(
    "events",
    [
        [],
        persons("a", 3)[1:],
        persons("a", 3)[::2],
        persons("a", 2)[::-1],
        persons("a", 1, institution="bank"),
    ],
    ids=["nothing", "without its beginning", "with a gap", "backwards", "of another institution"],
)
def test_only_whole_entries_are_recorded(log: Log, events: list[Event]) -> None:
    """Half an entry would be half a decree."""
    with pytest.raises(ValueError, match=r"append|follow|institution"):
        log.append("mint", events, expected=0, clock=at(NOON))
    assert log.head("mint") == EMPTY


# --- entries and instants


def test_a_position_inside_an_entry_knows_only_the_entries_before(log: Log) -> None:
    """A reader at a position never sees half a decree."""
    # given: a at 1-2; b at 3-5 and c at 6, recorded together
    log.append("mint", persons("a", 2), expected=0, clock=at(NOON))
    log.append("mint", persons("b", 3) + persons("c", 1), expected=2, clock=at(NOON))

    # then
    assert [log.whole("mint", position) for position in range(8)] == [0, 0, 2, 2, 2, 5, 6, 6]
    assert log.whole("mint", 99) == 6
    assert [log.entry("mint", name) for name in "abcd"] == [(1, 2), (3, 5), (6, 6), None]


def test_an_instant_knows_what_was_recorded_by_then(log: Log) -> None:
    """What was known at noon includes what was recorded at noon, wherever the reader's clock stands."""
    # given
    minute = timedelta(minutes=1)
    log.append("mint", persons("a", 2), expected=0, clock=at(NOON))
    log.append("mint", persons("b", 2), expected=2, clock=at(NOON))
    log.append("mint", persons("c", 2), expected=4, clock=at(NOON + minute))

    # then
    assert log.position_at("mint", NOON - timedelta(microseconds=1)) == 0
    assert log.position_at("mint", NOON) == 4
    assert log.position_at("mint", NOON.astimezone(timezone(timedelta(hours=6)))) == 4
    assert log.position_at("mint", NOON + minute) == 6
    assert log.position_at("mint", datetime.min.replace(tzinfo=timezone(timedelta(hours=6)))) == 0
    assert log.position_at("mint", datetime.max.replace(tzinfo=timezone(-timedelta(hours=6)))) == 6
    with pytest.raises(ValueError, match="offset"):
        log.position_at("mint", NOON.replace(tzinfo=None))


def test_a_clock_set_back_does_not_reorder_the_log(log: Log) -> None:
    """`recorded` never decreases, so that what was known at an instant is a beginning of the log."""
    log.append("mint", persons("a", 1), expected=0, clock=at(NOON))
    log.append("mint", persons("b", 1), expected=1, clock=at(NOON - timedelta(days=400)))

    assert log.head("mint").recorded == "2024-05-24T12:00:00.000000Z"
    assert log.position_at("mint", NOON - timedelta(seconds=1)) == 0
    assert log.verify("mint") == log.head("mint")


# --- the chain


def test_the_hash_of_a_position_never_changes_its_making() -> None:
    """Heads are cited in books: a program of another century must come to the same ones."""
    # given
    state, salt = b'{"a":1}', bytes(range(32))

    # when
    digest = digest_of(salt, state)
    proof = hash_of(bytes(32), "kz-eo", 12, "unit-moved", "2024-05-24T12:00:00.000000Z", digest)

    # then
    assert digest == hashlib.sha256(salt + state).digest()
    assert proof == hashlib.sha256(
        b"\0\0\0\x20" + bytes(32)
        + b"\0\0\0\x05" + b"kz-eo"
        + b"\0\0\0\x02" + b"12"
        + b"\0\0\0\x0a" + b"unit-moved"
        + b"\0\0\0\x1b" + b"2024-05-24T12:00:00.000000Z"
        + b"\0\0\0\x20" + digest
    ).digest()  # fmt: skip
    assert proof.hex() == "47e29b4d25705c1b520045a50cb07120aa50994e3e098724de25f89fb812ce41"


def test_an_exported_log_proves_itself_without_this_program(log: Log) -> None:
    """The text file and the decision record are enough to check every line."""
    # given
    log.append("mint", persons("a", 2) + persons("б".encode().hex(), 1), expected=0, clock=at(NOON))

    # when
    header, *lines = lines_of(log)

    # then
    prev = "0" * 64
    for position, line in enumerate(lines, start=1):
        row = json.loads(line)
        state = json.dumps(row["state"], ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        digest = hashlib.sha256(bytes.fromhex(row["salt"]) + state).digest()
        parts = [bytes.fromhex(prev), b"mint", str(position).encode(), row["kind"].encode()]
        parts += [row["recorded"].encode(), digest]
        proof = hashlib.sha256(b"".join(len(p).to_bytes(4, "big") + p for p in parts)).hexdigest()
        assert (row["position"], row["prev_hash"], row["hash"]) == (position, prev, proof)
        prev = proof
    assert json.loads(header) == {
        "format": "regesta-log-1",
        "institution": "mint",
        "position": 3,
        "hash": log.head("mint").hash,
    }
    assert log.head("mint").hash == prev


def test_two_logs_of_the_same_events_have_different_hashes(log: Log, elsewhere: Log) -> None:
    """The salt hides what was blanked: nobody can guess a redacted event and check the guess."""
    for one in (log, elsewhere):
        one.append("mint", persons("a", 1), expected=0, clock=at(NOON))

    assert log.head("mint").hash != elsewhere.head("mint").hash


# --- the log as text


def test_a_log_goes_through_text_byte_for_byte(log: Log, elsewhere: Log) -> None:
    """A register outlives its database: the file gives the same head, and the same file again."""
    # given
    log.append("mint", persons("a", PAGE - 1), expected=0, clock=at(NOON))
    log.append("mint", persons("b", 3) + persons("c", 1), expected=PAGE - 1, clock=at(NOON))
    text = text_of(log)

    # when
    head = elsewhere.load(io.BytesIO(text))

    # then
    assert head == log.head("mint") == elsewhere.verify("mint")
    assert text_of(elsewhere) == text
    assert list(elsewhere.read("mint")) == list(log.read("mint"))
    assert elsewhere.entry("mint", "b") == (PAGE, PAGE + 2)
    assert elsewhere.append("mint", persons("d", 1), expected=head.position, clock=at(NOON))
    elsewhere.verify("mint")


def test_a_log_is_not_loaded_over_another(log: Log) -> None:
    """Two histories of one institution are not to be mixed."""
    log.append("mint", persons("a", 1), expected=0, clock=at(NOON))
    text = text_of(log)
    log.append("bank", persons("a", 1, "bank"), expected=0, clock=at(NOON))

    with pytest.raises(LogUnreadable, match="'mint' has a log here already"):
        log.load(io.BytesIO(text))


def test_an_institution_without_a_log_is_not_exported(log: Log) -> None:
    """An empty file would pass for a backup."""
    with pytest.raises(UnknownInstitution):
        text_of(log)


def test_every_changed_byte_of_an_exported_log_is_found(log: Log, elsewhere: Log) -> None:
    """Whatever was altered, in event, envelope or header, nothing is stored."""
    # given
    log.append("mint", persons("a", 1) + persons("b", 2), expected=0, clock=at(NOON))
    text = text_of(log)

    # when, then
    for place in range(len(text)):
        altered = text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :]
        with pytest.raises(LogUnreadable):
            elsewhere.load(io.BytesIO(altered))
    assert elsewhere.institutions() == []


def test_a_header_that_says_true_for_1_is_found(log: Log, elsewhere: Log) -> None:
    """Python takes the two for the same; what was exported was not that file."""
    log.append("mint", persons("a", 1), expected=0, clock=at(NOON))

    with pytest.raises(LogUnreadable, match="institution, position and hash"):
        elsewhere.load(io.BytesIO(text_of(log).replace(b'"position":1}', b'"position":true}', 1)))


def test_a_log_cut_off_anywhere_is_found(log: Log, elsewhere: Log) -> None:
    """A copy that stopped early, in a line or between two, is no log."""
    # given
    log.append("mint", persons("a", 1) + persons("b", 2), expected=0, clock=at(NOON))
    text = text_of(log)

    # when, then
    for end in range(len(text)):
        with pytest.raises(LogUnreadable):
            elsewhere.load(io.BytesIO(text[:end]))
    assert elsewhere.institutions() == []


def test_a_log_with_lines_missing_doubled_or_moved_is_found(log: Log, elsewhere: Log) -> None:
    """The fault is named by its line, for whoever has to look it up in the file."""
    # given
    log.append("mint", persons("a", 3), expected=0, clock=at(NOON))
    header, one, two, three = lines_of(log)

    # when, then
    for lines, number in [
        ([header, one, three], 3),
        ([header, one, one, two, three], 3),
        ([header, two, one, three], 2),
        ([header, one, two, three, three], 5),
        ([one, two, three], 1),
        ([header, header, one, two, three], 2),
        ([header, one, two, three.replace(b":", b": ", 1)], 4),
        ([header, one, b"[]\n", three], 3),
    ]:
        with pytest.raises(LogUnreadable) as refusal:
            elsewhere.load(lines)
        assert refusal.value.line == number
    assert elsewhere.institutions() == []
