import json
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml
from cookiecutter.exceptions import FailedHookException

from tests.conftest import Bake
from tests.rendering import ROOT, contents, render, run_command

QUESTIONS = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))

type Command = Callable[..., CompletedProcess[str]]

REFUSED = [
    ("project_slug", ""),
    ("project_slug", "."),
    ("project_slug", ".."),
    ("project_slug", "../../up/evil"),
    ("project_slug", "down/and/evil"),
    ("project_slug", "back\\slash"),
    ("project_slug", "drive:evil"),
    ("project_slug", "Shop"),
    ("project_slug", "my_shop"),
    ("project_slug", "my shop"),
    ("project_slug", "my--shop"),
    ("project_slug", "-shop"),
    ("project_slug", "shop-"),
    ("project_slug", "24-7"),
    ("project_slug", "shöp"),
    ("project_slug", "s" * 51),
    ("project_slug", "s" * 300),
    ("project_slug", "con"),
    ("project_slug", "lpt9"),
    ("project_slug", "fastapi"),
    ("project_slug", "tortoise-orm"),
    ("project_slug", "starlette"),
    ("project_name", ""),
    ("project_name", " "),
    ("project_name", "n" * 81),
    ("project_name", "two\nlines"),
    ("project_name", "carriage\rreturn"),
    ("project_name", "invisible\u200bspace"),
    ("description", "d" * 301),
    ("description", "tab\tstop"),
    ("description", "turned\u202eround"),
    ("description", "line\u2028separator"),
    ("description", "paragraph\u2029separator"),
    ("description", "half a pair \ud800"),
    ("description", "\ufeffbyte order mark"),
    ("description", "no character \uffff"),
    # Cookiecutter renders what it is given; these come out as the markers themselves.
    ("description", "{{ '{' }}{ cookiecutter }}"),
    ("description", "{{ '{' }}% if true %}"),
    ("author_name", "{{ '{' }}# comment #}"),
    ("author_name", "{{ '#' }} jinja: if true"),
    ("author_name", "a" * 101),
    ("author_name", "zero\0byte"),
    ("author_email", "nobody"),
    ("author_email", "nobody@localhost"),
    ("author_email", "two words@example.org"),
    ("author_email", "<nobody@example.org>"),
    ("author_email", 'quo"te@example.org'),
    ("author_email", "nobody@example.org\nBcc: all@example.org"),
    ("author_email", f"{'e' * 250}@example.org"),
]

LEGAL = [
    'say "hi"',
    'ends in a quote"',
    "ends in a backslash\\",
    "C:\\new\\table",
    '\\"',
    '"""',
    "'''",
    "a: b # c",
    "- [x] *bold* _under_ `code` <b>",
    "${HOME} $(id) `id` %PATH%",
    "%s {0} {name}",
    "}} %} #}",
    "&anchor *alias !tag | > @ %",
    "null",
    "  spaces around  ",
    "数据平台 données ﷺ",
    "rocket 🚀, family 👩‍👩‍👧",
    "&lt;&amp;",
    "one, two; three",
]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A folder deep enough for `../..` to stay within the test's own."""
    folder = tmp_path / "one" / "two" / "three"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def into_output(template: Path, config: Path, output: Path) -> Callable[..., Path]:
    return partial(render, template, output, config=config)


@pytest.fixture
def command(template: Path, config: Path, output: Path) -> Command:
    return partial(run_command, template, output, config=config)


def tree(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_the_defaults_render_a_project(bake: Bake) -> None:
    project = bake()

    assert project.name == QUESTIONS["project_name"].lower().replace(" ", "-")
    assert tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"] == project.name


def test_each_question_is_put_in_words_and_its_answer_recorded(bake: Bake) -> None:
    asked = [name for name in QUESTIONS if not name.startswith("_")]

    recorded = yaml.safe_load((bake() / ".cookiecutter.yaml").read_text(encoding="utf-8"))

    assert list(QUESTIONS["__prompts__"]) == asked
    assert list(recorded["default_context"]) == asked


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


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_wrong_answer_is_refused_in_one_line_and_leaves_nothing(
    into_output: Callable[..., Path], tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    before = tree(tmp_path)

    with pytest.raises(FailedHookException):
        into_output(**{"project_slug": "refused", name: value})

    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"{name} ")
    assert " is refused: " in lines[0]
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (
            "project_slug=../evil",
            "project_slug '../evil' is refused: use lower-case letters, digits and single hyphens",
        ),
        ("project_slug=class!", "project_slug 'class!' is refused: use lower-case letters, digits and single hyphens"),
        ("author_email=nobody", "author_email 'nobody' is refused: write it as name@example.org, or leave it empty"),
    ],
)
def test_the_command_refuses_a_wrong_answer(command: Command, tmp_path: Path, answer: str, line: str) -> None:
    before = tree(tmp_path)

    ended = command(answer)

    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith(line)
    assert tree(tmp_path) == before


def test_an_absolute_slug_is_refused_and_leaves_nothing(command: Command, tmp_path: Path) -> None:
    before = tree(tmp_path)

    ended = command(f"project_slug={tmp_path}/absolute/evil")

    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert tree(tmp_path) == before


@pytest.mark.parametrize("answer", ["license=GPL", "python_version=2.7", "ci=jenkins", "container_files=perhaps"])
def test_cookiecutter_names_a_value_that_is_no_choice(command: Command, tmp_path: Path, answer: str) -> None:
    before = tree(tmp_path)

    ended = command(answer)

    name, value = answer.split("=")
    assert ended.returncode == 1
    assert f"{value} provided for " in ended.stderr.splitlines()[-1]
    assert name in ended.stderr.splitlines()[-1]
    assert tree(tmp_path) == before


def test_a_typed_template_expression_is_refused(command: Command, tmp_path: Path) -> None:
    before = tree(tmp_path)

    # Name and slug are left at their defaults; typed text is not rendered, so the hook sees the marker.
    ended = command(typed="\n\n{{ 7 * 7 }}\n" + "\n" * 7)

    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "description '{{ 7 * 7 }}' is refused: remove '{{', which begins a template expression"
    ]
    assert tree(tmp_path) == before


def test_a_refused_slug_touches_no_folder_of_the_user(command: Command, output: Path) -> None:
    kept = output / "notes" / "kept.txt"
    kept.parent.mkdir()
    kept.write_text("mine", encoding="utf-8")

    ended = command("-f", "project_slug=../three/notes")

    assert ended.returncode == 1
    assert contents(output) == {"notes/kept.txt": b"mine"}


@pytest.mark.parametrize("text", LEGAL)
def test_free_text_comes_through_unchanged(bake: Bake, text: str) -> None:
    project = bake(project_name=text, project_slug="shop", description=text, author_name=text)

    table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    recorded = yaml.safe_load((project / ".cookiecutter.yaml").read_text(encoding="utf-8"))["default_context"]
    assert table["description"] == text
    assert table["authors"] == [{"name": text}]
    assert recorded["project_name"] == recorded["description"] == recorded["author_name"] == text
    assert f"Copyright (c) {text}\n" in (project / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", LEGAL)
def test_free_text_renders_again_from_the_recorded_answers(
    bake: Bake, template: Path, tmp_path: Path, text: str
) -> None:
    project = bake(project_name=text, project_slug="shop", description=text, author_name=text)

    again = render(template, tmp_path, config=project / ".cookiecutter.yaml")

    assert contents(again) == contents(project)


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

    table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert table.get("authors") == authors
