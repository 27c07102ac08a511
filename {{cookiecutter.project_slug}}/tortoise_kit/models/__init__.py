"""Fields, indexes and filters that behave alike on Postgres and SQLite."""

from tortoise_kit.models.column_order import keep_column_order
from tortoise_kit.models.fields import NumericField, UTCDatetimeField
from tortoise_kit.models.indexes import GinIndex
from tortoise_kit.models.json_filter import JSONObjectText, containing
from tortoise_kit.models.prefetched import set_prefetched
from tortoise_kit.models.search import SearchField, matching, searchable, words_vector
from tortoise_kit.models.stored_response import StoredResponse

__all__ = [
    "GinIndex",
    "JSONObjectText",
    "NumericField",
    "SearchField",
    "StoredResponse",
    "UTCDatetimeField",
    "containing",
    "keep_column_order",
    "matching",
    "searchable",
    "set_prefetched",
    "words_vector",
]
