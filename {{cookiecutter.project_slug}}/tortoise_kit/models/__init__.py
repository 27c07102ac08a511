"""Fields, indexes, constraints and filters that behave alike on Postgres and SQLite.

UTCDatetimeField, NumericField         timestamps that sort by time, decimals that sort as numbers, on SQLite too
SearchField, searchable, matching      the words of other columns, and the filter that finds rows by them
containing, JSONObjectText             the filter of JSON columns by containment, and its query parameter
Index, GinIndex                        indexes of any kind; GinIndex is Postgres' for both filters
UniqueConstraint, CheckConstraint, NoOverlap   what rows must satisfy, in `Meta.constraints`
owner_scope(Order, "customer_id", …)   the rows that a user may see: their own, or all
AttemptCount                           the abstract model of counted attempts, for `AttemptLimiter`
StoredResponse                         the abstract model of responses to requests with an `Idempotency-Key`
values_of                              the values of one column, with their type: `list[str]`
set_prefetched                         sets a relation to rows that are known; raises TypeError for another attribute
wire_models                            before schemas: relations find their ends, unknown names are refused
check_models                           at start-up: rejects what the database cannot have, by model and field
prepare_models                         at start-up: fields refuse what their columns cannot hold, and SELECTs are alike

A field raises ConfigurationError when the model is defined, if SQLite could not store its values exactly.
"""

from tortoise_kit.models.attempts import AttemptCount
from tortoise_kit.models.columns import NumericField, UTCDatetimeField
from tortoise_kit.models.constraints import CheckConstraint, GinIndex, Index, NoOverlap, UniqueConstraint
from tortoise_kit.models.json_filter import JSONObjectText, containing
from tortoise_kit.models.owners import owner_scope
from tortoise_kit.models.prefetched import set_prefetched
from tortoise_kit.models.search import SearchField, matching, searchable
from tortoise_kit.models.stored_response import StoredResponse
from tortoise_kit.models.support import check_models
from tortoise_kit.models.values import values_of
from tortoise_kit.models.wiring import prepare_models, wire_models

__all__ = [
    "AttemptCount",
    "CheckConstraint",
    "GinIndex",
    "Index",
    "JSONObjectText",
    "NoOverlap",
    "NumericField",
    "SearchField",
    "StoredResponse",
    "UTCDatetimeField",
    "UniqueConstraint",
    "check_models",
    "containing",
    "matching",
    "owner_scope",
    "prepare_models",
    "searchable",
    "set_prefetched",
    "values_of",
    "wire_models",
]
