"""Tortoise's generators of schemas, which create what models declare: `generate_schemas()` on the kit's engines.

What upstream does (Tortoise 1.1.9), and what these do instead:

- `Meta.constraints`, and `unique=True` of a foreign key, are ignored. Here they are created.
- An index type of Postgres is a syntax error on SQLite. Here it is left out.
- The condition of a `PartialIndex` names fields as if they were columns. Here they are columns.
- A join table has an index for one direction of its relation only, or for none. Here it has one for each.
- Comments are escaped by MySQL's rules: a line break becomes a backslash and an n. Here they are as written.
"""

from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from typing import Any, cast

from tortoise.backends.asyncpg.schema_generator import AsyncpgSchemaGenerator
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.schema_generator import BaseSchemaGenerator
from tortoise.backends.sqlite.schema_generator import SqliteSchemaGenerator
from tortoise.fields import Field
from tortoise.models import Model

from tortoise_kit.sql.declared import Declared, IndexDefinition, declared
from tortoise_kit.sql.descriptions import TableDescription, descriptions, table_description
from tortoise_kit.sql.identifiers import column_list
from tortoise_kit.sql.parsing import quoted
from tortoise_kit.upstream.tortoise import declared_relations


class DeclaredMixin(BaseSchemaGenerator):
    """Adds a model's constraints to its CREATE TABLE, and its indexes and triggers after it."""

    _declared = Declared()
    _together: frozenset[str] | set[str] = frozenset()

    def _get_table_sql(self, model: type[Model], safe: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 -- Tortoise's signature
        self._declared = self._of(model)
        column, together = self._description(model).column, model._meta.unique_together
        self._together = {self._get_index_name("uid", model, [*map(column, fields)]) for fields in together}
        return cast("dict[str, Any]", super()._get_table_sql(model, safe))

    def _of(self, model: type[Model]) -> Declared:
        indexes, constraints = descriptions(model)
        return declared(self._description(model), [*indexes, *constraints])

    def _description(self, model: type[Model]) -> TableDescription:
        return table_description(model, self.DIALECT, partial(self._index_name, model))

    def _index_name(self, model: type[Model], prefix: str, columns: Sequence[str]) -> str:
        return self._get_index_name(prefix, model, columns)

    def _get_inner_statements(self) -> list[str]:
        together = self._together
        constraints = [each for each in self._declared.constraints.items() if each[0] not in together]
        return [f"CONSTRAINT {quoted(name)} {definition}" for name, definition in constraints]

    def _get_field_indexes_sqls(self, model: type[Model], field_names: Sequence[str], safe: bool) -> list[str]:  # noqa: FBT001 -- Tortoise's signature
        table = self._qualify_table_name(model._meta.db_table, model._meta.schema)
        indexes = [self._get_index_sql(model, [name], safe=safe) for name in field_names]
        indexes += [f"{each.statement(name, table, safe=safe)};" for name, each in self._declared.indexes.items()]
        exists = "CREATE TRIGGER IF NOT EXISTS" if safe else "CREATE TRIGGER"
        triggers = [f"{each.replace('CREATE TRIGGER', exists, 1)};" for each in self._declared.triggers.values()]
        return [*dict.fromkeys(indexes), *triggers]

    def _get_m2m_tables(self, model: type[Model], db_table: str, safe: bool, models_tables: list[str]) -> list[str]:  # noqa: FBT001 -- Tortoise's signature
        script = super()._get_m2m_tables(model, db_table, safe, models_tables)
        for each in declared_relations(model):
            if each.through not in models_tables:
                table = self._qualify_table_name(each.through, model._meta.schema)
                keys = (each.backward_key, each.forward_key)
                indexes = join_indexes(partial(self._get_index_name, "idx", each.through), *keys, unique=each.unique)
                script += [f"{index.statement(name, table, safe=safe)};" for name, index in indexes.items()]
        return script

    def _get_field_sql_and_related_table(self, field_object: Field[Any], *rest: Any, **more: Any) -> tuple[str, str]:
        reference = getattr(field_object, "reference", None)
        if reference is not None and reference.unique and not field_object.unique:
            field_object = copy(field_object)
            field_object.unique = True
        return super()._get_field_sql_and_related_table(field_object, *rest, **more)


def join_indexes(
    naming: Callable[[Sequence[str]], str], backward: str, forward: str, *, unique: bool
) -> dict[str, IndexDefinition]:
    """The indexes of a join table besides the unique one, so that each of the two keys begins one of them.

    Args:
        naming: From the columns of an index to its name.
        backward: The key of the model that declares the relation; a unique index begins with it.
        forward: The key of the other one.
        unique: Whether there is a unique index.
    """
    orders = [(forward, backward)] if unique else [(backward, forward), (forward, backward)]
    return {naming(order): IndexDefinition(unique=False, definition=f"({column_list(order)})") for order in orders}


class PostgresGenerator(DeclaredMixin, AsyncpgSchemaGenerator):
    """Postgres' generator."""

    def _escape_comment(self, comment: str) -> str:
        return comment.replace("'", "''")

    def get_create_schema_sql(self, safe: bool = True) -> str:  # noqa: FBT001, FBT002 -- Tortoise's signature
        """The whole schema, with the extensions that its constraints need."""
        models = self._get_models_to_create()
        extensions = {name for model in models for name in self._of(model).extensions}
        script = [f"CREATE EXTENSION IF NOT EXISTS {name};" for name in sorted(extensions)]
        return "\n".join([*script, super().get_create_schema_sql(safe)])

    def _get_schema_create_sql(self, schema: str, safe: bool) -> str:  # noqa: ARG002, FBT001 -- Tortoise's signature
        return super()._get_schema_create_sql(schema, safe=True)


class SqliteGenerator(DeclaredMixin, SqliteSchemaGenerator):
    """SQLite's generator."""


def schema_sql(client: BaseDBAsyncClient, default: Callable[[Field[Any], type[Model]], str | None]) -> str:
    """The statements that create all tables, by Tortoise's generator, with these defaults and with comments as written.

    Tortoise 1.1.9 writes both by MySQL's rules: a line break becomes a backslash and an n, bytes and times are lost.
    """

    class Generator(client.schema_generator):  # type: ignore[name-defined,misc]  # a class by the client's own
        def _get_field_default(
            self,
            field_object: Field[Any],
            table_name: str,  # noqa: ARG002 -- Tortoise's signature
            column_name: str,  # noqa: ARG002
            model: type[Model],
        ) -> str:
            found = default(field_object, model)
            return f" DEFAULT {found}" if found else ""

        def _escape_comment(self, comment: str) -> str:
            return comment.replace("'", "''") if client.capabilities.dialect == "postgres" else ""

    return str(Generator(client).get_create_schema_sql(safe=False))
