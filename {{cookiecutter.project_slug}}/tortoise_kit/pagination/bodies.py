"""The JSON of a page and of one item: written by Postgres where it can be, else by Pydantic.

Postgres writes a page with all its relations in one statement. Where Pydantic writes it, each relation that the schema
shows, at any depth, is one more statement for each 2 000 rows that have it, and one of many to many is two.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

from pydantic import TypeAdapter, ValidationError
from tortoise import timezone
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.pagination.cursor import Codec, from_json
from tortoise_kit.pagination.json_columns import UNREADABLE
from tortoise_kit.pagination.json_rows import json_sql, select_sql
from tortoise_kit.pagination.order import related_order
from tortoise_kit.pagination.pages import KeysetPage, Pager, codec_of, paginate
from tortoise_kit.pagination.rows import ModelRows, RepeatedRowError, key_value
from tortoise_kit.schemas.models import ReadSchema
from tortoise_kit.schemas.relations import Tree, relation_tree
from tortoise_kit.sql.compiled import CACHE_SIZE, CompiledQuery, compiled
from tortoise_kit.upstream.querysets import clauses, names_columns, sorted_without_prefetch
from tortoise_kit.upstream.rows import UnreadableValueError
from tortoise_kit.upstream.tortoise import prefetch, prefetches_only_names, prefetching, read_connection


@dataclass(frozen=True, slots=True)
class PageBody:
    """A page as JSON, `{"items": […], "next": …, "previous": …}`, and its cursors."""

    content: bytes
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class JSONRows:
    """Reads rows as the columns of `select_sql`, whose SQL before FROM is `select`."""

    db: BaseDBAsyncClient
    model: type[Model]
    codec: Codec
    select: str

    async def fetch(self, query: CompiledQuery) -> dict[Any, Any]:
        """The rows by primary key, in the query's order.

        Raises:
            RepeatedRowError: A row came several times.
        """
        _, rows = await self.db.execute_query(_rows_sql(self.select, query.text), query.parameters)
        found = {row["pk"]: row for row in rows}
        if len(found) < len(rows):
            raise RepeatedRowError(self.model)
        return found

    def keys_of(self, row: Any) -> list[Any]:
        """The values of a row's sort keys.

        Raises:
            UnreadableValueError: One is not of its column.
        """
        stored = zip(self.codec.keys, json.loads(row["place"]), strict=True)
        return [key_value(self.model, row["pk"], key, plain, from_json) for key, plain in stored]


async def page_body(  # noqa: PLR0913  # all but the first two by keyword
    queryset: QuerySet[Any],
    schema: type[ReadSchema],
    *,
    order_by: Sequence[str],
    limit: int,
    cursor: str | None,
    scope: str,
    secrets: Sequence[bytes],
) -> PageBody:
    """One page of a queryset, each row as `schema`; see `paginate` for the arguments and errors."""
    db = read_connection(queryset)
    if _json_sql(db, queryset, schema):
        codec = codec_of(queryset, order_by, scope, secrets)
        select = select_sql(schema, codec.keys)  # pyright: ignore[reportArgumentType]  # as in `_json_sql`
        rows = JSONRows(db, queryset.model, codec, select)
        page = await Pager(queryset, codec, rows).read_page(limit, cursor)
        items = ",".join([row["item"] for row in page.items])
        if UNREADABLE not in items:
            return _body(page, items.encode())
    page = await paginate(
        _with_relations(queryset, schema), order_by=order_by, limit=limit, cursor=cursor, scope=scope, secrets=secrets
    )
    return _body(page, b",".join([row_body(row, schema) for row in page.items]))


async def item_body(queryset: QuerySet[Any], schema: type[ReadSchema]) -> bytes | None:
    """The first row of a queryset as `schema`, or None if it has no rows; filter by a unique column."""
    db = read_connection(queryset)
    if shown := _json_sql(db, queryset, schema):
        query = compiled(queryset)
        _, records = await db.execute_query(_item_sql(shown, query.text), query.parameters)
        if not records:
            return None
        item = str(records[0]["item"])
        if UNREADABLE not in item:
            return item.encode()
    one = queryset.limit(1)
    rows = list((await ModelRows(one, ()).fetch(compiled(one))).values())
    await prefetch(_with_relations(one, schema), rows)
    return row_body(rows[0], schema) if rows else None


# Each is the same object again, which the caches of the driver find faster than an equal one.
@lru_cache(maxsize=CACHE_SIZE)
def _rows_sql(select: str, text: str) -> str:
    return f'{select} FROM ({text}) AS "r"'


@lru_cache(maxsize=CACHE_SIZE)
def _item_sql(shown: str, text: str) -> str:
    return f'SELECT {shown}::text AS item FROM ({text}) AS "r" LIMIT 1'  # noqa: S608  # names of models


def _json_sql(db: BaseDBAsyncClient, queryset: QuerySet[Any], schema: type[ReadSchema]) -> str | None:
    tree = relation_tree(schema)  # pyright: ignore[reportArgumentType]  # a class is hashable, if its objects are not
    if db.capabilities.dialect != "postgres" or queryset.model is not schema.__model__ or names_columns(queryset):
        return None
    if (tree and not prefetches_only_names(queryset)) or not _is_in_utc():
        return None
    return json_sql(schema)  # pyright: ignore[reportArgumentType]  # as above


def _is_in_utc() -> bool:
    return timezone.get_use_tz() and timezone.get_timezone() == "UTC"


def _with_relations(queryset: QuerySet[Any], schema: type[ReadSchema]) -> QuerySet[Any]:
    return _prefetching(queryset, relation_tree(schema))  # pyright: ignore[reportArgumentType]  # as above


def _prefetching(queryset: QuerySet[Any], tree: Tree) -> QuerySet[Any]:
    """The queryset, which prefetches the relations of the tree, each sorted unless the caller gave its queryset."""
    meta = queryset.model._meta
    for name, below in tree.items():
        related = meta.fields_map[name].related_model
        rows = related.all().using_db(read_connection(queryset))
        if not clauses(rows).order_by:
            rows = sorted_without_prefetch(rows, related_order(related))
        queryset = prefetching(queryset, name, rows, partial(_prefetching, tree=below))
    return queryset


def row_body(row: Any, schema: type[ReadSchema]) -> bytes:
    """A row that was read with the relations that `schema` shows, as JSON.

    Raises:
        UnreadableValueError: The schema's type does not allow the value of a column.
        ValidationError: The schema rejects something else, such as a computed member.
    """
    adapter = _adapter(schema)  # pyright: ignore[reportArgumentType]  # as above
    try:
        return adapter.dump_json(schema.model_validate(row), by_alias=True)
    except ValidationError as error:
        for each in error.errors(include_url=False, include_context=False, include_input=False):
            if found := _column_at(row, each["loc"]):
                raise UnreadableValueError(*found) from None
        raise


def _column_at(row: Any, place: Sequence[str | int]) -> tuple[type[Model], object, str] | None:
    """The row and the column at the place of an error, which may lie in a related row."""
    for name in place:
        if isinstance(name, int):
            row = list(row)[name]
        elif isinstance(row, Model) and name in row._meta.fields_db_projection:
            return type(row), row.pk, name
        else:
            row = getattr(row, name, None)
    return None


@cache
def _adapter(schema: type[ReadSchema]) -> TypeAdapter[Any]:
    return TypeAdapter(schema)


def _body(page: KeysetPage[Any], items: bytes) -> PageBody:
    cursors = f'"next":{_quoted(page.next)},"previous":{_quoted(page.previous)}'
    return PageBody(b'{"items":[%b],%b}' % (items, cursors.encode()), page.next, page.previous)


def _quoted(cursor: str | None) -> str:
    return "null" if cursor is None else f'"{cursor}"'  # base64url, which needs no escapes
