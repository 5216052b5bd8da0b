"""`token`: the keys of those who may read and write."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import Db, database

if TYPE_CHECKING:
    from api.keys import Key

token = typer.Typer(help="The keys of those who may read and write.", no_args_is_help=True)


@token.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key: the name stands in what it records.")],
    scope: Annotated[
        list[str],
        typer.Option(
            help="What the key opens: read, record (with correct and read), correct, redact, administer (all of them)."
            " May be given more than once."
        ),
    ],
    institution: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="A register that it is good for, else all. May be given more than once."),
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="The first day, in UTC, or the instant from which it opens nothing."),
    ] = None,
    db: Db = None,
) -> None:
    """Make a key, and print it; it is not kept, and cannot be shown again."""
    from api.store import keys_in

    end = _instant(expires) if expires is not None else None
    with keys_in(database(ctx, db), make=True) as keys:
        typer.echo(keys.create(name, scope, institution or (), end))


def _instant(text: str) -> datetime:
    """The instant of *text*, a day or an instant with its offset. Raises: typer.BadParameter."""
    from domain.dates import NotADay, day
    from domain.errors import NotAKnownAt
    from domain.recording import instant_of

    try:
        return datetime.fromordinal(day(text)).replace(tzinfo=UTC) if "T" not in text.upper() else instant_of(text)
    except (NotADay, NotAKnownAt):
        told = f"{text!r} is no day YYYY-MM-DD, nor an instant with its offset such as 2024-05-24T12:00:00Z"
        raise typer.BadParameter(told, param_hint="--expires") from None


@token.command("list")
def list_(ctx: typer.Context, db: Db = None) -> None:
    """Print the names of all keys ever made, what each opens, and when it was used last."""
    from api.store import keys_in

    with keys_in(database(ctx, db)) as keys:
        for key in keys.list():
            typer.echo("   ".join(_told(key)))


def _told(key: Key) -> list[str]:
    return [
        key.name,
        " ".join(sorted(key.scopes)),
        *([f"of {' '.join(sorted(key.institutions))}"] if key.institutions is not None else []),
        f"made {key.created}",
        *([f"expires {key.expires}"] if key.expires is not None else []),
        f"last used {key.used}" if key.used is not None else "never used",
        *([f"revoked {key.revoked}"] if key.revoked is not None else []),
    ]


@token.command()
def revoke(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key opens nothing any more.")],
    db: Db = None,
) -> None:
    """Take a key back. Its name stays taken, for it stands in the log."""
    from api.store import keys_in

    with keys_in(database(ctx, db)) as keys:
        keys.revoke(name)
