"""The lines of `app/features.py`."""

import re

from app.features import FEATURES
from tortoise_kit.development.features.tools import ROOT, FeatureError, shown

REGISTRY = ROOT / "app" / "features.py"
LINE = re.compile(r'^    "app\.(\w+)",(.*)\n', re.MULTILINE)
EXAMPLE = "# example"


def names() -> list[str]:
    """The features by their names, in the order of the registry."""
    return [feature.removeprefix("app.") for feature in FEATURES]


def examples() -> list[str]:
    """Those whose line says that they are examples."""
    return [line[1] for line in LINE.finditer(_text()) if line[2].strip().startswith(EXAMPLE)]


def with_line(name: str) -> str:
    """The registry's text with one more line, the last.

    Raises:
        FeatureError: It has no lines as they were.
    """
    text = _text()
    lines = list(LINE.finditer(text))
    if not lines:
        message = f'{shown(REGISTRY)} has no line `    "app.NAME",`: write them so, one for each feature.'
        raise FeatureError(message)
    end = lines[-1].end()
    return f'{text[:end]}    "app.{name}",\n{text[end:]}'


def without_lines(gone: set[str]) -> str:
    """The registry's text without the lines of these features."""
    return LINE.sub(lambda line: "" if line[1] in gone else line[0], _text())


def _text() -> str:
    return REGISTRY.read_text(encoding="utf-8")
