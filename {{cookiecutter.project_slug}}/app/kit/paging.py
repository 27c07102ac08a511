"""Pages of a list: the query parameters `limit`, `order_by` and `cursor`, and the answer with its links."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import AfterValidator, BaseModel
from pydantic_core import PydanticCustomError
from tortoise.models import Model
from tortoise.queryset import QuerySet

from app.kit.problems import BadRequest

LIMIT_DEFAULT = 50
LIMIT_MAX = 100
OFFSET_MAX = 2**31


class Page[Item](BaseModel):
    """Some items of a list, and the way to its neighbours: a cursor is null exactly when nothing lies there."""

    items: list[Item]
    next: str | None
    previous: str | None


class PageRequest:
    """What the client asked for, bound to the request that asked."""

    def __init__(self, request: Request, response: Response, *, limit: int, order_by: str, cursor: str | None) -> None:
        self.request = request
        self.response = response
        self.limit = limit
        self.order_by = order_by
        self.cursor = cursor

    async def of[Row: Model, Item: BaseModel](self, rows: QuerySet[Row], schema: type[Item]) -> Page[Item]:
        """The page of `rows`, each as `schema`; sets the `Link` header (RFC 8288).

        Raises:
            BadRequest: The cursor is damaged, or of another list, order or filter.
        """
        offset = self._offset()
        direction = "-" if self.order_by.startswith("-") else ""
        ordered = rows.order_by(self.order_by, f"{direction}{rows.model._meta.pk_attr}")
        found = await ordered.offset(offset).limit(self.limit + 1)
        following = self._cursor(offset + self.limit) if len(found) > self.limit else None
        preceding = self._cursor(max(0, offset - self.limit)) if offset else None
        self._link({"next": following, "prev": preceding})
        items = [schema.model_validate(row, from_attributes=True) for row in found[: self.limit]]
        return Page[Any](items=items, next=following, previous=preceding)

    def _link(self, cursors: dict[str, str | None]) -> None:
        url = self.request.url
        links = [f'<{url.include_query_params(cursor=value)}>; rel="{rel}"' for rel, value in cursors.items() if value]
        if links:
            self.response.headers["Link"] = ", ".join(links)

    def _scope(self) -> str:
        filters = sorted(item for item in self.request.query_params.multi_items() if item[0] not in {"cursor", "limit"})
        text = json.dumps([self.request.url.path, self.order_by, filters])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _cursor(self, offset: int) -> str:
        return base64.urlsafe_b64encode(json.dumps([self._scope(), offset]).encode()).decode().rstrip("=")

    def _offset(self) -> int:
        if self.cursor is None:
            return 0
        try:
            padded = self.cursor + "=" * (-len(self.cursor) % 4)
            scope, offset = json.loads(base64.b64decode(padded, b"-_", validate=True))
            if scope == self._scope() and 0 <= int(offset) < OFFSET_MAX:
                return int(offset)
        except (ValueError, TypeError, binascii.Error, RecursionError):
            pass
        detail = "The cursor is damaged or of another list, order or filter; start again without it."
        raise BadRequest(detail, kind="invalid-cursor")


def paging(*orders: str) -> Callable[..., PageRequest]:
    """A dependency that reads the page parameters; `orders` are the columns a client may sort by, first the default.

    Each of them is offered upwards (`price`) and downwards (`-price`); one that is given with `-` is the default
    downwards.
    """
    default, *others = orders
    columns = [default.removeprefix("-"), *others]
    allowed = [f"{sign}{column}" for column in columns for sign in ("", "-")]

    def known(order_by: str) -> str:
        if order_by not in allowed:
            kind, message = "order_by", "Sort by one of: {allowed}"
            raise PydanticCustomError(kind, message, {"allowed": ", ".join(allowed)})
        return order_by

    def read(
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = LIMIT_DEFAULT,
        order_by: Annotated[str, AfterValidator(known), Query(json_schema_extra={"enum": allowed})] = default,
        cursor: Annotated[str | None, Query()] = None,
    ) -> PageRequest:
        return PageRequest(request, response, limit=limit, order_by=order_by, cursor=cursor)

    return read
