"""Create and delete features of a project: `commands` is the command line, `Project` describes the project."""

from tortoise_kit.development.features.commands import commands
from tortoise_kit.development.features.project import Project

__all__ = ["Project", "commands"]
