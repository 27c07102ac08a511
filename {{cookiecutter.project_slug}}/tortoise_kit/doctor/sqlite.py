"""What can be wrong with an SQLite file. Python's own driver reads it: the engine would change the journal."""

import shlex
import sqlite3
from pathlib import Path
from typing import Any

from tortoise_kit.db.writability import files_open_to_others
from tortoise_kit.doctor.findings import Finding, amount, size
from tortoise_kit.sql.parsing import quoted

WAL_BYTES_MAX = 64 * 2**20  # a checkpoint follows each 4 MiB; one that is larger waits for a reader
FREE_SHARE_MAX = 0.25
FREE_BYTES_MIN = 16 * 2**20
ANALYZED_ROWS_MIN = 10_000  # with fewer, each plan is fast
PROBLEMS_SHOWN_MAX = 3

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
_INDEXES = """
SELECT l.name AS name, l."unique" AS is_unique, l.origin AS origin, l.partial AS partial, m.sql AS sql
FROM pragma_index_list(?) l LEFT JOIN sqlite_master m ON m.type = 'index' AND m.name = l.name ORDER BY l.seq DESC
"""
_KEYS = 'SELECT name, "desc", coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno'

type Rows = list[dict[str, Any]]


class SQLiteFile:
    """A database file, opened for reading.

    Args:
        path: The file, which must exist.

    Raises:
        sqlite3.OperationalError: It cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        self.connection.row_factory = sqlite3.Row

    def rows(self, query: str, *values: object) -> Rows:
        """The rows of a query."""
        return [dict(row) for row in self.connection.execute(query, values)]

    def pragma(self, name: str) -> Any:
        """The value of a pragma."""
        return self.connection.execute(f"PRAGMA {name}").fetchone()[0]

    def tables(self) -> list[str]:
        """The names of all tables."""
        return [row["name"] for row in self.rows(_TABLES)]

    def has_rows(self, table: str, number: int) -> bool:
        """Whether the table has as many rows, or more."""
        return bool(self.rows(f"SELECT 1 FROM {quoted(table)} LIMIT 1 OFFSET ?", number - 1))  # noqa: S608 -- of the schema

    def indexes(self, table: str) -> Rows:
        """The indexes of a table, each with its `keys`."""
        return [{**row, "keys": self.rows(_KEYS, row["name"])} for row in self.rows(_INDEXES, table)]


def integrity(file: SQLiteFile) -> list[Finding]:
    """Pages and indexes that are damaged."""
    try:
        problems = [row["quick_check"] for row in file.rows(f"PRAGMA quick_check({PROBLEMS_SHOWN_MAX})")]
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # interrupted
            raise
        problems = [str(error)]
    if problems == ["ok"]:
        return []
    said = "; ".join(" ".join(each.split()) for each in problems)
    seen = f"The file is damaged: {said}. Stop the service, and restore a backup; the remedy saves what can be read."
    name = shlex.quote(str(file.path))
    return [Finding("corrupt-database", str(file.path), seen, f"sqlite3 {name} .recover | sqlite3 {name}.recovered")]


def foreign_key_violations(file: SQLiteFile) -> list[Finding]:
    """Rows that refer to rows that are not there."""
    counts: dict[tuple[str, int], int] = {}
    for row in file.rows("PRAGMA foreign_key_check"):
        counts[row["table"], row["fkid"]] = counts.get((row["table"], row["fkid"]), 0) + 1
    return [_violation(file, table, number, count) for (table, number), count in counts.items()]


def _violation(file: SQLiteFile, table: str, number: int, count: int) -> Finding:
    (key,) = [row for row in file.rows("SELECT * FROM pragma_foreign_key_list(?)", table) if row["id"] == number][:1]
    column, parent = key["from"], key["table"]
    (target,) = (
        [key["to"]]
        if key["to"]
        else [row["name"] for row in file.rows("SELECT name FROM pragma_table_info(?) WHERE pk", parent)]
    )
    required = any(
        row["notnull"] for row in file.rows('SELECT "notnull" FROM pragma_table_info(?) WHERE name = ?', table, column)
    )
    change = f"DELETE FROM {quoted(table)}" if required else f"UPDATE {quoted(table)} SET {quoted(column)} = NULL"  # noqa: S608
    missing = f"SELECT 1 FROM {quoted(parent)} p WHERE p.{quoted(target)} = {quoted(table)}.{quoted(column)}"  # noqa: S608 -- names of the schema
    remedy = f"{change} WHERE {quoted(column)} IS NOT NULL AND NOT EXISTS ({missing});"
    seen = (
        f"{amount(count, 'row')} of {table} refer by {column} to rows of {parent} that are not there: they were "
        "changed while foreign keys were off. Look at them before you change them."
    )
    return Finding("foreign-key-violation", table, seen, remedy)


def journal(file: SQLiteFile) -> list[Finding]:
    """A journal that makes readers wait for writers, and a write-ahead log that only grows."""
    mode, log = file.pragma("journal_mode"), Path(f"{file.path}-wal")
    if mode != "wal":
        seen = f"The journal's mode is {mode}: readers and writers wait for each other."
        return [Finding("journal-mode", str(file.path), seen, "PRAGMA journal_mode = WAL;")]
    length = log.stat().st_size if log.exists() else 0
    if length < WAL_BYTES_MAX:
        return []
    seen = (
        f"The write-ahead log has {size(length)}, so reads are slow: some connection has read for long, or never ends."
    )
    return [Finding("large-wal", str(log), seen, "PRAGMA wal_checkpoint(TRUNCATE);")]


def free_pages(file: SQLiteFile) -> list[Finding]:
    """Space in the file that no row uses."""
    free, pages, length = (file.pragma(name) for name in ("freelist_count", "page_count", "page_size"))
    if free * length < FREE_BYTES_MIN or free < FREE_SHARE_MAX * pages:
        return []
    seen = f"{size(free * length)} of {size(pages * length)} are free ({free / pages:.0%})."
    return [Finding("free-pages", str(file.path), seen, "VACUUM;")]


def statistics(file: SQLiteFile) -> list[Finding]:
    """Tables with many rows, of which the planner knows nothing."""
    known = file.rows("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
    analyzed = {row["tbl"] for row in file.rows("SELECT DISTINCT tbl FROM sqlite_stat1")} if known else set()
    return [
        Finding(
            "never-analyzed",
            table,
            f"{table} has {ANALYZED_ROWS_MIN:,} rows or more, and no statistics: SQLite guesses which index to use.",
            f"ANALYZE {quoted(table)};",
        )
        for table in file.tables()
        if table not in analyzed
        and file.rows("SELECT 1 FROM pragma_index_list(?) LIMIT 1", table)
        and file.has_rows(table, ANALYZED_ROWS_MIN)
    ]


def permissions(file: SQLiteFile) -> list[Finding]:
    """Files that other users of the machine can open; they hold every password's hash."""
    open_ones = files_open_to_others(file.path)
    if not open_ones:
        return []
    listed = ", ".join(f"{path.name} is {path.stat().st_mode & 0o777:04o}" for path in open_ones)
    seen = f"Other users of this machine may open the database: {listed}."
    names = " ".join(shlex.quote(str(path)) for path in open_ones)
    return [Finding("accessible-by-others", str(file.path), seen, f"chmod 600 {names}")]
