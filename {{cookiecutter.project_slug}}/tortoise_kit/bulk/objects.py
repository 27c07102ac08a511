"""Objects to insert: what they have values for, and what the database fills in."""

from collections.abc import Sequence
from functools import lru_cache

from tortoise.fields.base import DatabaseDefault
from tortoise.models import Model

from tortoise_kit.bulk.rows import BulkError, Row
from tortoise_kit.upstream.tortoise import saved, set_async_defaults

MODELS = 500  # remembered


def model_of[M: Model](objects: Sequence[M]) -> type[M]:
    """The one model of the objects.

    Raises:
        BulkError: They are of several.
    """
    models = {type(each): None for each in objects}
    if len(models) > 1:
        message = f"One statement is for one model, and these are {', '.join(model.__name__ for model in models)}."
        raise BulkError(message)
    return next(iter(models))


def require_unsaved(model: type[Model], objects: Sequence[Model]) -> None:
    """Raise BulkError for an object that has a row."""
    for each in saved(objects):
        message = f"{model.__name__} {each.pk} is saved already; insert only new objects."
        raise BulkError(message)


async def by_given_fields[M: Model](model: type[M], objects: Sequence[M]) -> dict[tuple[str, ...], list[M]]:
    """The objects by the fields they have values for; the database fills in the others. Given keys come first."""
    names, uncertain = model._meta.fields_db_projection, _filled_in(model)
    groups: dict[tuple[str, ...], list[M]] = {}  # by what they leave out, which is little
    await set_async_defaults(objects)
    for each in objects:
        groups.setdefault(tuple([name for name in uncertain if not _is_given(each, name)]), []).append(each)
    given = {tuple(name for name in names if name not in left_out): group for left_out, group in groups.items()}
    return dict(sorted(given.items(), key=lambda group: model._meta.pk_attr not in group[0]))


@lru_cache(maxsize=MODELS)
def _filled_in(model: type[Model]) -> tuple[str, ...]:
    """The fields that the database fills in where an object has no value."""
    fields = model._meta.fields_map
    return tuple(
        name for name in model._meta.fields_db_projection if fields[name].generated or fields[name].has_db_default()
    )


def _is_given(instance: Model, name: str) -> bool:
    value = getattr(instance, name)
    generated = instance._meta.fields_map[name].generated
    return not (isinstance(value, DatabaseDefault) or (generated and value is None))


def set_columns(instance: Model, columns: Row) -> None:
    """Set what the database filled in, by column."""
    for column, value in columns.items():
        name = instance._meta.fields_db_projection_reverse[column]
        setattr(instance, name, instance._meta.fields_map[name].to_python_value(value))
