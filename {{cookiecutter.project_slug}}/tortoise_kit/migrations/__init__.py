"""Run migrations: one history of Aerich files for Postgres and SQLite.

`upgrade` and `downgrade` change a database one file at a time, each file completely or not at all, under a lock.
`history` says what a database has, and `PendingMigrations` asks the same for a running service with one statement.
`by_hand` lists what migrations create and models cannot declare.
All but the last take Tortoise's configuration and open the connections they need, so no context has to be open.
`aerich upgrade` runs the same files.

Writing and checking migrations is `tortoise_kit.development.migrations`.
"""

from tortoise_kit.migrations.commands import downgrade, history, upgrade
from tortoise_kit.migrations.files import MigrationError, PendingMigrations, by_hand
from tortoise_kit.migrations.timeouts import MigrationTimeouts

__all__ = [
    "MigrationError",
    "MigrationTimeouts",
    "PendingMigrations",
    "by_hand",
    "downgrade",
    "history",
    "upgrade",
]
