"""What the tests of a service need: databases, a Postgres server, query plans, recorded statements, the API's document.

The pytest plugin is `tortoise_kit.development.testing.plugin`; its docstring lists the options and fixtures.
`python -m tortoise_kit.development.testing.postgres` is a scratch server.
"""

from tortoise_kit.development.testing.annotations import wrong_annotations
from tortoise_kit.development.testing.api import as_text, changes, ids, links, orders_of_lists, part_of, walk
from tortoise_kit.development.testing.asgi import Exchange, without_garbage_collector
from tortoise_kit.development.testing.catalogs import catalog, only_in
from tortoise_kit.development.testing.contracts import Accept
from tortoise_kit.development.testing.costs import LIMIT, costs_of
from tortoise_kit.development.testing.databases import (
    COLLATION,
    POOLER,
    Row,
    assert_nothing_leaked,
    create_from_models,
    delete_all_rows,
    execute,
    models_config,
    new_name,
    new_postgres_database,
    through_pooler,
)
from tortoise_kit.development.testing.disclosure import CANARY
from tortoise_kit.development.testing.outcomes import Place, declared_here
from tortoise_kit.development.testing.plans import (
    ROWS,
    analyze,
    assert_index_serves,
    assert_index_serves_rows,
    indexes_used,
)
from tortoise_kit.development.testing.postgres import free_port
from tortoise_kit.development.testing.servers import logged, resident_mebibytes, run_python, serving
from tortoise_kit.development.testing.statements import (
    Statement,
    Wire,
    count_statements,
    recorded_statements,
    wire_to,
)

__all__ = [
    "CANARY",
    "COLLATION",
    "LIMIT",
    "POOLER",
    "ROWS",
    "Accept",
    "Exchange",
    "Place",
    "Row",
    "Statement",
    "Wire",
    "analyze",
    "as_text",
    "assert_index_serves",
    "assert_index_serves_rows",
    "assert_nothing_leaked",
    "catalog",
    "changes",
    "costs_of",
    "count_statements",
    "create_from_models",
    "declared_here",
    "delete_all_rows",
    "execute",
    "free_port",
    "ids",
    "indexes_used",
    "links",
    "logged",
    "models_config",
    "new_name",
    "new_postgres_database",
    "only_in",
    "orders_of_lists",
    "part_of",
    "recorded_statements",
    "resident_mebibytes",
    "run_python",
    "serving",
    "through_pooler",
    "walk",
    "wire_to",
    "without_garbage_collector",
    "wrong_annotations",
]
