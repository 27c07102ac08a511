"""Rejects a wrong answer in one line, before anything is rendered or created.

Cookiecutter loads this into its own process, by `_extensions` of `cookiecutter.json`. A hook is not enough:
cookiecutter renders the answers before it runs a hook that sees them, and prints a traceback if that fails.
The rules are those of `hooks/pre_gen_project.py`.

The file has a name that no package has: the template's folder comes last on the path.
"""

import json
import runpy
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click
from cookiecutter.environment import StrictEnvironment
from cookiecutter.exceptions import FailedHookException
from cookiecutter.generate import generate_files
from cookiecutter.hooks import run_script_with_context
from cookiecutter.main import cookiecutter
from cookiecutter.prompt import YesNoPrompt, prompt_for_config
from jinja2 import Environment
from jinja2.ext import Extension
from rich.prompt import InvalidResponse

# Cookiecutter writes these into each complete context, and cruft the last one.
ITS_OWN = frozenset({"_template", "_output_dir", "_repo_dir", "_checkout", "_commit"})
NOT_ASKED = "no question has this name, answer one of "
OF_ANOTHER_VERSION = "this version of the template has another value, which no answer changes"


class Answers(Extension):
    """Judges all answers when cookiecutter begins to ask, and again when it begins to write."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        rules = Rules(template_folder())
        environment.filters["settled"] = rules.settled
        if asking := arguments_of(prompt_for_config.__code__):
            refuse_first(rules.refused_as_given(Given.found(asking["context"]["cookiecutter"])))
        elif (writing := arguments_of(generate_files.__code__)) and not arguments_of(run_script_with_context.__code__):
            context = writing["context"]["cookiecutter"]
            refuse_first(rules.refused_as_written(context))
            project = Path(writing["output_dir"], context["project_slug"]).absolute()
            if not writing["accept_hooks"]:
                say_what_stays_without_hooks(context, project)
            leave_nothing_on_failure(project)


@dataclass(frozen=True)
class Given:
    """Answers as cookiecutter has them before it renders the first one.

    Attributes:
        context: The template's questions and constants with the answers in their places.
        named: The names that a command line or a caller gave.
        configured: The names in a configuration file, which may hold defaults for other templates.
    """

    context: Mapping[str, object]
    named: Mapping[str, object]
    configured: Mapping[str, object]

    @classmethod
    def found(cls, context: Mapping[str, object]) -> "Given":
        """What the running call of cookiecutter was given; other tools, such as cruft, only pass a context."""
        call = arguments_of(cookiecutter.__code__)
        configured = call.get("config_dict", {}).get("default_context")
        return cls(context, call.get("extra_context") or {}, configured or {})


class Rules:
    """What the template in a folder asks, and which answers it takes."""

    def __init__(self, template: Path) -> None:
        self.own: dict[str, object] = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
        hook = runpy.run_path(str(template / "hooks" / "pre_gen_project.py"))
        self.asked = [name for name in self.own if not name.startswith("_")]
        self.choices: Mapping[str, tuple[object, ...]] = hook["CHOICES"]
        self.refusals: Callable[[Mapping[str, object]], Iterator[str]] = hook["refusals"]
        self.refusal: Callable[[str, object, str], str] = hook["refusal"]
        self.remedy: Callable[[str, object], str | None] = hook["remedy"]
        self.marker_remedy: Callable[[str], str | None] = hook["marker_remedy"]

    def refused_as_given(self, given: Given) -> Iterator[str]:
        """One line for each answer that is wrong, or has a name that no question has."""
        private = {name: value for name, value in given.configured.items() if name in self.own.keys() - {*self.asked}}
        for name, value in {**private, **given.named}.items():
            if name not in self.asked:
                yield self.refusal(str(name), value, NOT_ASKED + ", ".join(self.asked))
        for name, value in given.context.items():
            if value != self.own.get(name):
                yield from self.refused_answer(name, value)

    def refused_answer(self, name: str, value: object) -> Iterator[str]:
        """One line, if one value is wrong that is not the template's own."""
        own = self.own.get(name)
        if isinstance(own, list) and isinstance(value, list) and name in self.asked:
            what = None  # a menu, which cookiecutter has put in another order
        elif name in self.asked:
            what = self.remedy_as_given(name, value)
        elif name.startswith("__") and isinstance(value, str):  # cruft passes on what an older version derived
            what = self.marker_remedy(value)
        else:
            what = OF_ANOTHER_VERSION
        if what is not None:
            yield self.refusal(name, value, what)

    def remedy_as_given(self, name: str, value: object) -> str | None:
        """What to do about an answer, if anything; a choice may be a word, a number or a truth value."""
        if name not in self.choices:
            return self.remedy(name, value)
        if isinstance(value, str) and (what := self.marker_remedy(value)):
            return what
        return self.remedy(name, self.settled_choice(name, value))

    def remedy_of_data(self, value: object) -> str | None:
        """What to do about a value of any question, also one that is no longer asked, before it may be rendered."""
        if not isinstance(value, str | int | float):
            return "give a text, in quotes if it is in a file"
        return self.marker_remedy(str(value))

    def settled_choice(self, name: str, value: object) -> object:
        """The choice that is meant: yes and no as truth values, and others as text."""
        if not isinstance(value, str | int | float):
            return value
        if True in self.choices[name]:
            with suppress(InvalidResponse):
                return bool(YesNoPrompt().process_response(str(value)))
        return str(value)

    def settled(self, answers: MutableMapping[str, object]) -> str:
        """Turn yes and no into truth values, refuse the first wrong answer, and render as nothing."""
        answers.update({name: self.settled_choice(name, answers.get(name)) for name in self.choices})
        refuse_first(self.refusals(answers))
        return ""

    def refused_as_written(self, context: Mapping[str, object]) -> Iterator[str]:
        """One line for each answer of a complete context that is wrong, or not what the template makes of the others.

        A replay skips the questions, so its file may hold anything.
        """
        yield from self.refusals(context)
        environment = StrictEnvironment(keep_trailing_newline=True)
        environment.filters["settled"] = lambda _: ""
        for name, own in self.own.items():
            if name in self.asked or name == "__prompts__":
                continue
            derived = environment.from_string(str(own)).render(cookiecutter=context) if name[:2] == "__" else own
            if context.get(name) != derived:
                yield self.refusal(name, context.get(name), OF_ANOTHER_VERSION)
        for name, value in context.items():
            if name not in self.own and name not in ITS_OWN:
                yield self.refusal(name, value, NOT_ASKED + ", ".join(self.asked))


