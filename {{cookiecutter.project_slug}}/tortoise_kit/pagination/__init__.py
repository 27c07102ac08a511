"""Lists in pages by keyset, and single items, as JSON responses."""

from tortoise_kit.pagination.pages import paginate
from tortoise_kit.pagination.routes import PageRequest, install_paging, item_response, page_schema, paging
from tortoise_kit.pagination.selectivity import selective_filter

__all__ = [
    "PageRequest",
    "install_paging",
    "item_response",
    "page_schema",
    "paginate",
    "paging",
    "selective_filter",
]
