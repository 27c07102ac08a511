"""Whether this code can serve a database: it has its migrations, and the tables and columns that its models use."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import OperationalError
from tortoise.fields.relational import ManyToManyFieldInstance
from tortoise.models import Model

from tortoise_kit.migrations.files import AERICH_TABLE, find, lacks_table
from tortoise_kit.sql.identifiers import qualified

# One statement: the applied files, then the columns of the models' tables and whether an INSERT must name them.
READ_POSTGRES = f"""
SELECT 'applied' AS kind, version AS owner, '' AS name, FALSE AS required FROM {AERICH_TABLE} WHERE app = $1
UNION ALL
SELECT 'column', used.name, a.attname::text,
    a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = ''
FROM unnest($2::text[]) AS used (name) JOIN pg_attribute a
    ON a.attrelid = to_regclass(used.name) AND a.attnum > 0 AND NOT a.attisdropped
"""  # noqa: S608 -- a constant
READ_SQLITE = f"""
SELECT 'applied' AS kind, version AS owner, '' AS name, FALSE AS required FROM {AERICH_TABLE} WHERE app = ?
UNION ALL
SELECT 'column', used.value, c.name, c."notnull" AND c.dflt_value IS NULL AND NOT c.pk
FROM json_each(?) AS used, pragma_table_info(used.value) AS c
"""  # noqa: S608 -- a constant


@dataclass(frozen=True)
class Incompatibility:
    """Why this code cannot serve a database; false if it can.

    Attributes:
        pending: The files that the database lacks, in order.
        missing: The columns that models use and the database lacks, as `table.column`.
        required: The columns without a default that the database requires and no model fills, as `table.column`.
    """

    pending: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    required: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is a reason."""
        return bool(self.pending or self.missing or self.required)


class SchemaCompatibility:
    """Asks a database whether this code can serve it.

    Args:
        location: The folder of all apps' migrations; read once.
        app: Tortoise's name of the app.
    """

    def __init__(self, location: Path, *, app: str) -> None:
        self._app = app
        self._files = [file.name for file in find(location, app)]

    async def check(self, client: BaseDBAsyncClient) -> Incompatibility:
        """What is missing now for the models of the current context; always one statement, which reads catalogs."""
        postgres = client.capabilities.dialect == "postgres"
        models = Tortoise.apps[self._app].values() if Tortoise.apps else ()
        used = columns_used(models, dialect=client.capabilities.dialect)
        tables = list(used) if postgres else json.dumps(list(used))
        try:
            rows = await client.execute_query_dict(READ_POSTGRES if postgres else READ_SQLITE, [self._app, tables])
        except OperationalError as error:
            if lacks_table(error):
                return Incompatibility(pending=self._files)
            raise
        applied = {row["owner"] for row in rows if row["kind"] == "applied"}
        there = {(row["owner"], row["name"]): row["required"] for row in rows if row["kind"] == "column"}
        return self._judged(applied, there, used)

    def _judged(
        self, applied: set[str], there: Mapping[tuple[str, str], bool], used: Mapping[str, set[str]]
    ) -> Incompatibility:
        missing = [(table, name) for table, own in used.items() for name in sorted(own) if (table, name) not in there]
        required = [key for key, must in there.items() if must and key[1] not in used[key[0]]]
        pending = [name for name in self._files if name not in applied]
        return Incompatibility(pending, list(map(_dotted, missing)), list(map(_dotted, required)))


def columns_used(models: Iterable[type[Model]], *, dialect: str) -> dict[str, set[str]]:
    """The columns of each table of the models and of their many-to-many relations, by the table's name in SQL."""
    used: dict[str, set[str]] = {}
    for meta in (model._meta for model in models):
        table = _table(meta.schema, meta.db_table, dialect)
        used.setdefault(table, set()).update(meta.fields_db_projection.values())
        for relation in map(meta.fields_map.__getitem__, meta.m2m_fields):
            if isinstance(relation, ManyToManyFieldInstance):
                table = _table(relation.through_schema, relation.through, dialect)
                used.setdefault(table, set()).update((relation.forward_key, relation.backward_key))
    return used


def _table(schema: str | None, name: str, dialect: str) -> str:
    return qualified(schema, name) if dialect == "postgres" else name


def _dotted(key: tuple[str, str]) -> str:
    return ".".join(part.replace('"', "") for part in key)
