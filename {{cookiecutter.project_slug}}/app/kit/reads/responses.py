"""Answers with one item."""

from typing import Any

from fastapi import Response
from tortoise.queryset import QuerySet

from app.kit.problems import NotFound
from app.kit.reads.bodies import item_body
from app.kit.schemas import ReadSchema


async def item_response(queryset: QuerySet[Any], schema: type[ReadSchema], *, missing: str) -> Response:
    """The only row of a queryset, as `schema`.

    Raises:
        NotFound: There is none; `missing` is the detail for the client.
    """
    content = await item_body(queryset, schema)
    if content is None:
        raise NotFound(missing)
    return Response(content, media_type="application/json")
