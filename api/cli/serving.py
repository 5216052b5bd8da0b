"""`serve`: the server, with registers to begin with."""

from __future__ import annotations

import shlex
import signal
import socket
import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.importing import summary, tallied
from api.cli.options import Db, database
from api.cli.progress import opened
from api.turning import visible

if TYPE_CHECKING:
    from domain.recording import Registers


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="The address to listen on, else 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port, else 8000; 0 for any that is free.")
    ] = None,
    with_: Annotated[
        Path | None,
        typer.Option(
            "--with",
            metavar="FOLDER",
            exists=True,
            file_okay=False,
            help="A folder of register folders, to record first.",
        ),
    ] = None,
    read_db: Annotated[
        str | None,
        typer.Option("--read-db", metavar="URL", help="A hot standby of the PostgreSQL database, to answer from."),
    ] = None,
    db: Db = None,
) -> None:
    """Answer over HTTP, until interrupted.

    What is not said here is set by the environment, `REGESTA_…`, or by the file of settings that REGESTA_SETTINGS
    names; docs/settings.md lists all of it.
    """
    import uvicorn

    from api.app import create_app
    from api.listening import patient
    from api.middleware import json_log
    from api.pacing import Paces
    from api.process import leave_aside
    from api.rates import Rates
    from api.settings import SettingsWrong, settings
    from api.store import database_at, readings_following, readings_in

    try:
        told = settings(host=host, port=port, read_db=read_db)
    except SettingsWrong as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(2) from None
    named = database(ctx, db or ctx.obj or told.db)
    with (
        _listening(told.host, told.port) as listener,
        opened(readings_in, named, make=True) as recording,
        named.keys() as keys,
        readings_following(told.read_db, recording) if told.read_db else nullcontext(recording) as readings,
    ):
        if with_ is not None:
            _record_folders(with_, recording.registers)
        app = create_app(
            readings,
            keys,
            recording=recording.registers,
            open_to_readers=told.reading == "open",
            rates=Rates(told.read_rate, told.write_rate, told.wrong_key_rate),
            patience=told.body_seconds,
            paces=Paces(told.answer_seconds, told.long_answers),
            answers=told.answers_mib * 1024 * 1024,
            log=json_log(sys.stderr, requests=told.log == "all"),
        )
        address = f"[{told.host}]" if ":" in told.host else told.host
        typer.echo(f"http://{address}:{listener.getsockname()[1]}   (docs at /docs; Ctrl-C ends it)")
        url = named.url
        typer.echo(f"database {url}")
        if told.read_db:
            typer.echo(f"answers from {database_at(told.read_db).url}")
        typer.echo(f"a key for writing: python -m api --db {shlex.quote(url)} token create NAME --scope record")
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=patient(told.body_seconds),  # of h11, which bounds the head of a request, as other parsers do not
                ws="none",
                log_level="warning",
                access_log=False,
                server_header=False,  # nobody who asks needs to know what it runs on
                h11_max_incomplete_event_size=told.head_bytes,
                limit_concurrency=told.connections + 1,  # uvicorn refuses the one that reaches it
                timeout_graceful_shutdown=told.stop_seconds,
            )
        )
        leave_aside()
        # uvicorn raises the signal again when all is ended; by default SIGTERM would then kill the process.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):  # Ctrl-C, or SIGTERM, is how it is meant to end
            server.run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """A socket bound to the address, so that a port in use is refused before anything is recorded.

    Raises: typer.Exit.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY; else answers on a kept connection wait 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as fault:
        listener.close()
        typer.echo(f"cannot listen on {host}, port {port}: {fault.strerror}", err=True)
        raise typer.Exit(1) from None
    return listener


def _record_folders(under: Path, registers: Registers) -> None:
    """Records the registers directly under *under*. What is refused is said, and the log stays as it is."""
    from api.registers import NotARegister, read_register, record_in_pages, register_folders
    from domain.errors import EntryUnreadable

    for folder in register_folders(under):
        try:
            register = read_register(folder)
        except (NotARegister, EntryUnreadable) as refusal:
            typer.echo(visible(f"{folder.name}: not recorded: {refusal}"), err=True)
            continue
        verdicts = record_in_pages(register, registers, "import")
        typer.echo(summary(tallied(verdicts, register, quiet=True), registers))
