"""A database that was changed by hand: each difference from its migrations is found, and its remedy fixes it."""

from pathlib import Path
from urllib.parse import urlsplit

import anyio
import pytest

from tortoise_kit import migrations
from tortoise_kit.db.urls import sqlite_file
from tortoise_kit.development.migrations import make
from tortoise_kit.development.testing import catalog, execute, models_config, new_name
from tortoise_kit.migrations import MigrationError

MODELS = "tests.kit.migrations.sample_models_v1"
NOWHERE = "postgres://nobody@127.0.0.1:1/nowhere"
BY_HAND = {
    "postgres": """
        CREATE SCHEMA sales;
        CREATE TABLE "sales"."receipts" (id bigserial PRIMARY KEY, amount int NOT NULL DEFAULT 1 CHECK (amount > 0));
        CREATE UNIQUE INDEX "receipts_amount" ON "sales"."receipts" (amount DESC) WHERE amount > 5;
        CREATE VIEW cheap AS SELECT id FROM books WHERE author_id < 5;
        CREATE FUNCTION one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        ALTER TABLE sales.receipts ENABLE ROW LEVEL SECURITY;
        CREATE POLICY readers ON sales.receipts FOR SELECT USING (amount > 2);
        CREATE TRIGGER on_loans BEFORE INSERT ON loans FOR EACH ROW EXECUTE FUNCTION one()
    """,
    "sqlite": """
        CREATE VIEW cheap AS SELECT id FROM books WHERE price < 5
    """,
}
ROWS = (
    "INSERT INTO authors (name, born) VALUES ('Ada', 1815)",
    "INSERT INTO books (author_id, title, shelf, pages, price, notes) VALUES (1, 'Notes', 'a', 60, 2.5, '{}')",
    "INSERT INTO loans (book_id, reader) VALUES (1, 'Ann')",
)
INDEX = {
    "postgres": 'CREATE INDEX CONCURRENTLY "books_lower" ON "books" (lower(title))',
    "sqlite": 'CREATE INDEX "books_lower" ON "books" (lower(title))',
}
FILE = """
RUN_IN_TRANSACTION = {whole}


async def upgrade(db):
    return {sql!r}


async def downgrade(db):
    return ""


MODELS_STATE{state}
"""
POSTGRES = {
    "a column": ("ALTER TABLE authors DROP COLUMN about", "column authors.about is missing"),
    "a renamed column": (
        "ALTER TABLE books RENAME COLUMN shelf TO place",
        "column books.place should be named shelf.",
    ),
    "a renamed table": ("ALTER TABLE loans RENAME TO lent", "table lent should be named loans."),
    "a number as text": ("ALTER TABLE books ALTER pages TYPE text", "column books.pages differs: it is text"),
    "a type": ("ALTER TABLE books ALTER shelf TYPE text", "column books.shelf differs: it is text"),
    "a length": ("ALTER TABLE books ALTER shelf TYPE varchar(11)", "it is character varying(11)"),
    "a precision": ("ALTER TABLE books ALTER price TYPE numeric(9, 2)", "it is numeric(9,2)"),
    "a collation": ('ALTER TABLE books ALTER shelf TYPE varchar(10) COLLATE "POSIX"', "COLLATE"),
    "a NOT NULL": ("ALTER TABLE books ALTER pages DROP NOT NULL", "NOT NULL of column books.pages is missing"),
    "another NOT NULL": ("ALTER TABLE authors ALTER born SET NOT NULL", "NOT NULL of column authors.born is in no"),
    "a default": ("ALTER TABLE books ALTER id DROP DEFAULT", "default of column books.id is missing"),
    "another default": ("ALTER TABLE books ALTER pages SET DEFAULT 7", "default of column books.pages is in no"),
    "one more column": ("ALTER TABLE books ADD colour int", "column books.colour is in no migration"),
    "a unique constraint": ("ALTER TABLE authors DROP CONSTRAINT authors_name_key", "authors_name_key of authors is"),
    "a renamed constraint": (
        "ALTER TABLE authors RENAME CONSTRAINT authors_name_key TO other",
        "constraint other of authors should be named authors_name_key",
    ),
    "a foreign key": ("ALTER TABLE loans DROP CONSTRAINT loans_book_id_fkey", "loans_book_id_fkey of loans is missing"),
    "a foreign key that is not validated": (
        (
            "ALTER TABLE loans DROP CONSTRAINT loans_book_id_fkey;"
            "ALTER TABLE loans ADD CONSTRAINT loans_book_id_fkey FOREIGN KEY (book_id) REFERENCES books "
            "ON DELETE CASCADE NOT VALID"
        ),
        "loans_book_id_fkey of loans is not validated",
    ),
    "another rule of deletion": (
        (
            "ALTER TABLE loans DROP CONSTRAINT loans_book_id_fkey;"
            "ALTER TABLE loans ADD CONSTRAINT loans_book_id_fkey FOREIGN KEY (book_id) REFERENCES books"
        ),
        "loans_book_id_fkey of loans differs",
    ),
    "one more constraint": (
        "ALTER TABLE books ADD CONSTRAINT few CHECK (pages < 999)",
        "constraint few of books is in",
    ),
    "an index": ('DROP INDEX "books_lower"', "index books_lower of books is missing"),
    "an index of another schema": ("DROP INDEX sales.receipts_amount", 'index receipts_amount of "sales".receipts is'),
    "a CHECK of another schema": (
        "ALTER TABLE sales.receipts DROP CONSTRAINT receipts_amount_check",
        'receipts_amount_check of "sales".receipts is missing',
    ),
    "another index of that name": (
        "DROP INDEX books_lower; CREATE INDEX books_lower ON books (title)",
        "index books_lower of books differs",
    ),
    "a renamed index": ("ALTER INDEX books_lower RENAME TO other", "index other of books should be named books_lower"),
    "one more index": ("CREATE INDEX more ON books (pages DESC)", "index more of books is in no migration"),
    "a table": ("DROP TABLE loans", "table loans is missing"),
    "a sequence": ("ALTER SEQUENCE books_id_seq AS smallint", "sequence books_id_seq of books differs"),
    "a sequence's owner": ("ALTER SEQUENCE books_id_seq OWNED BY NONE", "sequence books_id_seq of books differs"),
    "a sequence that is behind": (
        "INSERT INTO authors (id, name) VALUES (7, 'x')",
        "sequence authors_id_seq is behind authors.id",
    ),
    "a view": ("DROP VIEW cheap", "view cheap is missing"),
    "a trigger": ("DROP TRIGGER on_loans ON loans", "trigger on_loans of loans is missing"),
    "a function": (
        "CREATE OR REPLACE FUNCTION one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
        "function one() differs",
    ),
    "an unlogged table": ("ALTER TABLE loans SET UNLOGGED", "persistence UNLOGGED of loans is in no migration"),
    "row-level security": (
        "ALTER TABLE loans ENABLE ROW LEVEL SECURITY",
        "row security ENABLE of loans is in no migration",
    ),
    "row-level security for the owner": (
        "ALTER TABLE loans FORCE ROW LEVEL SECURITY",
        "row security FORCE of loans is in no migration",
    ),
    "one more policy": (
        "CREATE POLICY mine ON loans FOR UPDATE TO PUBLIC USING (id > 1) WITH CHECK (reader <> '')",
        "policy mine of loans is in no migration",
    ),
    "a policy": ("DROP POLICY readers ON sales.receipts", 'policy readers of "sales".receipts is missing'),
    "a policy's condition": (
        "ALTER POLICY readers ON sales.receipts USING (amount > 3)",
        'policy readers of "sales".receipts differs',
    ),
    "row-level security that the history has": (
        "ALTER TABLE sales.receipts DISABLE ROW LEVEL SECURITY",
        'row security ENABLE of "sales".receipts is missing',
    ),
    "a disabled trigger": (
        "ALTER TABLE loans DISABLE TRIGGER on_loans",
        "state of trigger on_loans of loans is in no migration",
    ),
    "a trigger that is always enabled": (
        "ALTER TABLE loans ENABLE ALWAYS TRIGGER on_loans",
        "state of trigger on_loans of loans is in no migration",
    ),
    "all triggers, also those of foreign keys": (
        "ALTER TABLE loans DISABLE TRIGGER ALL",
        "state of trigger ALL of loans is in no migration",
    ),
    "a required column of a table with rows": (
        "ALTER TABLE books DROP COLUMN title",
        "column books.title is missing. Existing rows need a value",
    ),
    "a NOT NULL of a table with a row that has none": (
        "ALTER TABLE books ALTER pages DROP NOT NULL; UPDATE books SET pages = NULL",
        "NOT NULL of column books.pages is missing. Existing rows need a value",
    ),
    "a comment": ("COMMENT ON TABLE leaflets IS 'other'", "comment of table leaflets differs"),
}
SQLITE = {
    "a table": ("DROP TABLE loans", "table loans is missing"),
    "an index": ("DROP INDEX books_lower", "index books_lower of books is missing"),
    "another index": (
        "DROP INDEX books_lower; CREATE UNIQUE INDEX books_lower ON books (lower(title))",
        "index books_lower of books differs",
    ),
    "one more index": ("CREATE INDEX more ON books (pages DESC)", "index more of books is in no migration"),
    "one more column": ("ALTER TABLE books ADD colour int", "column books.colour is in no migration"),
    "a column": ("ALTER TABLE authors DROP COLUMN about", "column authors.about is missing"),
    "a renamed column": (
        "ALTER TABLE books RENAME COLUMN shelf TO place",
        "column books.place should be named shelf.",
    ),
    "a renamed table": ("ALTER TABLE loans RENAME TO lent", "table lent should be named loans."),
    "a view": ("DROP VIEW cheap", "view cheap is missing"),
    "a trigger": (
        "CREATE TRIGGER on_loans AFTER INSERT ON loans BEGIN SELECT 1; END",
        "trigger on_loans of loans is in no migration",
    ),
}


