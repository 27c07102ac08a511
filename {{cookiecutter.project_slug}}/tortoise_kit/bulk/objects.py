"""Objects on their way into the database: which of them go together, and what they know of it afterwards."""

from collections.abc import Iterable, Sequence
from typing import Any

from tortoise.fields.base import DatabaseDefault, Field
from tortoise.models import Model

from tortoise_kit.bulk.rows import BulkError, Row, Rows, is_stored_as_is, notes_time


def rows_of_objects(model: type[Model], names: Sequence[str], objects: Sequence[Model]) -> Rows:
    """The values that the objects have for these fields; a time of change is set in them, too."""
    values = [_values(model._meta.fields_map[name], name, objects) for name in names]
    return Rows(model, tuple(names), values, len(objects))


def _values(field: Field[Any], name: str, objects: Sequence[Model]) -> list[Any]:
    values = [getattr(each, name) for each in objects]
    if not notes_time(field) and is_stored_as_is(field, values):
        return values
    return [field.to_db_value(value, each) for value, each in zip(values, objects, strict=True)]


def model_of_new[M: Model](objects: Sequence[M]) -> type[M]:
    """The model of objects that may be inserted.

    Raises:
        BulkError: They are of several models, or one is saved already or refers to an object that has no row yet.
    """
    model = _common_model(objects)
    if saved := next((each for each in objects if each._saved_in_db), None):
        message = f"{model.__name__} {saved.pk} is saved already; insert only new objects."
        raise BulkError(message)
    if relations := model._meta.fk_fields | model._meta.o2o_fields:
        for each in objects:
            _refuse_unsaved_targets(each, relations)
    return model


def model_of_saved[M: Model](objects: Sequence[M]) -> type[M]:
    """The model of objects that may be updated.

    Raises:
        BulkError: They are of several models, or one has no row yet.
    """
    model = _common_model(objects)
    if any(not each._saved_in_db for each in objects):
        message = f"A {model.__name__} is not saved yet; update only objects that have a row."
        raise BulkError(message)
    return model


def _common_model[M: Model](objects: Sequence[M]) -> type[M]:
    models = {type(each): None for each in objects}
    if len(models) > 1:
        message = f"One statement is for one model, and these are {', '.join(model.__name__ for model in models)}."
        raise BulkError(message)
    return next(iter(models))


def _refuse_unsaved_targets(instance: Model, relations: Iterable[str]) -> None:
    """An object that was assigned before it was saved left no key behind: the row would silently refer to nothing."""
    for name in relations:
        target = getattr(instance, f"_{name}", None)
        source = str(instance._meta.fields_map[name].source_field)
        if target is not None and (not target._saved_in_db or getattr(instance, source) is None):
            message = (
                f"{type(instance).__name__}.{name} is an unsaved {type(target).__name__}; save it, then assign it."
            )
            raise BulkError(message)


async def by_given_fields[M: Model](model: type[M], objects: Sequence[M]) -> dict[tuple[str, ...], list[M]]:
    """The objects by the fields they have values for; the database fills in the others. Given keys come first."""
    fields = model._meta.fields_map
    names = model._meta.fields_db_projection
    uncertain = [name for name in names if fields[name].generated or fields[name].has_db_default()]
    groups: dict[tuple[str, ...], list[M]] = {}  # by what they leave out, which is little
    for each in objects:
        if each._await_when_save:
            await each._set_async_default_field()
        groups.setdefault(tuple([name for name in uncertain if not _is_given(each, name)]), []).append(each)
    given = {tuple(name for name in names if name not in left_out): group for left_out, group in groups.items()}
    return dict(sorted(given.items(), key=lambda group: model._meta.pk_attr not in group[0]))


def _is_given(instance: Model, name: str) -> bool:
    value = getattr(instance, name)
    generated = instance._meta.fields_map[name].generated
    return not (isinstance(value, DatabaseDefault) or (generated and value is None))


def mark_saved(instance: Model, columns: Row) -> None:
    """The instance has a row now, and these of its values come from there."""
    for column, value in columns.items():
        name = instance._meta.fields_db_projection_reverse[column]
        setattr(instance, name, instance._meta.fields_map[name].to_python_value(value))
    instance._saved_in_db = True
