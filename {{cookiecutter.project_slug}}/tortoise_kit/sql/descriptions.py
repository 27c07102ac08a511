"""Descriptions of what models declare in Meta: of indexes and constraints, and of the tables that they belong to.

A description is what JSON can hold, so that the snapshots of old models have it too: the names of an index's fields,
what `describe()` returns for an `Index`, or the arguments of a constraint and its `kind`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pypika_tortoise.terms import ValueWrapper
from tortoise.exceptions import ConfigurationError
from tortoise.indexes import Index, PartialIndex
from tortoise.models import Model

from tortoise_kit.sql.parsing import quoted

type Description = dict[str, Any] | Sequence[str]
type Naming = Callable[[str, Sequence[str]], str]
"""From a prefix and the columns to the name of an index that has none."""


@dataclass(frozen=True)
class TableDescription:
    """What the SQL of an index depends on besides its description.

    Attributes:
        name, key: Of the table and of its primary key's column.
        columns: The columns by the names of their fields and relations.
        types: The SQL types of the columns.
        dialect: `postgres` or `sqlite`.
        naming: See `Naming`.
    """

    name: str
    key: str
    columns: Mapping[str, str]
    types: Mapping[str, str]
    dialect: str
    naming: Naming

    def column(self, name: str) -> str:
        """The column of a field or relation.

        Raises:
            ConfigurationError: There is none.
        """
        if column := self.columns.get(name) or (name if name in self.types else None):
            return column
        message = f"the table {self.name} has no field {name!r}; there are: {', '.join(sorted(self.columns))}"
        raise ConfigurationError(message)

    def quoted(self, names: Iterable[str]) -> str:
        """The columns of fields as a list in SQL."""
        return ", ".join(quoted(self.column(name)) for name in names)


def table_description(model: type[Model], dialect: str, naming: Naming) -> TableDescription:
    """The description of a model's table; Tortoise must be initialised."""
    meta = model._meta
    columns = dict(meta.fields_db_projection)
    for name in meta.fk_fields | meta.o2o_fields:
        raw = str(cast("Any", meta.fields_map[name]).source_field)
        columns[name] = columns.get(raw, raw)
    types = {
        column: str(meta.fields_map[name].get_for_dialect(dialect, "SQL_TYPE"))
        for name, column in meta.fields_db_projection.items()
    }
    return TableDescription(meta.db_table, meta.db_pk_column, columns, types, dialect, naming)


def descriptions(model: type[Model]) -> tuple[list[Description], list[Description]]:
    """The descriptions of a model's indexes, and those of its constraints; Tortoise must be initialised."""
    for each in (*model._meta.indexes, *(getattr(one, "index", None) for one in model._meta.constraints)):
        if isinstance(each, Index):  # Tortoise does not always do it
            each.resolve_expressions(model)
    return [*map(_index_description, model._meta.indexes)], [*map(_constraint_description, model._meta.constraints)]


def _index_description(index: Any) -> Description:
    if not isinstance(index, Index):
        return list(index)
    described = index.describe()
    if type(index).get_sql is not Index.get_sql and "order" not in described:
        message = f"{type(index).__name__} has its own get_sql(): use Index of tortoise_kit.models, or a migration"
        raise ConfigurationError(message)
    if isinstance(index, PartialIndex) and index.condition:  # Tortoise takes the names of fields for those of columns
        described |= {"extra": "", "equal": {name: str(ValueWrapper(value)) for name, value in index.condition.items()}}
    return described


def _constraint_description(constraint: Any) -> Description:
    if not hasattr(constraint, "deconstruct"):
        message = f"{constraint!r} is no constraint: use those of tortoise_kit.models"
        raise ConfigurationError(message)
    path, _, arguments = constraint.deconstruct()
    return {"kind": path.rpartition(".")[2], **arguments}
