import ast
import json
import re
import sys
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain, product
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from hooks.post_gen_project import drop, unwanted
from hooks.pre_gen_project import CHOICES, PACKAGES, is_unprintable, refusals, remedy, shown, slug_remedy
from tests.rendering import ROOT, SERVICE, contents

HOOKS = sorted((ROOT / "hooks").glob("*.py"))
CONTAINERS = [
    ".dockerignore",
    "Dockerfile",
    "compose.yaml",
    *sorted(path.relative_to(SERVICE).as_posix() for path in SERVICE.glob("deploy/**/*") if path.is_file()),
]
GITHUB = [".github/dependabot.yml", ".github/workflows/benchmarks.yaml", ".github/workflows/ci.yaml"]
ANSWERS: dict[str, object] = {
    "project_name": "Shop",
    "project_slug": "shop",
    "description": "",
    "author_name": "",
    "author_email": "",
    "license": "MIT",
    "python_version": "3.13",
    "ci": "github",
    "container_files": True,
    "kit_tests": True,
    "benchmarks": True,
}

# What uv locks for: the Pythons of a project, and the systems that packages know.
SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows", "emscripten": "Emscripten"}
MACHINES = [
    {
        "sys_platform": platform,
        "platform_system": system,
        "os_name": "nt" if platform == "win32" else "posix",
        "python_version": str(python),
        "python_full_version": f"{python}.0",
    }
    for (platform, system), python in product(SYSTEMS.items(), CHOICES["python_version"])
]


def test_right_answers_are_not_refused() -> None:
    assert list(refusals(ANSWERS)) == []


@pytest.mark.parametrize("name", ANSWERS)
def test_a_missing_answer_is_refused(name: str) -> None:
    answers = {key: value for key, value in ANSWERS.items() if key != name}

    assert [line.split(" is refused: ")[0] for line in refusals(answers)] == [f"{name} None"]


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("license", "GPL", "choose one of MIT, Apache-2.0, BSD-3-Clause, Proprietary"),
        ("python_version", "2.7", "choose one of 3.13, 3.12, 3.14, 3.15"),
        ("ci", "jenkins", "choose one of github, gitlab, none"),
        ("container_files", "perhaps", "choose one of yes, no"),
        ("project_name", 7, "give a text, in quotes if it is in a file"),
    ],
)
def test_a_value_that_a_replayed_file_could_hold_is_refused(name: str, value: object, what: str) -> None:
    assert remedy(name, value) == what


def test_each_wrong_answer_has_its_line() -> None:
    answers = {**ANSWERS, "project_slug": "con", "author_email": "nobody"}

    assert [line.split()[0] for line in refusals(answers)] == ["author_email", "project_slug"]


@pytest.mark.parametrize("slug", ["shop", "s", "shop-2", "a1-b2-c3", "s" * 50, "class", "console"])
def test_a_plain_slug_is_right(slug: str) -> None:
    assert slug_remedy(slug) is None


