from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tortoise_kit.db.config import PoolSettings, connection, tortoise_config
from tortoise_kit.db.urls import database_hosts


def read(url: str) -> dict[str, Any]:
    entry = connection(url, pool=PoolSettings(min_size=2, max_size=7), application_name="shop")
    credentials: dict[str, Any] = entry["credentials"]
    return credentials


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_every_spelling_of_postgres_means_the_same(scheme: str) -> None:
    credentials = read(f"{scheme}://ann:secret@db.example:6000/shop")

    wanted = {"host": "db.example", "port": 6000, "user": "ann", "password": "secret", "database": "shop"}
    assert wanted.items() <= credentials.items()


def test_names_and_passwords_are_unquoted() -> None:
    credentials = read("postgres://an%40n:p%2Fw%3A%25@db/my%20shop")

    assert (credentials["user"], credentials["password"], credentials["database"]) == ("an@n", "p/w:%", "my shop")


def test_sizes_and_limits_reach_the_pool() -> None:
    credentials = read("postgres://db/shop")

    assert (credentials["min_size"], credentials["max_size"], credentials["application_name"]) == (2, 7, "shop")
    assert (credentials["timeout"], credentials["command_timeout"]) == (1.5, 6.0)


def test_the_port_is_5432_when_none_is_given() -> None:
    assert read("postgres://db/shop")["port"] == 5432


@pytest.mark.parametrize("character", "/?#")
def test_a_password_that_ends_early_is_named_as_not_encoded(character: str) -> None:
    for user_info in (f"ann:12{character}pa55", f"ann:pa55{character}@", f"a{character}n:pa55"):
        with pytest.raises(ValueError, match="percent-encode the password") as rejection:
            read(f"postgres://{user_info}@db/shop")

        assert "pa55" not in str(rejection.value)


@pytest.mark.parametrize("password", ["pa[55", "pa]55", "pa@55", "pa:55", "pa%55", "pa 55", "pä55", "/?#[]@%"])
def test_a_password_is_what_its_percent_encoding_says(password: str) -> None:
    assert read(f"postgres://ann:{quote(password, safe='')}@db/shop")["password"] == password


@pytest.mark.parametrize("password", ["pa[55", "pa]55", "pa@55", "pa:55", "pa%zz"])
def test_a_password_that_is_clear_without_encoding_is_accepted(password: str) -> None:
    assert read(f"postgres://ann:{password}@db/shop")["password"] == password


def test_a_ca_is_a_file_or_the_machines(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    with pytest.raises(ValueError, match=r"sslrootcert='.*', which is not a file"):
        read(f"postgres://db/shop?sslmode=verify-full&sslrootcert={file}")
    file.touch()

    assert read(f"postgres://db/shop?sslrootcert={file}")["sslrootcert"] == str(file)
    assert read("postgres://db/shop?sslrootcert=system")["sslrootcert"] == "system"


def test_sslmode_is_passed_on_by_name() -> None:
    assert read("postgres://db/shop?sslmode=require")["ssl"] == "require"
    assert "ssl" not in read("postgres://db/shop")


def test_several_hosts_are_lists_and_say_which_of_them_is_wanted() -> None:
    credentials = read("postgres://ann:p@ss@a:1,b,[::1]:3/shop?target_session_attrs=read-write&sslmode=require")

    assert (credentials["host"], credentials["port"]) == (["a", "b", "::1"], [1, 5432, 3])
    assert (credentials["password"], credentials["target_session_attrs"]) == ("p@ss", "read-write")
    assert database_hosts("postgres://a:1,b/shop?target_session_attrs=any") == ["a", "b"]
    assert database_hosts("postgres://a/shop") == ["a"]


def test_the_server_gets_its_limits_in_milliseconds() -> None:
    assert read("postgres://db/shop")["server_settings"] == {
        "statement_timeout": "5000",
        "lock_timeout": "3000",
        "idle_in_transaction_session_timeout": "10000",
    }


def test_behind_a_pooler_nothing_is_prepared_or_set_in_a_session() -> None:
    entry = connection("postgres://db/shop", pool=PoolSettings(pooler="pgbouncer"), application_name="shop")

    assert (entry["credentials"]["statement_cache_size"], entry["credentials"]["server_settings"]) == (0, {})


def test_sqlite_gets_the_limits_for_waiting() -> None:
    credentials = read("sqlite://app.db")

    assert (credentials["acquire_timeout"], credentials["command_timeout"]) == (2.0, 6.0)
    assert credentials["busy_timeout"] == 3000


@pytest.mark.parametrize(
    ("cores", "workers", "size"), [(1, 1, 4), (2, 1, 5), (8, 1, 17), (8, 2, 9), (8, 4, 5), (8, 16, 4)]
)
def test_a_worker_gets_its_share_of_two_connections_per_core(cores: int, workers: int, size: int) -> None:
    assert PoolSettings.recommended_size(cores=cores, workers=workers) == size


def test_more_connections_than_the_server_grants_are_over_budget() -> None:
    pool = PoolSettings(max_size=9)

    problem = pool.over_budget(workers=5, replicas=3, granted=100)

    assert problem is not None
    assert "3 replicas x 5 workers x 9 connections are 135, but the server grants 90" in problem
    assert pool.over_budget(workers=5, replicas=2, granted=100) is None


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite://app.db", "app.db"), ("sqlite:///var/app.db", "/var/app.db"), ("sqlite://:memory:", ":memory:")],
)
def test_a_sqlite_url_names_a_file(url: str, path: str) -> None:
    assert read(url)["file_path"] == path


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("mysql://ann:pa55@db/shop", "'mysql'"),
        ("app.db", "''"),
        ("sqlite://", "sqlite://FILE"),
        ("sqlite://app.db?mode=ro", "without parameters"),
        ("postgres://ann:pa55@/shop", "a host"),
        ("postgres://ann:pa55@db", "a database"),
        ("postgres://ann:pa55@db:99999/shop", "a port"),
        ("postgres://ann:pa55@db/shop?ssl=true", "'ssl'"),
        ("postgres://ann:pa55@db/shop?sslmode=maybe", "'maybe'"),
        ("postgres://ann:pa55@a:1,b:x/shop?target_session_attrs=any", "a port"),
        ("postgres://ann:pa55@a,/shop?target_session_attrs=any", "without a name"),
        ("postgres://ann:pa55@a,b/shop", "several hosts: add target_session_attrs=read-write"),
        ("postgres://ann:pa55@a/shop?target_session_attrs=maybe", "'maybe'"),
    ],
)
def test_an_unusable_url_is_rejected_with_the_reason_and_without_its_password(url: str, named: str) -> None:
    with pytest.raises(ValueError, match=named) as rejection:
        read(url)

    assert "pa55" not in str(rejection.value)


def test_a_replica_gets_its_engine_its_lag_and_a_router() -> None:
    config = tortoise_config("postgres://db/shop", models=(), replica_url="postgres://other/shop", replica_max_lag=3.0)

    replica = config["connections"]["replica"]
    assert replica["engine"] == "tortoise_kit.db.engines.replica_asyncpg_backend"
    assert (replica["credentials"]["host"], replica["credentials"]["max_lag"]) == ("other", 3.0)
    assert config["routers"] == [f"{replica['engine']}.ReplicaRouter"]


def test_without_a_replica_there_is_one_connection() -> None:
    config = tortoise_config("sqlite://app.db", models=["app.models"], app="shop")

    assert (list(config["connections"]), config["routers"]) == (["default"], [])
    assert config["apps"] == {"shop": {"models": ["app.models"], "default_connection": "default"}}
