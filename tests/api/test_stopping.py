"""How a server ends, and what it refuses before any route is asked: requests on their way, headers, connections."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen

import pytest

from tests.api.commandline import command, entry, established, founding, jsonl_of, regesta
from tests.api.test_cli_serve import PATIENCE, until_healthy

STOPS = pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
DECREE = json.dumps(entry("decree-1", established("office", "1724-02-01"))).encode()
INSIDE = ("Traceback", "/api/", "site-packages", "sqlite", ".py")
"""What would tell of the inside of the program."""


@dataclass(frozen=True)
class Running:
    """A server in a process of its own, its port, and a key for recording."""

    process: Popen[str]
    port: int
    key: str

    def begin(self, sent: int) -> socket.socket:
        """A connection on which *sent* bytes of the decree have come, and the rest has not."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        head = (
            f"POST /v1/institutions/mint/entries HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(DECREE)}\r\n\r\n"
        )
        connection.sendall(head.encode() + DECREE[:sent])
        return connection

    def ended(self) -> tuple[int, str]:
        """The status with which it ended, and what it had still printed."""
        told, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, told


@contextmanager
def running(db: Path, **settings: object) -> Iterator[Running]:
    """A server of a mint, with *settings*; killed at the end of the block if it is still there."""
    register = jsonl_of(db.parent / "mint.jsonl", [founding("Mint")])
    assert regesta(db, "import", register, "--institution", "mint").returncode == 0
    key = regesta(db, "token", "create", "clerk", "--scope", "record").stdout.strip()
    line, environment = command(db, "serve", "--port", "0")
    environment |= {f"REGESTA_{name.upper()}": str(value) for name, value in settings.items()}
    with Popen(line, env=environment, stdout=PIPE, stderr=STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            address = until_healthy(process.stdout.readline().split()[0])
            yield Running(process, int(address.rpartition(":")[2]), key)
        finally:
            process.kill()


def until_refused(port: int) -> None:
    """Wait until nobody listens any more."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        except ConnectionError:
            return
        assert time.monotonic() < deadline, "it still takes connections"
        time.sleep(0.02)


def answer_on(connection: socket.socket) -> tuple[int, bytes]:
    """Status and body of the answer that comes."""
    with closing(HTTPResponse(connection)) as answer:
        answer.begin()
        return answer.status, answer.read()


@STOPS
def test_a_server_that_is_stopped_lets_a_request_come_to_its_end(tmp_path: Path, sign: signal.Signals) -> None:
    """The entry of which half had come is recorded and acknowledged; whoever comes now finds nobody; status 0."""
    db = tmp_path / "regesta.sqlite"
    with running(db) as server, closing(server.begin(20)) as connection:
        # given
        until_healthy(f"http://127.0.0.1:{server.port}")  # it has taken up what came before

        # when
        server.process.send_signal(sign)
        until_refused(server.port)
        connection.sendall(DECREE[20:])
        status, body = answer_on(connection)

        # then
        assert (status, json.loads(body)["positions"]) == (201, [2, 2])
        assert server.ended()[0] == 0
    verified = regesta(db, "verify", "mint")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(body)["head"]["hash"] in verified.stdout


@STOPS
def test_a_server_that_is_stopped_does_not_wait_for_ever(tmp_path: Path, sign: signal.Signals) -> None:
    """A client that never sends the rest holds it up for REGESTA_STOP_SECONDS, and nothing of his is recorded."""
    db = tmp_path / "regesta.sqlite"
    with running(db, stop_seconds=1) as server, closing(server.begin(20)):
        # given
        until_healthy(f"http://127.0.0.1:{server.port}")

        # when
        server.process.send_signal(sign)
        status, _ = server.ended()

    # then
    assert status == 0
    assert "up to position 1, " in regesta(db, "verify", "mint").stdout


def asked(connection: HTTPConnection) -> tuple[int, str, str]:
    """Status, body and media type of `/healthz`, which does not say what it runs on."""
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    assert answer.status != 200 or "Server" not in answer.headers
    return answer.status, answer.read().decode(), str(answer.headers["Content-Type"])


def test_connections_and_headers_beyond_the_limit_are_refused_and_tell_nothing(tmp_path: Path) -> None:
    """Of two connections the third is answered 503; headers without an end at 64 KiB, 400; in plain text."""
    with running(tmp_path / "regesta.sqlite", connections=2) as server:
        first, second, third = (HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE) for _ in range(3))
        with closing(first), closing(second), closing(third):
            # when
            allowed = [asked(first)[0], asked(second)[0]]
            beyond = asked(third)
            still = asked(first)[0]
        with closing(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)) as other:
            other.sendall(b"GET /healthz HTTP/1.1\r\nX-Long: " + b"x" * 2**16)  # and no end of it
            with closing(HTTPResponse(other)) as answer:
                answer.begin()
                long = answer.status, answer.read().decode(), str(answer.headers["Content-Type"])
        after = until_healthy(f"http://127.0.0.1:{server.port}")

    # then
    assert (allowed, beyond[0], still, long[0]) == ([200, 200], 503, 200, 400)
    for _, body, kind in (beyond, long):
        assert kind.startswith("text/plain")
        assert not [word for word in INSIDE if word in body]
        assert len(body) < 100
    assert after


def test_the_head_of_a_request_has_a_bound(tmp_path: Path) -> None:
    """The eve: as many bytes as are allowed, however they come, are answered; of more the rest is not waited for."""
    with running(tmp_path / "regesta.sqlite", head_bytes=2048) as server:
        line = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: "

        def sent(count: int, rest: bytes) -> int:
            """The status for a head whose header is still without an end after *count* bytes."""
            with closing(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)) as connection:
                connection.sendall(line + b"x" * (count - len(line)))
                if rest:
                    connection.sendall(rest)
                return answer_on(connection)[0]

        within, beyond = sent(2040, b"\r\n\r\n"), sent(2100, b"")

    assert (within, beyond) == (200, 400)


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET /healthz HTTP/1.1\r\n", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /hea"],
    ids=["nothing", "half a head", "half of a second head"],
)
def test_a_connection_on_which_no_request_begins_is_closed(tmp_path: Path, begun: bytes) -> None:
    """However often a little more of it comes: a few hundred such would keep everybody else out."""
    with running(tmp_path / "regesta.sqlite", body_seconds=1) as server:
        with closing(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)) as slow:
            slow.sendall(begun)
            deadline = time.monotonic() + PATIENCE
            closed = False
            while not closed:
                assert time.monotonic() < deadline, "it still waits"
                time.sleep(0.1)
                try:
                    if begun:
                        slow.sendall(b"X")
                    slow.settimeout(0.1)
                    closed = slow.recv(10_000) == b""
                except TimeoutError:
                    continue
                except ConnectionError:
                    closed = True
        assert until_healthy(f"http://127.0.0.1:{server.port}")


def test_who_goes_away_before_the_body_has_come_is_no_fault_of_the_server(tmp_path: Path) -> None:
    """Nothing is recorded, and nobody is called for it."""
    with running(tmp_path / "regesta.sqlite") as server:
        with closing(server.begin(20)):
            until_healthy(f"http://127.0.0.1:{server.port}")
        until_healthy(f"http://127.0.0.1:{server.port}")
        server.process.send_signal(signal.SIGTERM)
        told = [json.loads(line) for line in server.ended()[1].splitlines() if line.startswith("{")]

    (posted,) = (line for line in told if line.get("method") == "POST")
    assert (posted["event"], posted["status"]) == ("request", 408)
    assert not [line for line in told if line["event"] == "fault"]
