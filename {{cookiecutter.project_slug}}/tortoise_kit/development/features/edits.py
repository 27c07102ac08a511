"""Edits of Python source: text in place of other text, and the imports that it needs."""

import ast

from tortoise_kit.development.features.project import FeatureError


def replaced(text: str, *edits: tuple[str, str]) -> str:
    """The text with each old part, which must be there, replaced by its new one.

    Raises:
        FeatureError: A part is not there, since somebody changed the skeleton.
    """
    for old, new in edits:
        if old not in text:
            message = f"the skeleton has no `{old.strip()}`: restore it there, or write the feature by hand."
            raise FeatureError(message)
        text = text.replace(old, new)
    return text


def with_imports(text: str, places: dict[str, str], *, typing: str = "") -> str:
    """The text with imports of those names that it uses and does not bind.

    Args:
        text: A module that begins with a docstring.
        places: The module of each name.
        typing: Indented imports for annotations in quotes, which must not be imported at run time.
    """
    block = f"\nif TYPE_CHECKING:\n{typing}" if typing else ""
    used = {node.id for node in ast.walk(ast.parse(text + block)) if isinstance(node, ast.Name)}
    tree = ast.parse(text)
    bound = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    bound |= {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    added = "".join(f"from {places[name]} import {name}\n" for name in sorted((used - bound) & set(places)))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom | ast.Import)]
    end = (imports[-1] if imports else tree.body[0]).end_lineno or 0
    lines = text.splitlines(keepends=True)
    return "".join(lines[:end]) + added + block + "".join(lines[end:])
