"""Tortoise's querysets beyond their documented interface, as read in Tortoise 1.1.9.

A queryset keeps what it was given in attributes with an underscore, and has no public way to read them, to build its
SQL without sending it, or to send SQL that was built before. Plain functions: lists are read through them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, NamedTuple

from tortoise.exceptions import FieldError
from tortoise.expressions import Aggregate, Expression, Q
from tortoise.models import Model
from tortoise.queryset import AwaitableQuery, QuerySet, UpdateQuery


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


def names_columns(rows: QuerySet[Any]) -> bool:
    """Whether it selects only the fields that `only()` names."""
    return bool(rows._fields_for_select)


def is_grouped(rows: QuerySet[Any]) -> bool:
    """Whether what it returns are not single rows of the model's table: DISTINCT, GROUP BY, or aggregates."""
    aggregates = any(isinstance(each, Aggregate) for each in rows._annotations.values())
    return bool(rows._distinct or rows._group_bys or aggregates)


def is_list(rows: object) -> bool:
    """Whether it is a queryset that results in a list of models: not one after `values()`, `first()` or `get()`."""
    return isinstance(rows, QuerySet) and not rows._single


def is_limited(rows: QuerySet[Any]) -> bool:
    """Whether it has a limit or an offset."""
    return rows._limit is not None or rows._offset is not None


def reject_limited_changes() -> None:
    """Let `update()` and `delete()` of a queryset with a limit or an offset raise FieldError.

    Upstream ignores both on SQLite and Postgres, and changes all rows that match.
    """
    for name in ("update", "delete"):
        change = getattr(QuerySet, name)
        if not hasattr(change, "__wrapped__"):
            setattr(QuerySet, name, _without_limit(name, change))


def _without_limit(name: str, change: Any) -> Any:
    @wraps(change)
    def checked(rows: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        if is_limited(rows):
            message = f"{name}() changes all rows that match, not those of a limit or an offset: filter by id__in."
            raise FieldError(message)
        return change(rows, *args, **kwargs)

    return checked


type Check = Callable[[str, Any, type[Model], Mapping[str, Any]], Any]
"""Given a name, an expression, the model, and the annotations of the query; it may raise FieldError."""


def check_expressions(annotated: Check, filtered: Check, assigned: Check) -> None:
    """Let functions see the expressions of annotations, filters and updates; once for a process.

    Args:
        annotated: Given the annotation's name.
        filtered: Given the filter's name.
        assigned: Given the column's name; what it returns is stored.
    """
    if hasattr(UpdateQuery, "is_checked"):
        return
    annotate, parameter, make = (
        AwaitableQuery._resolve_annotate,
        Q._get_actual_filter_params,
        UpdateQuery._make_query,
    )

    @wraps(annotate)
    def checked_annotate(self: AwaitableQuery[Any], *args: Any) -> bool:
        for name, each in self._annotations.items():
            annotated(name, each, self.model, self._annotations)
        return annotate(self, *args)

    @wraps(parameter)
    def checked_parameter(self: Q, resolve_context: Any, key: str, value: Any) -> tuple[str, Any]:
        given: Any = value
        if isinstance(given, Expression):
            filtered(key, given, resolve_context.model, resolve_context.annotations)
        return parameter(self, resolve_context, key, value)

    @wraps(make)
    def checked_make(self: UpdateQuery) -> None:
        self.update_kwargs = {
            name: assigned(name, each, self.model, self._annotations) if isinstance(each, Expression) else each
            for name, each in self.update_kwargs.items()
        }
        make(self)

    patched: Any = (AwaitableQuery, Q, UpdateQuery)
    patched[0]._resolve_annotate, patched[1]._get_actual_filter_params = checked_annotate, checked_parameter
    patched[2]._make_query, patched[2].is_checked = checked_make, True


def is_negated(condition: Q) -> bool:
    """Whether a condition stands for its opposite, as `~Q(…)` does."""
    return condition._is_negated


def sorted_without_prefetch[Row: Model](
    rows: QuerySet[Row], order_by: Sequence[tuple[str, Any]], limit: int | None = None
) -> QuerySet[Row]:
    """The queryset in this order, without what it prefetches; a direction is any enum whose value is SQL.

    The limit is set here since each method of a queryset, such as `limit()`, copies ten of its attributes.
    """
    found = rows._clone()
    found._limit = rows._limit if limit is None else limit
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
