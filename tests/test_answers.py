import re
import tomllib
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import batched
from pathlib import Path
from shutil import copy2
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml
from click.testing import Result
from cookiecutter.exceptions import FailedHookException
from markdown_it import MarkdownIt

from hooks.pre_gen_project import CHOICES, LONGEST
from tests.conftest import Bake
from tests.hostile_answers import FREE_TEXTS, HOSTILE, LEGAL_EMAILS, LEGAL_SLUGS, LEGAL_TEXTS, REFUSED
from tests.rendering import DEFAULT_SLUG, FOLDER, QUESTIONS, ROOT, Answer, contents, invoke, render, run_command

# The only files that hold a free text.
HOLD_TEXT = {".cookiecutter.yaml", "LICENSE", "README.md", "pyproject.toml"}
BATCHES = list(batched(LEGAL_TEXTS, len(FREE_TEXTS)))  # each text is one answer of a project

type Command = Callable[..., CompletedProcess[str]]
type Invoke = Callable[..., Result]


@pytest.fixture
def command(template: Path, config: Path, output: Path) -> Command:
    return partial(run_command, template, output, config=config)


@pytest.fixture
def in_process(template: Path, config: Path, output: Path) -> Invoke:
    return partial(invoke, template, output, config=config)


@pytest.fixture(scope="session")
def plain(bake: Bake) -> dict[str, bytes]:
    """The project of tame answers."""
    return contents(bake(project_name="Shop", project_slug="shop", author_name="Ada"))


def tree(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def recorded(project: Path) -> dict[str, str]:
    answers: dict[str, str] = load(project / ".cookiecutter.yaml")["default_context"]
    return answers


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def metadata(project: Path) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def title(page: Path) -> str:
    """The text of the first heading as a reader sees it."""
    tokens = MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8"))
    assert tokens[0].tag == "h1"
    return "".join(token.content for token in tokens[1].children or ())


def test_the_table_of_hostile_answers_is_long_and_repeats_nothing() -> None:
    assert len(HOSTILE) >= 150
    assert [value for value, times in Counter(LEGAL_TEXTS).items() if times > 1] == []
    assert {name for name, _, _ in REFUSED} >= {*LONGEST, *CHOICES, "project_slug"}


def test_the_defaults_render_a_project(bake: Bake) -> None:
    project = bake()

    assert project.name == DEFAULT_SLUG
    assert metadata(project)["name"] == project.name


def test_each_question_is_put_in_words_and_its_answer_recorded(bake: Bake) -> None:
    asked = [name for name in QUESTIONS if not name.startswith("_")]

    assert list(QUESTIONS["__prompts__"]) == asked
    assert list(recorded(bake())) == asked


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Tortoise Shop", "tortoise-shop"),
        ("Order_Book v2", "order-book-v2"),
        ("Über uns!", "uber-uns"),
        ("数据平台", "shu-ju-ping-tai"),
        ("24/7 Desk", "service-24-7-desk"),
        ("!!!", "service"),
        ("n" * 80, "n" * 50),
        ("n" * 49 + " cut at the hyphen", "n" * 49),
    ],
)
def test_the_slug_follows_from_the_name(bake: Bake, name: str, slug: str) -> None:
    assert bake(project_name=name).name == slug


