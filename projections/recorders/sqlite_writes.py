"""The statements by which an entry writes to the read tables of an SQLite file, each for one row of what it writes."""

from __future__ import annotations

from projections.recorders.read_tables import BOUNDS, REST, SPELLING


def marks(count: int) -> str:
    """So many places for values."""
    return ", ".join("?" * count)


WRITES = {
    "put_docs": "UPDATE things SET doc = ? WHERE id = ?",
    "open_rows": f"INSERT INTO believed (stream, node, lo, thing, life, {REST}) VALUES ({marks(25)})",
    "put_bounds": (
        f"UPDATE believed SET {', '.join(f'{name} = ?' for name in BOUNDS.split(', '))}, bounds_since = ?"
        " WHERE node = ? AND lo = ? AND thing = ? AND life = ? AND stream = ?"
    ),
    "keep_bounds": f"INSERT INTO bounds_then VALUES ({marks(17)})",
    "hang": "INSERT OR REPLACE INTO hangs VALUES (?, ?, ?, ?)",
    "unhang": "DELETE FROM hangs WHERE above = ? AND until = ? AND below = ?",
    "add_points": (
        "INSERT OR REPLACE INTO points (above, lo, position, origin, hi, since, proves) VALUES (?, ?, ?, ?, ?, ?, ?)"
    ),
    "end_points": (
        "UPDATE points SET until = ? WHERE above = ? AND lo = ? AND position = ? AND origin = ? AND hi = ?"
        " AND until IS NULL"
    ),
    "add_causes": "INSERT INTO causes VALUES (?, ?, ?)",
    "add_edges": "INSERT INTO edges VALUES (?, ?, ?)",
    "drop_edges": "DELETE FROM edges WHERE stream = ? AND day = ? AND thing = ?",
    "date": (
        "INSERT INTO dated VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET lineage = max(dated.lineage, excluded.lineage)"
    ),
    "add_spellings": f"INSERT INTO spellings (stream, thing, kind, since, {SPELLING}, folded) VALUES ({marks(10)})",
    "end_spellings": "UPDATE spellings SET until = ? WHERE id = ?",
    "touch": "INSERT INTO touched VALUES (?, ?, ?)",
}
"""By the method of a shelf that writes."""
