"""Joins of Tortoise's querysets that change what a query finds or counts, as read in Tortoise 1.1.9.

Each is a FieldError here, before anything is sent:
- `Count("books")` beside `Count("loans")` counts the pairs of both, and `filter(loans__fee__gt=1)` multiplies, too.
- A relation that leads back to the query's own table, by another table, renames the model's table until the process
  ends: every later statement of the model is then wrong.
- The limit of a `Prefetch` is one for all parents together.
- A filter by an object without a key finds the rows with NULL.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from pypika_tortoise.queries import QueryBuilder, Table
from tortoise.exceptions import FieldError
from tortoise.expressions import Aggregate, Case, CombinedExpression, F, Function, Q, When
from tortoise.fields import JSONField
from tortoise.fields.relational import (
    BackwardFKRelation,
    BackwardOneToOneRelation,
    ManyToManyFieldInstance,
    RelationalField,
)
from tortoise.functions import Count, Sum
from tortoise.models import Model
from tortoise.query_utils import Prefetch
from tortoise.queryset import AwaitableQuery

from tortoise_kit.upstream.tortoise import require_key

type Path = tuple[str, ...]


def reject_misleading_joins() -> None:
    """Let such queries raise FieldError; once for a process."""
    checks: tuple[tuple[type, str, Callable[..., None]], ...] = (
        (Prefetch, "resolve_for_queryset", _require_unlimited),
        (AwaitableQuery, "_resolve_annotate", _require_single_counts),
        (AwaitableQuery, "resolve_ordering", _require_sortable),
        (QueryBuilder, "do_join", _require_another_table),
        (Q, "_get_actual_filter_params", _require_saved),
    )
    for owner, name, check in checks:
        work = getattr(owner, name)
        if getattr(work, "check", None) is not check:
            setattr(owner, name, _after(check, work))


def _after(check: Callable[..., None], work: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(work)
    def checked(*args: Any, **kwargs: Any) -> Any:
        check(*args, **kwargs)
        return work(*args, **kwargs)

    checked.check = check  # type: ignore[attr-defined]  # our mark
    return checked


def _require_unlimited(prefetch: Prefetch, *_: Any) -> None:
    rows = prefetch.queryset
    if rows._limit is not None or rows._offset is not None:
        message = (
            f"Prefetch({prefetch.relation!r}): the limit or offset is one for all objects together, not for each: "
            "filter the queryset, or read the related rows of each object by a separate query."
        )
        raise FieldError(message)


def _require_another_table(query: QueryBuilder, join: Any) -> None:
    table: Any = join.item
    if isinstance(table, Table) and not table.alias and table in [*query._from, query._update_table]:
        message = (
            f"The query joins its own table, {table._table_name}, by way of another: "
            "find the keys by a separate query, and filter by pk__in."
        )
        raise FieldError(message)


def _require_sortable(_: Any, model: type[Model], table: Any, orderings: Iterable[Any], *__: Any, **___: Any) -> None:  # noqa: ARG001 -- upstream's names
    for name, *_direction in orderings:
        if isinstance(model._meta.fields_map.get(name), JSONField):
            message = f"{model.__name__}.{name}: JSON has another order on each database; sort by an annotation of F()."
            raise FieldError(message)


def _require_saved(_: Q, context: Any, key: str, value: object) -> None:
    if isinstance(value, Model):
        relation: Any = context.model._meta.fields_map.get(key)
        if isinstance(relation, RelationalField):
            require_key(f"{context.model.__name__}.{key}", value, relation)


def _require_single_counts(rows: AwaitableQuery[Any], *_: Any) -> None:
    counts = [each for annotation in rows._annotations.values() for each in _parts(annotation) if _is_counting(each)]
    if not counts:
        return
    parts = [*rows._annotations.values(), *rows._q_objects]
    joined = {path for part in parts for each in _names(part) for path in _many(rows.model, *each)}
    for each in counts:
        own = {path for name in _names(each) for path in _many(rows.model, *name)}
        if others := sorted(joined - own):
            function, field = type(each).__name__, getattr(each.field, "name", each.field)
            remedy = "use distinct=True, or " if isinstance(each, Count) else ""
            message = (
                f"{function}({field!r}) takes each row once for every row of {'__'.join(others[0])}, which the query "
                f"joins too: {remedy}compute it in a separate query."
            )
            raise FieldError(message)


def _is_counting(expression: Any) -> bool:
    return isinstance(expression, Count | Sum) and not expression.distinct


def _parts(expression: Any) -> Iterator[Any]:
    """An expression with all that it is made of."""
    yield expression
    for part in _children(expression):
        yield from _parts(part)


def _children(expression: Any) -> Iterable[Any]:
    match expression:
        case CombinedExpression():
            return (expression.left, expression.right)
        case Function():
            condition = getattr(expression, "filter", None) if isinstance(expression, Aggregate) else None
            return (expression.field, *expression.default_values, condition)
        case Case():
            return (*expression.args, expression.default)
        case When():
            return (
                *expression.args,
                *(Q(**{name: value}) for name, value in expression.kwargs.items()),
                expression.then,
            )
        case Q():
            return (*expression.children, *expression.filters.values())
    return ()


def _names(expression: Any) -> Iterator[tuple[str, bool]]:
    """The columns that it names, and the lookups, each with whether it is a filter."""
    for part in _parts(expression):
        match part:
            case F():
                yield part.name, False
            case Function(field=str(name)):
                yield name, False
            case Q():
                yield from ((name, True) for name in part.filters)


def _many(model: type[Model], lookup: str, is_filter: bool) -> Iterator[Path]:  # noqa: FBT001 -- a pair of `_names`
    """The relations to many that a lookup goes along; one row found by its key multiplies nothing."""
    path: Path = ()
    parts = lookup.split("__")
    for at, part in enumerate(parts):
        field: Any = model._meta.fields_map.get(part)
        if not isinstance(field, RelationalField):
            return
        path = (*path, part)
        model = field.related_model
        to_many = isinstance(field, BackwardFKRelation | ManyToManyFieldInstance)
        by_key = is_filter and parts[at + 1 :] in ([], ["pk"], [model._meta.pk_attr])
        if to_many and not by_key and not isinstance(field, BackwardOneToOneRelation):
            yield path