@pytest.mark.parametrize(("name", "value", "remedy"), REFUSED)
def test_a_wrong_answer_is_refused_in_one_line_and_leaves_nothing(
    in_process: Invoke, tmp_path: Path, name: str, value: str, remedy: str
) -> None:
    before = tree(tmp_path)

    ended = in_process(f"{name}={value}")

    assert ended.exit_code == 1
    [line] = ended.output.splitlines()
    assert ended.stderr.splitlines() == [line]
    assert line.isprintable()
    called = re.match(r"Error: (.+?) ['\"].* is refused: ", line)
    assert called is not None
    assert called[1] == name or not name.isidentifier() or len(name) > len(called[1])
    assert remedy in line.split(" is refused: ")[1]
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (
            "project_slug=../evil",
            "project_slug '../evil' is refused: use lower-case letters, digits and single hyphens",
        ),
        ("author_email=nobody", "author_email 'nobody' is refused: write it as name@example.org, or leave it empty"),
        ("license=GPL", "license 'GPL' is refused: choose one of MIT, Apache-2.0, BSD-3-Clause, Proprietary"),
        ("container_files=perhaps", "container_files 'perhaps' is refused: choose one of yes, no"),
        ("databse=sqlite", "databse 'sqlite' is refused: no question has this name, answer one of project_name, "),
        ("description={{ 7 *", "description '{{ 7 *' is refused: remove '{{', which begins a template expression"),
    ],
)
def test_the_command_refuses_a_wrong_answer(command: Command, tmp_path: Path, answer: str, line: str) -> None:
    before = tree(tmp_path)

    ended = command(answer)

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith(f"Error: {line}")
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("license: GPL", "license 'GPL' is refused: choose one of MIT, "),
        ("python_version: 3.11", "python_version 3.11 is refused: choose one of 3.13, "),
        ("benchmarks: null", "benchmarks None is refused: choose one of no, yes"),
        ("project_name: [a, b]", "project_name ['a', 'b'] is refused: give a text"),
        ("description: {a: b}", "description {'a': 'b'} is refused: give a text"),
        ("description: '{% if'", "description '{% if' is refused: remove '{%'"),
    ],
)
def test_a_wrong_answer_of_a_file_is_refused_too(
    template: Path, output: Path, tmp_path: Path, answer: str, line: str
) -> None:
    """Cookiecutter would warn of a value that is not in a list, drop all answers after it, and render."""
    config = tmp_path / "answers.yml"
    config.write_text(f"default_context:\n  {answer}\n  ci: gitlab\n", encoding="utf-8")

    ended = invoke(template, output, config=config)

    assert ended.exit_code == 1
    assert len(ended.output.splitlines()) == 1
    assert ended.stderr.startswith(f"Error: {line}")
    assert tree(output) == set()


def test_a_file_may_hold_defaults_for_other_templates(template: Path, output: Path, tmp_path: Path) -> None:
    """So a misspelt name in a file is ignored: it could be a default meant for another template."""
    config = tmp_path / "answers.yml"
    folders = f"replay_dir: {tmp_path}/replay\ncookiecutters_dir: {tmp_path}/cookiecutters\n"
    answers = "{github_username: ada, databse: sqlite, ci: gitlab, python_version: 3.12, container_files: no}"
    config.write_text(f"{folders}default_context: {answers}\n", encoding="utf-8")

    ended = invoke(template, output, "benchmarks=OFF", config=config)

    assert ended.exit_code == 0, ended.output
    answered = recorded(output / DEFAULT_SLUG)
    assert (answered["ci"], answered["python_version"]) == ("gitlab", "3.12")
    assert (answered["container_files"], answered["benchmarks"]) == ("false", "false")


@pytest.mark.parametrize("answer", ["project_slug ../evil", "license GPL", "benchmarks 7", "databse sqlite"])
def test_a_caller_in_python_gets_the_line_as_an_error(
    template: Path, config: Path, output: Path, tmp_path: Path, answer: str
) -> None:
    before = tree(tmp_path)
    name, value = answer.split()

    with pytest.raises(FailedHookException, match=f"^{name} '{value}' is refused: "):
        render(template, output, config=config, **{name: value})

    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["_copy_without_render", "_extensions"])
def test_cookiecutter_itself_guards_the_lists_that_no_question_asks(command: Command, output: Path, name: str) -> None:
    """A traceback, and no line of ours: it compares answers with lists before any code of a template runs.

    No question is a list, therefore; these two must be.
    """
    ended = command(f"{name}=x")

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith(f"ValueError: x provided for choice variable {name}, ")
    [said] = re.findall(r"^- .* end in a traceback .*", (ROOT / "docs" / "answers.md").read_text("utf-8"), re.MULTILINE)
    assert f"`{name}=x`" in said
    assert tree(output) == set()


def test_an_absolute_slug_is_refused_and_leaves_nothing(command: Command, tmp_path: Path) -> None:
    before = tree(tmp_path)

    ended = command(f"project_slug={tmp_path}/absolute/evil")

    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        # Name and slug are left at their defaults. Typed text is not rendered, but what is recorded of it would be.
        (
            "\n\n{{ 7 * 7 }}\n" + "\n" * 8,
            "description '{{ 7 * 7 }}' is refused: remove '{{', which begins a template expression",
        ),
        ("\n" * 5 + "GPL\n" + "\n" * 5, "license 'GPL' is refused: choose one of MIT, "),
        ("\n" * 8 + "perhaps\n\n\n", "container_files 'perhaps' is refused: choose one of yes, no"),
    ],
)
def test_a_wrong_answer_that_is_typed_is_refused(command: Command, tmp_path: Path, typed: str, line: str) -> None:
    before = tree(tmp_path)

    ended = command(typed=typed)

    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith(f"Error: {line}")
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("word", "kept"), [("y", True), ("TRUE", True), ("on", True), ("n", False), ("0", False)])
def test_yes_and_no_are_said_in_several_words(
    command: Command,
    output: Path,
    word: str,
    kept: bool,  # noqa: FBT001 - a value of the table above
) -> None:
    ended = command(typed="\n" * 8 + f"{word}\n\n\n")

    assert ended.returncode == 0, ended.stderr
    assert (output / DEFAULT_SLUG / "Dockerfile").exists() is kept