def required(requirement: Requirement, found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Add the package and what it requires on any system, each with the extras that were asked for.

    What is only for another system is not installed here, so nobody can say what that requires.
    """
    name = re.sub(r"[-_.]+", "-", requirement.name).lower()
    extras = {"", *requirement.extras}
    if not extras <= found.get(name, set()):
        found.setdefault(name, set()).update(extras)
        with suppress(PackageNotFoundError):
            for line in distribution(name).requires or ():
                deeper = Requirement(line)
                if deeper.marker is None or any(
                    deeper.marker.evaluate({**machine, "extra": extra}) for machine in MACHINES for extra in extras
                ):
                    required(deeper, found)
    return found


def test_no_project_may_be_called_like_what_it_installs_and_any_other_name_is_free() -> None:
    metadata = tomllib.loads((SERVICE / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [metadata["project"]["dependencies"], *metadata["dependency-groups"].values()]
    found: dict[str, set[str]] = {}
    for line in chain.from_iterable(groups):
        required(Requirement(line), found)

    assert found.keys() | {"tzdata"} == PACKAGES


def test_hook_and_questions_offer_the_same_choices() -> None:
    """As text: a value that is not in a list is a traceback of cookiecutter's, and in a file it is dropped."""
    questions = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
    words = {name: tuple(shown_choice(choice) for choice in choices) for name, choices in CHOICES.items()}

    offered = {name: tuple(re.split(", | or ", questions["__prompts__"][name].split(": ")[1])) for name in CHOICES}

    assert offered == words
    assert [name for name in CHOICES if questions[name] not in words[name]] == []  # any of them may be the default
    assert [name for name, value in questions.items() if name[0] != "_" and not isinstance(value, str)] == []


def shown_choice(choice: object) -> str:
    return {"True": "yes", "False": "no"}.get(str(choice), str(choice))


@pytest.mark.parametrize("character", ["\0", "\n", "\x7f", "\x85", "\u200b", "\u202e", "\u2028", "\ud800", "\uffff"])
def test_a_character_that_hides_or_breaks_a_file_is_unprintable(character: str) -> None:
    assert is_unprintable(character)


@pytest.mark.parametrize("character", [" ", "é", "数", "🚀", "\u200d", "\u0301", "\ufe0f"])
def test_a_character_that_people_write_is_printable(character: str) -> None:
    assert not is_unprintable(character)


@pytest.mark.parametrize("value", ["two\nlines", "turned\u202eround", "\ud800", "x" * 1000, "数" * 1000, None])
def test_a_refused_value_is_shown_in_one_short_line(value: object) -> None:
    line = shown(value)

    assert len(line) <= 70
    assert line.isprintable()
    assert line.encode()


@pytest.mark.parametrize(
    ("changed", "paths"),
    [
        ({}, [".gitlab-ci.yml", "renovate.json"]),
        ({"ci": "gitlab"}, GITHUB),
        (
            {"ci": "none"},
            [*GITHUB, ".gitlab-ci.yml", "renovate.json"],
        ),
        (
            {"container_files": False},
            [".gitlab-ci.yml", "renovate.json", *CONTAINERS],
        ),
        ({"kit_tests": False}, [".gitlab-ci.yml", "renovate.json", "tests/kit"]),
        (
            {"benchmarks": False},
            [".gitlab-ci.yml", "renovate.json", "benchmarks", ".github/workflows/benchmarks.yaml"],
        ),
    ],
)
def test_answers_decide_which_paths_are_unwanted(changed: dict[str, object], paths: list[str]) -> None:
    assert unwanted({**ANSWERS, **changed}) == paths


def test_files_and_folders_are_dropped_with_what_they_leave_empty(tmp_path: Path) -> None:
    for name in ("kept.txt", "dropped.txt", "folder/in/it.txt", "deep/down/file.txt", "deep/kept.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")

    drop(tmp_path, ["dropped.txt", "folder", "deep/down/file.txt", "never/there.txt"])

    assert set(contents(tmp_path)) == {"kept.txt", "deep/kept.txt"}
    assert not (tmp_path / "deep" / "down").exists()


def test_a_workflow_of_the_team_stays(tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "ci.yaml").write_text("", encoding="utf-8")
    (workflows / "release.yaml").write_text("", encoding="utf-8")

    drop(tmp_path, unwanted({**ANSWERS, "ci": "none"}))

    assert set(contents(tmp_path)) == {".github/workflows/release.yaml"}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda path: path.name)
def test_a_hook_is_plain_python_but_for_one_line(hook: Path) -> None:
    lines = hook.read_text(encoding="utf-8").splitlines()

    jinja = [line.strip() for line in lines if any(marker in line for marker in ("{{", "{%", "{#"))]

    assert jinja == ['answers = json.loads(r"""{{ cookiecutter | tojson }}""")']
    assert not [line for line in lines if line.lstrip().startswith("# jinja:")]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda path: path.name)
def test_a_hook_uses_the_standard_library_and_neither_network_nor_processes(hook: Path) -> None:
    nodes = list(ast.walk(ast.parse(hook.read_text(encoding="utf-8"))))
    plain = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    partial = {(node.module or "").split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}

    imported = plain | partial

    assert imported <= sys.stdlib_module_names
    assert imported.isdisjoint(
        {"asyncio", "datetime", "http", "os", "random", "secrets", "socket", "subprocess", "time"}
    )
