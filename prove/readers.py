"""What reads a stranger's bytes, as a fuzzer tries it: each takes any bytes, and raises what must never come through.

A reader imports what it tries when it is made, so that a fuzzer can mark the code as it is loaded.
"""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import unquote

if TYPE_CHECKING:
    from api.readings import Readings

Take: TypeAlias = Callable[[bytes], None]
"""Reads bytes; raises, if they do something else than being read or refused in words."""

FIXTURES = Path(__file__).parents[1] / "fixtures"
LONGEST_REFUSAL = 100_000  # characters
SECONDS = 10  # of the processor, for one input; a machine that is busy with other things needs longer


@dataclass(frozen=True)
class Reader:
    """Something that reads: *said* in words; *made* to be tried; *seeds*, good input from which chance goes on.

    *runs* are the inputs for each of the tries that are asked for, none longer than *longest* bytes.
    """

    said: str
    made: Callable[[], Take]
    seeds: Callable[[], Iterable[bytes]]
    runs: float
    longest: int = 2_000
    json: bool = False
    """Whether half of the inputs are altered as JSON, and stay it."""


def in_words(refusal: Exception) -> None:
    """See that a refusal has words, and not too many."""
    told = str(refusal)
    assert 0 < len(told) < LONGEST_REFUSAL, f"a refusal of {len(told)} characters"


# --- dates


def _dates() -> Take:
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


def _dates_seeds() -> Iterator[bytes]:
    from tests.domain.test_dates import ABOUT, BAD, LEVEL_0, LEVEL_1, LEVEL_2, REFUSED_EDTF

    yield from (text.encode() for text, *_ in (*LEVEL_0, *LEVEL_1, *LEVEL_2, *ABOUT))
    yield from (text.encode() for text in (*BAD, *REFUSED_EDTF))


# --- entries


def _yaml() -> Take:
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


def _yaml_seeds() -> Iterator[bytes]:
    files = sorted(FIXTURES.glob("*/entries/*.yaml"), key=lambda file: (file.stat().st_size, file.name))
    yield from (file.read_bytes() for file in files[:60])
    yield from (file.read_bytes() for file in sorted(FIXTURES.glob("*/institution.yaml")))


def _json() -> Take:
    from domain.entries import drafts_from_json
    from domain.errors import EntryUnreadable

    def take(data: bytes) -> None:
        try:
            drafts_from_json(data, "it")
        except EntryUnreadable as refusal:
            in_words(refusal)

    return take


def _golden() -> Iterator[bytes]:
    yield from (file.read_bytes() for file in sorted((FIXTURES.parent / "tests" / "golden").glob("*.json")))


def _json_seeds() -> Iterator[bytes]:
    from api.examples import entries

    yield from (json.dumps(entry, ensure_ascii=False).encode() for entry in entries())
    for golden in _golden():
        yield json.dumps({"entry": "e", "changes": [json.loads(golden)]}, ensure_ascii=False).encode()


def _recording() -> Take:
    from tests.api.test_entries_mutated import faults_of_taking

    def take(data: bytes) -> None:
        try:
            found = faults_of_taking(json.loads(data))
        except (ValueError, RecursionError):
            return  # that is tried as JSON
        assert not found, found[0]

    return take


# --- files that are imported


def _file(name: str, format_: Any) -> Callable[[], Take]:
    """A file of that name and format: no register and said so, or a register of which every row can be asked."""

    def made() -> Take:
        from api.importers.files import read_file
        from api.importers.options import Options
        from api.registers import NotARegister
        from domain.errors import EntryUnreadable

        said = Options("mint", found="Mint", format=format_, to_is="last-day", lists="complete")

        def take(data: bytes) -> None:
            try:
                register = read_file(name, data, said)
            except NotARegister as refusal:
                in_words(refusal)
                return
            for filed in register.filed:
                try:
                    filed.read()
                except EntryUnreadable as refusal:
                    in_words(refusal)
                    for number in (reason.change for reason in refusal.reasons if reason.change):
                        filed.line(number)

        return take

    return made


def _tables_seeds() -> Iterator[bytes]:
    yield b"person;post;from;to\n" + "Анна Ли;Глава;1995-10-20;1999\nҚарин;Глава;2000;\n".encode()
    yield b"person,post,unit,from,to,capacity,certainty\nAnn,Head,Mint,1995,,acting,low\n"
    yield b"date\tholder\tunit\tpost\n1995-10-20\tAnn\tMint\tHead\n1999-01-01\t\tMint\tHead\n"
    yield '"unit_name_kk","unit","parent","date"\n"Ұлт","a","","1995-10-20"\n'.encode()


