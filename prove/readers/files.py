"""What reads files that are imported, folders and archives among them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from prove.readers.examples import examples
from prove.readers.reader import Take, in_words
from prove.readers.texts import json_seeds


def file_reader(name: str, format_: Any) -> Callable[[], Take]:
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


def tables_seeds() -> Iterator[bytes]:
    """Small tables of intervals and of snapshots."""
    yield b"person;post;from;to\n" + "Анна Ли;Глава;1995-10-20;1999\nҚарин;Глава;2000;\n".encode()
    yield b"person,post,unit,from,to,capacity,certainty\nAnn,Head,Mint,1995,,acting,low\n"
    yield b"date\tholder\tunit\tpost\n1995-10-20\tAnn\tMint\tHead\n1999-01-01\t\tMint\tHead\n"
    yield '"unit_name_kk","unit","parent","date"\n"Ұлт","a","","1995-10-20"\n'.encode()


def popolo_seeds() -> Iterator[bytes]:
    """Small files of Popolo."""
    popolo: dict[str, Any] = {
        "persons": [{"id": "a", "name": "Ann", "other_names": [{"name": "A", "end_date": "1995"}]}]
    }
    popolo |= {"organizations": [{"id": "b", "name": "Mint", "founding_date": "1990", "parent_id": None}]}
    popolo |= {"memberships": [{"person_id": "a", "organization_id": "b", "role": "Head", "start_date": "1995"}]}
    yield json.dumps(popolo).encode()


def snapshots_seeds() -> Iterator[bytes]:
    """Structures of one day and of two."""
    unit = {"name": {"ru": "Ұлт"}, "parent": None, "grade": "certain"}
    post = {"title": {"ru": "Глава"}, "unit": "a", "holders": {"t": {"person": "ann", "capacity": "acting"}}}
    first: dict[str, Any] = {"as_of": "1995-10-20", "units": {"a": unit}, "posts": {"p": {**post, "vacancy": "filled"}}}
    yield json.dumps([first]).encode()
    yield json.dumps([first, {**first, "as_of": "1999-01-01", "posts": {}}]).encode()


def entries_seeds() -> Iterator[bytes]:
    """Arrays of one entry."""
    seeds = list(json_seeds())[:20]
    yield from (b"[" + seed + b"]" for seed in seeds)


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


def sheet_reader() -> Take:
    """Reads a workbook whose parts are the input, the rest being plain."""
    from tests.importers.test_workbooks import PLAIN

    read = file_reader("any.xlsx", "xlsx")()
    return lambda data: read(packed(data, SHEET_PARTS, PLAIN))


def sheet_seeds() -> Iterator[bytes]:
    """The parts of good workbooks."""
    from tests.importers.test_workbooks import PLAIN, workbook

    def draw(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["person", "from", "unit", "seats"])
        sheet.write_datetime(1, 1, datetime(2023, 9, 1), book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(1, 3, 7, book.add_format({"num_format": "000"}))
        sheet.merge_range(1, 2, 3, 2, "Mint")
        sheet.write_formula(1, 0, '="Анна"&" Ли"', None, "Анна Ли")
        sheet.write_boolean(2, 3, True)

    yield from (parts_of(one, SHEET_PARTS) for one in (PLAIN, workbook(draw)))


def workbook_seeds() -> Iterator[bytes]:
    """A good workbook."""
    from tests.importers.test_workbooks import PLAIN

    yield PLAIN


def tables_reader() -> Take:
    """Reads a set of tables whose files are the input."""
    read = file_reader("any.zip", "package")()
    return lambda data: read(packed(data, TABLES))


def tables_of_a_set() -> Iterator[bytes]:
    """The tables of the examples, as they are exported."""
    from api.examples import INSTITUTION
    from api.formats.exported import Exported
    from api.formats.table import FORMATS

    with examples() as readings:
        whole = FORMATS["csv"].body(Exported(readings.registers.view(INSTITUTION), "csv", None))
    rows = parts_of(whole, TABLES).split(BETWEEN)
    yield BETWEEN.join([*(b"".join(part.splitlines(keepends=True)[:4]) for part in rows[:2]), rows[2][:300]])
    yield BETWEEN.join([*(b"".join(part.splitlines(keepends=True)[:4]) for part in rows[:2]), b'{"regesta": {}}'])


def zips_reader() -> Take:
    """Reads an archive as a set of tables, and as a folder of entries."""
    tables, register = file_reader("any.zip", "package")(), file_reader("any.zip", "entries")()

    def take(data: bytes) -> None:
        tables(data)
        register(data)

    return take


def zips_seeds() -> Iterator[bytes]:
    """Archives of tables and of entries, and of entries packed in three ways."""
    yield packed(b"a" + BETWEEN + b"b", TABLES)
    yield packed(b"id: mint\nname: {en: Mint}\n" + BETWEEN + b"entry: e\n", ("institution.yaml", "entries/1.yaml"))
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr("entries/1.yaml", b"entry: e\nchanges: []\n" * 9)
        yield out.getvalue()
