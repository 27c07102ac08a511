"""Pages of a list over HTTP: the query parameters `limit`, `order_by` and `cursor`, and the response with its links.

A list declares its orders by `Depends(paging(Product, "-created_at", "price"))`, has `page_schema(ProductRead)` as its
`response_model`, and returns `await page.respond(queryset, ProductRead)`. Each order needs an index that ends in the
primary key; docs/lists.md says which.
"""

import json
from collections.abc import Awaitable, Callable, Collection
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import FastAPI, Query, Request, Response, status
from pydantic import AfterValidator, BaseModel, Field, create_model
from pydantic_core import PydanticCustomError
from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.pagination.bodies import PageBody, item_body, page_body, row_body
from tortoise_kit.pagination.cursor import InvalidCursor
from tortoise_kit.pagination.links import IN_PATHS, declared_parameters, link_header
from tortoise_kit.pagination.order import parse_order
from tortoise_kit.problems.errors import BadRequest, NotFound
from tortoise_kit.schemas.models import ReadSchema
from tortoise_kit.security.keys import derive_key
from tortoise_kit.upstream.fastapi import route_path

LIMIT_DEFAULT = 50
LIMIT_MAX = 100
OWN_PARAMETERS = {"cursor", "limit"}  # all others are filters, which a cursor is bound to


class Page[Item](BaseModel):
    """Some items of a list, and the cursors of the pages before and after."""

    items: list[Item]
    next: str | None = Field(description="The cursor of the following page; null exactly when no item follows.")
    previous: str | None = Field(description="The cursor of the page before; null exactly when no item comes before.")


def page_schema(item: type[ReadSchema]) -> type[Page[Any]]:
    """The schema of a page of `item`, for a route's `response_model`; it is called `OrderPage` for `OrderRead`."""
    name = f"{item.__name__.removesuffix('Read')}Page"
    return create_model(name, __base__=Page[item], __module__=item.__module__)  # type: ignore[valid-type]


class PageRequest:
    """The page that a request asks for.

    Attributes:
        request: The request.
        limit: Items of a page, 1 to 100.
        order_by: One of the list's orders, such as `-created_at`.
        cursor: As the client sent it; None for the first page.
    """

    def __init__(self, request: Request, *, limit: int, order_by: str, cursor: str | None) -> None:
        self.request = request
        self.limit = limit
        self.order_by = order_by
        self.cursor = cursor

    async def respond(self, rows: QuerySet[Any], schema: type[ReadSchema]) -> Response:
        """The page of `rows`, each as `schema`, with the header `Link` (RFC 8288).

        The links have the parameters that the route declares. What is above 3 kB, as long filters make it, is left out,
        the page before first: the body has the cursors.

        Args:
            rows: A queryset without order and limit; see `paginate`.
            schema: A schema of the queryset's model.

        Raises:
            BadRequest: The cursor is damaged, or of another list, order or filter; no statement was sent.
        """
        try:
            page = await page_body(
                rows,
                schema,
                order_by=self.order_by.split(","),
                limit=self.limit,
                cursor=self.cursor,
                scope=self._scope(),
                secrets=self.request.app.state.cursor_secrets,
            )
        except InvalidCursor as error:
            detail = "The cursor is damaged, or belongs to another list, order or filter; start again without it."
            raise BadRequest(detail, kind="invalid-cursor") from error
        return Response(page.content, headers=self._links(page), media_type="application/json")

    def _scope(self) -> str:
        filters = sorted((name, value) for name, value in self._given if name not in OWN_PARAMETERS)
        return json.dumps([route_path(self.request.scope), filters])

    @cached_property
    def _given(self) -> list[tuple[str, str]]:
        return declared_parameters(self.request)

    def _links(self, page: PageBody) -> dict[str, str]:
        cursors = [(rel, value) for rel, value in (("next", page.next), ("prev", page.previous)) if value]
        link = link_header(self.request, self._given, cursors) if cursors else ""
        return {"Link": link} if link else {}


def install_paging(app: FastAPI, secrets: Collection[str]) -> None:
    """Set the secrets that the app's lists sign their cursors with: the first signs, all are accepted."""
    app.state.cursor_secrets = [derive_key(secret, "cursors") for secret in secrets]


def paging(model: type[Model], default: str, *others: str) -> Callable[..., Awaitable[PageRequest]]:
    """A dependency that reads the query parameters of a list: `limit` (1 to 100, default 50), `order_by` and `cursor`.

    Args:
        model: The model of the list's rows.
        default: The order when the client names none, such as `-created_at`.
        others: Other orders, such as `price` or `category_id,price`; clients may reverse each.

    Raises:
        OrderError: The model has no such column, or a list cannot be sorted by it.
    """
    allowed = [way for order in (default, *others) for way in _both_ways(order)]
    for order in allowed:
        parse_order(model, order.split(","))

    def known(order_by: str) -> str:
        if order_by not in allowed:
            kind, message = "order_by", "Sort by one of: {allowed}"
            raise PydanticCustomError(kind, message, {"allowed": ", ".join(allowed)})
        return order_by

    async def read(
        request: Request,
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = LIMIT_DEFAULT,
        order_by: Annotated[str, AfterValidator(known), Query(json_schema_extra={"enum": allowed})] = default,
        cursor: Annotated[str | None, Query()] = None,
    ) -> PageRequest:
        return PageRequest(request, limit=limit, order_by=order_by, cursor=cursor)

    return read


def _both_ways(order: str) -> tuple[str, str]:
    """An order and its reverse, the one whose first item ascends first."""
    items = order.split(",")
    flipped = ",".join(item[1:] if item.startswith("-") else f"-{item}" for item in items)
    return (flipped, order) if order.startswith("-") else (order, flipped)


async def item_response(queryset: QuerySet[Any], schema: type[ReadSchema], *, missing: str) -> Response:
    """The first row of a queryset as `schema`; filter by a unique column.

    Args:
        queryset: The row, as a queryset.
        schema: A schema of its model.
        missing: The detail of the problem if there is no row.

    Raises:
        NotFound: There is no row.
    """
    content = await item_body(queryset, schema)
    if content is None:
        raise NotFound(missing)
    return Response(content, media_type="application/json")


def created_response(request: Request, row: Model, schema: type[ReadSchema], route: str, **keys: Any) -> Response:
    """The response to a POST that created `row`: 201 with the row as `schema`, and the header `Location`.

        return created_response(request, order, OrderRead, "read_order", order_id=order.id)

    Inside `await idempotent(…)` it is stored with its header, so a repeated request gets both again.

    Args:
        request: The request being served.
        row: A saved instance; relations that the schema shows are prefetched, or set by `set_prefetched`.
        schema: A schema of its model.
        route: The name of the route that reads the row.
        keys: That route's path parameters.

    Raises:
        NoMatchFound: There is no such route, or it has other parameters.
    """
    written = {name: quote(key, IN_PATHS) if isinstance(key, str) else key for name, key in keys.items()}
    location = request.scope.get("root_path", "") + request.app.url_path_for(route, **written)
    return Response(row_body(row, schema), status.HTTP_201_CREATED, {"Location": location}, "application/json")