def _popolo_seeds() -> Iterator[bytes]:
    popolo: dict[str, Any] = {
        "persons": [{"id": "a", "name": "Ann", "other_names": [{"name": "A", "end_date": "1995"}]}]
    }
    popolo |= {"organizations": [{"id": "b", "name": "Mint", "founding_date": "1990", "parent_id": None}]}
    popolo |= {"memberships": [{"person_id": "a", "organization_id": "b", "role": "Head", "start_date": "1995"}]}
    yield json.dumps(popolo).encode()


def _snapshots_seeds() -> Iterator[bytes]:
    unit = {"name": {"ru": "Ұлт"}, "parent": None, "grade": "certain"}
    post = {"title": {"ru": "Глава"}, "unit": "a", "holders": {"t": {"person": "ann", "capacity": "acting"}}}
    first: dict[str, Any] = {"as_of": "1995-10-20", "units": {"a": unit}, "posts": {"p": {**post, "vacancy": "filled"}}}
    yield json.dumps([first]).encode()
    yield json.dumps([first, {**first, "as_of": "1999-01-01", "posts": {}}]).encode()


def _entries_seeds() -> Iterator[bytes]:
    seeds = list(_json_seeds())[:20]
    yield from (b"[" + seed + b"]" for seed in seeds)


@contextmanager
def _examples() -> Iterator[Readings]:
    """The register of the examples, kept nowhere."""
    from api.store import readings_in_memory

    with readings_in_memory() as readings:
        record_examples(readings)
        yield readings


def record_examples(readings: Readings) -> None:
    """Record the register of the examples."""
    from api.examples import INSTITUTION, entries
    from domain.entries import entry_from

    for entry in entries():
        readings.registers.record(INSTITUTION, entry_from(entry, "an example"), "test")


BETWEEN = b"\n%%%\n"
"""What stands between the files of a folder, which a fuzzer sees unpacked."""


