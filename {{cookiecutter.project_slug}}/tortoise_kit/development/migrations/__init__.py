"""Write and judge migrations: the models against the history, offline, for Postgres and SQLite at once.

`make` writes the next file, `check` lists what it would hold, and `lint` finds statements that block or break a running
service. They need Aerich (`make`, `check`) and squawk (`lint`), which a production environment does not have.
"""

from tortoise_kit.development.migrations.commands import check, make
from tortoise_kit.development.migrations.linting import Finding, lint

__all__ = ["Finding", "check", "lint", "make"]
