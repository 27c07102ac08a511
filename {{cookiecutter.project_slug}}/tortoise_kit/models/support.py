"""What a model may declare on which database: said by name when models are loaded, not by a request that fails."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, cast

from tortoise.exceptions import ConfigurationError
from tortoise.fields import DatetimeField, DecimalField, Field
from tortoise.models import Model

from tortoise_kit.models.columns import SQLITE_DIGITS, NumericField, UTCDatetimeField
from tortoise_kit.models.constraints import NoOverlap
from tortoise_kit.sql.declared import declared
from tortoise_kit.sql.descriptions import descriptions, table_description

POSTGRES_FIELDS = "tortoise.contrib.postgres"
ON_POSTGRES_ONLY = "on Postgres only, see `One database only` in docs/models.md"
POSTGRES_ONLY = f"which SQLite does not have; to run {ON_POSTGRES_ONLY}"
UNORDERED: dict[type[Field[Any]], type[Field[Any]]] = {DatetimeField: UTCDatetimeField, DecimalField: NumericField}


def check_models(models: Iterable[type[Model]], databases: Collection[str]) -> None:
    """Reject models that one of these databases cannot have; call it once Tortoise is initialised.

    Args:
        models: The models.
        databases: `sqlite`, `postgres` or both.

    Raises:
        ConfigurationError: A model cannot work as it says; the message names model, field and remedy.
    """
    for model in models:
        name = model._meta.full_name
        for complaint in _complaints(model, databases):
            message = f"{name}{complaint}."
            raise ConfigurationError(message)
        try:
            for dialect in databases:
                found = descriptions(model)
                declared(table_description(model, dialect, _unnamed), [*found[0], *found[1]])
        except ConfigurationError as error:
            message = f"{name}: {error}."
            raise ConfigurationError(message) from error


def _complaints(model: type[Model], databases: Collection[str]) -> Iterator[str]:
    meta = model._meta
    for name in sorted(meta.fk_fields):
        relation = cast("Any", meta.fields_map[name])
        if relation.source_field not in meta.fields_db_projection:  # Tortoise 1.1.9, issue 1771
            yield (
                f".{name} refers to {relation.related_model._meta.full_name}, whose key is a OneToOneField: Tortoise "
                "makes no column for it; let that model have a key besides, and its OneToOneField be no key"
            )
    if "sqlite" in databases:
        yield from _not_on_sqlite(model)


def _not_on_sqlite(model: type[Model]) -> Iterator[str]:
    meta = model._meta
    if meta.schema:
        yield f".Meta.schema is {meta.schema!r}, {POSTGRES_ONLY}"
    for name, field in meta.fields_map.items():
        if type(field).__module__.startswith(POSTGRES_FIELDS):
            yield f".{name} is a {type(field).__name__}, {POSTGRES_ONLY}"
        if isinstance(field, DecimalField) and field.max_digits > SQLITE_DIGITS:
            yield (
                f".{name} has {field.max_digits} digits, of which SQLite compares and computes {SQLITE_DIGITS}: "
                f"use fewer, or an integer of the smallest unit, or run {ON_POSTGRES_ONLY}"
            )
    ranges = [name for each in meta.constraints if isinstance(each, NoOverlap) for name in each.fields]
    for name in ranges:
        for kind, better in UNORDERED.items():
            if isinstance(meta.fields_map.get(name), kind) and not isinstance(meta.fields_map[name], better):
                yield f".{name} is a {kind.__name__}, which SQLite does not compare rightly: use {better.__name__}"


def _unnamed(prefix: str, columns: Sequence[str]) -> str:
    return "_".join([prefix, *columns])
