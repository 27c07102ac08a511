"""Verified connections to a server with a certificate of `localhost` that no CA of the machine has signed."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tortoise_kit.db.config import PoolSettings, connection
from tortoise_kit.db.engines import asyncpg_backend
from tortoise_kit.db.errors import DatabaseError

# For this test only, valid for a hundred years.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBozCCAUigAwIBAgIUde3X78nAJHlvzTb31VJMEg47y48wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzA4MjgyOFoYDzIxMjYxMTAz
MDgyODI4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASgVrZLLZJ1QchMkMlM0+KqmmAPSyJ0fWF7VlcmTks/2UEOetlo4vEP
igL7xiNujYc6dKCHeT5iIN/+BaSAMHRSo3YwdDAdBgNVHQ4EFgQUcXv19iXa/2PG
gkCoN++5f6RBOfowHwYDVR0jBBgwFoAUcXv19iXa/2PGgkCoN++5f6RBOfowDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCwYDVR0PBAQDAgKE
MAoGCCqGSM49BAMCA0kAMEYCIQC04sto/NBxW8JTVtOoAtJhtOWFjFgzU1/iUSjI
sJGqdwIhALzHmsVQkzdyx0XT06SYVD3JEsPHnBcIB057KSirUuT9
-----END CERTIFICATE-----
"""
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKHMch2NVD8pkj6OT
6Y+2AC3WQQhcznz2um5Wr8pVzxuhRANCAASgVrZLLZJ1QchMkMlM0+KqmmAPSyJ0
fWF7VlcmTks/2UEOetlo4vEPigL7xiNujYc6dKCHeT5iIN/+BaSAMHRS
-----END PRIVATE KEY-----
"""  # a key of this test, of nothing else


class Server:
    """As much of Postgres as a client needs to agree on TLS and to say who it is."""

    def __init__(self, folder: Path) -> None:
        self.greeted = 0
        self.certificate = folder / "server.pem"
        self.certificate.write_text(CERTIFICATE, encoding="ascii")
        (folder / "key.pem").write_text(KEY, encoding="ascii")
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(self.certificate, folder / "key.pem")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readexactly(8)  # SSLRequest
            writer.write(b"S")
            await writer.start_tls(self._tls)
            await reader.readexactly(8)  # the length and the version of the protocol
            self.greeted += 1
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(folder: Path) -> AsyncGenerator[tuple[Server, int]]:
    server = Server(folder)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    async with listening:
        yield server, listening.sockets[0].getsockname()[1]


@pytest.mark.only("postgres")
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("host", "mode", "greeted"),
    [
        ("localhost", "sslmode=verify-full&sslrootcert={certificate}", True),
        ("127.0.0.1", "sslmode=verify-full&sslrootcert={certificate}", False),
        ("127.0.0.1", "sslmode=verify-ca&sslrootcert={certificate}", True),
        ("localhost", "sslmode=verify-full", False),
        ("localhost", "sslmode=verify-full&sslrootcert=system", False),
        ("localhost", "sslmode=require", True),
    ],
)
async def test_a_server_is_verified_by_its_ca_also_without_a_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, mode: str, *, greeted: bool
) -> None:
    monkeypatch.delenv("HOME", raising=False)
    async with serving(tmp_path) as (server, port):
        url = f"postgres://ann:pa55@{host}:{port}/shop?{mode.format(certificate=server.certificate)}"
        credentials = connection(url, pool=PoolSettings(), application_name="test")["credentials"]
        client: Any = asyncpg_backend.client_class(connection_name="tls", **credentials)
        with pytest.raises(DatabaseError):
            await client.execute_query("SELECT 1")
        await client.close()

    assert bool(server.greeted) is greeted
