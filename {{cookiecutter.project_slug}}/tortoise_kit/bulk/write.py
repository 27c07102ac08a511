"""Many rows in one statement: inserted, inserted or updated, updated.

insert_many(objects)                             each comes back saved, with its key
insert_rows(Book, rows)                          the same of plain values; gives the keys
upsert_many(Book, rows, conflict=("isbn",))      those that are there already are updated; gives the keys
update_many(objects, ("price",))                 each to its own values
update_rows(Book, rows)                          the same of plain values

Each writes all rows or none. No signals are sent, as by Tortoise's `bulk_create`, which besides sets no keys and leaves
its objects unsaved, so that a later `save()` inserts each of them again. To delete many, Tortoise's
`Model.filter(…).delete()` is one statement. For loads without keys, twice as fast, see `tortoise_kit.bulk.copy`.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from tortoise_kit.bulk import statements
from tortoise_kit.bulk.objects import by_given_fields, mark_saved, model_of_new, model_of_saved, rows_of_objects
from tortoise_kit.bulk.rows import (
    BulkError,
    Row,
    Rows,
    distinct_order,
    is_filled_in,
    notes_changes,
    require_columns,
    rows_of,
    times_of_change,
)

__all__ = ["BATCH_SIZE", "BulkError", "insert_many", "insert_rows", "update_many", "update_rows", "upsert_many"]

BATCH_SIZE = 5000  # some 40 ms each; from 1000 on the time of a row hardly falls


async def insert_many[M: Model](objects: Iterable[M], *, batch_size: int = BATCH_SIZE) -> list[M]:
    """The objects, inserted: each with its key and what the database filled in, and marked as saved.

    A key that an object brings along is kept. As with any insert, the keys Postgres generates later do not know of it:
    see `tortoise_kit.bulk.copy.continue_keys`.

    Args:
        objects: Unsaved instances of one model; none at all is fine.
        batch_size: Rows of one statement, 1 or more; where each value is a parameter, also limited by their number.

    Raises:
        BulkError: The objects are of several models, or one is saved already or refers to an unsaved object.
        IntegrityError: A row breaks a constraint.
    """
    pending = list(objects)
    if not pending:
        return pending
    model = model_of_new(pending)
    groups = await by_given_fields(model, pending)
    rows = [rows_of_objects(model, given, group) for given, group in groups.items()]
    returned = await statements.run(rows, statements.insert, batch_size)
    for instance, values in zip(chain.from_iterable(groups.values()), returned, strict=True):
        mark_saved(instance, values)
    return pending


async def insert_rows(model: type[Model], rows: Iterable[Row], *, batch_size: int = BATCH_SIZE) -> list[Any]:
    """Insert rows of plain values; gives their keys, in the order of the rows.

    Args:
        model: Whose rows.
        rows: Values by field, `customer_id` for a foreign key; all name the same fields. What they leave out gets the
            model's default, else the database's.
        batch_size: As for `insert_many`.

    Raises:
        BulkError: A row names other fields than the first, or one that the model does not have.
        IntegrityError: A row breaks a constraint.
    """
    given = list(rows)
    if not given:
        return []
    whole = await rows_of(model, given, fill=is_filled_in)
    meta = model._meta
    returned = await statements.run([whole], statements.insert, batch_size)
    if meta.pk_attr in whole.names:
        return [key for (key,) in whole.places((meta.pk_attr,))]
    return [meta.pk.to_python_value(row[meta.db_pk_column]) for row in returned]


async def upsert_many(
    model: type[Model],
    rows: Iterable[Row],
    *,
    conflict: Sequence[str],
    update: Sequence[str] | None = None,
    batch_size: int = BATCH_SIZE,
) -> list[Any]:
    """Insert rows, and update those that are there already; gives the keys of all, in the order of the rows.

    Rows are written in the order of what they may conflict in, so that two callers with the same rows wait for each
    other instead of deadlocking. On Postgres a row that is updated uses up a generated key, too.

    Args:
        model: Whose rows.
        rows: As for `insert_rows`; a key that the database generates is left out.
        conflict: Fields that are unique together, by a constraint or an index: the same values mean the same row.
        update: Fields that a row that is there already gets from the new one; by default all that the rows name. A
            time of the last change follows by itself. None at all leaves such a row as it is, and gives its key.
        batch_size: As for `insert_many`.

    Raises:
        BulkError: Two rows are the same one, or one has no value where it may conflict.
        IntegrityError: A row breaks another constraint.
        OperationalError: No constraint makes the fields `conflict` unique.
    """
    given = list(rows)
    if not given:
        return []
    whole = await rows_of(model, given, fill=is_filled_in)
    order = distinct_order(whole, require_columns(model, conflict))
    changed = _changed(whole, tuple(given[0]) if update is None else update, conflict)

    async def write(db: BaseDBAsyncClient, batch: Rows) -> list[Any]:
        return await statements.upsert(db, batch, conflict, changed)

    keys = await statements.run([whole.in_order(order)], write, batch_size)
    by_position = dict(zip(order, keys, strict=True))
    return [by_position[position] for position in range(whole.count)]


async def update_many[M: Model](objects: Iterable[M], fields: Sequence[str], *, batch_size: int = BATCH_SIZE) -> int:
    """Write these fields of the objects, each its own values; gives the number of rows that were there to be changed.

    A time of the last change is set, in the objects too. Rows are locked in no certain order: where others change the
    same ones, lock them first by `tortoise_kit.db.locks.lock_rows`.

    Args:
        objects: Saved instances of one model, each row once.
        fields: Names, `customer_id` for a foreign key; not the key.
        batch_size: As for `insert_many`.

    Raises:
        BulkError: The objects are of several models, or one is not saved or given twice, or no field is given.
        IntegrityError: A row breaks a constraint.
    """
    given = list(objects)
    if not given:
        return 0
    model = model_of_saved(given)
    names = dict.fromkeys((model._meta.pk_attr, *require_columns(model, fields), *times_of_change(model)))
    return await _update(rows_of_objects(model, tuple(names), given), batch_size)


async def update_rows(model: type[Model], rows: Iterable[Row], *, batch_size: int = BATCH_SIZE) -> int:
    """Update rows by their key from plain values; gives the number of rows that were there to be changed.

    Args:
        model: Whose rows.
        rows: Values by field; all name the same fields, and the key among them.
        batch_size: As for `insert_many`.

    Raises:
        BulkError: A row names other fields than the first, no key or nothing else, or a key that another row has.
        IntegrityError: A row breaks a constraint.
    """
    given = list(rows)
    if not given:
        return 0
    if model._meta.pk_attr not in given[0]:
        message = f"Rows to update name their key, {model.__name__}.{model._meta.pk_attr}; these do not."
        raise BulkError(message)
    return await _update(await rows_of(model, given, fill=notes_changes), batch_size)


async def _update(rows: Rows, batch_size: int) -> int:
    if len(rows.names) == 1:
        message = f"There is nothing to update: name a field of {rows.model.__name__} beside its key."
        raise BulkError(message)
    order = distinct_order(rows, (rows.model._meta.pk_attr,))
    return sum(await statements.run([rows.in_order(order)], statements.update, batch_size))


def _changed(rows: Rows, update: Sequence[str], conflict: Sequence[str]) -> Sequence[str]:
    """What a row that is there already gets; with nothing to change it gets what it has, so that its key is given."""
    fixed = {*conflict, rows.model._meta.pk_attr}
    changed = [name for name in require_columns(rows.model, update) if name not in fixed]
    if absent := [name for name in changed if name not in rows.names]:
        message = f"{rows.model.__name__}.{absent[0]} is to be updated, and the rows have no value for it."
        raise BulkError(message)
    return tuple(dict.fromkeys((*changed, *times_of_change(rows.model)))) if changed else conflict
