"""A server in a process of its own, that may be killed and run again on another port, and how much memory it takes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.peers import ROOT
from bench.serving import until_answers

UNBOUNDED = {"REGESTA_READ_RATE": "none", "REGESTA_WRITE_RATE": "none"}
"""All comes from one address and one key: what is measured is not how it is held back."""


class Office:
    """`serve` on the database *url*, set up by *settings*; what it tells of requests goes into the file *told*."""

    def __init__(self, url: str, told: Path, settings: Mapping[str, str] = UNBOUNDED) -> None:
        self.url = url
        self.told = told
        self.settings = settings
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    def run(self) -> None:
        """Run it, and wait until it answers."""
        command = [sys.executable, "-m", "api", "--db", self.url, "serve", "--port", "0"]
        with self.told.open("ab") as told:
            self._process = subprocess.Popen(  # noqa: S603  # our own program
                command, cwd=ROOT, env={**os.environ, **self.settings}, stdout=subprocess.PIPE, stderr=told, text=True
            )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline().split()[0].rpartition(":")[2])
        until_answers(self.port)

    def kill(self) -> None:
        """End it as a failing machine does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def stop(self) -> int:
        """End it by SIGTERM; the status with which it ended."""
        assert self._process is not None
        self._process.terminate()
        self._process.communicate(timeout=60)
        status, self._process = self._process.returncode, None
        return status

    def megabytes(self) -> float:
        """What it holds in memory now (resident set), as Linux tells. Raises: OSError, where there is no /proc."""
        assert self._process is not None
        lines = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024
