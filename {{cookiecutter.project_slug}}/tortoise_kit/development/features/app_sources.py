"""The files of a new feature's package: the skeleton's, with the columns in place of its name."""

import re
from collections.abc import Callable

from tortoise_kit.development.features.columns import RANGES, Column
from tortoise_kit.development.features.edits import replaced, with_imports
from tortoise_kit.development.features.fields import (
    PYTHON,
    check_source,
    enum_source,
    field_source,
    relation_source,
)
from tortoise_kit.development.features.routes_source import queries, routes, service
from tortoise_kit.development.features.shape import Shape

NAME_FIELD = "    name = fields.CharField(max_length=100, unique=True)\n"
COLUMNS = re.compile(r"^(\n(?=    \w+: .* = column\())?    \w+: .* = column\(.*\)\n", re.MULTILINE)
INDEXES = '        indexes = (("created_at", "id"), ("name", "id"))\n'

FILTERS = '''

class PaperClipFilters(BaseModel):
    """Which paper clips to list: those that match every filter that is set."""

'''


def models(text: str, shape: Shape) -> str:
    """The table: columns, enums, indexes and unique constraints."""
    lines = [
        relation_source(each, model=found.model, reverse=found.reverse, through=f"paper_clip_{each.name}")
        if (found := shape.targets.get(each.name))
        else field_source(each)
        for each in shape.columns
    ]
    text = replaced(text, (NAME_FIELD, "".join(lines)), (INDEXES, _meta(shape)))
    enums = "".join(f"{enum_source(each)}\n\n" for each in shape.of("enum"))
    text = replaced(text, ("class PaperClip(Model)", f"{enums}class PaperClip(Model)"))
    own = {each.model: each.module for each in shape.targets.values()}
    typing = "".join(f"    from {module} import {model}\n" for model, module in own.items())
    return with_imports(text, _common(shape), typing=typing)


def _meta(shape: Shape) -> str:
    together = [tuple(each.name for each in unique) for unique in shape.uniques]
    unique = f"        unique_together = {_tuples(together)}\n" if together else ""
    checks = [source for each in shape.columns if (source := check_source(each, shape.words.plural))]
    constraints = f"        constraints = ({', '.join(checks)},)\n" if checks else ""
    return f"{unique}        indexes = {_tuples(shape.indexes())}\n{constraints}"


def _tuples(rows: list[tuple[str, ...]]) -> str:
    written = ["(" + ", ".join(f'"{each}"' for each in row) + ("," if len(row) == 1 else "") + ")" for row in rows]
    return "(" + ", ".join(written) + ",)"


def schemas(text: str, shape: Shape) -> str:
    """Requests and responses, and the filters."""
    many = shape.of("m2m")
    reads = "".join(f'\n    {each.name}: Annotated[list[int], plucked("id")]\n' for each in many)
    new = "".join(f"\n    {each.name}: list[Id] = Field(default_factory=list, max_length=100)\n" for each in many)
    change = "".join(
        f"\n    {each.name}: Annotated[list[Id], Field(max_length=100)] | MISSING = MISSING\n" for each in many
    )
    text = COLUMNS.sub("", text)  # `schemas write` writes those of the new columns
    owner = f', exclude=("{shape.owner.field}",)' if shape.owner else ""
    text = replaced(
        text,
        ('    """One paper clip."""\n', f'    """One paper clip."""\n{reads}'),
        ('    """The fields of one new paper clip."""\n', f'    """The fields of one new paper clip."""\n{new}'),
        ('optional."""\n', f'optional."""\n{change}'),
        ("(CreateSchema, model=PaperClip)", f"(CreateSchema, model=PaperClip{owner})"),
        ("(PatchSchema, model=PaperClip)", f"(PatchSchema, model=PaperClip{owner})"),
    )
    if shape.filters:
        text += FILTERS + "".join(map(filter_source, shape.filters))
    return with_imports(text, _common(shape))


