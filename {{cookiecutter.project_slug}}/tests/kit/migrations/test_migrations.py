"""One history for both databases: made offline, applied whole or not at all, taken back with the rows kept."""

import asyncio
import json
import sys
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from anyio import run_process
from tortoise.context import TortoiseContext, get_current_context

from tests.kit.migrations.sample_models_v1 import Author
from tortoise_kit import migrations
from tortoise_kit.development.migrations import check, make
from tortoise_kit.development.testing import catalog, create_from_models, execute, models_config
from tortoise_kit.migrations import MigrationError

V1, V2 = "tests.kit.migrations.sample_models_v1", "tests.kit.migrations.sample_models_v2"
NOWHERE = "postgres://nobody@127.0.0.1:1/nowhere"
ROWS = (
    "INSERT INTO authors (name, born, about) VALUES ('Ada', NULL, 'pioneer'), ('Mary', 1797, NULL)",
    "INSERT INTO books (author_id, title, shelf, pages, price, notes) VALUES (1, 'Notes', 'a', 60, 2.5, '{}')",
    "INSERT INTO books (author_id, title, shelf, pages, price, notes) VALUES (2, 'Frankenstein', 'b', 280, 3, '{}')",
    "INSERT INTO loans (book_id, reader) VALUES (1, 'Ann'), (2, 'Bob')",
    "INSERT INTO leaflets (author_id, title, shelf) VALUES (1, 'Engine', 'c')",
)


SHOUT = """
async def upgrade(db: BaseDBAsyncClient) -> str:
    for row in await db.execute_query_dict("SELECT id, name FROM authors"):
        await db.execute_query(f"UPDATE authors SET name = '{row['name'].upper()}' WHERE id = {row['id']}")
    return ""
"""


@pytest.fixture
async def two_versions(tmp_path: Path) -> Path:
    """The history of the sample models' two versions."""
    for name, module in (("init", V1), ("everything", V2)):
        lost = ("leaflets", "books.price") if module == V2 else ()
        made = await make(models_config(NOWHERE, module), location=tmp_path, name=name, drop=lost)
        assert made is not None
    return tmp_path


async def lacking(config: dict[str, Any], location: Path) -> list[str]:
    """The files that the database does not have."""
    return [entry.name for entry in await migrations.history(config, location=location) if not entry.applied]


@pytest.mark.parametrize("module", [V1, V2])
async def test_the_first_migration_creates_the_schema_of_the_models(
    empty_database_url: str, module: str, tmp_path: Path
) -> None:
    config = models_config(empty_database_url, module)
    path = await make(config, location=tmp_path, name="init")

    applied = await migrations.upgrade(config, location=tmp_path)

    assert path is not None
    assert applied == [path.name]
    assert await catalog(empty_database_url) == await _catalog_of_models(empty_database_url, module, tmp_path)


async def test_changes_end_in_the_schema_of_the_new_models(empty_database_url: str, two_versions: Path) -> None:
    await migrations.upgrade(models_config(empty_database_url, V2), location=two_versions)

    migrated = await catalog(empty_database_url)
    assert migrated == await _catalog_of_models(empty_database_url, V2, two_versions)


