"""The whole OpenAPI document tried by schemathesis: good and bad data, every check, against a server that records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from api import examples
from api.app import create_app
from api.keys import keys_in_file
from api.store import readings_of
from domain.entries import entry_from_json
from projections.recorders.sqlite import open_sqlite
from tests.serving import served

ROOT = Path(__file__).parents[2]
CONFIGURATION = Path(__file__).parent / "fuzzing" / "schemathesis.toml"
PATIENCE = 900  # seconds, of a machine that does much else; some 20 of one that does nothing else


@pytest.fixture
def tried(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """What schemathesis says of a server that holds the register of the examples, and whose key it has."""
    file = tmp_path / "registers.sqlite"
    with open_sqlite(file) as log, keys_in_file(file) as keys:
        readings = readings_of(log)
        for entry in examples.entries():
            record = entry_from_json(json.dumps(entry).encode(), entry["entry"])
            readings.registers.record(examples.INSTITUTION, record, "import")
        secret = keys.create("clerk", ["record"])
        with served(create_app(readings, keys)) as address:
            return subprocess.run(
                [
                    *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)),
                    *("run", f"{address}/openapi.json", "--no-color"),
                ],
                cwd=tmp_path,
                env={**os.environ, "KEY_OF_THE_CLERK": secret, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )


def test_no_check_of_schemathesis_fails(tried: subprocess.CompletedProcess[str]) -> None:
    """No fault of the server, no answer that the document does not describe, nothing bad taken or good refused."""
    assert tried.returncode == 0, tried.stdout[-20_000:] + tried.stderr[-5_000:]
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in tried.stdout
    assert "No issues found" in tried.stdout
