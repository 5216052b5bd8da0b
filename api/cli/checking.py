"""`checkpoint` and `compare`: a log against what was noted of it elsewhere, and against a copy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import Db, Institution, database
from api.cli.progress import opened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from domain.chain import Row
    from domain.checkpoints import Checkpoint

checkpoint = typer.Typer(help="Where a log ended once, signed with a key of the institution's.", no_args_is_help=True)

CopyOption = Annotated[
    Path | None,
    typer.Option(metavar="PATH", help="A copy - a log as text, a backup -, in place of the database."),
]


@checkpoint.command()
def key(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The file of the private key; the public is PATH.pub.")],
) -> None:
    """Make a key pair for signing checkpoints. Keep the private key apart from the database; publish the other."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    from domain.checkpoints import print_of

    made = Ed25519PrivateKey.generate()
    secret = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _write(path, secret, 0o600)
    _write(path.with_name(f"{path.name}.pub"), public, 0o644)
    typer.echo(print_of(made.public_key()))


@checkpoint.command()
def create(
    ctx: typer.Context,
    institution: Institution,
    private: Annotated[Path, typer.Option("--key", metavar="FILE", help="The private key.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="The file to write.")],
    db: Db = None,
) -> None:
    """Verify a log, and write where it ends, signed, to a file that is to be published."""
    from api.store import log_in
    from domain.checkpoints import private_key, signed
    from domain.errors import UnknownInstitution

    secret = private_key(_read(private))
    with opened(log_in, database(ctx, db), make=False) as log:
        head = log.verify(institution)
    if not head.position:
        raise UnknownInstitution(institution)
    _write(output, signed(institution, head, secret), 0o644)
    typer.echo(f"{institution}: position {head.position}, hash {head.hash}")


@checkpoint.command()
def verify(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The checkpoint.")],
    public: Annotated[Path, typer.Option("--key", metavar="FILE", help="The public key of the institution.")],
    copy: CopyOption = None,
    db: Db = None,
) -> None:
    """Prove a log, and that it holds a checkpoint: that nothing up to there was cut off or written anew.

    The status is 1 if the checkpoint is not signed with that key, or the log is not the one it is of.
    """
    from api.copies import logs_at
    from api.store import log_in
    from domain.checkpoints import public_key, read_checkpoint

    found = read_checkpoint(_read(file), public_key(_read(public)))
    if copy is not None:
        with logs_at(copy) as logs:
            _tell(found, logs.get(found.institution, ()))
    else:
        with opened(log_in, database(ctx, db), make=False) as log, log.moment() as moment:
            _tell(found, moment.proved(found.institution))


def _tell(found: Checkpoint, rows: Iterable[Row]) -> None:
    from domain.checkpoints import held

    last = held(found, rows)
    typer.echo(f"{found.institution}: whole, up to position {last}; it holds the checkpoint at {found.position}")


def compare(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The copy: a log as text, a backup.")],
    db: Db = None,
) -> None:
    """Prove the logs of a copy and those of the database, and that one is a beginning of the other.

    The status is 1 if they part: the first position at which they differ is named. Erasures do not matter.
    """
    from api.copies import logs_at
    from api.store import log_in
    from domain.checkpoints import common

    with logs_at(path) as logs, opened(log_in, database(ctx, db), make=False) as log, log.moment() as moment:
        for institution, rows in sorted(logs.items()):
            copied, here = common(institution, rows, moment.proved(institution))
            which = "the same" if copied == here else f"the {'copy' if copied < here else 'database'} is a beginning"
            typer.echo(f"{institution}: position {copied} in the copy, {here} in the database: {which}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise typer.BadParameter(f"{path}: {fault.strerror}") from None


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file that is not there yet. Raises: typer.BadParameter."""
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
            file.write(content)
    except OSError as fault:
        raise typer.BadParameter(f"{path}: {fault.strerror}") from None