def template_folder() -> Path:
    """The template that is rendered now; Python may have imported this file from another version of it."""
    folders = [Path(folder) for folder in reversed(sys.path) if (Path(folder) / Path(__file__).name).is_file()]
    return next(iter(folders), Path(__file__).parent)


def arguments_of(code: object) -> Mapping[str, Any]:
    """The arguments and variables of the running call of a function with this code; empty where it does not run.

    Cookiecutter hands an extension only the Jinja environment, which has no answers.
    """
    frame = sys._getframe()  # noqa: SLF001 - documented, in CPython
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code is code:
            return frame.f_locals
    return {}


def say_what_stays_without_hooks(answers: Mapping[str, object], project: Path) -> None:
    """Name the files that `--accept-hooks no` leaves though the answers do not want them."""
    hook = runpy.run_path(str(template_folder() / "hooks" / "post_gen_project.py"))
    unwanted = " ".join(dict.fromkeys(hook["unwanted"](answers)))
    command = f"cd {shlex.quote(str(project))} && rm -rf {unwanted}"
    click.echo(f"Without hooks, files stay that these answers do not want: {command}", err=True)


def leave_nothing_on_failure(project: Path) -> None:
    """Delete what a command wrote if it cannot write all, as on a full disk."""
    context = click.get_current_context(silent=True)
    if context is None or project.exists() or context.params.get("keep_project_on_failure"):
        return

    def clean() -> None:
        error = sys.exception()
        if error is None or isinstance(error, SystemExit):
            return
        shutil.rmtree(project, ignore_errors=True)
        if isinstance(error, OSError):
            what = "nothing of it is left; make room, or name another folder by --output-dir"
            _refuse(f"{project} cannot be written: {error.strerror or error}: {what}")

    context.call_on_close(clean)


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
