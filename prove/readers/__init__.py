"""What reads a stranger's bytes, as a fuzzer tries it: each takes any bytes, and raises what must never come through.

A reader imports what it tries when it is made, so that a fuzzer can mark the code as it is loaded.
"""

from __future__ import annotations

from typing import Final

from prove.readers.asked import OPEN, addresses_reader, addresses_seeds, search_reader, search_seeds
from prove.readers.examples import record_examples
from prove.readers.files import (
    entries_seeds,
    file_reader,
    popolo_seeds,
    sheet_reader,
    sheet_seeds,
    snapshots_seeds,
    tables_of_a_set,
    tables_reader,
    tables_seeds,
    workbook_seeds,
    zips_reader,
    zips_seeds,
)
from prove.readers.logs import checkpoint_reader, checkpoint_seeds, log_reader, log_seeds
from prove.readers.reader import SECONDS, Reader, Take
from prove.readers.texts import (
    dates_reader,
    dates_seeds,
    json_reader,
    json_seeds,
    recording_reader,
    yaml_reader,
    yaml_seeds,
)

__all__ = ["OPEN", "READERS", "SECONDS", "Reader", "Take", "record_examples"]

READERS: Final[dict[str, Reader]] = {
    "dates": Reader("EDTF and days", dates_reader, dates_seeds, 20, 70),
    "yaml": Reader("entries and institution.yaml as YAML", yaml_reader, yaml_seeds, 1),
    "json": Reader("entries as JSON", json_reader, json_seeds, 10, json=True),
    "recorded": Reader("entries that are recorded", recording_reader, json_seeds, 0.5, json=True),
    "csv": Reader("intervals as CSV", file_reader("any.csv", "csv"), tables_seeds, 5, 600),
    "table": Reader("snapshots as CSV", file_reader("any.csv", "snapshots"), tables_seeds, 5, 600),
    "snapshots": Reader("snapshots as JSON", file_reader("any.json", "snapshots"), snapshots_seeds, 5, json=True),
    "popolo": Reader("Popolo", file_reader("any.json", "popolo"), popolo_seeds, 5, json=True),
    "jsonl": Reader("entries, one a line", file_reader("any.jsonl", "entries"), json_seeds, 5),
    "array": Reader("entries in an array", file_reader("any.json", None), entries_seeds, 5),
    "sheet": Reader("the parts of an XLSX workbook", sheet_reader, sheet_seeds, 2, 6_000),
    "workbook": Reader("XLSX workbooks", file_reader("any.xlsx", "xlsx"), workbook_seeds, 5, 10_000),
    "tables": Reader("a set of tables", tables_reader, tables_of_a_set, 3, 4_000),
    "zip": Reader("zips of tables and of entries", zips_reader, zips_seeds, 3, 1_500),
    "log": Reader("logs as text, and stored events", log_reader, log_seeds, 10, 8_000),
    "checkpoint": Reader("checkpoints and public keys", checkpoint_reader, checkpoint_seeds, 10, 600),
    "search": Reader("names that are looked for", search_reader, search_seeds, 10, 250),
    "requests": Reader("requests: addresses, headers, forms", addresses_reader, addresses_seeds, 1, 3_000),
}
"""By name, all that reads what a stranger may send."""
