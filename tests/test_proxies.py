"""The configurations of `docs/behind-a-proxy.md`, with real proxies in front of the real server."""

import asyncio
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx2
import psutil
import pytest
import trustme

from benchmarks.postgres import own_postgres
from tests.conftest import Bake
from tests.machines import Machine, run_module
from tests.rendering import PORT, SERVICE

pytestmark = pytest.mark.nightly  # a minute of silence for each proxy; one story runs on each push

PAGE = (SERVICE / "docs" / "behind-a-proxy.md").read_text(encoding="utf-8")
CONFIGURATIONS = dict(re.findall(r"^```(nginx|haproxy|caddy)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
BASE = PORT + 60
PORTS = {8000: BASE, 8001: BASE + 1, 8080: BASE + 2, 8081: BASE + 3, 8082: BASE + 4}
FRONT = {"nginx": PORTS[8080], "haproxy": PORTS[8081], "caddy": PORTS[8082]}
COMMANDS = {
    "nginx": "nginx -c {file} -g 'daemon off;'",
    "haproxy": "haproxy -f {file}",
    "caddy": "caddy run --adapter caddyfile --config {file}",
}
AROUND_NGINX = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{own}
}}
"""
RESTARTS = 4
CLIENTS = 8
EXPECTED = {"GET 200", "POST 201", "POST 409"}  # a product is sold out at some time
REFRESHES = 5  # from a network in an hour
REFRESH = (
    b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s"
    b'Transfer-Encoding: chunked\r\n\r\n19\r\n{"refresh_token": "abcd"}\r\n0\r\n%s\r\n'
)
CLAIM = b"X-Forwarded-For: 198.51.100.?\r\nX-Real-IP: 198.51.100.?\r\nForwarded: for=198.51.100.?\r\n"
PASSWORD = "development only"  # noqa: S105 - the README publishes it
STOP_SECONDS = 30
RESTART_SECONDS = 120  # of two workers


class Instance:
    """One of two machines: a server process that can be replaced."""

    def __init__(self, machine: Machine, project: Path, port: int, variables: dict[str, str], *options: str) -> None:
        self._machine = machine
        self._project = project
        self._variables = variables
        self._options = options
        self.port = port
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-B", "-m", "app", "serve", "--port", str(self.port), *self._options],
            cwd=self._project,
            env={**self._machine.environment, **self._variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert process.poll() is None, "the server ended before it was ready"
            try:
                if httpx2.get(f"http://127.0.0.1:{self.port}/health/ready", trust_env=False).is_success:
                    return process
            except httpx2.TransportError:
                time.sleep(0.05)
        message = "the server was not ready"
        raise AssertionError(message)

    def stop(self) -> None:
        """SIGTERM, and wait for the end."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(STOP_SECONDS) == 0

    def restart(self) -> None:
        """Stop it, and start another one."""
        self.stop()
        self.process = self._start()


type Start = Callable[..., Instance]


@pytest.fixture(scope="module")
def postgres() -> Generator[str]:
    """The URL of an empty Postgres."""
    with own_postgres() as url:
        yield url


