"""What reads logs as text, and checkpoints."""

from __future__ import annotations

import io
from collections.abc import Iterator

from prove.readers.examples import examples
from prove.readers.reader import Take, in_words


def log_reader() -> Take:
    """Reads a log as text, and each row as a stored event."""
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


def log_seeds() -> Iterator[bytes]:
    """The log of the examples."""
    from api.examples import INSTITUTION

    with examples() as readings:
        log = readings.registers.log
        lines = list(log.text(INSTITUTION, log.head(INSTITUTION)))
    yield b"".join(lines[:6])
    yield from (line.partition(b',"state":')[2][:-2] for line in lines[1:])


def checkpoint_reader() -> Take:
    """Reads a checkpoint, and a public key."""
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


def checkpoint_seeds() -> Iterator[bytes]:
    """A good checkpoint, and a good key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from domain.chain import Head
    from domain.checkpoints import signed

    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    yield signed("mint", Head(7, "2024-05-24T12:00:00.000000Z", "0" * 64), key)
    yield key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
