"""Which SQL of a migration is reported as blocking others, and which is not."""

import sysconfig
from pathlib import Path
from typing import Any

import pytest
from tortoise import fields

from tests.kit.development.conftest import Write
from tortoise_kit import migrations
from tortoise_kit.development.migrations import lint, make
from tortoise_kit.development.testing import execute, models_config
from tortoise_kit.migrations import MigrationError

# Where there is no Postgres there may be no linter of its SQL: `--db sqlite` leaves these out.
pytestmark = [pytest.mark.only("postgres"), pytest.mark.usefixtures("database")]

FILE = """
RUN_IN_TRANSACTION = {whole}

async def upgrade(db):
    {work}

async def downgrade(db):
    return "DROP TABLE books"
"""


def write_file(location: Path, work: str, *, whole: bool = True) -> str:
    path = location / "models" / "0_20270101000000_change.py"
    path.parent.mkdir()
    path.write_text(FILE.format(work=work, whole=whole), encoding="utf-8")
    return path.name


async def rules(location: Path, sql: str, *, whole: bool = True) -> set[str]:
    write_file(location, f"return {sql!r}", whole=whole)
    return {finding.rule for finding in await lint(location, app="models")}


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ('CREATE INDEX "i" ON "books" ("pages")', "require-concurrent-index-creation"),
        ('DROP INDEX "i"', "require-concurrent-index-deletion"),
        ('ALTER TABLE "books" ADD "isbn" VARCHAR(13) UNIQUE', "disallowed-unique-constraint"),
        ('ALTER TABLE "books" ADD "e" BIGINT REFERENCES "authors" ("id")', "adding-foreign-key-constraint"),
        ('ALTER TABLE "books" ADD CONSTRAINT "c" CHECK ("pages" > 0)', "constraint-missing-not-valid"),
        ('ALTER TABLE "books" ADD "at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()', "adding-field-with-default"),
        ('ALTER TABLE "books" ADD "n" INT NOT NULL', "adding-required-field"),
        ('ALTER TABLE "books" ALTER COLUMN "pages" SET NOT NULL', "adding-not-nullable-field"),
        ('ALTER TABLE "books" ALTER COLUMN "pages" TYPE BIGINT', "changing-column-type"),
        ('ALTER TABLE "books" RENAME COLUMN "pages" TO "leaves"', "renaming-column"),
        ('ALTER TABLE "books" RENAME TO "volumes"', "renaming-table"),
        ('ALTER TABLE "books" DROP COLUMN "pages"', "ban-drop-column"),
        ('DROP TABLE "books"', "ban-drop-table"),
        ("SELECT 'of; texts'; CREATE TABEL", "syntax-error"),
    ],
)
async def test_sql_that_blocks_other_sessions_is_found(sql: str, rule: str, tmp_path: Path) -> None:
    assert await rules(tmp_path, sql) == {rule}


@pytest.mark.parametrize(
    "sql",
    [
        "",
        'ALTER TABLE "books" ADD "colour" VARCHAR(20)',
        'ALTER TABLE "books" ADD "copies" INT NOT NULL DEFAULT 1; COMMENT ON COLUMN "books"."copies" IS \'a; b\'',
        'CREATE TABLE "n" ("id" BIGSERIAL PRIMARY KEY, "b" BIGINT REFERENCES "books" ("id")); CREATE INDEX i ON n (b)',
        'CREATE TABLE "n" ("id" INT); ALTER TABLE "n" ALTER COLUMN "id" SET NOT NULL; ALTER TABLE "n" DROP COLUMN "id"',
        'ALTER TABLE "books" ADD CONSTRAINT "c" CHECK ("pages" > 0) NOT VALID',
        'ALTER TABLE "books" VALIDATE CONSTRAINT "c"',
        '-- squawk-ignore ban-drop-column\nALTER TABLE "books" DROP COLUMN "pages"',
    ],
)
async def test_sql_that_blocks_nobody_is_accepted(sql: str, tmp_path: Path) -> None:
    assert await rules(tmp_path, sql) == set()


async def test_an_index_may_be_built_concurrently_outside_a_transaction(tmp_path: Path) -> None:
    assert await rules(tmp_path, 'CREATE INDEX CONCURRENTLY "i" ON "books" ("pages")', whole=False) == set()


async def test_sql_that_blocks_readers_must_run_in_a_transaction(tmp_path: Path) -> None:
    sql = 'ALTER TABLE "books" ADD "colour" VARCHAR(20)'

    assert await rules(tmp_path, sql, whole=False) == {"require-lock-timeout"}


