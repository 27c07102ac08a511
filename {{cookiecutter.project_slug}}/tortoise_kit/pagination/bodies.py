"""The body of a page and of one item."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from tortoise.models import Model
from tortoise.query_utils import Prefetch
from tortoise.queryset import QuerySet

from tortoise_kit.pagination.json_columns import json_of
from tortoise_kit.pagination.json_rows import JSONRows
from tortoise_kit.pagination.pages import KeysetPage, codec_of, read_page
from tortoise_kit.pagination.rows import Rows
from tortoise_kit.schemas.models import ReadSchema
from tortoise_kit.sql.compiled import statement_of


@dataclass(frozen=True, slots=True)
class PageBody:
    """A page as JSON, `{"items": […], "next": …, "previous": …}`, and its cursors."""

    content: bytes
    next: str | None
    previous: str | None


async def page_body(  # noqa: PLR0913  # all but what is read by keyword
    queryset: QuerySet[Any],
    schema: type[ReadSchema],
    *,
    order_by: Sequence[str],
    limit: int,
    cursor: str | None,
    scope: str,
    secrets: Sequence[bytes],
) -> PageBody:
    """One page of a queryset, each row as `schema`; see `paginate` for the rest, and for what is raised."""
    codec = codec_of(queryset, order_by, scope, secrets)
    shape = _shape(queryset, schema)
    if shape and all(key.field for key in codec.keys):
        page = await read_page(JSONRows(queryset, codec, (), shape), limit, cursor)
        return _body(page, ",".join(row["item"] for row in page.items).encode())
    page = await read_page(Rows(_with_relations(queryset, schema), codec, ()), limit, cursor)
    return _body(page, b",".join([_item(row, schema) for row in page.items]))


async def item_body(queryset: QuerySet[Any], schema: type[ReadSchema]) -> bytes | None:
    """The first row of a queryset as `schema`, or None if it has none; filter by a unique column."""
    if shape := _shape(queryset, schema):
        text, parameters = statement_of(queryset)
        statement = f'SELECT {shape}::text AS item FROM ({text}) AS "r" LIMIT 1'  # noqa: S608  # names of models
        _, records = await queryset._choose_db().execute_query(statement, parameters)
        return str(records[0]["item"]).encode() if records else None
    rows = await _with_relations(queryset.limit(1), schema)
    return _item(rows[0], schema) if rows else None


def _shape(queryset: QuerySet[Any], schema: type[ReadSchema]) -> str | None:
    on_postgres = queryset._choose_db().capabilities.dialect == "postgres"
    if not on_postgres or queryset.model is not schema.model_shown:
        return None
    return json_of(schema)  # pyright: ignore[reportArgumentType]  # a class is hashable, if its objects are not


def _with_relations(queryset: QuerySet[Any], schema: type[ReadSchema]) -> QuerySet[Any]:
    meta = schema.model_shown._meta
    shown = [name for name in schema.model_fields if name in meta.fetch_fields]
    return queryset.prefetch_related(*(Prefetch(name, _sorted(meta.fields_map[name].related_model)) for name in shown))  # type: ignore[attr-defined]


def _sorted(model: type[Model]) -> QuerySet[Any]:
    return model.all().order_by(model._meta.pk_attr)


def _item(row: Any, schema: type[ReadSchema]) -> bytes:
    adapter = _adapter(schema)  # pyright: ignore[reportArgumentType]  # as above
    return adapter.dump_json(schema.model_validate(row), by_alias=True)


@cache
def _adapter(schema: type[ReadSchema]) -> TypeAdapter[Any]:
    return TypeAdapter(schema)


def _body(page: KeysetPage[Any], items: bytes) -> PageBody:
    cursors = f'"next":{json.dumps(page.next)},"previous":{json.dumps(page.previous)}'
    return PageBody(b'{"items":[%b],%b}' % (items, cursors.encode()), page.next, page.previous)
