"""The least a server can do: one route that answers with ready bytes, in a process of its own."""

from __future__ import annotations

import socket
import sys

import uvicorn
from fastapi import FastAPI, Response


def bare(body: bytes) -> FastAPI:
    """An application whose one route answers with *body*."""
    app = FastAPI()

    @app.get("/")
    def read_body() -> Response:
        return Response(body, media_type="application/json")

    return app


def serve(body: bytes) -> None:
    """Answer with *body* on a free port, which is written to standard output, until ended."""
    # With the protocol named, asyncio sets TCP_NODELAY, as `regesta serve` has it.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        config = uvicorn.Config(bare(body), log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    serve(sys.stdin.buffer.read())