def filter_source(column: Column) -> str:
    """The members of a filter in its schema."""
    kind = column.enum if column.kind == "enum" else PYTHON[column.kind]
    typed = kind if column.kind in {"enum", "bool"} else f'Annotated[{kind}, column_type(PaperClip, "{column.field}")]'
    if column.kind not in RANGES:
        return f"    {column.field}: {typed} | None = None\n"
    low = f'    {column.name}_from: {typed} | None = Field(default=None, description="At this value or above.")\n'
    return low + f'    {column.name}_to: {typed} | None = Field(default=None, description="Below this value.")\n'


def seed(text: str, shape: Shape) -> str:
    """Example rows."""
    plain = [each for each in shape.columns if each.kind != "m2m"]
    names = "".join(f'"{each.field}", ' for each in plain)
    values = "".join(f"{row_source(each, shape)}, " for each in plain)
    # Each table is read once, whichever columns lead to it.
    tables = {found.model: ids_name(found.model) for found in shape.targets.values()}
    reads = "".join(
        f'    {name} = [row.id async for row in {model}.all().order_by("id").only("id")]\n'
        for model, name in tables.items()
    )
    for each in plain:
        if found := shape.targets.get(each.name):
            chosen = f"rng.choice({tables[found.model]})"
            chosen = f"rng.choice((None, {chosen}))" if each.null else chosen
            values = values.replace(f"<{each.name}>", chosen)
    for each in shape.of("m2m"):
        text += LINKS.format(name=each.name, ids=tables[shape.targets[each.name].model])
    text = replaced(
        text,
        ('COLUMNS = ("id", "name", ', f'COLUMNS = ("id", {names}'),
        ('(number, f"Name {number}", ', f"(number, {values}"),
        ("    times = ", f"{reads}    times = "),
    )
    return with_imports(text, _common(shape) | {found.model: found.module for found in shape.targets.values()})


LINKS = """\
    await link_many(
        PaperClip,
        "{name}",
        ((number, key) for number in range(1, count + 1) for key in rng.sample({ids}, k=min(2, len({ids})))),
    )
"""


def ids_name(model: str) -> str:
    """The variable with the keys of a model's rows."""
    return f"{model.lower()}_ids"


def row_source(column: Column, shape: Shape) -> str:
    """The value of a column in a row of the seed; a relation's is filled in by its name."""
    if column.kind == "fk":
        return f"<{column.name}>"
    row = shape.samples(column).row
    if shape.span and column is shape.span[0]:
        return f"(start := {row})"
    return f"rng.choice((None, {row}))" if column.null else row


def _common(shape: Shape) -> dict[str, str]:
    """What the columns' source may need, by name, with its module; what is not used goes."""
    enums = {each.enum: "tortoise_kit.development.features.skeleton.paper_clips.models" for each in shape.of("enum")}
    return {**COMMON, **enums}


COMMON = {
    "Any": "typing",
    "Annotated": "typing",
    "Decimal": "decimal",
    "StrEnum": "enum",
    "TYPE_CHECKING": "typing",
    "UTC": "datetime",
    "date": "datetime",
    "datetime": "datetime",
    "time": "datetime",
    "timedelta": "datetime",
    "UUID": "uuid",
    "BaseModel": "pydantic",
    "Field": "pydantic",
    "MISSING": "pydantic",
    "Id": "tortoise_kit.schemas",
    "column_type": "tortoise_kit.schemas",
    "plucked": "tortoise_kit.schemas",
    "CheckConstraint": "tortoise_kit.models",
    "NumericField": "tortoise_kit.models",
    "link_many": "tortoise_kit.bulk",
    "MinValueValidator": "tortoise.validators",
    "MaxValueValidator": "tortoise.validators",
    "Role": "app.accounts.models",
    "User": "app.accounts.models",
    "PaperClipFilters": "tortoise_kit.development.features.skeleton.paper_clips.schemas",
}
APP: dict[str, Callable[[str, Shape], str]] = {
    "models.py": models,
    "schemas.py": schemas,
    "queries.py": queries,
    "routes.py": routes,
    "seed.py": seed,
    "service.py": service,
}
