"""Keys: who may read, record and redact, under which name. A key is shown once, when it is made; its SHA-256 is kept.

They lie in a table of their own beside the log, in the same SQLite file or PostgreSQL database. The name of a key
stands in every event recorded with it, so a name stays taken when its key is revoked.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Self

from domain.chain import stamp
from domain.changes import CONTROLS, Redacted, SourceRegistered
from domain.entries import Entry
from domain.errors import RegisterError
from domain.ids import ID_PATTERN
from domain.log import Clock
from domain.recording import utc_now
from projections.recorders.key_table import KeyTable
from projections.recorders.sqlite_keys import FileKeyTable

SCOPES = ("read", "record", "correct", "redact", "administer")
"""What a key can be good for; IMPLIED says what follows."""

IMPLIED = {
    "read": frozenset[str](),
    "record": frozenset({"read", "correct"}),
    "correct": frozenset({"read"}),
    "redact": frozenset({"read"}),
    "administer": frozenset(SCOPES),
}
"""A scope → what it opens besides. Whoever records may mend it; nobody withholds for good who is not told so."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:-]{0,127}")


@dataclass(frozen=True)
class Key:
    """A key without its secret."""

    name: str
    scopes: frozenset[str]
    """As given when it was made."""
    created: str
    revoked: str | None
    """The instant from which it is good for nothing, because it was taken back."""
    institutions: frozenset[str] | None = None
    """The registers that it is good for; None: all."""
    expires: str | None = None
    """The instant from which it is good for nothing, as agreed when it was made."""
    used: str | None = None
    """The last day on which it was used, in UTC."""

    def opens(self, scope: str, institution: str | None = None) -> bool:
        """Whether it is good for *scope*, at *institution* if that is given."""
        opened = self.scopes.union(*(IMPLIED[each] for each in self.scopes))
        return scope in opened and (institution is None or self.reaches(institution))

    def reaches(self, institution: str) -> bool:
        """Whether it is good for anything at *institution*."""
        return self.institutions is None or institution in self.institutions


def scopes_for(entry: Entry) -> frozenset[str]:
    """What a key must be good for, to record *entry*: who may write at all may name a source along with it."""
    changes = [change for _, change in entry.numbered() if not isinstance(change, SourceRegistered)]
    needed = {
        "redact" if isinstance(change, Redacted) else "correct" if isinstance(change, CONTROLS) else "record"
        for change in changes
    }
    return frozenset(needed or {"record"})


class KeyRefused(RegisterError):
    """A key cannot be made, or revoked, as asked."""


class Keys:
    """The keys of one store; any thread may use it."""

    def __init__(self, table: KeyTable, clock: Clock = utc_now) -> None:
        self.table = table
        self.clock = clock

    def close(self) -> None:
        """Give up the connections."""
        self.table.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def create(
        self,
        name: str,
        scopes: Iterable[str],
        institutions: Iterable[str] = (),
        expires: datetime | None = None,
    ) -> str:
        """The secret of a new key, which nobody can be told again.

        It is good for *institutions* alone if any are given, and no longer than until *expires*.
        Raises: KeyRefused, for a name that is taken or cannot be one, for scopes there are not, for what cannot be the
        id of an institution, and for an instant that has passed.
        """
        wanted, only = frozenset(scopes), sorted(set(institutions))
        if not NAME.fullmatch(name):
            raise KeyRefused(f"{name[:128]!r} cannot name a key: letters, digits and . _ @ : - make a name")
        if not wanted or not wanted <= set(SCOPES):
            raise KeyRefused(f"a key has one or more of the scopes {', '.join(SCOPES)}")
        strange = next((each for each in only if not re.fullmatch(ID_PATTERN, each)), None)
        if strange is not None:
            raise KeyRefused(f"{strange[:128]!r} cannot be the id of an institution")
        now = self.clock()
        if expires is not None and expires <= now:
            raise KeyRefused(f"a key that expires at {stamp(expires)} would be good for nothing")
        secret = token_urlsafe(32)
        scopes = " ".join(s for s in SCOPES if s in wanted)
        until = stamp(expires) if expires is not None else None
        if not self.table.add(name, _digest(secret), scopes, stamp(now), " ".join(only) or None, until):
            raise KeyRefused(f"there is, or was, a key {name!r}; a name is given once")
        return secret

    def find(self, secret: str) -> Key | None:
        """The key of *secret*; None if there is none, or it is revoked or has expired. That it was used is kept."""
        digest = _digest(secret)
        row = self.table.of(digest)
        if row is None or not hmac.compare_digest(row[-1], digest):
            return None
        key, now = _key(row[:-1]), stamp(self.clock())
        if key.expires is not None and key.expires <= now:
            return None
        today = now[: len("YYYY-MM-DD")]
        if key.used != today:  # the day is enough, and costs one write a day
            self.table.use(key.name, today)
        return key

    def revoke(self, name: str) -> None:
        """Make a key good for nothing, from now on. Raises: KeyRefused, if there is none of that name."""
        if not self.table.revoke(name, stamp(self.clock())):
            raise KeyRefused(f"there is no key {name[:128]!r} to revoke")

    def list(self) -> list[Key]:
        """All keys ever made, by name."""
        return [_key(row) for row in self.table.all()]


def keys_in_file(path: str | Path, clock: Clock = utc_now) -> Keys:
    """The keys in the SQLite file at *path*. Raises: StoreUnusable."""
    return Keys(FileKeyTable(path), clock)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _key(row: tuple[Any, ...]) -> Key:
    name, scopes, created, revoked, institutions, expires, used = row
    only = frozenset(institutions.split()) if institutions is not None else None
    return Key(name, frozenset(scopes.split()), created, revoked, only, expires, used)
