"""What the kit uses of Tortoise ORM beyond its documented interface, as read in Tortoise 1.1.9.

Querysets are in `tortoise_kit.upstream.querysets`.
"""

from collections.abc import Callable, Iterable
from copy import copy
from functools import wraps
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError
from tortoise.fields import ReverseRelation
from tortoise.fields.relational import ManyToManyFieldInstance
from tortoise.models import Model
from tortoise.query_utils import Prefetch
from tortoise.queryset import QuerySet

# --- connections


def read_connection(rows: QuerySet[Any] | type[Model]) -> BaseDBAsyncClient:
    """The connection that a queryset or a model reads from: a router's choice, or the open transaction."""
    return rows._choose_db()


def write_connection(model: type[Model]) -> BaseDBAsyncClient:
    """The connection that a model is written to."""
    return model._choose_db(for_write=True)


def driver_connection(db: BaseDBAsyncClient) -> Any:
    """The driver's connection of a client that has one, as SQLite's; None of a pool."""
    return getattr(db, "_connection", None)


def use_connection(name: str, client: BaseDBAsyncClient) -> Callable[[], None]:
    """Let the caller's context use `client` under this name; what is returned undoes it, in whatever context."""
    connections = get_connections()
    token = connections.set(name, client)

    def undo() -> None:
        try:
            connections.reset(token)
        except ValueError:  # in another context than that of the caller, which is left as it is
            storage = connections._copy_storage()
            if token._old_value is not None and storage.get(name) is client:
                connections._set_storage({**storage, name: token._old_value})

    return undo


# --- relations


async def prefetch(rows: QuerySet[Any], found: Iterable[Model]) -> None:
    """Fetch what a queryset prefetches, if anything, for models that were read in another way."""
    if not (rows._prefetch_map or rows._prefetch_queries):
        return
    db = rows._choose_db()
    executor = db.executor_class(
        model=rows.model,
        db=db,
        prefetch_map=copy(rows._prefetch_map),
        prefetch_queries=copy(rows._prefetch_queries),
    )
    await executor._execute_prefetch_queries(list(found))


def prefetches_only_names(rows: QuerySet[Any]) -> bool:
    """Whether it prefetches no relation by a queryset of the caller's, which may leave rows out."""
    return not rows._prefetch_queries and all(
        isinstance(each, str) for below in rows._prefetch_map.values() for each in below
    )


def prefetching[Row: Model](
    rows: QuerySet[Row], name: str, default: QuerySet[Any], below: Callable[[QuerySet[Any]], QuerySet[Any]]
) -> QuerySet[Row]:
    """The queryset, which also prefetches a relation: by the caller's queryset if it has one, else by `default`.

    `below` adds to that queryset what it prefetches itself. Upstream's `prefetch_related` forgets what an earlier call
    named, and prefetches a relation twice that has both a name below it and a queryset.
    """
    found, named = rows._clone(), rows._prefetch_map.get(name, ())
    given = rows._prefetch_queries.get(name, [])
    own = next((each for attribute, each in given if attribute is None), default)
    related = own.prefetch_related(*named)
    for relation, parts in own._prefetch_map.items():
        related._prefetch_map[relation] = {*parts, *related._prefetch_map.get(relation, ())}
    queryset = Prefetch(name, below(related)).queryset
    found._prefetch_map = {other: parts for other, parts in rows._prefetch_map.items() if other != name}
    others = [pair for pair in given if pair[0] is not None]
    found._prefetch_queries = {**rows._prefetch_queries, name: [*others, (None, queryset)]}
    return found


def set_related(relation: ReverseRelation[Any], rows: list[Any]) -> None:
    """Let a relation to many have these rows, as if they had been fetched."""
    relation._set_result_for_query(rows)


def declared_relations(model: type[Model]) -> list[ManyToManyFieldInstance[Any]]:
    """The many-to-many relations that are written in this model, by name; not those that Tortoise adds as reverse."""
    fields = [model._meta.fields_map[name] for name in sorted(model._meta.m2m_fields)]
    return [each for each in fields if isinstance(each, ManyToManyFieldInstance) and not each._generated]


# --- the state of objects: whole batches, since bulk writes ask for thousands


def saved[M: Model](objects: Iterable[M]) -> list[M]:
    """Those of the objects that have a row, as far as they know."""
    return [each for each in objects if each._saved_in_db]


def mark_saved(objects: Iterable[Model]) -> None:
    """Let the objects know that they have rows."""
    for each in objects:
        each._saved_in_db = True


async def set_async_defaults(objects: Iterable[Model]) -> None:
    """Set the fields that wait for a default of a coroutine function, as `save()` does."""
    for each in objects:
        if each._await_when_save:
            await each._set_async_default_field()


# --- what objects are given


def require_key(place: str, value: Model, relation: Any) -> None:
    """Raise OperationalError for an unsaved object without the key that a relation refers to."""
    target = getattr(relation, "to_field_instance", None)
    name = target.model_field_name if target and target.model_field_name in value._meta.fields_map else "pk"
    if not value._saved_in_db and getattr(value, name, None) is None:
        message = f"{place}: the {type(value).__name__} is not saved, and has no key: save it first."
        raise OperationalError(message)


def check_given(
    model: type[Model],
    check: Callable[[type[Model], Iterable[str]], None],
    convert: Callable[[type[Model], dict[str, Any]], dict[str, Any]],
) -> None:
    """Let `check` raise an error for names, and `convert` convert values that objects are given; once for each model.

    Upstream drops unknown names in `_set_kwargs`, which the constructor and `update_from_dict` call, and ignores the
    defaults of `get_or_create` if the row exists. It stores NULL for an object without a key that is assigned to a
    relation, and finds the rows with NULL by it: such an object raises OperationalError.
    """
    assign, find = model._set_kwargs, model.get_or_create.__func__  # type: ignore[attr-defined]  # of a class method
    if getattr(assign, "checks_names", False):
        return

    @wraps(assign)
    def checked_assign(self: Model, kwargs: dict[str, Any]) -> set[str]:
        check(type(self), kwargs)
        return assign(self, convert(type(self), kwargs))

    @wraps(find)
    async def checked_find(cls: type[Model], defaults: dict[str, Any] | None = None, *rest: Any, **kwargs: Any) -> Any:
        check(cls, defaults or ())
        return await find(cls, defaults, *rest, **kwargs)

    validate = model._validate_relation_type.__func__  # type: ignore[attr-defined]  # of a class method

    @wraps(validate)
    def checked_relation(cls: type[Model], field_key: str, value: Model | None) -> None:
        validate(cls, field_key, value)
        if value is not None:
            require_key(f"{cls.__name__}.{field_key}", value, cls._meta.fields_map[field_key])

    model._validate_relation_type = classmethod(checked_relation)  # type: ignore[assignment]  # a model may be anyone's
    checked_assign.checks_names = True  # type: ignore[attr-defined]  # our mark
    model._set_kwargs = checked_assign  # type: ignore[method-assign]  # a model may be anyone's
    model.get_or_create = classmethod(checked_find)  # type: ignore[assignment]  # the same