def test_a_refused_slug_touches_no_folder_of_the_user(command: Command, output: Path) -> None:
    kept = output / "notes" / "kept.txt"
    kept.parent.mkdir()
    kept.write_text("mine", encoding="utf-8")

    ended = command("-f", "project_slug=../three/notes")

    assert ended.returncode == 1
    assert contents(output) == {"notes/kept.txt": b"mine"}


@pytest.fixture(scope="session")
def narrow_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only those of the service's files that contain a free text; they render in a tenth of the time."""
    copied = tmp_path_factory.mktemp("narrow")
    for path in sorted(template.rglob("*")):
        inside = path.relative_to(template)
        if path.is_file() and (inside.parts[0] != FOLDER or inside.relative_to(FOLDER).as_posix() in HOLD_TEXT):
            (copied / inside).parent.mkdir(parents=True, exist_ok=True)
            copy2(path, copied / inside)
    return copied


@pytest.fixture(scope="session")
def narrow(narrow_template: Path, config: Path, tmp_path_factory: pytest.TempPathFactory) -> Bake:
    """As `bake`, from the narrow template."""

    def baked(**answers: Answer) -> Path:
        return render(narrow_template, tmp_path_factory.mktemp("baked"), config=config, **answers)

    return baked


@pytest.mark.parametrize("text", LEGAL_TEXTS)
def test_free_text_comes_through_unchanged(narrow: Bake, text: str) -> None:
    project = narrow(project_slug="shop", **dict.fromkeys(FREE_TEXTS, text))

    table, answers = metadata(project), recorded(project)
    assert table["description"] == text
    assert table["authors"] == [{"name": text}]
    assert answers["project_name"] == answers["description"] == answers["author_name"] == text
    assert title(project / "README.md") == text.strip()
    assert f"Copyright (c) {text}\n" in (project / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("texts", BATCHES, ids=repr)
def test_free_text_renders_again_from_the_recorded_answers(
    narrow: Bake, narrow_template: Path, tmp_path: Path, texts: tuple[str, ...]
) -> None:
    project = narrow(project_slug="shop", **dict(zip(FREE_TEXTS, texts, strict=False)))

    again = render(narrow_template, tmp_path, config=project / ".cookiecutter.yaml")

    assert contents(again) == contents(project)


@pytest.mark.parametrize("texts", BATCHES[::4], ids=repr)
def test_free_text_is_in_these_files_alone(bake: Bake, plain: dict[str, bytes], texts: tuple[str, ...]) -> None:
    rendered = contents(bake(project_slug="shop", **dict(zip(FREE_TEXTS, texts, strict=False))))

    assert rendered.keys() == plain.keys()
    assert {name for name in rendered if rendered[name] != plain[name]} <= HOLD_TEXT


@pytest.mark.parametrize("slug", LEGAL_SLUGS)
def test_a_slug_that_means_something_elsewhere_is_a_plain_name_here(bake: Bake, slug: str) -> None:
    project = bake(project_slug=slug)

    assert project.name == slug == metadata(project)["name"] == recorded(project)["project_slug"]
    assert load(project / "compose.yaml")["name"] == slug


@pytest.mark.parametrize("email", LEGAL_EMAILS)
def test_an_address_comes_through_unchanged(bake: Bake, email: str) -> None:
    project = bake(author_email=email)

    assert metadata(project)["authors"] == [{"email": email}]
    assert recorded(project)["author_email"] == email


@pytest.mark.parametrize(
    ("name", "email", "authors"),
    [
        ("", "", None),
        ("Ada", "", [{"name": "Ada"}]),
        ("", "ada@example.org", [{"email": "ada@example.org"}]),
        ("Ada", "ada+shop@mail.example.org", [{"name": "Ada", "email": "ada+shop@mail.example.org"}]),
    ],
)
def test_an_author_who_is_not_named_is_left_out(
    bake: Bake, name: str, email: str, authors: list[dict[str, str]] | None
) -> None:
    project = bake(author_name=name, author_email=email)

    assert metadata(project).get("authors") == authors
