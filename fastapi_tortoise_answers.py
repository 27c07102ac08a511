"""Rejects a wrong answer in one line, before anything is created.

Cookiecutter loads this into its own process, by `_extensions` of `cookiecutter.json`. A hook is not enough: a
name that is not a question never reaches it, and after a hook that fails cookiecutter prints a traceback.
The rules are those of `hooks/pre_gen_project.py`, which remains for replays.

The file has a name that no package has: the template's folder comes last on the path.
"""

import json
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click
from cookiecutter.config import get_user_config
from cookiecutter.exceptions import FailedHookException
from cookiecutter.prompt import YesNoPrompt
from jinja2 import Environment
from jinja2.ext import Extension
from rich.prompt import InvalidResponse


class Answers(Extension):
    """Checks the command line's answers before they are rendered, and all answers when they are complete."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        rules = Rules(template_folder())
        refuse_first(rules.refused_as_given(given_to_the_command()))
        environment.filters["settled"] = rules.settled


class Rules:
    """What the template in a folder asks, and which answers it takes."""

    def __init__(self, template: Path) -> None:
        questions = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
        hook = runpy.run_path(str(template / "hooks" / "pre_gen_project.py"))
        self.asked = [name for name in questions if not name.startswith("_")]
        self.choices: Mapping[str, tuple[object, ...]] = hook["CHOICES"]
        self.refusals: Callable[[Mapping[str, object]], Iterator[str]] = hook["refusals"]
        self.refusal: Callable[[str, object, str], str] = hook["refusal"]
        self.remedy: Callable[[str, object], str | None] = hook["remedy"]
        self.marker_remedy: Callable[[str], str | None] = hook["marker_remedy"]

    def refused_as_given(self, given: Mapping[str, object]) -> Iterator[str]:
        """One line for each answer that no question asks, or that cookiecutter would take for a template or a menu."""
        for name, value in given.items():
            if name not in self.asked:
                yield self.refusal(name, value, f"no question has this name, answer one of {', '.join(self.asked)}")
            elif isinstance(value, list | dict):
                yield self.refusal(name, value, "give a text")
            # A choice is judged when it is settled. Rendering a text would turn line ends into others.
            elif what := self.marker_remedy(str(value)) if name in self.choices else self.remedy(name, str(value)):
                yield self.refusal(name, value, what)

    def settled(self, answers: MutableMapping[str, object]) -> str:
        """Turn yes and no into truth values, refuse the first wrong answer, and render as nothing."""
        for name, choices in self.choices.items():
            answer = answers.get(name)
            if True in choices and isinstance(answer, str):
                with suppress(InvalidResponse):
                    answers[name] = YesNoPrompt().process_response(answer)
        refuse_first(self.refusals(answers))
        return ""


def template_folder() -> Path:
    """The template that is rendered now; Python may have imported this file from another version of it."""
    folders = [Path(folder) for folder in reversed(sys.path) if (Path(folder) / Path(__file__).name).is_file()]
    return next(iter(folders), Path(__file__).parent)


def given_to_the_command() -> dict[str, object]:
    """The answers of a configuration file and of the command line; none where cookiecutter is called from Python.

    A configuration may hold defaults for other templates: what has another name than a question here is left out.
    They are given once for a command. Cookiecutter makes an environment for each hook, too, and in other folders, where
    a relative path leads nowhere.
    """
    context = click.get_current_context(silent=True)
    if context is None or context.meta.get(__name__):
        return {}
    context.meta[__name__] = True
    given = context.params.get("extra_context")
    if not isinstance(given, Mapping | None):  # another command's, which renders templates, too
        return {}
    configured = get_user_config(context.params.get("config_file"), bool(context.params.get("default_config")))
    asked = Rules(template_folder()).asked
    return {name: value for name, value in configured["default_context"].items() if name in asked} | dict(given or {})


def refuse_first(lines: Iterator[str]) -> None:
    """End with the first of these lines, if there is one.

    Raises:
        click.ClickException: in a command, which prints the line and exits with 1.
        FailedHookException: where cookiecutter is called from Python.
    """
    line = next(lines, None)
    if line is not None:
        _refuse(line)


def _refuse(line: str) -> NoReturn:
    if click.get_current_context(silent=True) is None:
        raise FailedHookException(line)
    raise click.ClickException(line)
