"""From one SQLite schema to another, with every row, child row, index and trigger kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tortoise_kit.development.migrations import sqlite_rebuild
from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.sqlite_copy import Values
from tortoise_kit.development.migrations.sqlite_rebuild import script
from tortoise_kit.migrations.files import MigrationError

PARENT = 'CREATE TABLE "parent" ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "name" VARCHAR(10) NOT NULL)'
CHILD = 'CREATE TABLE "child" ("id" INTEGER PRIMARY KEY, "parent_id" INT REFERENCES "parent" ("id") ON DELETE CASCADE)'
LONGER = PARENT.replace("VARCHAR(10)", "VARCHAR(20)")
INDEX = 'CREATE INDEX "idx_parent_name_123456" ON "parent" ("name")'


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for statement in (PARENT, CHILD, INDEX):
            connection.execute(statement)
        connection.execute("INSERT INTO parent (name) VALUES ('a'), ('b'), ('c')")
        connection.execute("INSERT INTO child (parent_id) VALUES (1), (2)")
        yield connection


def changes(
    old: list[str],
    new: list[str],
    *,
    renames: Renames | None = None,
    fills: dict[str, dict[str, str]] | None = None,
    known: tuple[str, ...] = ("parent", "child", "idx_parent_name_123456"),
) -> list[str]:
    values = {table: Values(columns) for table, columns in (fills or {}).items()}
    return sqlite_rebuild.changes(old, new, renames=renames or Renames(), values=values, known=set(known))


def apply(connection: sqlite3.Connection, statements: list[str]) -> None:
    for statement in script(statements):
        connection.execute(statement)


def test_a_rebuild_keeps_rows_and_child_rows(connection: sqlite3.Connection) -> None:
    apply(connection, changes([PARENT, CHILD, INDEX], [LONGER, CHILD, INDEX]))

    assert connection.execute("SELECT id, name FROM parent").fetchall() == [(1, "a"), (2, "b"), (3, "c")]
    assert connection.execute("SELECT parent_id FROM child").fetchall() == [(1,), (2,)]
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_rebuilt_parent_is_still_the_parent(connection: sqlite3.Connection) -> None:
    apply(connection, changes([PARENT, CHILD, INDEX], [LONGER, CHILD, INDEX]))

    connection.execute("DELETE FROM parent WHERE id = 1")

    assert connection.execute("SELECT parent_id FROM child").fetchall() == [(2,)]


def test_a_rebuild_recreates_the_indexes(connection: sqlite3.Connection) -> None:
    apply(connection, changes([PARENT, CHILD, INDEX], [LONGER, CHILD, INDEX]))

    assert connection.execute("SELECT sql FROM sqlite_master WHERE type = 'index'").fetchall() == [(INDEX,)]


def test_a_rebuild_keeps_indexes_triggers_and_checks_written_by_hand() -> None:
    checked = PARENT.replace("NOT NULL)", 'NOT NULL, CONSTRAINT "short" CHECK (length(name) < 9))')
    by_hand = 'CREATE INDEX "by_hand" ON "parent" (lower("name"))'
    trigger = 'CREATE TRIGGER "lower" AFTER INSERT ON "parent" BEGIN UPDATE parent SET name = lower(new.name); END'
    old = [checked, INDEX, by_hand, trigger]

    statements = changes(old, [LONGER, INDEX])

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as other:
        for statement in (*old, *statements):
            other.execute(statement)
        other.execute("INSERT INTO parent (name) VALUES ('ABC')")
        assert other.execute("SELECT name FROM parent").fetchall() == [("abc",)]
        with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed: short"):
            other.execute("INSERT INTO parent (name) VALUES ('too long a name')")
    assert by_hand in statements


def test_indexes_and_triggers_written_by_hand_stay_without_a_rebuild() -> None:
    by_hand = ['CREATE INDEX "by_hand" ON "parent" ("id", "name")', 'CREATE TABLE "other" ("id" INT)']

    assert changes([PARENT, INDEX, *by_hand], [PARENT, INDEX]) == []


def test_the_id_of_a_deleted_row_is_not_reused(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM parent WHERE id = 3")

    apply(connection, changes([PARENT, CHILD, INDEX], [LONGER, CHILD, INDEX]))

    assert connection.execute("INSERT INTO parent (name) VALUES ('d') RETURNING id").fetchone() == (4,)


@pytest.mark.parametrize(
    ("definition", "fill"),
    [('"size" INT', None), ('"size" INT NOT NULL', "5"), ('"size" INT NOT NULL DEFAULT 5', "5")],
)
def test_a_column_is_added_without_a_rebuild_where_sqlite_can(
    connection: sqlite3.Connection, definition: str, fill: str | None
) -> None:
    new = PARENT[:-1] + f", {definition})"

    statements = changes([PARENT, CHILD, INDEX], [new, CHILD, INDEX], fills={"parent": {"size": fill}} if fill else {})
    apply(connection, statements)

    assert [statement.split(" (")[0].split(" DEFAULT")[0] for statement in statements] == [
        f'ALTER TABLE "parent" ADD COLUMN {definition.split(" DEFAULT", maxsplit=1)[0]}'
    ]
    assert connection.execute("SELECT DISTINCT size FROM parent").fetchall() == [(5 if fill else None,)]


@pytest.mark.parametrize(
    ("definition", "fill"),
    [
        ('"code" INT UNIQUE', None),
        ('"code" TIMESTAMP NOT NULL', "(strftime('%Y', 'now'))"),
        ('"code" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP', None),
    ],
)
def test_a_column_that_sqlite_cannot_add_rebuilds_the_table(
    connection: sqlite3.Connection, definition: str, fill: str | None
) -> None:
    new = PARENT[:-1] + f", {definition})"

    apply(
        connection,
        changes([PARENT, CHILD, INDEX], [new, CHILD, INDEX], fills={"parent": {"code": fill}} if fill else {}),
    )

    assert connection.execute("SELECT count(*), count(code) FROM parent").fetchone() == (3, 0 if "UNIQUE" in new else 3)


def test_a_column_that_becomes_required_gets_its_default(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO child (parent_id) VALUES (NULL)")
    strict = CHILD.replace('"parent_id" INT', '"parent_id" INT NOT NULL')

    apply(connection, changes([PARENT, CHILD, INDEX], [PARENT, strict, INDEX], fills={"child": {"parent_id": "3"}}))

    assert connection.execute("SELECT parent_id FROM child ORDER BY id").fetchall() == [(1,), (2,), (3,)]


def test_a_renamed_table_and_column_keep_their_rows(connection: sqlite3.Connection) -> None:
    new = [PARENT.replace('"parent"', '"elder"').replace('"name"', '"title"'), CHILD.replace('"parent" (', '"elder" (')]

    renames = Renames({"parent": "elder"}, {"elder": {"name": "title"}})
    apply(connection, changes([PARENT, CHILD, INDEX], new, renames=renames))

    assert connection.execute("SELECT title FROM elder").fetchall() == [("a",), ("b",), ("c",)]
    assert connection.execute("SELECT parent_id FROM child").fetchall() == [(1,), (2,)]
    assert connection.execute('PRAGMA foreign_key_list("child")').fetchone()[2] == "elder"


def test_removed_indexes_are_dropped_and_new_ones_created() -> None:
    came = 'CREATE UNIQUE INDEX "uidx_parent_name_654321" ON "parent" ("name")'

    assert changes([PARENT, INDEX], [PARENT, came]) == ['DROP INDEX "idx_parent_name_123456"', came]


def test_a_table_written_by_hand_without_quotes_is_the_same_table() -> None:
    by_hand = "create table parent (id integer primary key autoincrement not null, name varchar(10) not null)"

    assert changes([by_hand], [PARENT]) == []
    assert 'SELECT "id", "name" FROM "parent"' in changes([by_hand], [LONGER])[1]


def test_an_incomplete_change_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_rebuild, "rebuild", lambda *_: ["DELETE FROM parent"])

    with pytest.raises(MigrationError, match="would leave out 'DELETE FROM parent': write it by hand"):
        changes([PARENT], [LONGER])


def test_comments_and_layout_are_not_a_change() -> None:
    commented = PARENT.replace("NOT NULL)", "NOT NULL /* what; it's (called) */\n) /* a -- parent */")

    assert changes([PARENT], [commented]) == []
    assert changes([commented], [PARENT]) == []


def test_a_default_that_only_filled_existing_rows_is_not_a_change() -> None:
    filled = PARENT.replace("NOT NULL)", "NOT NULL DEFAULT 'x')")

    assert changes([filled], [PARENT]) == []
    assert changes([PARENT], [filled]) != []


def test_a_table_created_by_hand_is_not_dropped() -> None:
    assert changes([PARENT, CHILD], [PARENT], known=("parent",)) == []
    assert changes([PARENT, CHILD], [PARENT], known=("child",)) == ['DROP TABLE "child"']


@pytest.mark.parametrize(
    "column",
    ["lower(name)", '"name"', "[name]", "`name`"],
)
def test_an_index_on_a_column_that_goes_is_reported(column: str) -> None:
    message = r"by_hand was created by hand and uses parent\.name, which goes: drop it in a migration before"
    by_hand = f'CREATE INDEX "by_hand" ON "parent" ({column})'
    without_name = 'CREATE TABLE "parent" ("id" INTEGER PRIMARY KEY)'

    with pytest.raises(MigrationError, match=message):
        changes([PARENT, by_hand], [without_name])


VIEWS = ['CREATE VIEW "names" AS SELECT name FROM parent', 'CREATE VIEW "upper" AS SELECT upper(name) FROM "names"']
WRITES = 'CREATE TRIGGER "writes" AFTER INSERT ON "child" BEGIN INSERT INTO parent (name) VALUES (\'x\'); END'


def test_a_rebuild_keeps_views_and_triggers_of_other_tables_that_use_the_table(connection: sqlite3.Connection) -> None:
    by_hand = [*VIEWS, WRITES, 'CREATE TRIGGER "into" INSTEAD OF INSERT ON "names" BEGIN SELECT 1; END']
    for statement in by_hand:
        connection.execute(statement)

    apply(connection, changes([PARENT, CHILD, INDEX, *by_hand], [LONGER, CHILD, INDEX]))

    assert connection.execute('SELECT * FROM "upper"').fetchall() == [("A",), ("B",), ("C",)]
    connection.execute("INSERT INTO child (parent_id) VALUES (3)")
    assert connection.execute("SELECT count(*) FROM names").fetchone() == (4,)


def test_a_view_and_a_trigger_follow_a_rename(connection: sqlite3.Connection) -> None:
    by_hand = [VIEWS[0], WRITES]
    for statement in by_hand:
        connection.execute(statement)
    new = [PARENT.replace('"parent"', '"elder"').replace('"name"', '"title"'), CHILD.replace('"parent" (', '"elder" (')]

    renames = Renames({"parent": "elder"}, {"elder": {"name": "title"}})
    apply(connection, changes([PARENT, CHILD, *by_hand], new, renames=renames))

    connection.execute("INSERT INTO child (parent_id) VALUES (1)")
    assert connection.execute('SELECT * FROM "names"').fetchall() == [("a",), ("b",), ("c",), ("x",)]


@pytest.mark.parametrize(
    ("by_hand", "message"),
    [
        (VIEWS, r"view names would not work any more \(no such column: name\): drop it in a migration before"),
        ([WRITES], r"trigger writes would not work any more \(.*name\): drop it in a migration before"),
    ],
)
def test_a_column_that_a_view_or_trigger_uses_does_not_go(by_hand: list[str], message: str) -> None:
    without_name = 'CREATE TABLE "parent" ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL)'

    with pytest.raises(MigrationError, match=message):
        changes([PARENT, CHILD, *by_hand], [without_name, CHILD])


def test_a_table_that_a_view_uses_does_not_go() -> None:
    with pytest.raises(MigrationError, match=r"view names would not work any more \(no such table: main\.parent\)"):
        changes([PARENT, *VIEWS], [])


def test_a_key_that_is_set_to_null_is_no_required_column(connection: sqlite3.Connection) -> None:
    definition = '"elder_id" INT REFERENCES "parent" ("id") ON DELETE SET NULL'
    statements = changes([PARENT, CHILD, INDEX], [PARENT, CHILD[:-1] + f", {definition})", INDEX])

    apply(connection, statements)

    assert statements == [f'ALTER TABLE "child" ADD COLUMN {definition}']


def test_indexes_of_tables_that_change_places_are_created_last(connection: sqlite3.Connection) -> None:
    tables = [f'CREATE TABLE "{name}" ("id" INTEGER PRIMARY KEY, "n" INT)' for name in "ab"]
    schema = [*tables, 'CREATE INDEX "by_a" ON "a" ("n")', 'CREATE INDEX "by_b" ON "b" ("n")']
    for statement in schema:
        connection.execute(statement)

    swapped = Renames({"a": "b", "b": "a"})
    apply(connection, changes(schema, schema, renames=swapped, known=("a", "b", "by_a", "by_b")))

    found = connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE name LIKE 'by_%' ORDER BY name")
    assert found.fetchall() == [("by_a", "a"), ("by_b", "b")]
