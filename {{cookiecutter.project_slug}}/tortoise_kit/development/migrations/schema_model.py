"""The tables that a snapshot of the models describes, on one database.

Old models exist only as snapshots, so the current models are read from a snapshot too: what differs then differs in
the models, not in how they were read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from tortoise import fields
from tortoise.backends.base.schema_generator import BaseSchemaGenerator
from tortoise.exceptions import ConfigurationError

from tortoise_kit.db.engines.schema_generators import join_indexes
from tortoise_kit.development.migrations.defaults import database_default, python_default
from tortoise_kit.development.migrations.snapshot import Snapshot, joins, managed, title
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.sql.declared import Declared, IndexDefinition, declared
from tortoise_kit.sql.descriptions import TableDescription
from tortoise_kit.sql.identifiers import qualified
from tortoise_kit.sql.parsing import quoted


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        default: The SQL of its DEFAULT (`db_default` of the field), if any.
        backfill: The SQL of its value in existing rows when it is added: its database default, else its Python default.
        references: What follows REFERENCES, or None; without the schema of the table.
        schema: That of the table it references.
        generated: What follows the name of a column that the database generates, or None.
        described: The field as the snapshot describes it.
    """

    name: str
    type: str
    nullable: bool = False
    unique: bool = False
    primary_key: bool = False
    default: str | None = None
    backfill: str | None = None
    references: str | None = None
    generated: str | None = None
    comment: str | None = None
    described: dict[str, Any] = field(default_factory=dict, compare=False)
    schema: str | None = field(default=None, compare=False)

    @property
    def target(self) -> str | None:
        """What follows REFERENCES, with the schema of the table."""
        return f"{quoted(self.schema)}.{self.references}" if self.schema and self.references else self.references

    def sql(self) -> str:
        """Its definition in CREATE TABLE or ADD COLUMN."""
        if self.generated:
            return f"{quoted(self.name)} {self.generated}"
        parts = [
            f"{quoted(self.name)} {self.type}",
            "" if self.nullable else " NOT NULL",
            " PRIMARY KEY" if self.primary_key else " UNIQUE" if self.unique else "",
            f" DEFAULT {self.default}" if self.default else "",
            f" REFERENCES {self.target}" if self.target else "",
        ]
        return "".join(parts)


@dataclass(frozen=True)
class Table:
    """One table: columns and what else it has by name, its schema on Postgres, and a title for messages."""

    name: str
    columns: dict[str, Column]
    declared: Declared = field(default_factory=Declared)
    comment: str | None = None
    schema: str | None = None
    title: str = ""

    @property
    def sql_name(self) -> str:
        """Its quoted name, with its schema."""
        return qualified(self.schema, self.name)


def tables(snapshot: Snapshot, generator: BaseSchemaGenerator) -> dict[str, Table]:
    """All tables of the models by name, in the models' order; join tables last. Aerich's own is left out."""
    found = [_table(model, snapshot, generator) for model in managed(snapshot)]
    found += [_join_table(model, join, snapshot, generator) for model, join in joins(snapshot)]
    return {table.name: table for table in found}


def _table(model: dict[str, Any], snapshot: Snapshot, generator: BaseSchemaGenerator) -> Table:
    name, key = model["table"], model["pk_field"]
    described = [key, *model["data_fields"]]
    columns = {key["db_column"]: _column(key, generator, key=True)}
    columns |= {one["db_column"]: _column(one, generator) for one in model["data_fields"] if one["db_field_types"]}
    names = {one["name"]: one["db_column"] for one in described}
    for relation in (*model["fk_fields"], *model["o2o_fields"]):
        raw = names[relation["name"]] = names[relation["raw_field"]]
        column = replace(columns[raw], comment=relation["description"] or columns[raw].comment)
        if relation["db_constraint"]:
            column = _with_reference(column, snapshot[relation["python_type"]], relation)
        columns[raw] = replace(column, unique=(relation["unique"] or column.unique) and not column.primary_key)
    own = _declared(model, names, columns, generator)
    return Table(name, columns, own, model["description"], _schema(model, generator), title(model))


def _schema(model: dict[str, Any], generator: BaseSchemaGenerator) -> str | None:
    return model.get("schema") if generator.DIALECT == "postgres" else None


def _with_reference(column: Column, model: dict[str, Any], relation: dict[str, Any]) -> Column:
    to = relation.get("to_column") or model["pk_field"]["db_column"]
    references = f"{quoted(model['table'])} ({quoted(to)}) ON DELETE {relation['on_delete']}"
    return replace(column, references=references, schema=model.get("schema"))


def _declared(
    model: dict[str, Any], names: dict[str, str], columns: dict[str, Column], generator: BaseSchemaGenerator
) -> Declared:
    def name(prefix: str, fields: Sequence[str]) -> str:
        return generator._get_index_name(prefix, model["table"], fields)

    types = {column.name: column.type for column in columns.values()}
    table = TableDescription(model["table"], model["pk_field"]["db_column"], names, types, generator.DIALECT, name)
    single = [
        [one["name"]] for one in model["data_fields"] if one.get("db_index", one["indexed"] and not one["unique"])
    ]
    together = [{"kind": "UniqueConstraint", "fields": list(one)} for one in model["unique_together"]]
    try:
        return declared(table, [*single, *together, *model["indexes"], *model.get("constraints", ())])
    except ConfigurationError as error:
        message = f"The model {model['name']} cannot be migrated: {error}."
        raise MigrationError(message) from error


def _join_table(
    model: dict[str, Any], join: dict[str, Any], snapshot: Snapshot, generator: BaseSchemaGenerator
) -> Table:
    other = snapshot[join["model_name"]]
    ends = ((join["backward_key"], model), (join["forward_key"], other))
    columns = {}
    for name, end in ends:
        column = Column(name, _type(end["pk_field"], generator), described=end["pk_field"])
        columns[name] = _with_reference(column, end, join) if join["db_constraint"] else column
    own = Declared()
    if join["unique"]:
        index = generator._get_index_name("uidx", join["through"], list(columns))
        own.indexes[index] = IndexDefinition(unique=True, definition=f"({', '.join(map(quoted, columns))})")
    if join.get("indexed"):
        naming = partial(generator._get_index_name, "idx", join["through"])
        own.indexes |= join_indexes(naming, *columns, unique=join["unique"])
    named = f"{title(model)}.{join['name']}"
    return Table(join["through"], columns, own, join["description"], _schema(model, generator), named)


def _type(one: dict[str, Any], generator: BaseSchemaGenerator) -> str:
    return str(one["db_field_types"].get(generator.DIALECT) or one["db_field_types"][""])


def _column(one: dict[str, Any], generator: BaseSchemaGenerator, *, key: bool = False) -> Column:
    generated = None
    if key and one["generated"]:
        kind = getattr(fields, one["field_type"])
        generated = kind(primary_key=True).get_for_dialect(generator.DIALECT, "GENERATED_SQL")
    elif computed := one.get("generated_sql"):
        generated = f"{_type(one, generator)} {computed}{'' if one['nullable'] else ' NOT NULL'}"
    default = database_default(one, generator.DIALECT)
    return Column(
        name=one["db_column"],
        type=_type(one, generator),
        nullable=one["nullable"],
        unique=one["unique"] and not key,
        primary_key=key,
        default=default,
        backfill=default or python_default(one, generator.DIALECT),
        generated=generated,
        comment=one["description"],
        described=one,
    )
