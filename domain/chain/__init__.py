"""The chain of a log: how each stored event proves all before it, and the log as a text file.

Everything here outlives the program that wrote it; docs/decisions/0001-the-log.md repeats it in prose.

A row proves itself by two hashes, both SHA-256:

- `digest` = H(salt ‖ state): the 32 random bytes of the salt, then the stored bytes, nothing between.
- `hash` = H(part ‖ part ‖ …) over six parts, each its length in bytes as an unsigned 4-byte big-endian
  number, then its bytes: the `hash` of the position before (32 bytes; 32 zero bytes at position 1), the
  institution's id (UTF-8), the position (decimal digits, ASCII), the kind (UTF-8), recorded (ASCII,
  `2024-05-24T12:00:00.000000Z`), the digest (32 bytes).

State and salt are in the chain only through the digest: a row whose salt and state were blanked, to zero
bytes, keeps its digest, and the chain still holds.
"""

from domain.chain.proof import check_link, checked, digest_of, event_of, follow, hash_of
from domain.chain.rows import EMPTY, REDACTED, SALT, ZERO, Head, Row, stamp
from domain.chain.text import FORMAT, header, read_log, write_line

__all__ = [
    "EMPTY",
    "FORMAT",
    "REDACTED",
    "SALT",
    "ZERO",
    "Head",
    "Row",
    "check_link",
    "checked",
    "digest_of",
    "event_of",
    "follow",
    "hash_of",
    "header",
    "read_log",
    "stamp",
    "write_line",
]
