"""Processes that are killed: forks of this one, so that a thousand take minutes and not hours."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, TypeAlias

from api.__main__ import main


@dataclass(frozen=True)
class Ended:
    """How a process ended: its status, below 0 if it was killed; what it printed, and what it said of errors."""

    status: int
    out: str
    err: str


HUNG = 120  # seconds after a blow, or the beginning, in which a process must end: else it is ended, by SIGALRM

Blow: TypeAlias = Callable[[int], None]
"""What befalls a process of that id, or those on which it relies, while it is at work."""


def killed_after(seconds: float) -> Blow:
    """That it is killed so many seconds after it began."""

    def blow(process: int) -> None:
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    return blow


def forked(work: Callable[[], int], blow: Blow | None = None) -> Ended:
    """Do *work* in a process of its own, which a *blow* may befall.

    Nothing of this process may be open there: no database, no thread.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    with TemporaryFile() as out, TemporaryFile() as err:  # no pipes: who writes much while nobody reads would wait
        child = os.fork()
        if child == 0:
            status = 70
            try:
                for number, file in enumerate((out, err), 1):
                    os.dup2(file.fileno(), number)
                faulthandler.register(signal.SIGALRM, file=2, chain=True)  # where it hangs is told, before it ends
                sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
                status = work()
                sys.stdout.flush()
                sys.stderr.flush()
            except BaseException:  # noqa: BLE001  # the end of a process: it is told, and nothing goes on
                os.write(2, traceback.format_exc().encode())
            finally:
                os._exit(status)
        if blow is not None:
            blow(child)
        hanging = threading.Timer(HUNG, os.kill, (child, signal.SIGALRM))
        hanging.start()
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # its number stays its own
        hanging.cancel()
        hanging.join()
        _, how = os.waitpid(child, 0)
        return Ended(os.waitstatus_to_exitcode(how), *map(_all_of, (out, err)))


def _all_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def commanded(database: str, *arguments: object, blow: Blow | None = None) -> Ended:
    """A command of the program in such a process."""

    def work() -> int:
        os.environ["REGESTA_DB"] = database
        sys.argv = ["regesta", *map(str, arguments)]
        try:
            main()
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0

    return forked(work, blow)
