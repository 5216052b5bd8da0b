"""The command line: `python -m api COMMAND`, installed as `regesta COMMAND`.

What a command needs beyond its own words is imported when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.asking import counts, diff, findings, flows, history, periods, structure
from api.cli.backing_up import backup, restore
from api.cli.checking import checkpoint, compare
from api.cli.exporting import export
from api.cli.importing import import_
from api.cli.keeping import rebuild, verify
from api.cli.preparing import store
from api.cli.previewing import preview
from api.cli.purging import purge
from api.cli.searching import search
from api.cli.serving import serve
from api.cli.tokens import token

app = typer.Typer(
    help="Regesta: an institution's reorganization history, decree by decree.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain lines, for pipes and for screen readers
)


@app.callback()
def _every_command(
    ctx: typer.Context,
    db: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="URL",
            envvar="REGESTA_DB",
            help="The database: sqlite:///FILE, postgresql://USER@HOST/NAME; else a file in the user's data folder.",
        ),
    ] = None,
) -> None:
    ctx.obj = db


app.command()(serve)
app.command("import")(import_)
app.command()(preview)
app.command()(structure)
app.command()(diff)
app.command()(history)
app.command()(flows)
app.command()(periods)
app.command()(search)
app.command()(counts)
app.command()(findings)
app.command()(verify)
app.command()(rebuild)
app.command()(purge)
app.command()(backup)
app.command()(restore)
app.command()(compare)
app.command()(export)
app.add_typer(token, name="token")
app.add_typer(store, name="store")
app.add_typer(checkpoint, name="checkpoint")
