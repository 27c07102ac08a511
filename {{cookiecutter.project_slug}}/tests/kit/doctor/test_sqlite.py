"""Faults of SQLite files: each is found, named and ended by its remedy; examining changes nothing."""

import asyncio
import os
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from tests.kit.doctor.examinations import cure, examined, found
from tortoise_kit.doctor import examination, sqlite
from tortoise_kit.doctor.sqlite_indexes import duplicate_indexes

TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE books (
    id INTEGER PRIMARY KEY, author_id INT REFERENCES authors (id), editor_id INT NOT NULL REFERENCES authors, title TEXT
);
CREATE INDEX books_author ON books (author_id);
CREATE INDEX books_editor ON books (editor_id, title);
INSERT INTO authors VALUES (1, 'Ann');
INSERT INTO books VALUES (1, 1, 1, 'One'), (2, NULL, 1, 'Two');
"""
MANY = "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
# By kind: the statements that plant the fault, what has it, and a part of what is said of it.
FAULTS = {
    "missing-foreign-key-index": (
        "DROP INDEX books_author;" + MANY.format(last=2000) + "INSERT INTO books SELECT i, 1, 1, 'x' FROM n",
        "books",
        "each DELETE on authors",
    ),
    "duplicate-index": ("CREATE INDEX second ON books (author_id)", "second", "has the columns of books_author"),
    "foreign-key-violation": (
        "INSERT INTO books VALUES (3, 7, 1, 'Three'), (4, 8, 1, 'Four')",
        "books",
        "2 rows of books refer by author_id to rows of authors that are not there",
    ),
    "journal-mode": ("PRAGMA journal_mode = DELETE", "", "mode is delete"),
    "never-analyzed": (
        MANY.format(last=10_010) + "INSERT INTO books SELECT i, 1, 1, 'x' FROM n",
        "books",
        "10,000 rows or more",
    ),
    "free-pages": (
        MANY.format(last=20)
        + "INSERT INTO authors SELECT i, zeroblob(2000000) FROM n; DELETE FROM authors WHERE id > 1",
        "",
        "are free (",
    ),
}


@pytest.fixture
def url(tmp_path: Path) -> str:
    path = tmp_path / "it's a shop.db"
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(path)) as database:
        database.executescript(TABLES)
    return f"sqlite://{path}"


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite://"))


def change(url: str, script: str) -> None:
    with closing(sqlite3.connect(path_of(url))) as database:
        database.executescript(script)


@pytest.fixture
def reader(url: str) -> Generator[sqlite3.Connection]:
    """A connection that stays in a transaction, so that the log cannot be emptied."""
    with closing(sqlite3.connect(path_of(url), isolation_level=None)) as database:
        database.execute("BEGIN")
        database.execute("SELECT * FROM books").fetchall()
        yield database


async def test_a_sound_file_has_no_findings_and_is_not_changed(url: str) -> None:
    change(url, "PRAGMA journal_mode = DELETE")
    before = path_of(url).read_bytes()

    assert [each.kind for each in (await examined(url)).findings] == ["journal-mode"]
    assert path_of(url).read_bytes() == before

    change(url, "PRAGMA journal_mode = WAL")
    report = await examined(url)
    assert (report.findings, report.unchecked) == ([], [])


@pytest.mark.parametrize("kind", FAULTS)
async def test_a_fault_is_found_and_its_remedy_ends_it(url: str, kind: str) -> None:
    plant, subject, part = FAULTS[kind]
    change(url, plant)

    (one,) = (await examined(url)).findings

    assert (one.kind, one.subject) == (kind, subject or str(path_of(url)))
    assert part in one.seen
    await cure(url, one)
    assert (await examined(url)).findings == []


async def test_rows_that_need_their_parent_are_to_be_deleted(url: str) -> None:
    change(url, "INSERT INTO books VALUES (3, 1, 9, 'Three')")

    (one,) = await found(url, "foreign-key-violation")

    assert one.remedy.startswith('DELETE FROM "books" WHERE')
    await cure(url, one)
    assert await found(url, "foreign-key-violation") == []
    with closing(sqlite3.connect(path_of(url))) as database:
        assert database.execute("SELECT id FROM books ORDER BY id").fetchall() == [(1,), (2,)]


async def test_a_log_that_a_reader_holds_is_found_and_emptied_after_it(
    url: str, reader: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAL_BYTES_MAX", 2**20)
    for _ in range(3):
        change(url, "INSERT INTO authors (name) VALUES (zeroblob(500000))")

    (one,) = await found(url, "large-wal")

    assert one.subject.endswith("-wal")
    reader.execute("COMMIT")
    await cure(url, one)
    assert await found(url, "large-wal") == []


async def test_a_file_that_others_may_open_is_found_and_closed_to_them(url: str) -> None:
    path_of(url).chmod(0o644)

    (one,) = (await examined(url)).findings

    assert one.kind == "accessible-by-others"
    assert "is 0644" in one.seen
    await cure(url, one)
    assert (await examined(url)).findings == []


async def test_a_damaged_file_is_found(url: str) -> None:
    change(
        url,
        MANY.format(last=3000)
        + "INSERT INTO authors SELECT i, 'name of ' || i FROM n; PRAGMA wal_checkpoint(TRUNCATE)",
    )
    content = bytearray(path_of(url).read_bytes())
    content[4096 * 6 : 4096 * 7] = b"\xff" * 4096
    path_of(url).write_bytes(content)

    (one,) = await found(url, "corrupt-database")

    assert "The file is damaged: " in one.seen
    assert one.remedy.startswith("sqlite3 '")
    assert one.remedy.endswith(".recovered")


async def test_a_check_that_takes_too_long_is_named_and_the_others_go_on(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = MANY.format(last=2000) + "INSERT INTO books SELECT i, 1, 1, 'x' FROM n;"
    change(
        url, f"DROP INDEX books_author; {books} {MANY.format(last=300_000)} INSERT INTO authors SELECT i, 'x' FROM n"
    )
    monkeypatch.setattr(examination, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(examination, "PROGRESS_STEPS", 100_000)

    report = await examined(url)

    assert "integrity: it took too long." in report.unchecked
    assert "missing-foreign-key-index" in {each.kind for each in report.findings}


def test_a_file_that_is_not_there_is_an_error_and_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        asyncio.run(examined(f"sqlite://{tmp_path / 'none.db'}"))
    assert list(tmp_path.iterdir()) == []


async def test_a_database_in_memory_cannot_be_examined() -> None:
    (line,) = (await examined("sqlite://:memory:")).unchecked

    assert "in memory" in line


def test_indexes_that_differ_are_no_duplicates(url: str) -> None:
    change(
        url,
        "CREATE INDEX a ON books (author_id DESC); CREATE INDEX b ON books (author_id) WHERE id > 1;"
        "CREATE INDEX c ON books (author_id COLLATE NOCASE); CREATE INDEX d ON books (author_id, title);"
        "CREATE INDEX e ON books (lower(title)); CREATE INDEX f ON books (upper(title))",
    )
    file = sqlite.SQLiteFile(path_of(url))
    with closing(file.connection):
        assert duplicate_indexes(file) == []
