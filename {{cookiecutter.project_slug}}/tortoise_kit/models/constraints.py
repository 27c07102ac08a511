"""What a model declares in `Meta.indexes` and `Meta.constraints`, for both databases.

    class Booking(Model):
        ...

        class Meta:
            indexes = (
                Index(fields=("room", "-starts_at")),
                Index(Lower("title"), name="bookings_title"),
                Index(fields=("starts_at",), name="bookings_open", condition="status = 'open'", include=("room",)),
            )
            constraints = (
                UniqueConstraint(fields=("room", "code"), name="bookings_code", condition="status <> 'cancelled'"),
                CheckConstraint(check="price >= 0", name="bookings_price"),
                NoOverlap("starts_at", "ends_at", by=("room",), name="bookings_room"),
            )

SQL names columns, and must be valid on both databases; `fields`, `include` and `by` name fields or relations.
"""

from collections.abc import Sequence
from typing import Any, override

from pypika_tortoise.terms import PseudoColumn, Term
from tortoise import indexes
from tortoise.backends.base.schema_generator import BaseSchemaGenerator
from tortoise.exceptions import ConfigurationError
from tortoise.expressions import Expression
from tortoise.migrations.constraints import CheckConstraint as CheckConstraint  # noqa: PLC0414 - a public name here
from tortoise.models import Model

from tortoise_kit.models.search import words_vector
from tortoise_kit.sql.declared import NULL_ORDER


class Index(indexes.Index):
    """An index of fields in any direction, or of expressions.

    Args:
        expressions: Of Tortoise, such as `Lower("name")`.
        fields: Instead: `("room", "-starts_at", "paid_at nulls first")`. On SQLite NULLs are always first when
            ascending and last when descending, which is what lists there need.
        name: At most 63 bytes; without it the name follows from the table and the fields.
        condition: SQL; the index has only rows for which it is true.
        include: Fields that are read from the index too. SQLite has them as its last columns.
        opclasses: Operator classes on Postgres, one for each field or expression.
        using: Its type on Postgres, such as `brin`. SQLite has none but `btree`, and leaves the index out.
    """

    def __init__(  # noqa: PLR0913 -- Django's names, each by keyword
        self,
        *expressions: Term | Expression,
        fields: Sequence[str] = (),
        name: str | None = None,
        condition: str = "",
        include: Sequence[str] = (),
        opclasses: Sequence[str] = (),
        using: str = "",
    ) -> None:
        super().__init__(*expressions, fields=[_name(item) for item in fields], name=name)
        self.order = list(fields)
        self.condition = condition
        self.include = list(include)
        self.opclasses = list(opclasses)
        self.using = using

    @override
    def describe(self) -> dict[str, Any]:
        """Its arguments as JSON can hold them."""
        own = {
            "order": self.order,
            "condition": self.condition,
            "include": self.include,
            "opclasses": self.opclasses,
            "using": self.using,
        }
        return {**super().describe(), **own}

    @override
    def get_sql(self, schema_generator: BaseSchemaGenerator, model: type[Model], safe: bool) -> str:
        """Not for other engines than the kit's, whose generators of schemas create it from its description.

        Raises:
            ConfigurationError: Always: Tortoise's own generators would create another index without a word.
        """
        message = f"{self!r} of {model.__name__} needs the engines of tortoise_kit.db: see tortoise_config"
        raise ConfigurationError(message)


class GinIndex(Index):
    """Postgres' index of what a value contains: `GinIndex(fields=("attributes",), opclasses=("jsonb_path_ops",))`.

    SQLite has no such index, and scans the rows. The index is created without `fastupdate`, which would collect new
    rows in a list that each search reads from end to end, until a VACUUM.
    """

    def __init__(
        self,
        *expressions: Term | Expression,
        fields: Sequence[str] = (),
        name: str | None = None,
        opclasses: Sequence[str] = (),
    ) -> None:
        super().__init__(*expressions, fields=fields, name=name, opclasses=opclasses, using="gin")

    @classmethod
    def of_words(cls, field: str, *, name: str) -> "GinIndex":
        """The index for `matching(field, …)`, of a `SearchField` whose column has the same name."""
        return cls(PseudoColumn(words_vector(f'"{field}"')), name=name)

    @override
    def describe(self) -> dict[str, Any]:
        """Its arguments as JSON can hold them."""
        return {**super().describe(), "storage": "fastupdate = off"}


class UniqueConstraint:
    """Rows that must differ in some fields or expressions, such as `Lower("email")`.

    With a condition, expressions or operator classes it is a unique index, otherwise a constraint.

    Args:
        expressions, fields, condition, include, opclasses: As of `Index`; fields without a direction. SQLite leaves
            `include` out.
        name: At most 63 bytes; needed unless there are only fields.
        nulls_distinct: Whether two rows without a value differ. False needs Postgres 15; SQLite has an index for it.

    Raises:
        ConfigurationError: There are neither fields nor expressions, or both, or no name where one is needed.
    """

    def __init__(  # noqa: PLR0913 -- Django's names, each by keyword
        self,
        *expressions: Term | Expression,
        fields: Sequence[str] = (),
        name: str | None = None,
        condition: str = "",
        include: Sequence[str] = (),
        opclasses: Sequence[str] = (),
        nulls_distinct: bool = True,
    ) -> None:
        if not name and (expressions or condition or opclasses or not nulls_distinct):
            message = f"UniqueConstraint(fields={tuple(fields)}) needs a name: it has more than fields."
            raise ConfigurationError(message)
        if expressions and not nulls_distinct:
            message = f"UniqueConstraint {name}: nulls_distinct=False is for fields, not for expressions."
            raise ConfigurationError(message)
        self.index = Index(
            *expressions, fields=fields, name=name, condition=condition, include=include, opclasses=opclasses
        )
        self.nulls_distinct = nulls_distinct

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Its path and its arguments, as of Tortoise's constraints."""
        described = self.index.describe()
        return _path(self), [], {**described, "order": [], "nulls_distinct": self.nulls_distinct}


class NoOverlap:
    """Rows whose ranges may not overlap: EXCLUDE on Postgres, triggers on SQLite, and the same error on both.

    A range contains its start and not its end. A missing start or end is unbounded. A CHECK besides ensures that no
    end is before its start.

    Args:
        start, end: Fields of one type: UTCDatetimeField, DateField, NumericField or integers.
        by: Fields or relations that are equal in rows that may not overlap, such as a room. On Postgres it needs the
            extension btree_gist, which a database's owner may create.
        name: At most 56 bytes.
        condition: SQL; rows for which it is not true overlap nothing.
    """

    def __init__(self, start: str, end: str, *, name: str, by: Sequence[str] = (), condition: str = "") -> None:
        self.fields = [start, end]
        self.by = list(by)
        self.name = name
        self.condition = condition

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Its path and its arguments, as of Tortoise's constraints."""
        arguments = {"fields": self.fields, "by": self.by, "name": self.name, "condition": self.condition}
        return _path(self), [], arguments


def _path(constraint: object) -> str:
    return f"{type(constraint).__module__}.{type(constraint).__name__}"


def _name(item: str) -> str:
    """The field of an item of an order.

    Raises:
        ConfigurationError: It cannot be parsed.
    """
    if match := NULL_ORDER.fullmatch(item):
        return match[2]
    message = f'{item!r} is no part of an index: write "name", "-name" or "name nulls first".'
    raise ConfigurationError(message)
