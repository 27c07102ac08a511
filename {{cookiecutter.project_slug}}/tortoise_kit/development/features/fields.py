"""What each type of column is in a model: the field, its annotation, and the enum that it may need."""

from decimal import Decimal

from tortoise_kit.development.features.columns import INT_MAX, Column
from tortoise_kit.sql.declared import NAME_BYTES

FIELDS = {
    "str": "fields.CharField",
    "text": "fields.TextField",
    "int": "fields.IntField",
    "bigint": "fields.BigIntField",
    "bool": "fields.BooleanField",
    "float": "fields.FloatField",
    "decimal": "NumericField",
    "datetime": "UTCDatetimeField",
    "date": "fields.DateField",
    "time": "fields.TimeField",
    "duration": "fields.TimeDeltaField",
    "uuid": "fields.UUIDField",
    "json": "fields.JSONField[dict[str, Any]]",
    "binary": "fields.BinaryField",
    "enum": "fields.CharEnumField",
}
PYTHON = {
    "str": "str",
    "text": "str",
    "int": "int",
    "bigint": "int",
    "bool": "bool",
    "float": "float",
    "decimal": "Decimal",
    "datetime": "datetime",
    "date": "date",
    "uuid": "UUID",
    "fk": "int",
}
LIMITS = (("min", ">="), ("max", "<="))
ENUM_LENGTH = 20  # leaves room for longer values without a migration


def enum_source(column: Column) -> str:
    """The class of an enum column."""
    members = "\n".join(f'    {each.upper().replace("-", "_")} = "{each}"' for each in column.values)
    return f'class {column.enum}(StrEnum):\n    """The values of `{column.name}`."""\n\n{members}\n'


def field_source(column: Column) -> str:
    """The line of a column in its model, unless it is a relation."""
    arguments = [*_size(column), *_default(column), *_validators(column)]
    if column.unique:
        arguments.append("unique=True")
    if column.null:
        arguments.append("null=True")
    return f"    {column.name} = {FIELDS[column.kind]}({', '.join(arguments)})\n"


def relation_source(column: Column, *, model: str, reverse: str, through: str) -> str:
    """The lines of a foreign key or a many-to-many relation in its model."""
    if column.kind == "m2m":
        return (
            f'    {column.name}: fields.ManyToManyRelation["{model}"] = fields.ManyToManyField(\n'
            f'        "models.{model}", related_name="{reverse}", through="{through}"\n    )\n'
        )
    relation, null = ("ForeignKeyNullableRelation", "null=True, ") if column.null else ("ForeignKeyRelation", "")
    key = "int | None" if column.null else "int"
    return (
        f'    {column.name}: fields.{relation}["{model}"] = fields.ForeignKeyField(\n'
        f'        "models.{model}", related_name="{reverse}", {null}on_delete=fields.RESTRICT\n    )\n'
        f"    {column.field}: {key}\n"
    )


def bounds(column: Column) -> tuple[Decimal, Decimal]:
    """The least and the largest number that a column takes; what no option bounds is bounded by its type."""
    largest = Decimal(INT_MAX.get(column.kind, 10**9))
    if column.kind == "decimal":
        digits, places = column.digits
        largest = Decimal(10) ** (digits - places) - Decimal(10) ** -places
    low, high = (column.options.get(name) for name in ("min", "max"))
    return Decimal(low) if low else -largest, Decimal(high) if high else largest


def check_source(column: Column, table: str) -> str:
    """The constraint in `Meta` that holds a column to its limits; empty without any."""
    limits = [f'"{column.name}" {sign} {column.options[name]}' for name, sign in LIMITS if name in column.options]
    name = f"{table}_{column.name}"[:NAME_BYTES].rstrip("_")
    return f"CheckConstraint(check='{' AND '.join(limits)}', name=\"{name}\")" if limits else ""


def _size(column: Column) -> list[str]:
    match column.kind:
        case "str":
            return [f"max_length={column.size}"]
        case "decimal":
            digits, places = column.digits
            return [f"max_digits={digits}, decimal_places={places}"]
        case "enum":
            return [column.enum, f"max_length={max(ENUM_LENGTH, *map(len, column.values))}"]
    return []


def _default(column: Column) -> list[str]:
    default = column.options.get("default")
    if default is None:
        return []
    match column.kind:
        case "enum":
            return [f"default={column.enum}.{default.upper().replace('-', '_')}"]
        case "int" | "bigint":
            return [f"default={int(default)}"]
        case "bool":
            return [f"default={default.title()}"]
    return [f"default={literal(default)}"]


def _validators(column: Column) -> list[str]:
    known = (("min", "MinValueValidator"), ("max", "MaxValueValidator"))
    found = [f"{validator}({_number(column, name)})" for name, validator in known if name in column.options]
    return [f"validators=[{', '.join(found)}]"] if found else []


def _number(column: Column, name: str) -> str:
    value = column.options[name]
    return f'Decimal("{value}")' if column.kind == "decimal" and "." in value else value


def literal(text: str) -> str:
    """A text as Python source, in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
