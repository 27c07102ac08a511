"""New columns of a feature: in its model, its migration and its lists, as far as its code has the places for them."""

import ast
import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tortoise_kit.development.features.app_sources import COMMON
from tortoise_kit.development.features.columns import parse_column, reject
from tortoise_kit.development.features.creation import ACCEPT, API, WRITE_COLUMNS, tidy
from tortoise_kit.development.features.edits import with_imports
from tortoise_kit.development.features.naming import Words
from tortoise_kit.development.features.parts import Part, parts_of
from tortoise_kit.development.features.places import (
    in_type_checking,
    inserted,
    models_of_table,
)
from tortoise_kit.development.features.project import PACKAGE, FeatureError, Project, require_installed
from tortoise_kit.development.features.relations import targets_of
from tortoise_kit.development.features.shape import Shape, Wish, check_filter, check_order, check_unique, split


@dataclass(frozen=True)
class Addition:
    """What was written.

    Attributes:
        changed: The paths of the files.
        left: What has no place in the code as it is now, and must be written by hand.
    """

    changed: list[str]
    left: list[str]


def add(project: Project, feature: str, wish: Wish) -> Addition:
    """Add columns to a feature: in its model or not at all, and in each other file that has a place for them.

    Raises:
        FeatureError: A word means nothing, a row that exists could not have the column, or a tool fails. Nothing
            is changed then.
    """
    require_installed("ruff", "pytest")
    words = _words(project, feature)
    shape = _shape(project, words, wish)
    project.require_no_pending_changes()
    left: list[str] = []
    with ExitStack() as undo:
        changed = {part.path for part in [*parts_of(project, shape)] if _placed(project, shape, part, undo, left)}
        model = f"{PACKAGE}/{feature}/models.py"
        if model not in changed or any(line.startswith(f"{model}: class {words.model}:") for line in left):
            message = f"{model} has no {words.model} with `created_at` or `class Meta`: write the columns by hand."
            raise FeatureError(message)
        tidy(project, project.folders(feature))
        project.run_module(*WRITE_COLUMNS)
        names = "_".join(each.name for each in shape.columns)
        before = project.migration_files()
        undo.callback(_delete_new, project, before)
        project.run_module(PACKAGE, "migrations", "make", f"add_{names}_to_{feature}"[:60].rstrip("_"))
        api = project.root / "tests" / feature / "openapi.json"
        _keep(api, undo)
        project.run_module(*ACCEPT, f"{API}[{feature}]")
        written = project.migration_files() - before
        undo.pop_all()
    return Addition([*sorted(changed), project.relative(api), *map(project.relative, written)], left)


def _delete_new(project: Project, before: set[Path]) -> None:
    for path in project.migration_files() - before:
        path.unlink()


def _words(project: Project, feature: str) -> Words:
    path = project.root / PACKAGE / feature / "models.py"
    if feature not in project.features() or not path.exists():
        message = f"{feature} is not a feature with a table: app/features.py has {', '.join(project.features())}."
        raise FeatureError(message)
    models = list(models_of_table(ast.parse(path.read_text(encoding="utf-8")), feature))
    if not models:
        message = f'{project.relative(path)} has no model with `table = "{feature}"`: write the columns by hand.'
        raise FeatureError(message)
    return Words(feature, re.sub(r"(?<!^)(?=[A-Z])", "_", models[0]).lower())


def _shape(project: Project, words: Words, wish: Wish) -> Shape:
    columns = [parse_column(spec) for spec in wish.columns]
    text = (project.root / PACKAGE / words.plural / "models.py").read_text(encoding="utf-8")
    for spec, each in zip(wish.columns, columns, strict=True):
        check_unique(each)
        if re.search(rf"^    {each.name}(_id)?\b|^class {words.spell(each.enum)}\b", text, re.MULTILINE):
            reject(spec, f"{words.plural} has a column or class with this name", "choose another name")
        if each.kind == "m2m":
            reject(spec, "a many-to-many relation needs changes of the service", "write it by hand")
        if not each.null and "default" not in each.options:
            reject(spec, "rows that exist need a value", f"write {spec}?, or add default=VALUE")
    known = {each.name: each for each in columns}
    orders = tuple(check_order(known, word) for word in split(wish.order))
    filters = tuple(check_filter(known, word) for word in split(wish.filters))
    targets = targets_of(project, words, columns)
    return Shape(words=words, columns=tuple(columns), targets=targets, orders=orders, filters=filters)


def _placed(project: Project, shape: Shape, part: Part, undo: ExitStack, left: list[str]) -> bool:
    """Write a part, or say what is left to write."""
    path = project.root / part.path
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    place = part.find(ast.parse(text))
    if place is None and part.find is in_type_checking:
        _keep(path, undo)
        path.write_text(with_imports(text, COMMON, typing=part.text), encoding="utf-8")
        return True
    if place is None:
        left.append(f"{part.path}: {part.where}: {' '.join(part.text.split())}")
        return False
    _keep(path, undo)
    spelled = shape.words.spell(part.text)
    places = {shape.words.spell(name): shape.words.spell(module) for name, module in _imports(shape).items()}
    path.write_text(with_imports(inserted(text, place, spelled), places), encoding="utf-8")
    return True


def _keep(path: Path, undo: ExitStack) -> None:
    if path.exists():
        undo.callback(path.write_text, path.read_text(encoding="utf-8"), encoding="utf-8")


def _imports(shape: Shape) -> dict[str, str]:
    enums = {each.enum: f"{PACKAGE}.{shape.words.plural}.models" for each in shape.of("enum")}
    factories = {found.factory: found.factories for found in shape.targets.values()}
    seeding = dict.fromkeys(("DATA_END", "DATA_START"), "tortoise_kit.development.seeding")
    return {**COMMON, **enums, **factories, **seeding}
