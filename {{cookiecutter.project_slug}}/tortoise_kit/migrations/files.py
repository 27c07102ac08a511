"""Migration files: how they are named, found, read and written.

A file is Aerich's own format (`upgrade`, `downgrade`, `MODELS_STATE`), with the SQL of each database side by side, so
that one history serves all of them. Files lie in `location / app`, named `NUMBER_YYYYMMDDHHMMSS_NAME.py`.
Aerich itself is not imported here, so that a service can look for its files without it.
"""

import base64
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

FILE_NAME = re.compile(r"(\d+)_\w+\.py")
NAME = re.compile(r"[a-z0-9_]+")
NAME_LENGTH = 100  # Aerich keeps the file's whole name in 255 characters
STATE_WIDTH = 70  # characters of MODELS_STATE in a line, as Aerich writes it

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

type Statements = Sequence[str]


class MigrationError(Exception):
    """A migration that cannot be made, applied or taken back; the message names it and the remedy."""


@dataclass(frozen=True)
class MigrationFile:
    """One file of the history.

    Attributes:
        path: Where it is.
        number: Its place in the history, from 0.
    """

    path: Path
    number: int

    @property
    def name(self) -> str:
        """The file's name, which the table `aerich` records."""
        return self.path.name

    def load(self) -> ModuleType:
        """Run the file and return its module, fresh each time.

        Raises:
            MigrationError: It is not Python, or lacks `upgrade` or `downgrade`.
        """
        module = ModuleType(self.path.stem)
        try:
            SourceFileLoader(module.__name__, str(self.path)).exec_module(module)
        except Exception as error:
            message = f"{self.name} cannot be imported: {error!r}."
            raise MigrationError(message) from error
        if not (hasattr(module, "upgrade") and hasattr(module, "downgrade")):
            message = f"{self.name} needs the functions upgrade(db) and downgrade(db)."
            raise MigrationError(message)
        return module

    def state(self) -> str:
        """`MODELS_STATE` as JSON: all models as this migration leaves them.

        Raises:
            MigrationError: The file has none.
        """
        try:
            return zlib.decompress(base64.b64decode(self.load().MODELS_STATE)).decode()
        except (AttributeError, ValueError, zlib.error) as error:
            message = f"{self.name} has no usable MODELS_STATE: copy it from the file before it if no model changed."
            raise MigrationError(message) from error


def find(location: Path, app: str) -> list[MigrationFile]:
    """The history in order, oldest first; empty when the folder is missing.

    Two files of one number, made on two branches, both count: a database applies what it lacks.
    """
    matches = ((path, FILE_NAME.fullmatch(path.name)) for path in (location / app).glob("*.py"))
    files = [MigrationFile(path, int(match[1])) for path, match in matches if match]
    return sorted(files, key=lambda file: (file.number, file.name))


def check_name(name: str) -> None:
    """Refuse a name that cannot be part of a file name.

    Raises:
        MigrationError: It holds more than lower-case letters, digits and underscores, or is too long.
    """
    if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        message = f"The name {name!r} is not usable: write 1 to {NAME_LENGTH} of a-z, 0-9 and _, such as add_nickname."
        raise MigrationError(message)


def write(
    location: Path,
    *,
    app: str,
    name: str,
    scripts: tuple[Mapping[str, Statements], Mapping[str, Statements]],
    state: str,
) -> Path:
    """Write the next file of the history; all but the time in its name follows from the arguments.

    Args:
        location: The folder of all apps' migrations; made when missing.
        app: Tortoise's name of the app.
        name: See `check_name`.
        scripts: The way there and the way back: for each dialect its statements, without semicolons.
        state: The models as they are now, as JSON.
    """
    files = find(location, app)
    number = files[-1].number + 1 if files else 0
    path = location / app / f"{number}_{datetime.now(UTC):%Y%m%d%H%M%S}_{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    upgrade, downgrade = map(_literals, scripts)
    text = TEMPLATE.format(upgrade=upgrade, downgrade=downgrade, state=_state_literal(state))
    path.write_text(text, encoding="utf-8")
    return path


def _literals(scripts: Mapping[str, Statements]) -> str:
    return "\n".join(f'    "{dialect}": {_literal(script)},' for dialect, script in sorted(scripts.items()))


def _literal(statements: Statements) -> str:
    if not statements:
        return '""'
    script = "".join(f"{statement};\n" for statement in statements)
    escaped = script.replace("\\", "\\\\").replace('"""', '""\\"')
    return f'"""\n{escaped}"""'


def _state_literal(state: str) -> str:
    packed = base64.b64encode(zlib.compress(json.dumps(json.loads(state)).encode())).decode()
    return "\n".join(f'    "{packed[at : at + STATE_WIDTH]}"' for at in range(0, len(packed), STATE_WIDTH))