@pytest.fixture
async def history(empty_database_url: str, tmp_path: Path) -> Path:
    """The sample models, and what only SQL can say."""
    await make(models_config(NOWHERE, MODELS), location=tmp_path, name="init")
    dialect = empty_database_url.partition(":")[0]
    add(tmp_path, BY_HAND[dialect])
    add(tmp_path, INDEX[dialect], whole=False)
    return tmp_path


def add(history: Path, sql: str, *, whole: bool = True) -> Path:
    """One more file with this SQL."""
    files = sorted((history / "models").glob("*.py"))
    state = files[0].read_text(encoding="utf-8").partition("MODELS_STATE")[2]
    path = files[0].with_name(f"{len(files)}_20270101000000_by_hand.py")
    path.write_text(FILE.format(whole=whole, sql=sql, state=state), encoding="utf-8")
    return path


async def test_a_migrated_database_agrees(empty_database_url: str, history: Path) -> None:
    config = models_config(empty_database_url, MODELS)
    await migrations.upgrade(config, location=history)
    before = await catalog(empty_database_url)

    assert await migrations.compare(config, location=history) == []
    assert await catalog(empty_database_url) == before
    add(history, "SELECT 1 / 0")  # which the database does not have
    assert await migrations.compare(config, location=history) == []


@pytest.mark.only("sqlite")
async def test_a_file_that_does_not_exist_is_not_created(empty_database_url: str, history: Path) -> None:
    with pytest.raises(migrations.MigrationError, match="does not exist: create it with `migrations upgrade`"):
        await migrations.compare(models_config(empty_database_url, MODELS), location=history)

    assert not await anyio.Path(sqlite_file(empty_database_url)).exists()


