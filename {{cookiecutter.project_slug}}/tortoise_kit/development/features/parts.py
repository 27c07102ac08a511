"""The texts that new columns need in the files of a feature, and where each goes."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tortoise_kit.development.features.app_sources import filter_source, row_source
from tortoise_kit.development.features.columns import Column
from tortoise_kit.development.features.fields import check_source, enum_source, field_source, relation_source
from tortoise_kit.development.features.places import (
    Find,
    at_end_of_meta,
    before_class,
    before_created_at,
    before_given,
    before_name_of_created_at,
    in_assigned,
    in_call,
    in_class,
    in_meta,
    in_model,
    in_type_checking,
    orders_of,
)
from tortoise_kit.development.features.project import PACKAGE, Project
from tortoise_kit.development.features.routes_source import condition_source
from tortoise_kit.development.features.shape import Shape
from tortoise_kit.development.features.test_sources import sent_source, wrong_lines


@dataclass(frozen=True)
class Part:
    """A text that belongs in a file.

    Attributes:
        path: Below the project's folder.
        find: Its place.
        text: What is inserted there.
        where: Names the place for a person.
    """

    path: str
    find: Find
    text: str
    where: str


def parts_of(project: Project, shape: Shape) -> Iterator[Part]:
    """All texts that the columns need."""
    app, tests = (f"{folder}/{shape.words.plural}" for folder in (PACKAGE, "tests"))
    for each in shape.columns:
        yield from _model_parts(f"{app}/models.py", shape, each)
        row = row_source(each, shape).replace(f"<{each.name}>", "None")
        yield Part(f"{app}/seed.py", before_name_of_created_at, f'"{each.field}", ', "COLUMNS")
        yield Part(f"{app}/seed.py", before_created_at, f"{row}, ", "the rows")
        body = f'"{each.field}": {sent_source(each, shape)}, '
        yield Part(f"{tests}/factories.py", before_given, body, f"{shape.words.singular}_body")
        yield Part(f"{tests}/contract.py", in_assigned("BODIES"), "".join(wrong_lines(each)), "BODIES")
        if each.kind != "fk":
            change = f'"{each.field}": {shape.samples(each).other}'
            yield Part(f"{tests}/contract.py", in_assigned("CHANGE"), change, "CHANGE")
            yield Part(f"{tests}/test_{shape.words.plural}.py", in_assigned("CHANGES"), change, "CHANGES")
    for each in shape.filters:
        filters = f"{shape.words.model}Filters"
        yield Part(f"{app}/schemas.py", in_class(filters), filter_source(each), filters)
        yield Part(f"{app}/queries.py", in_assigned("conditions"), condition_source(each), "conditions")
    for order in shape.orders:
        yield Part(f"{app}/routes.py", in_call("paging", shape.words.model), f'"{order}"', "paging")
    model, table = shape.words.model, shape.words.plural
    if indexes := _indexes(project, shape):
        yield Part(f"{app}/models.py", in_meta(model, "indexes"), indexes, "Meta.indexes")
    if checks := ", ".join(source for each in shape.columns if (source := check_source(each, table))):
        place = in_meta(model, "constraints")
        if place(_tree(project, f"{app}/models.py")):
            yield Part(f"{app}/models.py", place, checks, "Meta.constraints")
        else:
            yield Part(f"{app}/models.py", at_end_of_meta(model), f"        constraints = ({checks},)\n", "Meta")


def _model_parts(path: str, shape: Shape, column: Column) -> Iterator[Part]:
    model = shape.words.model
    if column.kind == "enum":
        yield Part(path, before_class(model), f"{enum_source(column)}\n\n", f"before class {model}")
    source = field_source(column) if column.kind != "fk" else ""
    if target := shape.targets.get(column.name):
        source = relation_source(column, model=target.model, reverse=target.reverse, through="")
        yield Part(path, in_type_checking, f"    from {target.module} import {target.model}\n", "TYPE_CHECKING")
    yield Part(path, in_model(model), source, f"class {model}")


def _indexes(project: Project, shape: Shape) -> str:
    """The indexes for new filters with all orders, and for new orders."""
    old = tuple(orders_of(_tree(project, f"{PACKAGE}/{shape.words.plural}/routes.py")))
    needed = replace(shape, orders=(*old, *shape.orders)).indexes()
    there = replace(shape, columns=(), filters=(), orders=old).indexes()
    models = (project.root / PACKAGE / shape.words.plural / "models.py").read_text(encoding="utf-8")
    leads = dict.fromkeys(re.findall(r'\("(\w+)", "\w+", "id"\)', models))  # of the filters that exist, and the owner
    needed += [(lead, order.removeprefix("-"), "id") for lead in leads for order in shape.orders]
    return ", ".join(str(index).replace("'", '"') for index in needed if index not in there)


def _tree(project: Project, path: str) -> ast.Module:
    """The syntax tree of a file; empty without one."""
    file = project.root / path
    return ast.parse(file.read_text(encoding="utf-8") if file.exists() else "")
