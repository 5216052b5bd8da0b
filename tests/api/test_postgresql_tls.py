"""A PostgreSQL server over TCP: whoever records there sees by its certificate that it is the one he means."""

from __future__ import annotations

import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.api.commandline import entry, established, folder_of, regesta
from tests.postgres import FAST, ROLE, Server

pytestmark = pytest.mark.needs("postgresql")

PASSWORD = "a-secret-word"  # of a server that ends with the tests
OVER_TLS = """
local   all all               trust
hostssl all all 127.0.0.1/32  scram-sha-256
"""
ENTRIES = {"1.yaml": entry("E1", established("office", "1802-09-20"))}


class Authority:
    """Whoever signs certificates, by a certificate that he signs himself."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        self.certificate = self._signed(self._name, self._key, x509.BasicConstraints(ca=True, path_length=0))

    def server(self, host: str) -> tuple[bytes, bytes]:
        """A certificate of a server called *host*, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return self._signed(_named(host), key, x509.SubjectAlternativeName([x509.DNSName(host)])), secret

    def _signed(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType) -> bytes:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(self._name, name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        certificate = builder.add_extension(extension, critical=True).sign(self._key, hashes.SHA256())
        return certificate.public_bytes(Encoding.PEM)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Who signed the server's certificate."""
    return Authority("who signed the server's")


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[Server]:
    """A server that answers over TCP who comes with TLS and a password, as `localhost`."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)
        made = Server(Path(folder), (*FAST, "listen_addresses=127.0.0.1", "ssl=on"), port).make()
        certificate, key = authority.server("localhost")
        made.put("server.crt", certificate)
        made.put("server.key", key)
        made.put("pg_hba.conf", OVER_TLS.encode())
        made.start()
        try:
            yield made
        finally:
            made.kill()


@pytest.fixture
def database(server: Server) -> str:
    """A database for registers, whose role has a password."""
    name = server.database()
    with closing(psycopg.connect(server.url("postgres", "postgres"), autocommit=True)) as admin:
        admin.execute(f"ALTER ROLE {ROLE} PASSWORD '{PASSWORD}'")
    return name


def address(server: Server, database: str, root: Path, host: str = "localhost", mode: str = "verify-full") -> str:
    """Of the database over TCP, with the password in it; *root*: whose signature is believed."""
    asked = f"sslmode={mode}&sslrootcert={root}"
    return f"postgresql://{ROLE}:{PASSWORD}@{host}:{server.port}/{database}?{asked}"


def believed(authority: Authority, folder: Path) -> Path:
    """The file that names *authority*."""
    path = folder / "root.crt"
    path.write_bytes(authority.certificate)
    return path


def refused(done: subprocess.CompletedProcess[str], server: Server, database: str) -> str:
    """Why a command did nothing; it names the database, and no password."""
    assert done.returncode == 1, done.stdout
    assert f"postgresql://{ROLE}@" in done.stderr
    assert f":{server.port}/{database}: " in done.stderr
    assert "Traceback" not in done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return done.stderr


def test_a_register_is_kept_over_tls(server: Server, authority: Authority, database: str, tmp_path: Path) -> None:
    """Recording, the tables and the proof of both go over one address, from another machine as from this."""
    # given
    url = address(server, database, believed(authority, tmp_path))
    folder = folder_of(tmp_path / "mint", "mint", ENTRIES)

    # when
    recorded = regesta(url, "import", folder)
    told = regesta(url, "structure", "mint", "--as-of", "1802-09-20")
    eve = regesta(url, "structure", "mint", "--as-of", "1802-09-19", "--json")
    proved = regesta(url, "verify")

    # then
    assert recorded.returncode == 0, recorded.stderr
    assert "mint" in told.stdout
    assert '"units":{}' in eve.stdout.replace(" ", "").replace("\n", "")
    assert proved.returncode == 0, proved.stderr
    assert "the tables agree" in proved.stdout
    with closing(psycopg.connect(url)) as connection:
        used = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    assert used == (True,)


def test_a_server_of_an_unknown_authority_is_refused(server: Server, database: str, tmp_path: Path) -> None:
    """Who stands in for the server, with a certificate that anybody can make, is told nothing."""
    url = address(server, database, believed(Authority("somebody else"), tmp_path))
    assert "certificate verify failed" in refused(regesta(url, "verify"), server, database)


def test_a_server_of_another_name_is_refused(
    server: Server, authority: Authority, database: str, tmp_path: Path
) -> None:
    """A certificate is of one host: another's, well signed, does not do."""
    url = address(server, database, believed(authority, tmp_path), host="127.0.0.1")
    assert "does not match host name" in refused(regesta(url, "verify"), server, database)


def test_without_tls_nobody_is_let_in(server: Server, authority: Authority, database: str, tmp_path: Path) -> None:
    """What is not encrypted can be read on the way, and a password with it."""
    url = address(server, database, believed(authority, tmp_path), mode="disable")
    assert "no encryption" in refused(regesta(url, "verify"), server, database)


def test_a_wrong_password_is_not_repeated(server: Server, authority: Authority, database: str, tmp_path: Path) -> None:
    """A slip in a password would give away most of it."""
    url = address(server, database, believed(authority, tmp_path)).replace(PASSWORD, f"{PASSWORD}%21")
    assert "password authentication failed" in refused(regesta(url, "verify"), server, database)
