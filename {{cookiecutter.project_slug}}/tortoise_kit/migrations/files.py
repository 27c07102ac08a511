"""Migration files: how they are named, found and read, and which of them a database has.

The format is Aerich's own (`upgrade`, `downgrade`, `MODELS_STATE`), with the SQL of each database side by side, so that
one history serves all of them. Files lie in `location / app`, named `NUMBER_YYYYMMDDHHMMSS_NAME.py`.
Aerich is not imported, so a service can look for its files without it.
"""

import base64
import re
import zlib
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import OperationalError

from tortoise_kit.sql.identifiers import parameter_marks

AERICH_TABLE = "aerich"
BY_HAND = "by_hand.txt"
FILE_NAME = re.compile(r"(\d+)_\w+\.py")


class MigrationError(Exception):
    """A migration that cannot be written, applied or reverted; the message names it and the remedy."""


@dataclass(frozen=True)
class MigrationFile:
    """One file of the history.

    Attributes:
        path: Where it is.
        number: Its position in the history, from 0.
    """

    path: Path
    number: int

    @property
    def name(self) -> str:
        """The file's name, which the table `aerich` records."""
        return self.path.name

    @property
    def source(self) -> str:
        """Its Python."""
        return self.path.read_text(encoding="utf-8")

    def load(self) -> ModuleType:
        """Execute the file and return its module, a new one each time.

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
            message = f"{self.name} has no usable MODELS_STATE: if no model changed, copy it from the previous file."
            raise MigrationError(message) from error


def find(location: Path, app: str) -> list[MigrationFile]:
    """The history in order, oldest first; empty when the folder is missing.

    Two files with the same number, written on two branches, both count: a database applies the ones it lacks.
    """
    matches = ((path, FILE_NAME.fullmatch(path.name)) for path in (location / app).glob("*.py"))
    files = [MigrationFile(path, int(match[1])) for path, match in matches if match]
    return sorted(files, key=lambda file: (file.number, file.name))


def by_hand(location: Path) -> frozenset[str]:
    """The names of what migrations create by hand and models cannot declare: each on its line of `by_hand.txt`.

    `#` begins a comment. A column, which only Postgres may have besides the models', is named `table.column`. The file
    may be missing.
    """
    path = location / BY_HAND
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return frozenset(name for line in lines if (name := line.partition("#")[0].strip()))


async def applied(client: BaseDBAsyncClient, app: str) -> list[str]:
    """The names of an app's applied files, in the order they were applied; empty on an empty database."""
    select = f"SELECT version FROM {AERICH_TABLE} WHERE app = {parameter_marks(client, 1)} ORDER BY id"  # noqa: S608 - constants
    try:
        return [str(row["version"]) for row in await client.execute_query_dict(select, [app])]
    except OperationalError as error:
        if lacks_table(error):
            return []
        raise


def lacks_table(error: OperationalError) -> bool:
    """Whether a statement failed since there is no such table, also on an engine that is not the kit's."""
    reason = error.__cause__ or error.args[0]  # the driver's own error
    return isinstance(reason, asyncpg.UndefinedTableError) or "no such table" in str(reason)