async def test_a_downgrade_ends_in_the_schema_of_the_old_models(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    await migrations.upgrade(config, location=two_versions)
    await migrations.downgrade(config, location=two_versions)

    migrated = await catalog(empty_database_url)
    assert migrated == await _catalog_of_models(empty_database_url, V1, two_versions)


async def test_up_down_and_up_again_keeps_the_rows_and_both_schemas(
    empty_database_url: str, two_versions: Path
) -> None:
    config = models_config(empty_database_url, V2)
    await migrations.upgrade(config, location=two_versions)
    new_schema = await catalog(empty_database_url)
    await migrations.downgrade(config, location=two_versions)
    old_schema = await catalog(empty_database_url)
    await execute(empty_database_url, *ROWS)

    await migrations.upgrade(config, location=two_versions)

    assert await catalog(empty_database_url) == new_schema
    authors = await execute(empty_database_url, "SELECT name, born, biography FROM authors ORDER BY id")
    assert authors == [("Ada", 1900, "pioneer"), ("Mary", 1797, None)]
    books = await execute(empty_database_url, "SELECT title, pages, blurb, copies, isbn FROM books ORDER BY id")
    assert books == [("Notes", 60, 'it\'s "new"', 1, None), ("Frankenstein", 280, 'it\'s "new"', 1, None)]
    assert await execute(empty_database_url, "SELECT book_id, reader FROM loans ORDER BY id") == [
        (1, "Ann"),
        (2, "Bob"),
    ]

    await migrations.downgrade(config, location=two_versions)

    assert await catalog(empty_database_url) == old_schema
    authors = await execute(empty_database_url, "SELECT name, born, about FROM authors ORDER BY id")
    assert authors == [("Ada", 1900, "pioneer"), ("Mary", 1797, None)]
    assert await execute(empty_database_url, "SELECT book_id, reader FROM loans ORDER BY id") == [
        (1, "Ann"),
        (2, "Bob"),
    ]


async def test_the_first_migration_can_be_reverted(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    applied = await migrations.upgrade(config, location=two_versions)

    taken_back = await migrations.downgrade(config, location=two_versions, steps=9)

    assert taken_back == applied[::-1]
    assert set().union(*(await catalog(empty_database_url)).values()) == set()
    assert await migrations.upgrade(config, location=two_versions) == applied


async def test_an_applied_migration_is_not_applied_again(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    await migrations.upgrade(config, location=two_versions)

    assert await migrations.upgrade(config, location=two_versions) == []


async def test_the_history_shows_what_is_applied_and_pending(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    first, second = await lacking(config, two_versions)
    await migrations.upgrade(config, location=two_versions)
    await migrations.downgrade(config, location=two_versions)

    assert await migrations.history(config, location=two_versions) == [
        (first, True),
        (second, False),
    ]
    assert await lacking(config, two_versions) == [second]


async def test_models_that_agree_with_the_history_need_no_migration(two_versions: Path) -> None:
    config = models_config(NOWHERE, V2)

    assert await check(config, location=two_versions) == []
    assert await make(config, location=two_versions, name="nothing") is None


async def test_check_lists_the_differences(two_versions: Path) -> None:
    differences = await check(models_config(NOWHERE, V1), location=two_versions)

    assert 'postgres: ALTER TABLE "authors" DROP COLUMN "active"' in differences
    assert any(line.startswith('sqlite: CREATE TABLE "new__authors"') for line in differences)


async def test_the_same_models_result_in_the_same_file(tmp_path: Path) -> None:
    config = models_config(NOWHERE, V1)
    one = await make(config, location=tmp_path / "one", name="init")
    two = await make(config, location=tmp_path / "two", name="init")

    assert one is not None
    assert two is not None
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("name", ["", "Add", "add nick", "../add", "é", "a" * 101])
async def test_a_name_that_is_not_a_file_name_is_rejected(name: str, tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match=r"The name .* is not usable: write 1 to 100 of a-z, 0-9 and _"):
        await make(models_config(NOWHERE, V1), location=tmp_path, name=name)

    assert not _files(tmp_path)


async def test_a_failed_migration_leaves_nothing_behind(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    await migrations.upgrade(config, location=two_versions)
    before = await catalog(empty_database_url)
    _write(two_versions, "2_20260101000000_broken.py", up="CREATE TABLE half (id INT); SELECT * FROM missing")

    with pytest.raises(MigrationError, match=r"2_20260101000000_broken\.py failed .* nothing changed.*missing"):
        await migrations.upgrade(config, location=two_versions)

    assert await catalog(empty_database_url) == before
    assert await lacking(config, two_versions) == ["2_20260101000000_broken.py"]


async def test_rows_that_reference_missing_rows_fail_a_migration(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    await migrations.upgrade(config, location=two_versions)
    _write(two_versions, "2_20260101000000_orphan.py", up="INSERT INTO loans (book_id, reader) VALUES (7, 'Eve')")

    with pytest.raises(MigrationError, match=r"2_20260101000000_orphan\.py failed .*(loans -> books|violates)"):
        await migrations.upgrade(config, location=two_versions)

    assert await execute(empty_database_url, "SELECT * FROM loans") == []


async def test_a_failed_downgrade_leaves_nothing_behind(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    _write(two_versions, "2_20260101000000_oneway.py", up="CREATE TABLE more (id INT)", down="DROP TABLE more; oops")
    await migrations.upgrade(config, location=two_versions)
    before = await catalog(empty_database_url)

    with pytest.raises(MigrationError, match=r"2_20260101000000_oneway\.py failed"):
        await migrations.downgrade(config, location=two_versions)

    assert await catalog(empty_database_url) == before
    assert await lacking(config, two_versions) == []


async def test_a_file_without_sql_for_this_database_is_not_recorded(
    empty_database_url: str, two_versions: Path
) -> None:
    config = models_config(empty_database_url, V2)
    dialect = empty_database_url.partition(":")[0]
    path = _newest(two_versions)
    path.write_text(path.read_text().replace(f'    "{dialect}": ', '    "oracle": '))

    with pytest.raises(MigrationError, match=f"No SQL for {dialect}: add it to UPGRADE and DOWNGRADE"):
        await migrations.upgrade(config, location=two_versions)

    assert await lacking(config, two_versions) == [path.name]


async def test_a_migration_may_do_nothing(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    _write(two_versions, "2_20260101000000_nothing.py")

    assert "2_20260101000000_nothing.py" in await migrations.upgrade(config, location=two_versions)
    assert await migrations.downgrade(config, location=two_versions) == ["2_20260101000000_nothing.py"]


async def test_a_migration_may_run_outside_a_transaction(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    await migrations.upgrade(config, location=two_versions)
    outside = "VACUUM" if empty_database_url.startswith("sqlite") else "CREATE INDEX CONCURRENTLY x ON books (blurb)"
    _write(two_versions, "2_20260101000000_outside.py", up=outside, in_transaction=False)

    assert await migrations.upgrade(config, location=two_versions) == ["2_20260101000000_outside.py"]


async def test_a_migration_may_change_data_with_python(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    await migrations.upgrade(config, location=two_versions)
    await migrations.downgrade(config, location=two_versions)
    await execute(empty_database_url, *ROWS)
    path = _write(two_versions, "2_20260101000000_shout.py")
    path.write_text(path.read_text() + SHOUT)

    await migrations.upgrade(config, location=two_versions)

    assert await execute(empty_database_url, "SELECT name FROM authors ORDER BY id") == [("ADA",), ("MARY",)]


async def test_a_file_without_a_state_is_not_recorded(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    path = _write(two_versions, "2_20260101000000_stateless.py", up="CREATE TABLE more (id INT)")
    path.write_text(path.read_text().partition("MODELS_STATE")[0])

    with pytest.raises(MigrationError, match=r"2_20260101000000_stateless\.py has no usable MODELS_STATE: if no model"):
        await migrations.upgrade(config, location=two_versions)

    assert await lacking(config, two_versions) == [path.name]
    assert not any(row[0] == "more" for row in (await catalog(empty_database_url))["columns"])


async def test_a_migration_without_its_file_cannot_be_reverted(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    path = _write(two_versions, "2_20260101000000_gone.py")
    await migrations.upgrade(config, location=two_versions)
    path.unlink()

    with pytest.raises(MigrationError, match=r"2_20260101000000_gone\.py is applied but missing in"):
        await migrations.downgrade(config, location=two_versions)


@pytest.mark.parametrize("steps", [0, -1])
async def test_a_downgrade_needs_one_step_or_more(steps: int, tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match=f"steps is {steps}: use 1 or more"):
        await migrations.downgrade(models_config(NOWHERE, V1), location=tmp_path, steps=steps)


async def test_an_app_that_is_not_configured_is_reported(tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match="no app 'shop'; it has: models"):
        await migrations.upgrade(models_config(NOWHERE, V1), location=tmp_path, app="shop")


async def test_aerichs_table_is_created_even_if_its_model_is_not_configured(
    tmp_path: Path, empty_database_url: str
) -> None:
    config = models_config(empty_database_url, V1)
    config["apps"]["models"]["models"].remove("aerich.models")

    made = await make(config, location=tmp_path, name="init")

    assert made
    assert await migrations.upgrade(config, location=tmp_path) == [made.name]
    assert await check(config, location=tmp_path) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("oops(", "cannot be imported"),
        ("x = 1", r"needs the functions upgrade\(db\) and downgrade\(db\)"),
        ("def upgrade(db): ...\ndef downgrade(db): ...", "has no usable MODELS_STATE"),
    ],
)
async def test_a_file_that_is_not_a_migration_is_reported(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "models" / "0_20260101000000_odd.py"
    path.parent.mkdir()
    path.write_text(content)

    with pytest.raises(MigrationError, match=f"{path.name} {message}"):
        await make(models_config(NOWHERE, V1), location=tmp_path, name="next")


async def test_nothing_of_tortoise_stays_open_even_after_a_failure(empty_database_url: str, two_versions: Path) -> None:
    context = get_current_context()
    _write(two_versions, "2_20260101000000_broken.py", up="oops")

    with pytest.raises(MigrationError):
        await migrations.upgrade(models_config(empty_database_url, V2), location=two_versions)

    assert get_current_context() is context
    if not empty_database_url.startswith("sqlite"):
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tests'"
        )
        assert await execute(empty_database_url, query) == [(0,)]


async def test_models_keep_working_on_another_database(empty_database_url: str, tmp_path: Path) -> None:
    async with TortoiseContext() as context:
        await context.init(models_config(f"sqlite://{tmp_path / 'used.db'}", V1))
        await context.generate_schemas()
        await Author.create(name="Ada")

        config = models_config(empty_database_url, V1)
        await make(config, location=tmp_path, name="init")
        await migrations.upgrade(config, location=tmp_path)

        await Author.bulk_create([Author(name="Mary"), Author(name="Jane")])
        assert await Author.filter(name__contains="a").count() == 3
    assert await execute(empty_database_url, "SELECT * FROM authors") == []


async def test_aerich_itself_applies_the_files(empty_database_url: str, two_versions: Path) -> None:
    config = models_config(empty_database_url, V2)
    first, second = await migrations.upgrade(config, location=two_versions)
    ours = await catalog(empty_database_url)
    await migrations.downgrade(config, location=two_versions)
    await execute(empty_database_url, *ROWS)
    program = (
        "import asyncio, json, sys\n"
        "from aerich import Command\n"
        "async def main():\n"
        "    async with Command(tortoise_config=json.loads(sys.argv[1]), location=sys.argv[2]) as command:\n"
        "        print(*await command.upgrade())\n"
        "asyncio.run(main())\n"
    )

    arguments = ["-c", program, json.dumps(config), str(two_versions)]
    result = await run_process([sys.executable, *arguments], stderr=None)

    assert result.stdout.decode().split() == [second]
    assert await catalog(empty_database_url) == ours
    assert await execute(empty_database_url, "SELECT book_id, reader FROM loans ORDER BY id") == [
        (1, "Ann"),
        (2, "Bob"),
    ]
    assert await migrations.history(config, location=two_versions) == [
        (first, True),
        (second, True),
    ]


def test_migrations_work_in_a_process_without_tortoise(tmp_path: Path) -> None:
    config = models_config(f"sqlite://{tmp_path / 'own.db'}", V1)

    async def both() -> list[str]:
        await make(config, location=tmp_path, name="init")
        return await migrations.upgrade(config, location=tmp_path)

    assert len(Context().run(asyncio.run, both())) == 1


async def _catalog_of_models(url: str, module: str, location: Path) -> dict[str, set[tuple[object, ...]]]:
    """What Tortoise itself makes of the models, in the database after all migrations are taken back."""
    config = models_config(url, module)
    await migrations.downgrade(config, location=location, steps=9)
    await create_from_models(config)
    return await catalog(url)


def _files(location: Path) -> list[Path]:
    return list(location.rglob("*"))


def _newest(location: Path) -> Path:
    return max((location / "models").glob("*.py"))


def _write(location: Path, name: str, *, up: str = "", down: str = "", in_transaction: bool = True) -> Path:
    """A migration by hand after the newest one, with the same models."""
    newest = _newest(location)
    before, _, state = newest.read_text().partition("MODELS_STATE")
    for constant, sql in (("UPGRADE", up), ("DOWNGRADE", down)):
        start = before.index(f"{constant}: dict[str, str] = ")
        end = before.index("\n}\n", start) + 2
        before = (
            f"{before[:start]}{constant}: dict[str, str] = {dict.fromkeys(('sqlite', 'postgres'), sql)!r}{before[end:]}"
        )
    before = before.replace("RUN_IN_TRANSACTION = True", f"RUN_IN_TRANSACTION = {in_transaction}")
    path = newest.with_name(name)
    path.write_text(f"{before}MODELS_STATE{state}")
    return path


BY_HAND = (
    "CREATE VIEW readers AS SELECT reader FROM loans",
    "CREATE INDEX by_hand ON loans (reader)",
)
TRIGGER = "CREATE TRIGGER by_hand_too AFTER INSERT ON loans BEGIN UPDATE loans SET reader = 'x' WHERE id = new.id; END"
REBUILD = """
CREATE TABLE new__loans AS SELECT * FROM loans; DROP TABLE loans;
PRAGMA legacy_alter_table = ON; ALTER TABLE new__loans RENAME TO loans; PRAGMA legacy_alter_table = OFF
"""


@pytest.fixture
async def by_hand(empty_database_url: str, two_versions: Path) -> dict[str, Any]:
    """A database of the first version, where a view, an index and on SQLite a trigger were created by hand."""
    config = models_config(empty_database_url, V2)
    await migrations.upgrade(config, location=two_versions)
    await migrations.downgrade(config, location=two_versions)
    for file in (two_versions / "models").glob("1_*"):
        file.unlink()
    triggers = [TRIGGER] if empty_database_url.startswith("sqlite") else []
    await execute(empty_database_url, *BY_HAND, *triggers)
    return config


@pytest.mark.only("sqlite")
async def test_a_rebuild_keeps_what_was_created_by_hand_in_the_database_alone(
    empty_database_url: str, by_hand: dict[str, Any], two_versions: Path
) -> None:
    _write(two_versions, "1_20260101000000_rebuild.py", up=REBUILD)

    await migrations.upgrade(by_hand, location=two_versions)

    kept = "SELECT name FROM sqlite_master WHERE name IN ('readers', 'by_hand', 'by_hand_too') ORDER BY name"
    assert await execute(empty_database_url, kept) == [("by_hand",), ("by_hand_too",), ("readers",)]
    assert await execute(empty_database_url, "SELECT * FROM readers") == []


@pytest.mark.only("sqlite")
async def test_a_file_may_drop_what_was_created_by_hand(
    empty_database_url: str, by_hand: dict[str, Any], two_versions: Path
) -> None:
    _write(
        two_versions, "1_20260101000000_drop.py", up="DROP INDEX by_hand; DROP TRIGGER by_hand_too; DROP VIEW readers"
    )

    await migrations.upgrade(by_hand, location=two_versions)

    assert await execute(empty_database_url, "SELECT name FROM sqlite_master WHERE name LIKE 'by_hand%'") == []


@pytest.mark.parametrize(
    ("change", "named"),
    [("ALTER TABLE loans DROP COLUMN reader", "(readers|by_hand)"), ("DROP TABLE loans", "readers")],
)
async def test_a_change_that_breaks_what_was_created_by_hand_is_reported_with_the_remedy(
    empty_database_url: str, by_hand: dict[str, Any], two_versions: Path, change: str, named: str
) -> None:
    _write(two_versions, "1_20260101000000_change.py", up=change)
    before = await catalog(empty_database_url)

    with pytest.raises(MigrationError, match=_broken(named)):
        await migrations.upgrade(by_hand, location=two_versions)

    assert await catalog(empty_database_url) == before


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("column", ['"reader"', "loans.reader", "[reader]"])
async def test_a_view_of_a_column_that_goes_is_reported_however_it_is_quoted(
    empty_database_url: str, by_hand: dict[str, Any], two_versions: Path, column: str
) -> None:
    """SQLite would read `"reader"` as a text, once there is no such column."""
    await execute(
        empty_database_url, "DROP VIEW readers", "DROP INDEX by_hand", f"CREATE VIEW v AS SELECT {column} FROM loans"
    )
    _write(two_versions, "1_20260101000000_change.py", up="ALTER TABLE loans DROP COLUMN reader")

    with pytest.raises(MigrationError, match=r"v would not work any more|error in view v"):
        await migrations.upgrade(by_hand, location=two_versions)


@pytest.mark.only("sqlite")
async def test_a_view_that_takes_rows_by_a_trigger_stays(
    empty_database_url: str, by_hand: dict[str, Any], two_versions: Path
) -> None:
    trigger = "CREATE TRIGGER t INSTEAD OF INSERT ON readers BEGIN UPDATE loans SET reader = reader; END"
    await execute(empty_database_url, trigger)
    _write(two_versions, "1_20260101000000_rebuild.py", up=REBUILD)

    await migrations.upgrade(by_hand, location=two_versions)

    assert await execute(empty_database_url, "SELECT count(*) FROM sqlite_master WHERE name = 't'") == [(1,)]


@pytest.mark.only("sqlite")
async def test_a_rebuild_that_leaves_out_what_an_index_by_hand_uses_is_reported(
    by_hand: dict[str, Any], two_versions: Path
) -> None:
    _write(two_versions, "1_20260101000000_change.py", up=REBUILD.replace("SELECT *", "SELECT id"))

    with pytest.raises(MigrationError, match=_broken("by_hand")):
        await migrations.upgrade(by_hand, location=two_versions)


@pytest.mark.only("postgres")
async def test_a_type_that_changes_under_a_view_is_reported(by_hand: dict[str, Any], two_versions: Path) -> None:
    _write(two_versions, "1_20260101000000_change.py", up="ALTER TABLE loans ALTER reader TYPE TEXT")

    with pytest.raises(MigrationError, match=_broken("readers")):
        await migrations.upgrade(by_hand, location=two_versions)


def _broken(name: str) -> str:
    return rf"(?s)1_20260101000000_change\.py failed .*nothing changed.*{name}.*drop it at the start of the file"


async def test_the_type_of_a_column_that_a_view_of_the_history_reads_does_not_change(tmp_path: Path) -> None:
    await make(models_config(NOWHERE, V1), location=tmp_path, name="init")
    _write(tmp_path, "1_20260101000000_view.py", up="CREATE VIEW p AS SELECT pages FROM books")

    with pytest.raises(MigrationError, match=r"The view p reads books\.pages, and Postgres does not change its type"):
        await make(models_config(NOWHERE, V2), location=tmp_path, name="next", drop=["leaflets", "books.price"])
