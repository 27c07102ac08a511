"""Every error code of both databases has a meaning, and every error that a real database raises gets its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException, OperationalError, ValidationError

from tests.kit.library import Author, library
from tortoise_kit.db import error_codes
from tortoise_kit.db.error_codes import Outcome
from tortoise_kit.db.errors import (
    AccessRefused,
    ConnectionLost,
    Constraint,
    ConstraintViolation,
    DatabaseError,
    DatabaseFull,
    DataError,
    LockNotAvailable,
    QueryTimeout,
    ReadOnlyDatabase,
    RetryableTransactionError,
    SchemaMismatch,
)
from tortoise_kit.db.transactions import transaction
from tortoise_kit.db.translation import translated, translation

VALUE = "c4nary"
ERRORS: dict[Outcome, type[BaseORMException]] = {
    Outcome.UNAVAILABLE: ConnectionLost,
    Outcome.ACCESS_REFUSED: AccessRefused,
    Outcome.READ_ONLY: ReadOnlyDatabase,
    Outcome.FULL: DatabaseFull,
    Outcome.TIMEOUT: QueryTimeout,
    Outcome.LOCKED: LockNotAvailable,
    Outcome.RETRY: RetryableTransactionError,
    Outcome.SCHEMA: SchemaMismatch,
    Outcome.VALUE: DataError,
    Outcome.CONSTRAINT: ConstraintViolation,
    Outcome.BUG: BaseORMException,
}
USELESS = (Outcome.UNAVAILABLE, Outcome.READ_ONLY, Outcome.FULL)  # after these a connection is dropped
PASSING = tuple(kind for outcome, kind in ERRORS.items() if outcome is not Outcome.BUG)


def _subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


# What asyncpg knows: all of PostgreSQL's errcodes.txt, without the classes that are no errors.
POSTGRES_ERRORS = {each.sqlstate: each for each in _subclasses(asyncpg.PostgresError) if "sqlstate" in vars(each)}  # type: ignore[attr-defined]
SQLITE_CODES = {
    name: code
    for name in dir(sqlite3)
    if name.startswith(tuple(error_codes.SQLITE)) and isinstance(code := getattr(sqlite3, name), int)
    # Actions of an authorizer and limits have such names, too.
    if any(
        code & 0xFF == getattr(sqlite3, each) and (name == each or (name.startswith(f"{each}_") and code > 0xFF))
        for each in error_codes.SQLITE
    )
}


def is_of(error: BaseException | None, outcome: Outcome) -> bool:
    """Whether an error is what the outcome stands for; a bug is any that no other outcome stands for."""
    fits = isinstance(error, ERRORS[outcome])
    return fits and not isinstance(error, PASSING) if outcome is Outcome.BUG else fits


def test_postgres_has_all_its_codes_and_sqlite_too() -> None:
    assert len(POSTGRES_ERRORS) > 250
    assert len(SQLITE_CODES) > 90


@pytest.mark.parametrize("kind", POSTGRES_ERRORS.values(), ids=POSTGRES_ERRORS.keys())
def test_every_sqlstate_has_a_meaning(kind: Any) -> None:
    assert kind.sqlstate in error_codes.POSTGRES or kind.sqlstate[:2] in error_codes.POSTGRES

    error = translation(kind(VALUE))

    in_a_value = kind.sqlstate == "42601"  # an error in the statement has a position
    assert is_of(error, Outcome.VALUE if in_a_value else error_codes.of_postgres(kind.sqlstate))
    if not isinstance(error, SchemaMismatch):  # the name of what is missing
        assert VALUE not in str(error) or type(error) is OperationalError  # a wrong statement: a bug, with its text


def test_the_table_lists_only_codes_that_exist() -> None:
    classes = {code[:2] for code in POSTGRES_ERRORS}

    assert {code for code in error_codes.POSTGRES if code not in classes} <= POSTGRES_ERRORS.keys()
    assert {name for name in error_codes.SQLITE if not hasattr(sqlite3, name)} == set()
    for code in (each for each in error_codes.POSTGRES if len(each) == 5 and each != "42601"):
        assert error_codes.POSTGRES[code] is not error_codes.POSTGRES[code[:2]], f"{code} says what its class says"


@pytest.mark.parametrize("name", SQLITE_CODES)
def test_every_result_code_of_sqlite_has_a_meaning(name: str) -> None:
    error = sqlite3.OperationalError(VALUE)
    error.sqlite_errorname, error.sqlite_errorcode = name, SQLITE_CODES[name]
    listed = [each for each in error_codes.SQLITE if name == each or name.startswith(f"{each}_")]

    assert listed
    assert is_of(translation(error), error_codes.SQLITE[max(listed, key=len)])


@given(code=st.from_regex(r"[0-9A-Z]{5}", fullmatch=True))
def test_any_sqlstate_becomes_an_error_of_the_kit(code: str) -> None:
    error = asyncpg.PostgresError.new({"C": code, "S": "ERROR", "V": "ERROR", "M": VALUE})

    ours = translation(error)

    assert is_of(ours, error_codes.of_postgres(code) if code != "42601" else Outcome.VALUE)
    if code[:2] not in error_codes.POSTGRES:
        assert isinstance(ours, ConstraintViolation)
        assert ours.kind is Constraint.OTHER


# Statements, and what SQLite says only in words.
WORDS = [
    ("SELECT * FROM nowhere", Outcome.SCHEMA),
    ("SELECT absent FROM t", Outcome.SCHEMA),
    ("INSERT INTO t (absent) VALUES (1)", Outcome.SCHEMA),
    ("SELECT absent(1)", Outcome.SCHEMA),
    ("INSERT INTO u VALUES (1, 2)", Outcome.SCHEMA),
    ("INSERT INTO v VALUES (1)", Outcome.SCHEMA),
    ("INSERT INTO t (g) VALUES (1)", Outcome.SCHEMA),
    ("INSERT INTO t (a, b) VALUES (1, 1) ON CONFLICT (b) DO NOTHING", Outcome.SCHEMA),
    ("SELECT sum(x) FROM (SELECT 9223372036854775807 AS x UNION SELECT 2)", Outcome.VALUE),
    ("SELECT json('{')", Outcome.VALUE),
    ("SELECT json_extract('{}', 'x')", Outcome.VALUE),
    ("SELECT json_array(x'00')", Outcome.VALUE),
    ("SELECT 'a' LIKE 'x' ESCAPE 'ab'", Outcome.VALUE),
    (f"SELECT 'a' LIKE '{'%' * 60_000}'", Outcome.VALUE),
    (f"SELECT 1 WHERE 1 IN ({','.join('?' * 300_000)})", Outcome.VALUE),
    (f"SELECT {'+'.join(['1'] * 2000)}", Outcome.VALUE),
    ("SELECT zeroblob(3000000000)", Outcome.VALUE),
    ("INSERT INTO t (a) VALUES ('x')", Outcome.VALUE),
    ("SELECT raises(1)", Outcome.VALUE),
    ("CREATE VIRTUAL TABLE s USING fts5(x); SELECT * FROM s WHERE s MATCH '\"'", Outcome.VALUE),
    ("SELEC", Outcome.BUG),
    ("ROLLBACK TO nowhere", Outcome.BUG),
    ("CREATE TABLE t (a)", Outcome.BUG),
    ("SELECT ?", Outcome.BUG),
    ("SELECT 1 WHERE 1 = (", Outcome.BUG),
]


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(("statement", "outcome"), WORDS, ids=[text[:40] for text, _ in WORDS])
def test_what_sqlite_says_only_in_words_has_a_meaning(database: str, statement: str, outcome: Outcome) -> None:
    *before, last = statement.split("; ")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b, g AS (b + 1)); CREATE TABLE u (x); CREATE VIEW v AS SELECT 1 x"
        )
        connection.create_function("raises", 1, lambda _: 1 / 0)
        for each in before:
            connection.execute(each)

        with pytest.raises(BaseORMException) as raised, translated():
            connection.execute(last, range(last.count("?")) if last.count("?") > 1 else ()).fetchall()

    assert is_of(raised.value, outcome)


async def _session(client: Any) -> int:
    return int((await client.execute_query_dict("SELECT pg_backend_pid() AS pid"))[0]["pid"])


@pytest.mark.only("postgres")
@pytest.mark.parametrize("inside", [False, True], ids=["outside", "in a transaction"])
async def test_a_connection_is_dropped_after_every_error_that_makes_it_useless_and_only_then(
    empty_database_url: str, *, inside: bool
) -> None:
    async with library(empty_database_url, pooler=None, max_size=1) as using:
        client: Any = get_connection(using)
        wrong = []
        for code in POSTGRES_ERRORS:
            session = await _session(client)
            with pytest.raises(BaseORMException) as raised:
                await _raise(using, code, inside=inside)
            now = await _session(client)
            meant = Outcome.VALUE if code == "42601" else error_codes.of_postgres(code)
            if not is_of(raised.value, meant) or (now != session) is not (meant in USELESS):
                wrong.append((code, raised.value))

        assert wrong == []


async def _raise(using: str, code: str, *, inside: bool) -> None:
    script = f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = '{VALUE}'; END $$"
    if not inside:
        await get_connection(using).execute_script(script)
        return
    async with transaction(using=using):
        await get_connection(using).execute_script(script)


@pytest.mark.only("postgres")
async def test_a_value_that_does_not_fit_is_told_apart_from_a_wrong_statement(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        client = get_connection(using)
        for query, values in (
            ("SELECT to_tsquery($1)", ["a & "]),
            ("SELECT jsonb_path_query('{}', $1::text::jsonpath)", ["$.["]),
            ("SELECT $1::int", [2**40]),
            ("SELECT $1::timestamptz + make_interval(years => 300000)", ["2020-01-01"]),
            ("SELECT 1 / $1::int", [0]),
            ("SELECT 'a' ~ $1", ["("]),
            (f"SELECT {'+'.join(f'${number + 1}::int' for number in range(40_000))}", [1] * 40_000),
        ):
            with pytest.raises((DataError, OperationalError)) as raised:
                await client.execute_query(query, values)
            assert type(raised.value) is DataError or query.startswith("SELECT $1::timestamptz")

        with pytest.raises(OperationalError) as raised:
            await client.execute_query("SELECT FROM FROM")
        assert not isinstance(raised.value, DatabaseError)
        with pytest.raises(OperationalError) as raised:
            await client.execute_query("SELECT $1::int", ["text"])
        assert not isinstance(raised.value, DataError)


async def test_a_missing_table_column_or_function_is_named(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        client = get_connection(using)
        for query, name in (
            ("SELECT * FROM kit_nothing", "kit_nothing"),
            ("SELECT kit_nothing FROM kit_authors", "kit_nothing"),
            ("UPDATE kit_authors SET kit_nothing = 1", "kit_nothing"),
            ("SELECT kit_nothing(1)", "kit_nothing"),
        ):
            for inside in (False, True):
                with pytest.raises(SchemaMismatch, match=name):
                    await _run(using, query, inside=inside)
        await client.execute_script("ALTER TABLE kit_authors RENAME COLUMN shelf TO kit_renamed")
        with pytest.raises(SchemaMismatch, match="shelf"):
            await Author.create(name="Ann")


async def _run(using: str, query: str, *, inside: bool) -> None:
    if not inside:
        await get_connection(using).execute_query(query)
        return
    async with transaction(using=using):
        await get_connection(using).execute_query(query)


async def test_a_value_that_no_column_can_have_is_rejected_before_it_is_sent(empty_database_url: str) -> None:
    async with library(empty_database_url):
        for wrong in ({"id": 2**64}, {"id": -(2**64)}, {"name": "\ud800"}):
            with pytest.raises(ValidationError, match="cannot hold the value"):
                await Author.filter(**wrong)
