"""Checkpoints: where a log ended once, signed with a key that is kept elsewhere, for comparing it with any copy.

A chain proves that nothing was changed before its head; that the head is the one there was, only what is noted
elsewhere proves. docs/decisions/0012-checkpoints.md says how to check one without this program.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import zip_longest

import orjson
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from domain.chain import Head, Row
from domain.errors import RegisterError

FORMAT = "regesta-checkpoint-1"


class CheckpointRefused(RegisterError):
    """A checkpoint, or a key, cannot be read, or is not what it says."""


class OtherLog(RegisterError):
    """A log is not the one that a checkpoint, or a copy, is of; *position* is the first at which it shows."""

    def __init__(self, institution: str, position: int, detail: str) -> None:
        super().__init__(f"the log of {institution!r} at position {position}: {detail}")
        self.institution = institution
        self.position = position


@dataclass(frozen=True)
class Checkpoint:
    """That the log of *institution* had *hash* at *position*, recorded then; *key* is the print of who says so."""

    institution: str
    position: int
    hash: str
    recorded: str
    key: str

    @property
    def well_formed(self) -> bool:
        """Whether each field is of its type, as nothing proves of what was read."""
        texts = (self.institution, self.hash, self.recorded, self.key)
        return type(self.position) is int and all(isinstance(text, str) for text in texts)

    def said(self) -> bytes:
        """What is signed: JSON in UTF-8 with sorted keys and no spaces."""
        return orjson.dumps({"format": FORMAT, **asdict(self)}, option=orjson.OPT_SORT_KEYS)


def print_of(key: Ed25519PublicKey) -> str:
    """The SHA-256 of a public key's 32 bytes, in hex."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def signed(institution: str, head: Head, key: Ed25519PrivateKey) -> bytes:
    """The checkpoint of a log that ends at *head*, as it is published: a line of JSON."""
    checkpoint = Checkpoint(institution, head.position, head.hash, head.recorded or "", print_of(key.public_key()))
    signature = b64encode(key.sign(checkpoint.said())).decode()
    said = {"format": FORMAT, **asdict(checkpoint), "signature": signature}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def read_checkpoint(text: bytes, key: Ed25519PublicKey) -> Checkpoint:
    """A published checkpoint, if whoever has *key* signed it. Raises: CheckpointRefused."""
    try:
        said = orjson.loads(text)
        signature = b64decode(said.pop("signature"), validate=True)
        form = said.pop("format")
        checkpoint = Checkpoint(**said)
        if not checkpoint.well_formed:
            raise TypeError("a field is of another type")
    except (ValueError, KeyError, TypeError, AttributeError, NotBase64) as fault:
        raise CheckpointRefused("it is no checkpoint") from fault
    if form != FORMAT:
        raise CheckpointRefused(f"it is no checkpoint of the form {FORMAT}")
    if checkpoint.key != print_of(key):
        raise CheckpointRefused(f"it is signed with another key, of the print {checkpoint.key[:64]}")
    try:
        key.verify(signature, checkpoint.said())
    except InvalidSignature as fault:
        raise CheckpointRefused("its signature is not of what it says: it was altered, or never signed") from fault
    return checkpoint


def private_key(pem: bytes) -> Ed25519PrivateKey:
    """The key in a PEM file, as `openssl genpkey -algorithm ed25519` makes it. Raises: CheckpointRefused."""
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise CheckpointRefused(f"it is no private key without a password: {fault}") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise CheckpointRefused("it is a key of another kind than Ed25519")
    return key


def public_key(pem: bytes) -> Ed25519PublicKey:
    """The public key in a PEM file. Raises: CheckpointRefused."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise CheckpointRefused(f"it is no public key: {fault}") from fault
    if not isinstance(key, Ed25519PublicKey):
        raise CheckpointRefused("it is a key of another kind than Ed25519")
    return key


def held(checkpoint: Checkpoint, rows: Iterable[Row]) -> int:
    """The last position of a log, whose *rows* are proved, that holds *checkpoint*.

    Raises: OtherLog, if it ends before, or has another hash there.
    """
    last = 0
    for row in rows:
        last = row.position
        if last == checkpoint.position and (row.hash.hex(), row.recorded) != (checkpoint.hash, checkpoint.recorded):
            detail = f"its hash is {row.hash.hex()}, and was {checkpoint.hash}: it was written anew, or is another log"
            raise OtherLog(checkpoint.institution, last, detail)
    if last < checkpoint.position:
        detail = f"it ends there, and went on to position {checkpoint.position}: its end was cut off, or it is older"
        raise OtherLog(checkpoint.institution, last, detail)
    return last


def common(institution: str, rows: Iterable[Row], others: Iterable[Row]) -> tuple[int, int]:
    """The last positions of two logs, whose rows are proved, of which one is a beginning of the other.

    What was erased in one of them does not matter. Raises: OtherLog, at the first position where they differ.
    """
    ends = [0, 0]
    pairs: Iterator[tuple[Row | None, Row | None]] = zip_longest(rows, others)
    for pair in pairs:
        for at, row in enumerate(pair):
            ends[at] = row.position if row else ends[at]
        one, other = pair
        if one and other and one.hash != other.hash:
            raise OtherLog(institution, one.position, "up to the position before both are the same, from here on not")
    return ends[0], ends[1]
