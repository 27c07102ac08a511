"""What the kit uses of Tortoise ORM beyond its documented interface, as read in Tortoise 1.1.9.

A queryset keeps what it was given in attributes with an underscore, and has no public way to read them, to build its
SQL without sending it, or to send SQL that was built before. Plain functions: lists are read through them.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any, NamedTuple

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q
from tortoise.fields import ReverseRelation
from tortoise.models import Model
from tortoise.query_utils import Prefetch
from tortoise.queryset import AwaitableQuery, QuerySet

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


# --- querysets


class Clauses(NamedTuple):
    """The clauses of a queryset, read all at once.

    Attributes:
        where: Conditions, all of which must hold.
        order_by: Pairs of a field's name and an enum whose value is its direction.
        limit, offset: None without.
        only: Fields that `only()` names; empty for all.
        group_by: Fields.
        prefetches: Whether it prefetches relations.
        dialect: Of the connection that it reads from: `postgres` or `sqlite`.
        other: Whether it has anything else that its SQL depends on: annotations, DISTINCT, joined relations, locks.
    """

    where: list[Q]
    order_by: list[tuple[str, Any]]
    limit: int | None
    offset: int | None
    only: tuple[str, ...]
    group_by: tuple[str, ...]
    prefetches: bool
    dialect: str
    other: bool


def clauses(rows: QuerySet[Any]) -> Clauses:
    """What a queryset was given by `filter`, `order_by`, `limit` and the like."""
    return Clauses(
        rows._q_objects,
        rows._orderings,
        rows._limit,
        rows._offset,
        rows._fields_for_select,
        rows._group_bys,
        bool(rows._prefetch_map or rows._prefetch_queries),
        rows._choose_db().capabilities.dialect,
        bool(rows._annotations or rows._distinct or rows._select_related or rows._select_for_update),
    )


def is_negated(condition: Q) -> bool:
    """Whether a condition stands for its opposite, as `~Q(…)` does."""
    return condition._is_negated


def sorted_without_prefetch[Row: Model](rows: QuerySet[Row], order_by: Sequence[tuple[str, Any]]) -> QuerySet[Row]:
    """The queryset in this order, without what it prefetches; a direction is any enum whose value is SQL."""
    found = rows._clone()
    found._prefetch_map, found._prefetch_queries = {}, {}
    found._orderings = list(order_by)
    return found


def filtered_first[Row: Model](rows: QuerySet[Row], condition: Q) -> QuerySet[Row]:
    """The queryset with one more condition, which stands before its others in the SQL."""
    found = rows._clone()
    found._q_objects = [condition, *rows._q_objects]
    return found


def build(rows: AwaitableQuery[Any]) -> tuple[str, list[Any]]:
    """The SQL of a queryset and its parameters, built by Tortoise; the queryset then knows its columns: `select`."""
    rows._db = rows._choose_db(getattr(rows, "_select_for_update", False))
    rows._make_query()
    return rows.query.get_parameterized_sql()


async def select(rows: QuerySet[Any], sql: str, parameters: list[Any]) -> list[Any]:
    """The models that a statement selects, without what the queryset prefetches.

    Args:
        rows: What `build` built the statement of; any queryset of the model if it selects all its columns and no more.
        sql: The statement.
        parameters: Its parameters.
    """
    db = rows._choose_db(rows._select_for_update)
    executor = db.executor_class(model=rows.model, db=db, select_related_idx=rows._select_related_idx)  # type: ignore[arg-type]  # as upstream does
    found: list[Any] = await executor.execute_select(sql, parameters, custom_fields=list(rows._annotations))
    return found


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


# --- the state of objects: whole batches, since bulk writes ask for thousands


def saved[M: Model](objects: Iterable[M]) -> list[M]:
    """Those of the objects that have a row, as far as they know."""
    return [each for each in objects if each._saved_in_db]


def mark_saved(objects: Iterable[Model]) -> None:
    """Let the objects know that they have rows."""
    for each in objects:
        each._saved_in_db = True


def assigned(objects: Iterable[Model], relation: str) -> list[tuple[Model, Model]]:
    """Pairs of an object and what was assigned to its relation, where something was; nothing is fetched."""
    attribute = f"_{relation}"
    targets = [(each, getattr(each, attribute, None)) for each in objects]
    return [(each, target) for each, target in targets if target is not None]


async def set_async_defaults(objects: Iterable[Model]) -> None:
    """Set the fields that wait for a default of a coroutine function, as `save()` does."""
    for each in objects:
        if each._await_when_save:
            await each._set_async_default_field()
