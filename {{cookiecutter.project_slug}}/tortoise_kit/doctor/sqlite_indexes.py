"""Indexes of an SQLite file: missing for a foreign key, and duplicate."""

from itertools import combinations

from tortoise_kit.doctor.findings import Finding
from tortoise_kit.doctor.sqlite import SQLiteFile
from tortoise_kit.sql.identifiers import column_list
from tortoise_kit.sql.parsing import quoted

UNINDEXED_ROWS_MIN = 1000  # to read a smaller table takes less than a millisecond


def foreign_key_indexes(file: SQLiteFile) -> list[Finding]:
    """Foreign keys without an index: deleting a row of the parent reads the whole table."""
    return [
        found
        for table in file.tables()
        if file.has_rows(table, UNINDEXED_ROWS_MIN)
        for found in _unindexed(file, table)
    ]


def _unindexed(file: SQLiteFile, table: str) -> list[Finding]:
    keys: dict[int, list[str]] = {}
    parents = {}
    for row in file.rows("SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", table):
        keys.setdefault(row["id"], []).append(row["from"])
        parents[row["id"]] = row["table"]
    info = file.rows("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", table)
    leading = [
        [row["name"] for row in info],
        *([key["name"] for key in each["keys"]] for each in file.indexes(table) if not each["partial"]),
    ]
    return [
        Finding(
            "missing-foreign-key-index",
            table,
            f"No index finds the rows of {table} by ({column_list(columns)}), so each DELETE on {parents[number]}, and "
            f"each join from it, reads all of {table}.",
            f"CREATE INDEX {quoted('_'.join(['idx', table, *columns]))} ON {quoted(table)} ({column_list(columns)});",
        )
        for number, columns in keys.items()
        if not any(set(columns) == set(each[: len(columns)]) for each in leading)
    ]


def duplicate_indexes(file: SQLiteFile) -> list[Finding]:
    """Indexes that another one of the same columns and order makes superfluous."""
    found = {}
    for table in file.tables():
        plain = [
            each for each in file.indexes(table) if not each["partial"] and all(key["name"] for key in each["keys"])
        ]
        plain.sort(key=lambda each: (each["origin"] == "c", not each["is_unique"], each["name"]))
        for kept, other in combinations(plain, 2):
            if kept["keys"] == other["keys"] and other["origin"] == "c":
                seen = f"{other['name']} has the columns of {kept['name']} on {table}: each write maintains both."
                remedy = f"DROP INDEX {quoted(other['name'])};"
                found[other["name"]] = Finding("duplicate-index", other["name"], seen, remedy)
    return list(found.values())
