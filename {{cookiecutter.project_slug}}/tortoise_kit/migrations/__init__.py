"""Run migrations: one history of Aerich files for Postgres and SQLite.

`upgrade` and `downgrade` change a database one file at a time, each file completely or not at all, under a lock.
`history` lists what a database has, and `compare` finds what was changed there by hand. They take Tortoise's
configuration and open the connections they need, so no context has to be open. `SchemaCompatibility` says with one
statement whether the code of a running service fits its database, and `by_hand` lists what migrations create and models
cannot declare. `aerich upgrade` runs the same files.

Writing and checking migrations is `tortoise_kit.development.migrations`.
"""

from tortoise_kit.migrations.catalog import Difference
from tortoise_kit.migrations.commands import downgrade, history, upgrade
from tortoise_kit.migrations.comparison import compare
from tortoise_kit.migrations.compatibility import SchemaCompatibility
from tortoise_kit.migrations.files import MigrationError, by_hand
from tortoise_kit.migrations.timeouts import MigrationTimeouts

__all__ = [
    "Difference",
    "MigrationError",
    "MigrationTimeouts",
    "SchemaCompatibility",
    "by_hand",
    "compare",
    "downgrade",
    "history",
    "upgrade",
]
