"""The lines of `docs/regenerate.md`, word for word, in a project's repository."""

import re
import subprocess
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from tests.machines import COMMAND_SECONDS, Machine, path_with_uv
from tests.rendering import ROOT, render
from tests.updating import OLD, Shell, Template, new_template

PAGE = (ROOT / "docs" / "regenerate.md").read_text(encoding="utf-8")
COMMIT = "git add --all && git commit --quiet --message"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("home"), path=path_with_uv())


@pytest.fixture(scope="module")
def published(template: Path, shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The template with a release."""
    made = new_template(template, tmp_path_factory.mktemp("published") / "template", shell)
    made.release(OLD)
    return made


@pytest.fixture(scope="module")
def rendered(published: Template, config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of that release, after which the template went on."""
    folder = tmp_path_factory.mktemp("rendered")
    project = render(
        published.folder, folder, config=config, project_name="数据 Shop", project_slug="shop", ci="gitlab"
    )
    (published.service / "README.md").write_text("Of the next version.\n", encoding="utf-8")
    published.shell.commit(published.folder)
    return project


@pytest.fixture
def project(rendered: Path, published: Template, machine: Machine, tmp_path: Path) -> Path:
    """A committed project with the page's lines as its job, and a file of the team's own."""
    project = copytree(rendered, tmp_path / "shop")
    [script] = blocks("sh")
    (project / ".ci").mkdir()
    (project / ".ci" / "template").write_text(
        script.replace("TEMPLATE", f"file://{published.folder}"), encoding="utf-8"
    )
    (project / "app" / "team.py").write_text("", encoding="utf-8")
    machine.run(f"git init --quiet && {COMMIT} First", cwd=project)
    return project


def run_job(machine: Machine, project: Path) -> subprocess.CompletedProcess[str]:
    machine.run(f"{COMMIT} Edit --allow-empty", cwd=project)
    return subprocess.run(
        ["bash", ".ci/template"],  # noqa: S607 - the shell of this machine
        cwd=project,
        env=machine.environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=COMMAND_SECONDS,
    )


def test_a_project_as_it_was_rendered_passes(machine: Machine, project: Path) -> None:
    ended = run_job(machine, project)

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith("The template's files are as rendered, except those in .template-edits.\n")


def test_a_change_that_nobody_listed_fails_and_is_named(machine: Machine, project: Path) -> None:
    pool = project / "tortoise_kit" / "db" / "config.py"
    pool.write_text(f"{pool.read_text(encoding='utf-8')}# an edit\n", encoding="utf-8")
    (project / "CHANGELOG.md").unlink()

    ended = run_job(machine, project)

    assert ended.returncode == 1
    named = [line for line in ended.stdout.splitlines() if line.startswith(("<", ">"))]
    assert named == ["> CHANGELOG.md", "> tortoise_kit/db/config.py"]


def test_a_change_that_is_listed_passes_until_it_is_gone(machine: Machine, project: Path) -> None:
    readme = project / "README.md"
    before = readme.read_text(encoding="utf-8")
    readme.write_text("# Ours\n", encoding="utf-8")
    (project / ".template-edits").write_text("README.md\n", encoding="utf-8")

    edited = run_job(machine, project)
    readme.write_text(before, encoding="utf-8")
    restored = run_job(machine, project)

    assert edited.returncode == 0, edited.stdout
    assert restored.returncode == 1
    assert "< README.md" in restored.stdout.splitlines()


def test_a_version_that_the_template_does_not_have_fails(machine: Machine, project: Path) -> None:
    record = project / ".cookiecutter.yaml"
    record.write_text(re.sub(r"version \S+ of", "version 99.9 of", record.read_text(encoding="utf-8")), "utf-8")

    ended = run_job(machine, project)

    assert ended.returncode != 0
    assert "Nothing was changed: version 99.9 is no release that " in ended.stderr


def test_the_jobs_of_the_page_run_that_file_by_the_pinned_actions_of_the_template() -> None:
    github, gitlab = (yaml.safe_load(block)["template"] for block in blocks("yaml"))
    workflow: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yaml").read_text(encoding="utf-8"))

    assert github["steps"][-1]["run"] == gitlab["script"][-1] == "bash .ci/template"
    assert github["steps"][0] == workflow["jobs"]["check"]["steps"][0]
    assert github["timeout-minutes"] <= 10
