"""Rows by a unique field, created where they are missing."""

from collections.abc import Iterable
from typing import Any

from tortoise.models import Model

from tortoise_kit.bulk.rows import BulkError

ATTEMPTS = 3  # only a row that is deleted at the same time needs a second one


async def get_or_create_many[M: Model](model: type[M], field: str, values: Iterable[Any]) -> list[M]:
    """The rows with these values, in their order; two statements, whether rows are missing or not.

        await product.tags.add(*await get_or_create_many(Tag, "name", names))

    Any number of callers may create the same rows at once: the others wait for the first one, and find its rows. Rows
    are created in the order of their values, so that callers wait for each other instead of deadlocking.

    Args:
        model: The model; its other fields have defaults.
        field: A unique field.
        values: Its values; a repeated one counts once.

    Raises:
        BulkError: A row can be neither created nor found: another constraint forbids it, or the database considers two
            of the values the same.
        IntegrityError: A row violates a constraint that is not unique.
    """
    wanted = list(dict.fromkeys(values))
    found: dict[Any, M] = {}
    for _ in range(ATTEMPTS):
        if found.keys() >= set(wanted):
            break
        missing = sorted(value for value in wanted if value not in found)
        await model.bulk_create([model(**{field: value}) for value in missing], ignore_conflicts=True)
        found = {getattr(row, field): row for row in await model.filter(**{f"{field}__in": wanted})}
    if lost := [value for value in wanted if value not in found]:
        message = f"{len(lost)} rows of {model.__name__}.{field} can be neither created nor found."
        raise BulkError(message)
    return [found[value] for value in wanted]