@pytest.mark.only("postgres")
@pytest.mark.parametrize("name", POSTGRES)
async def test_a_change_by_hand_is_named_with_the_statement_that_fixes_it(
    empty_database_url: str, history: Path, name: str
) -> None:
    await _named_and_fixed(empty_database_url, history, *POSTGRES[name])


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("name", SQLITE)
async def test_a_change_of_a_file_by_hand_is_named_with_the_statement_that_fixes_it(
    empty_database_url: str, history: Path, name: str
) -> None:
    await _named_and_fixed(empty_database_url, history, *SQLITE[name])


async def _named_and_fixed(url: str, history: Path, change: str, expected: str) -> None:
    config = models_config(url, MODELS)
    await migrations.upgrade(config, location=history)
    await execute(url, *ROWS)
    rows = [await execute(url, f"SELECT count(*) FROM {table}") for table in ("books", "loans")]
    for statement in change.split(";") if "BEGIN" not in change else [change]:
        await execute(url, statement)

    found = await migrations.compare(config, location=history)

    assert expected in "\n".join(each.what for each in found)
    for each in found:
        await execute(url, *(statement.replace("...", "7") for statement in each.remedy))
    assert await migrations.compare(config, location=history) == []
    if "DROP TABLE" not in change:
        kept = [await execute(url, f"SELECT count(*) FROM {table}") for table in ("books", "loans")]
        assert kept == rows


@pytest.mark.only("sqlite")
async def test_what_sqlite_cannot_change_in_place_is_named_with_the_table_to_make(
    empty_database_url: str, history: Path
) -> None:
    config = models_config(empty_database_url, MODELS)
    await migrations.upgrade(config, location=history)
    await execute(
        empty_database_url, "DROP TABLE leaflets", "CREATE TABLE leaflets (id INTEGER PRIMARY KEY, title TEXT)"
    )

    found = await migrations.compare(config, location=history)

    assert any(each.what.startswith("column leaflets.title differs: it is TITLE TEXT,") for each in found)
    assert all("rebuild" not in each.what for each in found)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(("column", "unique"), [("title", False), ("name", True)])
