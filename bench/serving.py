"""What an answer costs over HTTP, beside a bare route that answers with the same bytes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from time import sleep

from bench.building import INSTITUTION
from bench.figures import RUNS, Figure, medians
from bench.peers import ROOT, WARM, bare_server, request_times
from bench.places import Place
from bench.registers import Register
from domain.dates import iso

TARGETS = {200: (35, 50), 2_000: (25, 40), 20_000: (8, 20)}
CACHED = (75, 95)


def serving_figures(register: Register) -> list[Figure]:
    """Target 10, at the size of *register*: its as-of, new, asked again, and immutable, as a share of a bare route."""
    requests = min(200, max(20, 200_000 // register.alive))
    days = [iso(day) for day in register.days(WARM + RUNS * requests, seed=8)]
    with register.place.copied() as copy, server(copy) as port:
        paths = [f"/v1/institutions/{INSTITUTION}/structure?as_of={day}" for day in days]
        request_times(port, paths[:WARM])
        asked = iter(range(WARM, len(paths), requests))
        body, tag = got(port, paths[0])
        again, fixed = [paths[0]] * requests, [f"{paths[0]}&known_at={register.head}"] * requests
        with bare_server(body) as bare_port:
            request_times(bare_port, ["/"] * WARM)

            def run() -> Sequence[float]:
                start = next(asked)
                bare = request_times(bare_port, ["/"] * requests).p50
                new = request_times(port, paths[start : start + requests]).p50
                repeated = request_times(port, again).p50
                immutable = request_times(port, fixed).p50
                unchanged = request_times(port, again, {"If-None-Match": tag}).p50
                return *(100 * bare / took for took in (new, repeated, immutable, unchanged)), bare, new

            new, repeated, immutable, unchanged, bare, took = medians(run)
    size = f"A = {register.alive:,}"
    note = f"{took * 1e3:.3g} ms ÷ bare {bare * 1e3:.3g} ms, {len(body) // 1024:,} KiB"
    must, aim = TARGETS.get(register.alive, (None, None))
    return [
        Figure("10", f"HTTP as-of, uncached, {size}: share of a bare route", must, aim, new, True, " %", note),
        Figure("10", f"the same address again, {size}", *CACHED, repeated, True, " %"),
        Figure("10", f"an immutable address again, {size}", *CACHED, immutable, True, " %"),
        Figure("", f"304 for a client that has it, {size}", None, None, unchanged, True, " %"),
    ]


def got(port: int, path: str) -> tuple[bytes, str]:
    """The body of an answer, and its tag, if it has one."""
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", path)
    answer = connection.getresponse()
    body, tag = answer.read(), answer.headers["ETag"] or ""
    connection.close()
    return body, tag


@contextmanager
def server(place: Place) -> Iterator[int]:
    """The port of `serve`, with the registers in *place*."""
    command = [sys.executable, "-m", "api", "--db", place.url, "serve", "--port", "0"]
    server = subprocess.Popen(  # noqa: S603  # our own program
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline().split()[0].rpartition(":")[2])
        until_answers(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)
        server.stdout.close()


def until_answers(port: int) -> None:
    """Until the server answers. Raises: OSError, if it does not within half a minute."""
    for left in range(300, -1, -1):
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            if not left:
                raise
            sleep(0.1)
        else:
            return
        finally:
            connection.close()
