"""compose.yaml and what it mounts: read by Compose itself, and run without Docker on this machine's own programs."""

import json
import os
import re
import runpy
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.conftest import Bake
from tests.machines import Machine, run_module
from tests.rendering import PORT, TIMEOUT_SECONDS

API_PORT = PORT + 16
# How docs/operations.md begins each command, and what runs then.
ALWAYS = {"api", "migrate", "postgres"}
PROFILES = {
    "docker compose up": ALWAYS,
    "PGBOUNCER=pgbouncer docker compose --profile pgbouncer up": {*ALWAYS, "pgbouncer"},
    "REPLICA=replica docker compose --profile replica up": {*ALWAYS, "replica"},
    "docker compose --profile monitoring up": {*ALWAYS, "prometheus", "grafana"},
}
EVERYTHING = "PGBOUNCER=pgbouncer REPLICA=replica docker compose --profile * up"
WRITE_THEIR_OWN_FILES = {"postgres", "replica"}


@pytest.fixture(scope="module")
def project(bake: Bake) -> Path:
    return bake()


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def composed(project: Path, command: str) -> dict[str, Any]:
    """The services that a command starts, as Compose reads the file with the command's variables and profiles."""
    program = shutil.which("docker-compose", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert program is not None, "docker-compose is not on the PATH: run `uv sync`, or install Compose"
    words = shlex.split(command)
    at = words.index("docker")
    ended = subprocess.run(
        [program, *words[at + 2 : words.index("up")], "config", "--format", "json"],
        cwd=project,
        env={"PATH": os.defpath, "HOME": str(project), **dict(word.split("=", 1) for word in words[:at])},
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    services: dict[str, Any] = json.loads(ended.stdout)["services"]
    return services


@pytest.fixture(scope="module")
def services(project: Path) -> dict[str, Any]:
    """All of them."""
    return composed(project, EVERYTHING)


@pytest.mark.parametrize("command", PROFILES)
def test_the_documentation_has_the_command_of_each_profile(project: Path, command: str) -> None:
    page = (project / "docs" / "operations.md").read_text(encoding="utf-8")

    assert f"{command} --build" in page
    assert set(composed(project, command)) == PROFILES[command]


def test_only_this_machine_reaches_the_ports(services: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert {each["host_ip"] for published in ports.values() for each in published} == {"127.0.0.1"}
    assert {name: [each["target"] for each in published] for name, published in ports.items()} == {
        "api": [PORT],
        "grafana": [3000],
        "prometheus": [9090],
    }


def test_the_database_is_healthy_and_migrated_before_the_service_starts(services: dict[str, Any]) -> None:
    assert services["postgres"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy", "required": True}}
    assert services["api"]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully", "required": True},
        # Where their profile is not active, there are none to wait for.
        "pgbouncer": {"condition": "service_healthy", "required": False},
        "replica": {"condition": "service_healthy", "required": False},
    }


def test_all_but_the_servers_of_databases_write_nowhere_and_have_no_privileges(services: dict[str, Any]) -> None:
    restricted = {name: service for name, service in services.items() if name not in WRITE_THEIR_OWN_FILES}
    limits = {
        name: (each["read_only"], each["tmpfs"], each["cap_drop"], each["security_opt"])
        for name, each in restricted.items()
    }

    assert set(limits) == {"api", "migrate", "pgbouncer", "prometheus", "grafana"}
    assert all(each == (True, ["/tmp"], ["ALL"], ["no-new-privileges:true"]) for each in limits.values())  # noqa: S108 - the container's
    mounts = [mount for each in restricted.values() for mount in each.get("volumes", ())]
    assert [mount["source"] for mount in mounts if not mount.get("read_only")] == ["grafana"]


def test_what_is_mounted_exists(project: Path, services: dict[str, Any]) -> None:
    mounts = [mount for service in services.values() for mount in service.get("volumes", ())]
    folders = {Path(mount["source"]) for mount in mounts if mount["type"] == "bind"}

    assert {each.relative_to(project / "deploy").parts[0] for each in folders} == {
        each.name for each in (project / "deploy").iterdir()
    }
    assert all(any(each.is_file() for each in folder.rglob("*")) for folder in folders)


def test_images_have_versions(services: dict[str, Any]) -> None:
    images = {service["image"] for service in services.values() if "image" in service}

    assert {image.partition(":")[0] for image in images} == {
        "postgres",
        "edoburu/pgbouncer",
        "prom/prometheus",
        "grafana/grafana",
    }
    assert [image for image in images if not any(map(str.isdigit, image.partition(":")[2]))] == []


def settings_of(project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the service makes of an environment: the seconds it takes to end, or its refusal."""
    show = "from app.settings import Settings; s = Settings(); print(s.shutdown_delay() + s.shutdown_timeout_seconds)"
    return subprocess.run(
        [sys.executable, "-B", "-c", show],
        cwd=project,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )


@pytest.mark.parametrize("command", [*PROFILES, EVERYTHING])
def test_what_compose_sets_is_accepted_and_leaves_time_to_end(project: Path, command: str) -> None:
    services = composed(project, command)
    environment = services["api"]["environment"]
    patience = float(services["api"]["stop_grace_period"].removesuffix("s"))

    assert services["migrate"]["environment"] == environment
    for strict in ({}, {"ENVIRONMENT": "production", "SECRET_KEYS": "a" * 32}):
        ended = settings_of(project, **{**environment, **strict})
        assert ended.returncode == 0, ended.stderr
        assert float(ended.stdout) < patience


def test_a_profile_changes_only_its_own_setting(project: Path) -> None:
    plain, pooled, replicated, _ = (composed(project, each)["api"]["environment"] for each in PROFILES)

    assert {name for name in plain if plain[name] != pooled[name]} == {"DATABASE_URL", "DB_POOLER"}
    assert (pooled["DB_POOLER"], urlsplit(pooled["DATABASE_URL"]).hostname) == ("pgbouncer", "pgbouncer")
    assert {name for name in plain if plain[name] != replicated[name]} == {"DATABASE_REPLICA_URL"}
    assert urlsplit(replicated["DATABASE_REPLICA_URL"]).hostname == "replica"


def test_prometheus_and_grafana_find_what_they_read(project: Path, services: dict[str, Any]) -> None:
    deploy = project / "deploy"
    scraped = load(deploy / "prometheus" / "prometheus.yml")
    provisioning = deploy / "grafana" / "provisioning"
    [source] = load(provisioning / "datasources" / "prometheus.yaml")["datasources"]
    [provider] = load(provisioning / "dashboards" / "files.yaml")["providers"]

    assert [job["static_configs"] for job in scraped["scrape_configs"]] == [[{"targets": [f"api:{PORT}"]}]]
    assert all("groups" in load(deploy / "prometheus" / name) for name in scraped["rule_files"])
    assert urlsplit(source["url"]).netloc == f"prometheus:{services['prometheus']['ports'][0]['target']}"
    assert provider["options"]["path"] in {mount["target"] for mount in services["grafana"]["volumes"]}
    dashboards = [json.loads(each.read_text(encoding="utf-8")) for each in deploy.glob("grafana/dashboards/*.json")]
    assert dashboards
    assert all(each["uid"] and each["title"] for each in dashboards)


# --- The commands, on a Postgres from the wheel and this machine's PgBouncer


class Cluster:
    """A folder with a Postgres from the wheel, and programs that run as its user, with what compose.yaml says."""

    def __init__(self, project: Path) -> None:
        script = project / "tortoise_kit" / "development" / "testing" / "postgres.py"
        self.kit = SimpleNamespace(**runpy.run_path(str(script)))
        self.home: Path = self.kit.new_folder()
        (self.home / "pg_hba.conf").write_bytes((project / "deploy" / "postgres" / "pg_hba.conf").read_bytes())
        settings = ("fsync=off", "unix_socket_directories=", f"hba_file={self.home}/pg_hba.conf")
        self.server = self.kit.Server(self.kit.installed_package(), self.home, settings=settings)
        self.path = f"{self.server.package / 'pginstall' / 'bin'}:{os.defpath}:/usr/sbin"

    def start(self) -> None:
        """With the role and the database that the image creates."""
        password = urlsplit(self.server.create()).password
        self.server.start()
        admin = {"PGUSER": "postgres", "PGPASSWORD": str(password), "PGDATABASE": "postgres"}
        self.query("CREATE ROLE service SUPERUSER LOGIN PASSWORD 'service'", **admin)
        self.query("CREATE DATABASE service OWNER service", **admin)

    def environment(self, service: dict[str, Any], **changes: str) -> dict[str, str]:
        """That of a service, with this server's address."""
        address = {"PGHOST": "127.0.0.1", "PGPORT": str(self.server.port)}
        return {"PATH": self.path, "HOME": str(self.home), **service["environment"], **address, **changes}

    def query(self, sql: str, **changes: str) -> str:
        client = {"PGUSER": "service", "PGPASSWORD": "service"}
        ended = subprocess.run(
            ["psql", "-XAtqc", sql],  # noqa: S607 - of the wheel
            env=self.environment({"environment": client}, **changes),
            capture_output=True,
            check=False,
            text=True,
            timeout=TIMEOUT_SECONDS,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    @contextmanager
    def running(self, service: dict[str, Any], port: int, **replaced: str) -> Iterator[int]:
        """The shell's lines of a service's command, until its port takes queries."""
        shell, options, script = service["command"]
        script = script.replace("$$", "$")
        for old, new in replaced.items():
            assert old in script
            script = script.replace(old, new)
        data = {"PGDATA": str(self.home / "copy")}
        with subprocess.Popen(
            [shell, options, script], cwd=self.home, env=self.environment(service, **data), **self.server.identity
        ) as process:
            try:
                self._wait(process, port)
                yield port
            finally:
                process.send_signal(signal.SIGINT)  # the image's STOPSIGNAL
                process.wait(TIMEOUT_SECONDS)

    def _wait(self, process: subprocess.Popen[bytes], port: int) -> None:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        ready = [
            self.server.package / "pginstall" / "bin" / "pg_isready",
            "--quiet",
            "--host=127.0.0.1",
            f"--port={port}",
        ]
        while subprocess.run(ready, check=False, timeout=TIMEOUT_SECONDS).returncode != 0:
            assert process.poll() is None, "it ended"
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster(project: Path) -> Iterator[Cluster]:
    cluster = Cluster(project)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.server.stop()
        shutil.rmtree(cluster.home, ignore_errors=True)


@contextmanager
def replica_of(cluster: Cluster, services: dict[str, Any]) -> Iterator[int]:
    port = cluster.kit.free_port()
    postgres = f"exec postgres -c port={port} -c unix_socket_directories="
    with cluster.running(services["replica"], port, **{"exec postgres": postgres}) as started:
        yield started


@contextmanager
def pgbouncer_before(cluster: Cluster, services: dict[str, Any], project: Path) -> Iterator[int]:
    port = cluster.kit.free_port()
    text = (project / "deploy" / "pgbouncer" / "pgbouncer.ini").read_text(encoding="utf-8")
    here = {
        "host=postgres port=5432": f"host=127.0.0.1 port={cluster.server.port}",
        "listen_port = 5432": f"listen_port = {port}",
        "/etc/pgbouncer/userlist.txt": str(cluster.home / "userlist.txt"),
    }
    for there, changed in here.items():
        assert there in text
        text = text.replace(there, changed)
    (cluster.home / "pgbouncer.ini").write_text(text, encoding="utf-8")
    shutil.copy(project / "deploy" / "pgbouncer" / "userlist.txt", cluster.home)
    for name in ("pgbouncer.ini", "userlist.txt"):
        cluster.kit.give_away(cluster.home / name, cluster.server.identity)
    ini = {"/etc/pgbouncer/pgbouncer.ini": str(cluster.home / "pgbouncer.ini")}
    with cluster.running(services["pgbouncer"], port, **ini) as started:
        yield started


def test_a_replica_copies_the_primary_at_each_start_and_then_follows_it(
    cluster: Cluster, services: dict[str, Any]
) -> None:
    for table in ("first", "second"):
        with replica_of(cluster, services) as port:
            cluster.query(f"CREATE TABLE {table} ()")
            deadline = time.monotonic() + TIMEOUT_SECONDS
            while table not in cluster.query("SELECT tablename FROM pg_tables", PGPORT=str(port)).splitlines():
                assert time.monotonic() < deadline
            assert cluster.query("SELECT pg_is_in_recovery()", PGPORT=str(port)) == "t"


def status(client: HTTPConnection, path: str) -> int:
    client.request("GET", path)
    with client.getresponse() as response:
        response.read()
        return response.status


def test_the_service_works_behind_pgbouncer_and_with_a_replica(
    cluster: Cluster, services: dict[str, Any], project: Path, tmp_path: Path
) -> None:
    with replica_of(cluster, services) as replica, pgbouncer_before(cluster, services, project) as pgbouncer:
        hosts = {"postgres": cluster.server.port, "pgbouncer": pgbouncer, "replica": replica}
        environment = dict(services["api"]["environment"])
        for name in ("DATABASE_URL", "DATABASE_MIGRATION_URL", "DATABASE_REPLICA_URL"):
            host = str(urlsplit(environment[name]).hostname)
            environment[name] = environment[name].replace(f"@{host}:5432/", f"@127.0.0.1:{hosts[host]}/")
        assert cluster.query("SHOW statement_timeout", PGPORT=str(pgbouncer)) == "5s"

        migrated = run_module(project, *services["migrate"]["command"][2:], **environment)
        assert migrated.returncode == 0, migrated.stderr
        command = f"{sys.executable} -B -m app serve --port {API_PORT}"
        with Machine(tmp_path).serving(command, cwd=project, port=API_PORT, **environment):
            client = HTTPConnection("127.0.0.1", API_PORT, timeout=TIMEOUT_SECONDS)
            assert status(client, "/metrics") == HTTPStatus.OK
            if (project / "app" / "catalog").is_dir():  # a fork may have no examples, and so no public list
                assert status(client, "/api/v1/products") == HTTPStatus.OK
                sessions = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'service'"
                assert int(cluster.query(sessions, PGPORT=str(replica))) > 1  # this query has one of them
            client.close()


METRIC_NAMES = """
from tortoise_kit.http.metrics import Metrics
from tortoise_kit.http.observation import ServedRequest
from tortoise_kit.http.sampled_metrics import POOL_COUNTERS, POOL_GAUGES
from tortoise_kit.server import AdmissionControl, ServerMetrics
measured = Metrics({"name": "service", "version": "1"})
served = ServedRequest("GET", "/", 503, 0.1, 0.0, 1, 0.1, 1, "overloaded", "127.0.0.1")
measured.observe(served)
ServerMetrics(measured, AdmissionControl()).observe(served)
print(measured.text().decode())
print(*(f"db_pool_{name}" for name in POOL_GAUGES), *(f"db_pool_{name}_total" for name in POOL_COUNTERS), sep="\\n")
print("db_replica_lag_seconds\\nup")
"""


def test_dashboards_and_alerts_name_only_metrics_that_the_service_has(project: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", METRIC_NAMES], cwd=project, capture_output=True, check=False, text=True, timeout=60
    )
    names = {re.split(r"[{ ]", line)[0] for line in ended.stdout.splitlines() if not line.startswith("#")}
    deploy = project / "deploy"
    dashboard = json.loads((deploy / "grafana" / "dashboards" / "service.json").read_text(encoding="utf-8"))
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    rules = [rule for group in load(deploy / "prometheus" / "alerts.yml")["groups"] for rule in group["rules"]]
    expressions += [rule["expr"] for rule in rules]

    assert ended.returncode == 0, ended.stderr
    used = {name for each in expressions for name in re.findall(r"\b(?:up|[a-z]+(?:_[a-z]+)+)\b", without_words(each))}
    assert used - names == set()
    assert all({"summary"} <= rule["annotations"].keys() for rule in rules)


def without_words(expression: str) -> str:
    """An expression without functions, labels and texts."""
    return re.sub(r'"[^"]*"|\b(?:histogram_quantile|by \([^)]*\)|\$__rate_interval)', "", expression)