async def test_a_column_that_sqlite_cannot_add_is_named_with_the_table_to_make(
    empty_database_url: str, history: Path, column: str, *, unique: bool
) -> None:
    table = "authors" if unique else "books"
    config = models_config(empty_database_url, MODELS)
    await migrations.upgrade(config, location=history)
    other = "born, about" if unique else "author_id, shelf, pages, price, notes"
    await execute(
        empty_database_url,
        "DROP VIEW cheap",
        f"CREATE TABLE other AS SELECT id, {other} FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE other RENAME TO {table}",
    )

    found = {each.what: each.remedy for each in await migrations.compare(config, location=history)}

    (remedy,) = found[f"column {table}.{column} is missing."]
    assert remedy.startswith("-- SQLite cannot change this in place. Rebuild the table, with a value for each row, as:")


async def test_a_rename_is_suggested_only_if_nothing_else_could_be_meant(
    empty_database_url: str, history: Path
) -> None:
    config = models_config(empty_database_url, MODELS)
    add(history, "ALTER TABLE leaflets ADD COLUMN a INT; ALTER TABLE leaflets ADD COLUMN b INT")
    await migrations.upgrade(config, location=history)
    renames = [f"ALTER TABLE leaflets RENAME COLUMN {old} TO {new}" for old, new in ("ad", "bc")]
    await execute(empty_database_url, *renames)

    found = [each.what for each in await migrations.compare(config, location=history)]

    assert sorted(found) == [
        "column leaflets.a is missing.",
        "column leaflets.b is missing.",
        "column leaflets.c is in no migration. Dropping it loses its values.",
        "column leaflets.d is in no migration. Dropping it loses its values.",
    ]


async def test_tables_of_other_programs_are_left_alone(empty_database_url: str, history: Path) -> None:
    config = models_config(empty_database_url, MODELS)
    await migrations.upgrade(config, location=history)
    await execute(empty_database_url, "CREATE TABLE others (id int PRIMARY KEY)", "CREATE INDEX o ON others (id)")

    assert await migrations.compare(config, location=history) == []


async def test_a_database_with_a_migration_of_another_version_is_not_compared(
    empty_database_url: str, history: Path
) -> None:
    config = models_config(empty_database_url, MODELS)
    path = add(history, "SELECT 1")
    await migrations.upgrade(config, location=history)
    path.unlink()

    with pytest.raises(MigrationError, match=rf"The database has {path.name}, which this version lacks"):
        await migrations.compare(config, location=history)


@pytest.mark.only("postgres")
async def test_a_file_that_commits_is_not_run_again(empty_database_url: str, history: Path) -> None:
    config = models_config(empty_database_url, MODELS)
    path = add(history, "SELECT 1")
    await migrations.upgrade(config, location=history)
    path.write_text(path.read_text().replace("SELECT 1", "COMMIT"))

    with pytest.raises(MigrationError, match=rf"{path.name} begins or ends a transaction by itself"):
        await migrations.compare(config, location=history)
    assert await execute(empty_database_url, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'comparison%'") == []


@pytest.mark.only("postgres")
async def test_an_index_of_an_extension_agrees(empty_database_url: str, history: Path) -> None:
    config = models_config(empty_database_url, MODELS)
    add(history, "CREATE EXTENSION pg_trgm; CREATE INDEX by_parts ON books USING gin (title gin_trgm_ops)")
    await migrations.upgrade(config, location=history)

    assert await migrations.compare(config, location=history) == []
    await execute(empty_database_url, "DROP INDEX by_parts")
    (found,) = await migrations.compare(config, location=history)
    assert found.what == "index by_parts of books is missing."


@pytest.mark.only("postgres")
async def test_a_role_that_may_create_no_schema_is_reported(
    empty_database_url: str, history: Path, postgres_server: str
) -> None:
    await migrations.upgrade(models_config(empty_database_url, MODELS), location=history)
    role = f"reader_{new_name()}"
    await execute(
        empty_database_url, f"CREATE ROLE {role} LOGIN PASSWORD '{role}'", f"GRANT SELECT ON aerich TO {role}"
    )
    try:
        url = urlsplit(empty_database_url)
        as_reader = url._replace(netloc=f"{role}:{role}@{url.netloc.rpartition('@')[2]}").geturl()
        with pytest.raises(MigrationError, match=r"The role may not create a schema to compare with .*: run `GRANT"):
            await migrations.compare(models_config(as_reader, MODELS), location=history)
    finally:
        await execute(empty_database_url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
