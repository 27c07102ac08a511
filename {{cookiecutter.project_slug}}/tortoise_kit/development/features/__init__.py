"""Create and delete features of a project: `feature_commands` is the command line, `Project` describes the project."""

from tortoise_kit.development.features.commands import feature_commands
from tortoise_kit.development.features.project import Project

__all__ = ["Project", "feature_commands"]
