"""`feature`: create, extend and delete features."""

from collections.abc import Iterable
from typing import Annotated

import typer

from app.database import MIGRATIONS
from app.features import MODELS_APP
from app.settings import PROJECT_FILE, Settings

Arguments = Annotated[list[str] | None, typer.Argument(metavar="COMMAND [ARGUMENTS]...", show_default=False)]
# The commands and their options are the kit's, which is imported only here: an image does not contain that part of it.
FORWARDED = {"ignore_unknown_options": True, "help_option_names": list[str]()}


def feature(arguments: Arguments = None) -> None:
    """Create a feature (`new NAME COLUMN...`), extend it (`add`) or delete some (`delete`); see `--help`."""
    from tortoise_kit.development.features import Project, feature_commands

    project = Project(
        root=PROJECT_FILE.parent,
        registry=PROJECT_FILE.parent / "app" / "features.py",
        migrations=MIGRATIONS,
        models_app=MODELS_APP,
        tortoise_config=lambda: Settings().tortoise(),
        api_paths=_api_paths,
    )
    feature_commands(project)(arguments or [], prog_name="python -m app feature")


def _api_paths() -> Iterable[str]:
    from app.main import API_PREFIX, create_app

    return [path.removeprefix(API_PREFIX) for path in create_app(Settings()).openapi()["paths"]]
