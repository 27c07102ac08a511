"""Where settings come from besides variables and `.env`: files with one value each. And names that are misspelt."""

import os
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

SECRETS_DIR = "/run/secrets"  # where Docker and Podman mount them
NEAR = 0.87  # DB_POOL_MAX is near DB_POOL_MAX_SIZE, DB_SERVICE_HOST of Kubernetes is near nothing
NOT_SETTINGS = {"ENV_FILE", "SECRETS_DIR"}


def env_file() -> Path:
    """The file with settings: the variable ENV_FILE names it, `.env` by default."""
    return Path(os.environ.get("ENV_FILE") or ".env")


class FilesSource(PydanticBaseSettingsSource):
    """Values in files: the variable `NAME_FILE` has a path, or the folder SECRETS_DIR has a file named as the setting.

    A line break at the end of a file does not belong to the value.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 -- overrides
        """The text of a setting's file; None without one.

        Raises:
            ValueError: `NAME_FILE` names a file that cannot be read.
        """
        variable = f"{field_name.upper()}_FILE"
        named, folder = os.environ.get(variable), Path(os.environ.get("SECRETS_DIR") or SECRETS_DIR)
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


def misspelt(settings: Collection[str]) -> Iterator[str]:
    """Names in the environment or in `.env` that are no settings but like one, each with the nearest, as a sentence.

    In `.env` also each name that begins as several settings do, for example with `DB_`.

    Args:
        settings: The names of all settings, in capitals.
    """
    known = {*settings, *(f"{name}_FILE" for name in settings), *NOT_SETTINGS}
    firsts = [name.partition("_")[0] for name in settings]
    ours = {first for first in firsts if firsts.count(first) > 1}
    in_file = set(dotenv_values(env_file())) if env_file().is_file() else set()
    for name in sorted({*in_file, *os.environ} - known):
        loose = name in in_file and name.partition("_")[0] in ours
        if near := get_close_matches(name.upper(), sorted(settings), n=1, cutoff=0 if loose else NEAR):
            yield f"{name} is not a setting; did you mean {near[0]}?"