def packed(data: bytes, names: Iterable[str], around: bytes | None = None) -> bytes:
    """A zip of the parts of *data* under *names*, with all else that is in the zip *around*."""
    parts = dict(zip(names, data.split(BETWEEN), strict=False))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if around is not None:
            with zipfile.ZipFile(io.BytesIO(around)) as others:
                for name in others.namelist():
                    parts.setdefault(name, others.read(name))
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def parts_of(content: bytes, names: Iterable[str]) -> bytes:
    """The parts of a zip under *names*, as `packed` packs them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return BETWEEN.join(archive.read(name) if name in archive.namelist() else b"" for name in names)


SHEET_PARTS: Final = (
    *("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"),
    "xl/styles.xml",
)
TABLES: Final = ("changes.csv", "change_sources.csv", "datapackage.json")


def _sheet() -> Take:
    from tests.importers.test_workbooks import PLAIN

    read = _file("any.xlsx", "xlsx")()
    return lambda data: read(packed(data, SHEET_PARTS, PLAIN))


def _sheet_seeds() -> Iterator[bytes]:
    from tests.importers.test_workbooks import PLAIN, workbook

    def draw(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["person", "from", "unit", "seats"])
        sheet.write_datetime(1, 1, datetime(2023, 9, 1), book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(1, 3, 7, book.add_format({"num_format": "000"}))
        sheet.merge_range(1, 2, 3, 2, "Mint")
        sheet.write_formula(1, 0, '="Анна"&" Ли"', None, "Анна Ли")
        sheet.write_boolean(2, 3, True)

    yield from (parts_of(one, SHEET_PARTS) for one in (PLAIN, workbook(draw)))


def _workbook_seeds() -> Iterator[bytes]:
    from tests.importers.test_workbooks import PLAIN

    yield PLAIN


def _tables() -> Take:
    read = _file("any.zip", "package")()
    return lambda data: read(packed(data, TABLES))


def _tables_of_a_set() -> Iterator[bytes]:
    from api.examples import INSTITUTION
    from api.formats.exported import Exported
    from api.formats.table import FORMATS

    with _examples() as readings:
        whole = FORMATS["csv"].body(Exported(readings.registers.view(INSTITUTION), "csv", None))
    rows = parts_of(whole, TABLES).split(BETWEEN)
    yield BETWEEN.join([*(b"".join(part.splitlines(keepends=True)[:4]) for part in rows[:2]), rows[2][:300]])
    yield BETWEEN.join([*(b"".join(part.splitlines(keepends=True)[:4]) for part in rows[:2]), b'{"regesta": {}}'])


def _zips() -> Take:
    tables, register = _file("any.zip", "package")(), _file("any.zip", "entries")()

    def take(data: bytes) -> None:
        tables(data)
        register(data)

    return take


def _zips_seeds() -> Iterator[bytes]:
    yield packed(b"a" + BETWEEN + b"b", TABLES)
    yield packed(b"id: mint\nname: {en: Mint}\n" + BETWEEN + b"entry: e\n", ("institution.yaml", "entries/1.yaml"))
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr("entries/1.yaml", b"entry: e\nchanges: []\n" * 9)
        yield out.getvalue()


# --- logs and checkpoints


def _log() -> Take:
    from domain.chain import ZERO, Row, event_of, read_log
    from domain.errors import ChainBroken, LogUnreadable

    def take(data: bytes) -> None:
        try:
            for _ in read_log(io.BytesIO(data))[1]:
                pass
        except LogUnreadable as refusal:
            in_words(refusal)
        try:
            event_of("mint", Row(1, "appointed", "e", 1, data or b"{}", "", b"", ZERO, ZERO))
        except ChainBroken as refusal:
            in_words(refusal)

    return take


def _log_seeds() -> Iterator[bytes]:
    from api.examples import INSTITUTION

    with _examples() as readings:
        log = readings.registers.log
        lines = list(log.text(INSTITUTION, log.head(INSTITUTION)))
    yield b"".join(lines[:6])
    yield from (line.partition(b',"state":')[2][:-2] for line in lines[1:])


def _checkpoint() -> Take:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from domain.checkpoints import CheckpointRefused, public_key, read_checkpoint

    key = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()

    def take(data: bytes) -> None:
        try:
            read_checkpoint(data, key)
        except CheckpointRefused as refusal:
            in_words(refusal)
        try:
            public_key(data)
        except CheckpointRefused as refusal:
            in_words(refusal)

    return take


def _checkpoint_seeds() -> Iterator[bytes]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from domain.chain import Head
    from domain.checkpoints import signed

    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    yield signed("mint", Head(7, "2024-05-24T12:00:00.000000Z", "0" * 64), key)
    yield key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


# --- names that are looked for


def _search() -> Take:
    from projections.search import NothingToSearch, Wanted
    from projections.spelling import folded

    def take(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        try:
            wanted = Wanted(text)
        except NothingToSearch as refusal:
            in_words(refusal)
            folded(text)
            return
        assert wanted.how(text) == "name", f"it is found as {wanted.how(text)} of itself"

    return take


def _search_seeds() -> Iterator[bytes]:
    names = ["Қасым-Жомарт Тоқаев", "Tokayev", "Ёлкин", "Администрация Президента", "№ 5", "ǅ ﬁ İ", "Shch'erbakov"]
    yield from (name.encode() for name in names)


# --- addresses

OPEN = ExitStack()
"""What stays open until the process ends."""


def _addresses() -> Take:
    """A server in this process, asked by the head of a request as HTTP/1.1 writes it, and a body."""
    from tempfile import TemporaryDirectory

    import h11

    from api.app import create_app
    from api.keys import keys_in_file
    from api.store import database_at, readings_in

    file = Path(OPEN.enter_context(TemporaryDirectory())) / "registers.sqlite"
    readings = OPEN.enter_context(readings_in(database_at(f"sqlite:///{file}"), make=True))
    record_examples(readings)
    keys = OPEN.enter_context(keys_in_file(file))
    secret = keys.create("clerk", ["record", "redact"])
    app = create_app(readings, keys)
    loop = OPEN.enter_context(closing(asyncio.new_event_loop()))
    # An entry is never recorded, so that each input finds the same register.
    always = {
        "host": "localhost",
        "authorization": f"Bearer {secret}",
        "if-match": '"none"',
        "cookie": "regesta-form=t",
    }
    given = [(name.encode(), value.encode()) for name, value in always.items()]

    def take(data: bytes) -> None:
        head, _, body = data.partition(b"\r\n\r\n")
        line = h11.Connection(h11.SERVER)
        line.receive_data(head + b"\r\nhost: x\r\n\r\n")
        try:
            asked = line.next_event()
        except h11.RemoteProtocolError:
            return  # refused before it is a request
        if not isinstance(asked, h11.Request):
            return
        path, _, query = asked.target.partition(b"?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "root_path": "",
            "method": asked.method.decode("ascii"),
            "raw_path": path,
            "query_string": query,
            "path": unquote(path.decode("ascii")),
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
            "headers": [*given, *((name, value) for name, value in asked.headers if name.decode() not in always)],
        }
        told: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        loop.run_until_complete(app(scope, receive, send))
        assert told[0]["status"] < 500, told[0]["status"]

    return take


def _addresses_seeds() -> Iterator[bytes]:
    from api.examples import requests
    from tests.api.test_hostile import PLACES

    for place in PLACES:
        yield f"GET /v1/institutions/mint{place.format('1811-07-01')} HTTP/1.1\r\nAccept: text/html\r\n\r\n".encode()
        yield f"GET /institutions/mint{place.format('1')} HTTP/1.1\r\nAccept-Language: kk;q=0.5, ru\r\n\r\n".encode()
    for request in requests():
        method, path = request["operation"].split()
        asked = {name: str(value) for name, value in request["parameters"].items()}
        path = path.format_map(asked) if "{" in path else path
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        body = json.dumps(request["body"]) if "body" in request else ""
        yield f"{method} {path}?{query} HTTP/1.1\r\nAccept: {request.get('accept', '*/*')}\r\n\r\n{body}".encode()
    timegate = b"GET /v1/institutions/mint/timegate HTTP/1.1\r\nAccept-Datetime: Mon, 01 Jul 1811 00:00:00 GMT\r\n"
    yield timegate + b'If-None-Match: W/"x"\r\n\r\n'
    kind = b" HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nform=t"
    yield b"POST /institutions/mint/record" + kind + b"&do=preview&how=given&entry=e&changes.0.kind=unit-renamed"
    yield b"POST /institutions/mint/record" + kind + b"&do=as-form&yaml=entry:+e%0Achanges:%0A- kind:+x"
    yield b"POST /institutions/mint/record" + kind + b"&do=more:changes.0.sources&changes.0.kind=appointed"
    yield b"POST /institutions/record" + kind + b"&do=as-yaml&changes.0.kind=appointed&changes.0.effective=1"
    yield b"POST /institutions/mint/upload" + kind + b"&name=a.csv&content=cGVyc29uO3Bvc3Q=&to_is=last-day&language=ru"
    part = b"--x\r\nContent-Disposition: form-data; name="
    multipart = b" HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n" + part + b'"form"\r\n\r\nt\r\n'
    multipart += part + b'"file"; filename="a.jsonl"\r\n\r\n{}\r\n--x--'
    yield b"POST /institutions/mint/upload" + multipart


READERS: Final[dict[str, Reader]] = {
    "dates": Reader("EDTF and days", _dates, _dates_seeds, 20, 70),
    "yaml": Reader("entries and institution.yaml as YAML", _yaml, _yaml_seeds, 1),
    "json": Reader("entries as JSON", _json, _json_seeds, 10, json=True),
    "recorded": Reader("entries that are recorded", _recording, _json_seeds, 0.5, json=True),
    "csv": Reader("intervals as CSV", _file("any.csv", "csv"), _tables_seeds, 5, 600),
    "table": Reader("snapshots as CSV", _file("any.csv", "snapshots"), _tables_seeds, 5, 600),
    "snapshots": Reader("snapshots as JSON", _file("any.json", "snapshots"), _snapshots_seeds, 5, json=True),
    "popolo": Reader("Popolo", _file("any.json", "popolo"), _popolo_seeds, 5, json=True),
    "jsonl": Reader("entries, one a line", _file("any.jsonl", "entries"), _json_seeds, 5),
    "array": Reader("entries in an array", _file("any.json", None), _entries_seeds, 5),
    "sheet": Reader("the parts of an XLSX workbook", _sheet, _sheet_seeds, 2, 6_000),
    "workbook": Reader("XLSX workbooks", _file("any.xlsx", "xlsx"), _workbook_seeds, 5, 10_000),
    "tables": Reader("a set of tables", _tables, _tables_of_a_set, 3, 4_000),
    "zip": Reader("zips of tables and of entries", _zips, _zips_seeds, 3, 1_500),
    "log": Reader("logs as text, and stored events", _log, _log_seeds, 10, 8_000),
    "checkpoint": Reader("checkpoints and public keys", _checkpoint, _checkpoint_seeds, 10, 600),
    "search": Reader("names that are looked for", _search, _search_seeds, 10, 250),
    "requests": Reader("requests: addresses, headers, forms", _addresses, _addresses_seeds, 1, 3_000),
}
"""By name, all that reads what a stranger may send."""
