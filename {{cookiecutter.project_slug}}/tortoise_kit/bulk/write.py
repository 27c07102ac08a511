"""Many rows inserted, upserted or updated, with their keys.

No signals are sent. Tortoise's own `bulk_create` sends none either, sets no keys, and leaves its objects unsaved: a
later `save()` inserts each of them again.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from tortoise_kit.bulk import statements
from tortoise_kit.bulk.batches import run
from tortoise_kit.bulk.objects import by_given_fields, model_of, require_unsaved, set_columns
from tortoise_kit.bulk.rows import (
    BulkError,
    Row,
    Rows,
    auto_now_fields,
    distinct_order,
    require_columns,
    rows_of,
    rows_of_objects,
)
from tortoise_kit.upstream.tortoise import mark_saved, saved

BATCH_SIZE = 5000  # some 40 ms each; from 1000 on the time of a row hardly falls


async def insert_many[M: Model](objects: Iterable[M], *, batch_size: int = BATCH_SIZE) -> list[M]:
    """Insert objects. Returns them, each with its key and what the database filled in, and marked as saved.

    A key that an object has already is kept, and generated keys continue after it.

    Args:
        objects: Unsaved instances of one model; may be empty.
        batch_size: Rows of one statement, 1 or more; fewer where a statement cannot have as many parameters.

    Raises:
        BulkError: The objects are of several models, or one is saved already or refers to an unsaved object.
        IntegrityError: A row violates a constraint.
    """
    pending = list(objects)
    if not pending:
        return pending
    model = model_of(pending)
    require_unsaved(model, pending)
    groups = await by_given_fields(model, pending)
    rows = [rows_of_objects(model, given, group) for given, group in groups.items()]
    returned = await run(rows, statements.insert, batch_size, inserts=True)
    for instance, columns in zip(chain.from_iterable(groups.values()), returned, strict=True):
        set_columns(instance, columns)
    mark_saved(pending)
    return pending


async def upsert_many(
    model: type[Model],
    rows: Iterable[Row],
    *,
    conflict: Sequence[str],
    update: Sequence[str] | None = None,
    batch_size: int = BATCH_SIZE,
) -> list[Any]:
    """Insert rows, or update those that exist. Returns the keys of all, in the order of the rows.

    Rows are written in the order of their `conflict` values, so that two callers with the same rows wait for each other
    instead of deadlocking. On Postgres a row that is updated also uses up a generated key.

    Args:
        model: The model.
        rows: Values by field, `customer_id` for a foreign key; all rows have the same fields. Fields that they leave
            out get the model's default, else the database's, and a key is generated.
        conflict: Fields that a constraint or an index makes unique together: the same values are the same row.
        update: Fields to update in a row that exists; by default all that the rows have. `auto_now` fields are added.
            With an empty sequence such a row stays as it is, and its key is returned.
        batch_size: As for `insert_many`.

    Raises:
        BulkError: Two rows have the same `conflict` values, by Python or by the database, which may ignore case; or one
            has a NULL there, or other fields than the first.
        IntegrityError: A row violates another constraint.
        OperationalError: No constraint makes the fields `conflict` unique.
    """
    given = list(rows)
    if not given:
        return []
    whole = await rows_of(model, given)
    order = distinct_order(whole, require_columns(model, conflict))
    changed = _changed(whole, tuple(given[0]) if update is None else update, conflict)

    async def write(db: BaseDBAsyncClient, batch: Rows) -> list[Any]:
        return await statements.upsert(db, batch, conflict, changed)

    keys = await run([whole.in_order(order)], write, batch_size, distinct=True, inserts=True)
    by_position = dict(zip(order, keys, strict=True))
    return [by_position[position] for position in range(whole.count)]


async def update_many[M: Model](objects: Iterable[M], fields: Sequence[str], *, batch_size: int = BATCH_SIZE) -> int:
    """Update these fields of the objects, each with its own values. Returns the number of rows found.

    `auto_now` fields are set, in the objects too. Rows are locked in no particular order: where others change the same
    ones, lock them first with `tortoise_kit.db.lock_rows`.

    Args:
        objects: Saved instances of one model, each row once; may be empty.
        fields: Names, `customer_id` for a foreign key; not the key.
        batch_size: As for `insert_many`.

    Raises:
        BulkError: The objects are of several models, one is not saved or comes twice, or there is nothing to update.
        IntegrityError: A row violates a constraint.
    """
    given = list(objects)
    if not given:
        return 0
    model = model_of(given)
    if len(saved(given)) < len(given):
        message = f"A {model.__name__} is not saved yet; update only objects that have a row."
        raise BulkError(message)
    key = model._meta.pk_attr
    names = dict.fromkeys((key, *require_columns(model, fields), *auto_now_fields(model)))
    if len(names) == 1:
        message = f"There is nothing to update: name a field of {model.__name__} other than its key."
        raise BulkError(message)
    rows = rows_of_objects(model, tuple(names), given)
    return sum(await run([rows.in_order(distinct_order(rows, (key,)))], statements.update, batch_size))


def _changed(rows: Rows, update: Sequence[str], conflict: Sequence[str]) -> Sequence[str]:
    """What to update in a row that exists; if nothing, its `conflict` values, so that its key is returned."""
    fixed = {*conflict, rows.model._meta.pk_attr}
    changed = [name for name in require_columns(rows.model, update) if name not in fixed]
    if absent := [name for name in changed if name not in rows.names]:
        message = f"{rows.model.__name__}.{absent[0]} is to be updated, and the rows have no value for it."
        raise BulkError(message)
    return tuple(dict.fromkeys((*changed, *auto_now_fields(rows.model)))) if changed else conflict
