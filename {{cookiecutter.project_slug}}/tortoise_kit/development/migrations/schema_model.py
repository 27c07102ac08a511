"""The tables that a snapshot of the models describes, on one database.

Old models exist only as snapshots, so the current models are read from a snapshot too: what differs then differs in
the models, not in how they were read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from aerich.coder import load_index
from tortoise import fields
from tortoise.backends.base.schema_generator import BaseSchemaGenerator
from tortoise.indexes import Index

from tortoise_kit.development.migrations.defaults import database_default, python_default
from tortoise_kit.development.migrations.snapshot import Snapshot
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.sql.parsing import quoted

AERICH_MODEL = "Aerich"


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        default: The SQL of its DEFAULT (`db_default` of the field), if any.
        backfill: The SQL of its value in existing rows when it is added: its database default, else its Python default.
        references: What follows REFERENCES, or None.
        generated: What follows the name of a key that the database generates, or None.
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

    def sql(self) -> str:
        """Its definition in CREATE TABLE or ADD COLUMN."""
        if self.generated:
            return f"{quoted(self.name)} {self.generated}"
        parts = [
            f"{quoted(self.name)} {self.type}",
            "" if self.nullable else " NOT NULL",
            " PRIMARY KEY" if self.primary_key else " UNIQUE" if self.unique else "",
            f" DEFAULT {self.default}" if self.default else "",
            f" REFERENCES {self.references}" if self.references else "",
        ]
        return "".join(parts)


@dataclass(frozen=True)
class Table:
    """One table: its columns by name, its unique constraints and its indexes (whole statements) by name."""

    name: str
    columns: dict[str, Column]
    uniques: dict[str, tuple[str, ...]] = field(default_factory=dict)
    indexes: dict[str, str] = field(default_factory=dict)
    comment: str | None = None


def tables(snapshot: Snapshot, generator: BaseSchemaGenerator) -> dict[str, Table]:
    """All tables of the models by name, in the models' order; join tables last. Aerich's own is left out."""
    found = [_table(model, snapshot, generator) for model in managed(snapshot)]
    found += [_join_table(model, join, snapshot, generator) for model, join in joins(snapshot)]
    return {table.name: table for table in found}


def ordered(unordered: list[Table]) -> list[Table]:
    """The tables, each after those it references.

    Raises:
        MigrationError: Two reference each other.
    """
    left, done = list(unordered), list[Table]()
    while left:
        names = {quoted(table.name) for table in left}
        ready = [table for table in left if not (_targets(table) - {quoted(table.name)}) & names]
        if not ready:
            message = f"The tables {', '.join(sorted(names))} reference each other in a cycle: write it by hand."
            raise MigrationError(message)
        done += ready
        left = [table for table in left if table not in ready]
    return done


def managed(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """The models whose tables are managed by migrations."""
    for key, model in snapshot.items():
        if model.get("managed") is not False and key.rpartition(".")[2] != AERICH_MODEL:
            yield model


def joins(snapshot: Snapshot) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each model with each of its many-to-many fields that has a join table without a model."""
    own = {model["table"] for model in snapshot.values()}
    for model in managed(snapshot):
        for join in model["m2m_fields"]:
            if not join["_generated"] and join["through"] not in own:
                yield model, join


def _targets(table: Table) -> set[str]:
    return {column.references.split(" (")[0] for column in table.columns.values() if column.references}


def _table(model: dict[str, Any], snapshot: Snapshot, generator: BaseSchemaGenerator) -> Table:
    name = model["table"]
    described = [model["pk_field"], *model["data_fields"]]
    columns = {model["pk_field"]["db_column"]: _column(model["pk_field"], generator, key=True)}
    columns |= {one["db_column"]: _column(one, generator) for one in model["data_fields"] if one["db_field_types"]}
    for relation in (*model["fk_fields"], *model["o2o_fields"]):
        if relation["db_constraint"]:
            target = _references(snapshot[relation["python_type"]], relation["on_delete"])
            raw = _column_name(described, relation["raw_field"])
            comment = relation["description"] or columns[raw].comment
            columns[raw] = replace(columns[raw], references=target, comment=comment)
    uniques = {}
    for names in model["unique_together"]:
        together = tuple(_column_name(described, one) for one in names)
        uniques[generator._get_index_name("uid", name, together)] = together
    indexes = dict(_indexes(model, described, generator))
    return Table(name, columns, uniques, indexes, model["description"])


def _column_name(described: list[dict[str, Any]], name: str) -> str:
    names = {one["name"]: one["db_column"] for one in described}
    return str(names.get(name) or names.get(f"{name}_id") or name)


def _references(model: dict[str, Any], on_delete: str) -> str:
    return f"{quoted(model['table'])} ({quoted(model['pk_field']['db_column'])}) ON DELETE {on_delete}"


def _indexes(
    model: dict[str, Any], described: list[dict[str, Any]], generator: BaseSchemaGenerator
) -> Iterator[tuple[str, str]]:
    single = [[one["db_column"]] for one in model["data_fields"] if one["indexed"] and not one["unique"]]
    for index in (*single, *model["indexes"]):
        made = load_index(index) if isinstance(index, dict) else index
        special = made if isinstance(made, Index) else None
        columns = [_column_name(described, one) for one in (special.field_names if special else index)]
        name = (special and special.name) or generator._get_index_name("idx", model["table"], columns)
        kind = f"USING {special.INDEX_TYPE} " if special and special.INDEX_TYPE else ""
        where = str(special.extra) if special and special.extra else ""
        on = f"{quoted(model['table'])} {kind}({generator._format_index_fields(columns)})"
        yield name, f"CREATE INDEX {quoted(name)} ON {on}{where}"


def _join_table(
    model: dict[str, Any], join: dict[str, Any], snapshot: Snapshot, generator: BaseSchemaGenerator
) -> Table:
    other = snapshot[join["model_name"]]
    ends = ((join["backward_key"], model), (join["forward_key"], other))
    columns = {}
    for name, end in ends:
        references, key = _references(end, join["on_delete"]) if join["db_constraint"] else None, end["pk_field"]
        columns[name] = Column(name, _type(key, generator), references=references, described=key)
    indexes = {}
    if join["unique"]:
        index = generator._get_index_name("uidx", join["through"], list(columns))
        both = ", ".join(map(quoted, columns))
        indexes[index] = f"CREATE UNIQUE INDEX {quoted(index)} ON {quoted(join['through'])} ({both})"
    return Table(join["through"], columns, {}, indexes, join["description"])


def _type(one: dict[str, Any], generator: BaseSchemaGenerator) -> str:
    return str(one["db_field_types"].get(generator.DIALECT) or one["db_field_types"][""])


def _column(one: dict[str, Any], generator: BaseSchemaGenerator, *, key: bool = False) -> Column:
    generated = None
    if key and one["generated"]:
        kind = getattr(fields, one["field_type"])
        generated = kind(primary_key=True).get_for_dialect(generator.DIALECT, "GENERATED_SQL")
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
