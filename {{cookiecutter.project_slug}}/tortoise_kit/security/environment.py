"""Where settings come from besides variables and `.env`: files with one value each. And names that are misspelt."""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource

ENV_FILE = "ENV_FILE"
FOLDER_VARIABLE, FOLDER = "SECRETS_DIR", "/run/secrets"  # where Docker and Podman mount them
NEAR = 0.87  # DB_POOL_MAX is near DB_POOL_MAX_SIZE, DB_SERVICE_HOST of Kubernetes is near nothing


def setting_files(settings: type[BaseSettings]) -> tuple[PydanticBaseSettingsSource, PydanticBaseSettingsSource]:
    """Settings in files: in `.env`, or the file that the variable ENV_FILE names; then in one file for each value."""
    return DotEnvSettingsSource(settings, env_file=_env_file()), SettingFiles(settings)


def _env_file() -> Path:
    return Path(os.environ.get(ENV_FILE) or ".env")


class SettingFiles(PydanticBaseSettingsSource):
    """Values in files: the variable `NAME_FILE` has a path, or the folder SECRETS_DIR has a file named as the setting.

    A line break at the end of a file does not belong to the value.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 -- overrides
        """The text of a setting's file; None without one.

        Raises:
            ValueError: `NAME_FILE` names a file that cannot be read.
        """
        variable = f"{field_name.upper()}_FILE"
        named, folder = os.environ.get(variable), Path(os.environ.get(FOLDER_VARIABLE) or FOLDER)
        found = [Path(named)] if named else [folder / each for each in (field_name, field_name.upper())]
        path = next((each for each in found if named or each.is_file()), None)
        try:
            return path and path.read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except OSError as error:
            message = f"{variable}={path} cannot be read: {error.strerror}"
            raise ValueError(message) from error

    def __call__(self) -> dict[str, Any]:
        """The values of all settings that have a file which is not empty."""
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value}


def misspelt_names(settings: type[BaseSettings]) -> Iterator[str]:
    """Names in the environment or in `.env` that are no settings but like one, each with the nearest, as a sentence.

    In `.env` also each name that begins as several settings do, for example with `DB_`.

    Args:
        settings: The class with all settings.
    """
    names = sorted(name.upper() for name in settings.model_fields)
    known = {*names, *(f"{name}_FILE" for name in names), FOLDER_VARIABLE, ENV_FILE}
    firsts = [name.partition("_")[0] for name in names]
    ours = {first for first in firsts if firsts.count(first) > 1}
    in_file = set(dotenv_values(_env_file())) if _env_file().is_file() else set()
    for name in sorted({*in_file, *os.environ} - known):
        loose = name in in_file and name.partition("_")[0] in ours
        if near := get_close_matches(name.upper(), names, n=1, cutoff=0 if loose else NEAR):
            yield f"{name} is not a setting; did you mean {near[0]}?"
