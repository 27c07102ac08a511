"""Where the foreign keys and many-to-many relations of a new feature lead."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from tortoise.models import Model

from tortoise_kit.development.features.columns import Column, reject
from tortoise_kit.development.features.naming import Words, models_of
from tortoise_kit.development.features.project import PACKAGE, Project


@dataclass(frozen=True)
class Target:
    """The model that a relation leads to.

    Attributes:
        model: Its class.
        module: The module of its class.
        factories: The module of its factory for tests.
        factory: The name of that function.
        reverse: The name of the relation's other end.
    """

    model: str
    module: str
    factories: str
    factory: str
    reverse: str


def targets_of(project: Project, words: Words, columns: Iterable[Column]) -> dict[str, Target]:
    """Where the relations among these columns lead, by their names.

    Raises:
        FeatureError: There is no such table, or tests have no factory for its rows.
    """
    relations = [each for each in columns if each.kind in {"fk", "m2m"}]
    models = {model._meta.db_table: model for model in models_of(project) if model._meta.db_table} if relations else {}
    found: dict[str, Target] = {}
    for each in relations:
        if each.argument not in models:
            word = f"{each.name}:{each.kind}:{each.argument}"
            reject(word, "there is no such table", f"use one of {', '.join(models)}")
        model = models[each.argument]
        used = {target.reverse for target in found.values() if target.model == model.__name__}
        found[each.name] = _target(project, words, each, model, used)
    return found


def _target(project: Project, words: Words, column: Column, model: type[Model], used: set[str]) -> Target:
    reverse = words.plural
    if reverse in model._meta.fields_map or reverse in used:
        reverse = f"{column.name}_{words.plural}"
    feature = model.__module__.removeprefix(f"{PACKAGE}.").partition(".")[0]
    path = project.root / "tests" / feature / "factories.py"
    factory = "make_" + re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    if factory not in {node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef)}:
        remedy = f"write `async def {factory}` in tests/{feature}/factories.py"
        reject(column.argument, "tests cannot create its rows", remedy)
    return Target(model.__name__, model.__module__, f"tests.{feature}.factories", factory, reverse)
