"""The API as its clients know it: every change is reviewed as a change of `openapi.json`.

Each feature has its part in `tests/NAME/openapi.json`, which goes with the feature; the rest is in this folder.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.features import FEATURES
from app.main import create_app
from app.settings import Settings
from tortoise_kit.development.testing import as_text, changes, part_of

TESTS = Path(__file__).parents[1]
ACCEPT = "uv run pytest tests/contract/test_openapi.py --accept-api"


def document() -> dict[str, Any]:
    return create_app(Settings(environment="test")).openapi()


def parts() -> Iterator[tuple[Path, dict[str, Any]]]:
    """What each file should hold; a feature's operations have its name as their tag."""
    features = [feature.rpartition(".")[2] for feature in FEATURES]
    yield TESTS / "contract" / "openapi.json", part_of(document(), lambda tag: tag not in features)
    for feature in features:
        part = part_of(document(), feature.__eq__)
        if part["paths"]:
            yield TESTS / feature / "openapi.json", part


def test_the_api_is_the_one_its_clients_know(pytestconfig: pytest.Config) -> None:
    found = []
    for file, part in parts():
        if pytestconfig.getoption("--accept-api") or pytestconfig.getoption("--accept-api-of") == file.parent.name:
            file.write_text(f"{as_text(part)}\n", encoding="utf-8")
        found += changes(json.loads(file.read_text(encoding="utf-8")), part)

    assert not found, "\n".join(["The API changed for its clients:", *found, f"If that is meant: {ACCEPT}"])


def test_schemas_have_short_names() -> None:
    names = document()["components"]["schemas"]

    assert not [name for name in names if not name.isalnum() or "Columns" in name or "Generated" in name]


def test_each_operation_documents_its_errors_as_problems() -> None:
    operations = [operation for path in document()["paths"].values() for operation in path.values()]

    assert operations
    for operation in operations:
        errors = {status: each for status, each in operation["responses"].items() if not status.startswith("2")}
        assert {media for each in errors.values() for media in each["content"]} == {"application/problem+json"}
        assert "default" in errors