@pytest.fixture(scope="module")
def start(bake: Bake, tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Generator[Start]:
    """Starts servers of one project on one database, with the accounts of development.

    On Postgres: two processes that write to one SQLite file wait for its one lock in no order, and some for too long.
    """
    project, home = bake(), tmp_path_factory.mktemp("home")
    variables = {
        "PYTHONPATH": ":".join(filter(None, sys.path[1:])),
        "DATABASE_URL": postgres,
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
        "SHUTDOWN_DELAY_SECONDS": "2",
        "ACCESS_TOKEN_LIFETIME_SECONDS": "3600",  # clients log in once
        "LOGIN_RATE_PER_ADDRESS": "1000/minute",
        "LOGIN_RATE_PER_ACCOUNT": "1000/minute",
        "REFRESH_RATE_PER_ADDRESS": f"{REFRESHES}/hour",
    }
    for command in (("migrations", "upgrade"), ("seed", "--size", "20")):
        ended = run_module(project, "app", *command, **variables)
        assert ended.returncode == 0, ended.stderr
    machine = Machine(home, path=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    with ExitStack() as stack:

        def started(port: int, *options: str) -> Instance:
            instance = Instance(machine, project, port, variables, *options)
            stack.callback(instance.stop)
            return instance

        yield started


@pytest.fixture(scope="module")
def instances(start: Start) -> list[Instance]:
    """The two machines behind each proxy."""
    return [start(port) for port in (PORTS[8000], PORTS[8001])]


@contextmanager
def running(proxy: str, folder: Path) -> Iterator[str]:
    """A proxy with the page's configuration, on the ports of this test; yields its URL."""
    program = shutil.which(proxy, path="/usr/sbin:/usr/bin")
    assert program, f"{proxy} is not installed: `apt-get install {proxy}`"
    own = CONFIGURATIONS[proxy]
    for written, used in PORTS.items():
        own = own.replace(f":{written}", f":{used}")
    file = folder / f"{proxy}.conf"
    file.write_text(AROUND_NGINX.format(folder=folder, own=own) if proxy == "nginx" else own, encoding="utf-8")
    command = COMMANDS[proxy].format(file=file)
    log = folder / f"{proxy}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command.replace(proxy, program, 1)}"],  # noqa: S607
            env={"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/bin", "XDG_DATA_HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stderr=output,
            stdout=output,
        )
    url = f"http://127.0.0.1:{FRONT[proxy]}"
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                if httpx2.get(f"{url}/health/ready", trust_env=False).is_success:
                    break
            except httpx2.TransportError:
                time.sleep(0.1)
        else:
            raise AssertionError(log.read_text(encoding="utf-8"))
        yield url
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


PROXIES = [pytest.param(each, marks=[pytest.mark.stories] * (each == "nginx")) for each in sorted(CONFIGURATIONS)]


@pytest.fixture(params=sorted(CONFIGURATIONS))
def front(request: pytest.FixtureRequest, instances: list[Instance], tmp_path: Path) -> Generator[str]:
    """The URL of each proxy, in front of both servers."""
    assert len(instances) == 2
    with running(request.param, tmp_path) as url:
        yield url


@asynccontextmanager
async def client_of(url: str) -> AsyncGenerator[httpx2.AsyncClient]:
    """A member's client, which sees each error."""
    async with httpx2.AsyncClient(base_url=url, timeout=30, trust_env=False) as client:
        form = {"grant_type": "password", "username": "member@example.com", "password": PASSWORD}
        token = (await client.post("/api/v1/auth/token", data=form)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def described(request: httpx2.Request, response: httpx2.Response) -> str:
    """What a client sees of an unexpected response; `server` and the content type say whether the proxy wrote it."""
    return f"{request.method} {request.url.path} {response.status_code} {dict(response.headers)} {response.text[:500]}"


async def load(url: str, stop: asyncio.Event, seen: Counter[str]) -> None:
    """Reads and writes until the test stops them."""
    async with client_of(url) as client:
        product = (await client.get("/api/v1/products?limit=1")).json()["items"][0]["id"]
        while not stop.is_set():
            for request in (
                client.build_request("GET", "/api/v1/products?limit=5"),
                client.build_request(
                    "POST",
                    "/api/v1/orders",
                    json={"items": [{"product_id": product, "quantity": 1}]},
                    headers={"Idempotency-Key": str(uuid4())},
                ),
            ):
                try:
                    response = await client.send(request)
                except httpx2.TransportError as error:
                    seen[f"{request.method} {error!r}"] += 1
                    continue
                outcome = f"{request.method} {response.status_code}"
                seen[outcome if outcome in EXPECTED else described(request, response)] += 1


async def seen_during(url: str, work: Awaitable[None]) -> Counter[str]:
    """What clients saw meanwhile."""
    stop, seen = asyncio.Event(), Counter[str]()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(CLIENTS):
            tasks.create_task(load(url, stop, seen))
        await work
        stop.set()
    return seen


async def restart_in_turn(instances: list[Instance], times: int) -> None:
    """SIGTERM to one of them, so often."""
    for number in range(times):
        await asyncio.to_thread(instances[number % len(instances)].restart)


async def replace_workers(instance: Instance) -> None:
    """SIGHUP, and wait until each worker has ended: one ends when another one serves in its place."""
    parent = psutil.Process(instance.process.pid)
    workers = [child for child in parent.children() if "spawn_main" in " ".join(child.cmdline())]
    parent.send_signal(signal.SIGHUP)
    _, left = await asyncio.to_thread(psutil.wait_procs, workers, RESTART_SECONDS)
    assert (len(workers), left) == (2, [])


@pytest.mark.parametrize("front", PROXIES, indirect=True)
def test_restarts_are_seen_by_nobody(front: str, instances: list[Instance]) -> None:
    seen = asyncio.run(seen_during(front, restart_in_turn(instances, RESTARTS)))

    assert set(seen) <= EXPECTED, seen
    assert seen["GET 200"] > 100


def test_sighup_replaces_the_workers_of_one_machine_and_nobody_sees_it(start: Start) -> None:
    instance = start(PORTS[8082], "--workers", "2")

    seen = asyncio.run(seen_during(f"http://127.0.0.1:{instance.port}", replace_workers(instance)))

    assert set(seen) <= EXPECTED, seen
    assert seen["GET 200"] > 100


def refreshed(url: str, address: str, *, headers: bytes = b"", trailers: bytes = b"") -> list[int]:
    """The statuses of one refresh more than a network may send, with these headers or trailers."""
    statuses = []
    port = int(url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), STOP_SECONDS, source_address=(address, 0)) as client:
        received = client.makefile("rb")
        for number in range(REFRESHES + 1):
            client.sendall(REFRESH % (headers.replace(b"?", b"%d" % number), trailers.replace(b"?", b"%d" % number)))
            statuses.append(int(received.readline().split()[1]))
            head = dict(line.lower().split(b":", 1) for line in iter(received.readline, b"\r\n"))
            received.read(int(head[b"content-length"]))
    return statuses


@pytest.mark.parametrize("sent_as", ["headers", "trailers"])
def test_a_client_is_known_by_its_address_whoever_it_claims_to_be(front: str, sent_as: str) -> None:
    address = f"127.0.{front.rpartition(':')[2][-2:].lstrip('0')}.{len(sent_as)}"  # one for each proxy and case

    statuses = refreshed(front, address, **{sent_as: CLAIM})

    assert statuses == [401] * REFRESHES + [429]


def test_a_long_query_or_header_takes_no_machine_out(front: str) -> None:
    with httpx2.Client(base_url=front, trust_env=False, timeout=20) as client:
        response = client.get("/api/v1/products", params={"limit": 1, "x": "!" * 2500})
        assert response.status_code == 200
        assert len(str(response.headers)) < 4096
        assert client.get("/health/ready").status_code == 200
        assert client.head("/api/v1/products").status_code == 200
        big = client.get("/api/v1/products", headers={"X-Big": "a" * 20_000})
        assert big.status_code in {400, 431, 494, 200}
        assert client.get("/api/v1/products").status_code == 200


def test_an_idle_connection_is_used_again_after_a_minute_and_at_speed(front: str) -> None:
    with httpx2.Client(base_url=front, trust_env=False, timeout=20) as client:
        assert {client.get("/health/live").status_code for _ in range(200)} == {200}
        for pause in (5.5, 10, 45):
            time.sleep(pause)
            assert client.post("/api/v1/auth/token", data={"username": "x", "password": "y"}).status_code in {401, 422}


def test_below_a_path_links_lead_back(instances: list[Instance], tmp_path: Path) -> None:
    assert instances
    with running("nginx", tmp_path) as url, httpx2.Client(base_url=url, trust_env=False, timeout=20) as client:
        page = client.get("/eu/api/v1/products?limit=2")
        following = client.get(page.links["next"]["url"])
        document = client.get("/eu/docs").text
        openapi = re.search(r"url: '([^']*openapi\.json)'|\"url\": \"([^\"]*openapi\.json)\"", document)
        linked = next(filter(None, openapi.groups())) if openapi else "/openapi.json"

        assert following.status_code == 200
        assert following.json()["items"] != page.json()["items"]
        assert client.get(str(httpx2.URL(f"{url}/eu/docs").join(linked))).status_code == 200


def test_the_server_does_tls_by_itself(bake: Bake, tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "certificate.pem")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    variables = {
        "PYTHONPATH": ":".join(filter(None, sys.path[1:])),
        "DATABASE_URL": f"sqlite://{tmp_path}/app.db",
        "TLS_CERTIFICATE": str(tmp_path / "certificate.pem"),
        "TLS_KEY": str(tmp_path / "key.pem"),
    }
    port = PORTS[8082]
    machine = Machine(tmp_path, path=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    process = subprocess.Popen(
        [sys.executable, "-B", "-m", "app", "serve", "--port", str(port)],
        cwd=bake(),
        env={**machine.environment, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx2.Client(base_url=f"https://127.0.0.1:{port}", verify=trusting, trust_env=False) as client:
            response = wait_for(client, "/health/live")
        assert response.headers["strict-transport-security"]
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"http://127.0.0.1:{port}/health/live", trust_env=False)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def test_the_server_listens_trusts_and_keeps_connections_as_the_file_env_says(bake: Bake, tmp_path: Path) -> None:
    project, host, port, proxy, stranger = bake(), "127.0.0.2", PORTS[8082], "127.0.0.3", "127.0.0.4"
    lines = f"PORT={port}\nHOST={host}\nKEEP_ALIVE_SECONDS=1\nFORWARDED_ALLOW_IPS={proxy}\n"
    (project / ".env").write_text(lines + f"DATABASE_URL=sqlite://{tmp_path}/app.db\n", encoding="utf-8")
    machine = Machine(tmp_path, path=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    process = subprocess.Popen(
        [sys.executable, "-B", "-m", "app", "serve"],
        cwd=project,
        env={**machine.environment, "PYTHONPATH": ":".join(filter(None, sys.path[1:]))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        believed = []
        for address in (proxy, stranger):
            transport = httpx2.HTTPTransport(local_address=address)
            with httpx2.Client(base_url=f"http://{host}:{port}", transport=transport, trust_env=False) as client:
                client.headers["X-Forwarded-Proto"] = "https"
                believed.append("strict-transport-security" in wait_for(client, "/health/live").headers)
        with socket.create_connection((host, port), STOP_SECONDS) as idle:
            idle.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            received = idle.makefile("rb").read()
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)

    assert believed == [True, False]
    assert received.startswith(b"HTTP/1.1 200")


def wait_for(client: httpx2.Client, path: str) -> httpx2.Response:
    """The first response of a server that starts."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return client.get(path)
        except httpx2.ConnectError:
            time.sleep(0.05)
    message = f"there was no response to {path}"
    raise AssertionError(message)
