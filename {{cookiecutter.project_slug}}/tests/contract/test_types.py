"""What type checkers and editors see is what the models have."""

from importlib import import_module

import pytest
from tortoise.exceptions import ConfigurationError
from tortoise.models import Model
from typer.testing import CliRunner

from app.accounts.models import User
from app.cli.main import cli
from app.features import MODEL_MODULES
from app.main import create_app
from app.settings import Settings
from tortoise_kit.development.testing import wrong_annotations


def models() -> list[type[Model]]:
    found = [each for name in MODEL_MODULES for each in vars(import_module(name)).values() if isinstance(each, type)]
    return [each for each in found if issubclass(each, Model) and each.__module__ in MODEL_MODULES]


def test_schemas_declare_the_columns_that_their_models_have() -> None:
    result = CliRunner().invoke(cli, ["schemas", "check"])

    assert result.exit_code == 0, result.output


def test_models_declare_their_keys_and_relations_as_they_are() -> None:
    assert wrong_annotations(models()) == []


def test_a_schema_that_its_model_contradicts_fails_the_check_and_the_application(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(User._meta.fields_map["name"], "null", True)
    wrong = "UserRead.name: User has `name: str | None = column()`, and `name: str = column()` is here."

    result = CliRunner().invoke(cli, ["schemas", "check"])
    with pytest.raises(ConfigurationError) as error:
        create_app(Settings(environment="test"))

    assert result.exit_code == 1
    assert wrong in result.output
    assert "app/accounts/schemas.py:" in result.output
    assert wrong in str(error.value)
    assert "run `schemas write`" in str(error.value)