async def test_a_finding_names_the_file_the_statement_and_the_remedy(tmp_path: Path) -> None:
    work = "return 'CREATE TABLE n (i INT);\\n-- why\\nDROP INDEX\\n i;\\n'"
    name = write_file(tmp_path, work)

    (finding,) = await lint(tmp_path, app="models")

    assert (finding.file, finding.statement) == (name, "DROP INDEX i")
    assert "CONCURRENTLY" in finding.remedy


async def test_a_constraint_that_cannot_be_validated_later_has_another_remedy(tmp_path: Path) -> None:
    sql = 'ALTER TABLE "books" ADD CONSTRAINT "c" EXCLUDE USING gist (int4range("a", "b") WITH &&)'
    write_file(tmp_path, f"return {sql!r}")

    (finding,) = await lint(tmp_path, app="models")

    assert (finding.rule, "cannot be NOT VALID" in finding.remedy) == ("constraint-missing-not-valid", True)


async def test_sql_sent_from_python_is_checked_until_it_needs_rows(tmp_path: Path) -> None:
    write_file(
        tmp_path, "await db.execute_script('DROP TABLE a'); rows = await db.execute_query_dict('SELECT'); rows[0]"
    )

    assert {finding.rule for finding in await lint(tmp_path, app="models")} >= {"ban-drop-table"}


async def test_a_missing_squawk_is_reported_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_file(tmp_path, "return 'DROP TABLE a'")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sysconfig, "get_path", lambda _: "")

    with pytest.raises(MigrationError, match=r"squawk is not installed: .*`postgres`"):
        await lint(tmp_path, app="models")


async def test_a_failing_squawk_is_reported_with_the_migration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_file(tmp_path, "return 'DROP TABLE a'")
    monkeypatch.setattr("tortoise_kit.development.migrations.linting.squawk_program", lambda: "false")

    with pytest.raises(MigrationError, match=r"squawk failed on 0_20270101000000_change\.py"):
        await lint(tmp_path, app="models")


TYPES: list[tuple[Any, Any]] = [
    (fields.CharField(max_length=20), fields.CharField(max_length=40)),
    (fields.CharField(max_length=40), fields.CharField(max_length=20)),
    (fields.CharField(max_length=20), fields.TextField()),
    (fields.TextField(), fields.CharField(max_length=20)),
    (fields.DecimalField(8, 2), fields.DecimalField(10, 2)),
    (fields.DecimalField(10, 2), fields.DecimalField(8, 2)),
    (fields.DecimalField(8, 2), fields.DecimalField(10, 4)),
    (fields.SmallIntField(), fields.IntField()),
    (fields.IntField(), fields.BigIntField()),
    (fields.IntField(), fields.CharField(max_length=20)),
    (fields.FloatField(), fields.DecimalField(8, 2)),
    (fields.DateField(), fields.DatetimeField()),
    (fields.UUIDField(), fields.TextField()),
]


@pytest.mark.parametrize(("old", "new"), TYPES)
async def test_a_change_of_type_is_reported_if_postgres_rewrites_the_table(
    empty_database_url: str, old: Any, new: Any, tmp_path: Path, write: Write
) -> None:
    versions = [models_config(empty_database_url, write({"Item": {"a": field}})) for field in (old, new)]
    file_number = (
        "SELECT pg_relation_filenode('item'), pg_relation_filenode(reltoastrelid) FROM pg_class WHERE relname = 'item'"
    )
    await make(versions[0], location=tmp_path, name="init")
    await migrations.upgrade(versions[0], location=tmp_path)
    await execute(empty_database_url, "ALTER TABLE item ADD b TEXT")  # so that a table for long values is there
    before = await execute(empty_database_url, file_number)
    await make(versions[1], location=tmp_path, name="type")
    await migrations.upgrade(versions[1], location=tmp_path)

    rewritten = await execute(empty_database_url, file_number) != before
    remedies = [each.remedy for each in await lint(tmp_path, app="models") if each.rule == "changing-column-type"]
    assert bool(remedies) == rewritten
    assert all(remedy.startswith("rewrites the table: ") for remedy in remedies)


async def test_a_change_from_an_unknown_type_may_rewrite_the_table(tmp_path: Path) -> None:
    write_file(tmp_path, 'return \'ALTER TABLE "books" ALTER COLUMN "pages" TYPE BIGINT\'')

    (finding,) = await lint(tmp_path, app="models")
    assert finding.remedy.startswith("may rewrite the table: ")
