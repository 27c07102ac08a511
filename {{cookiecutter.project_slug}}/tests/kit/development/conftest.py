import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from tortoise import fields
from tortoise.models import Model

type Models = dict[str, dict[str, Any]]
type Write = Callable[[Models], str]


@pytest.fixture
def write(monkeypatch: pytest.MonkeyPatch) -> Write:
    """Puts models into a new module, and returns its name."""
    count = iter(range(99))

    def _write(models: Models) -> str:
        module = ModuleType(f"changing_models_{next(count)}")
        for name, attributes in models.items():
            meta = {"table": name.lower(), **attributes.pop("meta", {})}
            body = {"id": fields.IntField(primary_key=True), **attributes, "Meta": type("Meta", (), meta)}
            setattr(module, name, type(name, (Model,), {**body, "__module__": module.__name__}))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return module.__name__

    return _write
