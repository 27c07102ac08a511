"""Lists in pages by keyset, and single items, as JSON responses.

paging(Product, "-created_at", "price")             for `Depends`: reads `limit`, `order_by`, `cursor` as a PageRequest
await page.respond(queryset, ProductRead)           the page as a response with `Link`; 400 for an invalid cursor
page_schema(ProductRead)                            for `response_model`: `{"items", "next", "previous"}`
await item_response(queryset, ProductRead, …)       one row as a response; 404 if there is none
created_response(request, product, ProductRead, …)  201 with a new row and its `Location`
install_paging(app, secrets)                        once for the app: the secrets that sign cursors
await selective_filter(queryset, condition)         a filter that Postgres cannot estimate, such as words or JSON
await paginate(queryset, order_by=…, …)             a page of models without HTTP; raises InvalidCursor

Pages are seeks in an index (Winand, "We need tool support for keyset pagination"): no OFFSET, no COUNT.
"""

from tortoise_kit.pagination.cursor import InvalidCursor
from tortoise_kit.pagination.pages import paginate
from tortoise_kit.pagination.routes import (
    PageRequest,
    created_response,
    install_paging,
    item_response,
    page_schema,
    paging,
)
from tortoise_kit.pagination.selectivity import selective_filter

__all__ = [
    "InvalidCursor",
    "PageRequest",
    "created_response",
    "install_paging",
    "item_response",
    "page_schema",
    "paginate",
    "paging",
    "selective_filter",
]
