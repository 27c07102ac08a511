"""Write the next migration, or list what it would contain."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tortoise_kit.development.migrations.autogenerate import Scripts, draft
from tortoise_kit.development.migrations.decisions import Decisions
from tortoise_kit.development.migrations.snapshot import literal
from tortoise_kit.development.migrations.states import DATABASES
from tortoise_kit.migrations.files import BY_HAND, MigrationError, find

DEFAULT_APP = "models"
NAME = re.compile(r"[a-z0-9_]+")
UNLISTED = f"is in no model: declare it in Meta, or list its name in migrations/{BY_HAND}"
NAME_LENGTH = 100  # Aerich keeps the file's whole name in 255 characters

TEMPLATE = """from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UPGRADE: dict[str, str] = {{
{upgrade}
}}

DOWNGRADE: dict[str, str] = {{
{downgrade}
}}


def sql(statements: dict[str, str], db: BaseDBAsyncClient) -> str:
    dialect = db.capabilities.dialect
    if dialect not in statements:
        message = f"No SQL for {{dialect}}: add it to UPGRADE and DOWNGRADE."
        raise NotImplementedError(message)
    return statements[dialect] or "SELECT 1"  # asyncpg fails on an empty script


async def upgrade(db: BaseDBAsyncClient) -> str:
    return sql(UPGRADE, db)


async def downgrade(db: BaseDBAsyncClient) -> str:
    return sql(DOWNGRADE, db)


MODELS_STATE = (
{state}
)
"""


async def make(  # noqa: PLR0913 - the options of a command
    config: dict[str, Any],
    *,
    location: Path,
    name: str,
    app: str = DEFAULT_APP,
    empty: bool = False,
    databases: Sequence[str] = DATABASES,
    rename: Iterable[str] = (),
    drop: Iterable[str] = (),
) -> Path | None:
    """Write the migration from the history to the models and return its path, or None when they agree.

    The file is a draft to read. Changes of data are added by hand, as SQL or in Python with `db`; the models may no
    longer fit the tables of that time.

    A table or column that keeps its model or field is renamed with its rows. A removed column and a new one are treated
    as a rename if they differ in nothing but the name, and no other column of the table could be meant. For everything
    else that would lose rows, or where they could end up in another model, `rename` or `drop` must decide.

    Args:
        config: Tortoise's configuration; its database is not used. Aerich's own model is added to it.
        location: The folder of all apps' migrations; created if missing.
        name: What the migration does: 1 to 100 of a-z, 0-9 and _.
        app: Tortoise's name of the app.
        empty: Write a file without statements when they agree.
        databases: Those that the service runs on; the file has SQL for no other.
        rename: Tables as `old:new` and columns as `table.old:new`, by the table's old name. One that stays what it was
            is written as `old:old`.
        drop: Tables, and columns as `table.column`, that may be dropped with their rows.

    Raises:
        MigrationError: The name is not usable, a change must be written by hand, existing rows would have no value for
            a column that is added, or that a downgrade adds again, a database cannot have what a model declares, or
            `rename` and `drop` leave open what happens to rows.
    """
    _check_name(name)
    decided = Decisions.parse(rename, drop)
    wanted = await draft(config, location=location, app=app, databases=databases, decided=decided)
    if wanted.questions:
        raise MigrationError(" ".join(wanted.questions))
    if not (wanted.needed or empty):
        return None
    if wanted.missing:
        raise MigrationError(" ".join(wanted.missing))
    path = _next_path(location, app, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    upgrade, downgrade = map(_literals, wanted.scripts)
    text = TEMPLATE.format(upgrade=upgrade, downgrade=downgrade, state=literal(wanted.snapshot))
    path.write_text(text, encoding="utf-8")
    return path


async def check(
    config: dict[str, Any], *, location: Path, app: str = DEFAULT_APP, databases: Sequence[str] = DATABASES
) -> list[str]:
    """The statements that the history lacks, each after its dialect (`postgres: ALTER …`); empty when they agree.

    A changed comment is no difference; the next migration includes it. An index, a trigger or a CHECK on SQLite that
    a file of the history creates, and that neither a model declares nor `by_hand.txt` lists, is one.

    Args:
        config: Tortoise's configuration; its database is not used. Aerich's own model is added to it.
        location: The folder of all apps' migrations.
        app: Tortoise's name of the app.
        databases: Those that the service runs on.

    Raises:
        MigrationError: The history does not run on an empty SQLite, a change must be written by hand, or a database
            cannot have what a model declares.
    """
    wanted = await draft(config, location=location, app=app, databases=databases)
    lacking = [
        f"{dialect}: {' '.join(statement.split())}"
        for dialect, statements in wanted.upgrade.items()
        for statement in statements
        if wanted.needed
    ]
    lacking += [f"{model} has another `managed` than in the history: make a migration" for model in wanted.unmanaged]
    return lacking + [f"sqlite: {name} {UNLISTED}" for name in wanted.unlisted]


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        message = f"The name {name!r} is not usable: write 1 to {NAME_LENGTH} of a-z, 0-9 and _, such as add_nickname."
        raise MigrationError(message)


def _next_path(location: Path, app: str, name: str) -> Path:
    files = find(location, app)
    number = files[-1].number + 1 if files else 0
    return location / app / f"{number}_{datetime.now(UTC):%Y%m%d%H%M%S}_{name}.py"


def _literals(scripts: Scripts) -> str:
    return "\n".join(f'    "{dialect}": {_literal(script)},' for dialect, script in sorted(scripts.items()))


def _literal(statements: Sequence[str]) -> str:
    if not statements:
        return '""'
    script = "".join(f"{statement};\n" for statement in statements)
    escaped = script.replace("\\", "\\\\").replace('"""', '""\\"')
    return f'"""\n{escaped}"""'
