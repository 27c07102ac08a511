"""Cruft's own commands work on the template as they are; what they leave is what `UPGRADES.md` says."""

import json
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from tests.rendering import DEFAULT_SLUG, contents
from tests.updating import NEW, OLD, Shell, Template, append, leftovers, new_small_template, read, replace

pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
def released(template: Path, shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Template:
    made = new_small_template(template, tmp_path_factory.mktemp("released") / "template", shell)
    made.release(OLD)
    append(made.service / "app" / "reports" / "queries.py", "# A line of the newer template.")
    (made.service / "app" / "reports" / "exports.py").write_text('"""New in the feature."""\n', encoding="utf-8")
    (made.service / "SECURITY.md").write_text("New in the newer template.\n", encoding="utf-8")
    (made.service / ".editorconfig").unlink()
    replace(made.service / "CONTRIBUTING.md", "# Contributing", "# Rules of the newer template")
    made.release(NEW)
    return made


@pytest.fixture(scope="module")
def created(released: Template, shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("created")
    shell.run(f"cruft create 'file://{released.folder}' --checkout {OLD} --no-input", folder)
    return folder / DEFAULT_SLUG


@pytest.fixture
def project(created: Path, tmp_path: Path, shell: Shell) -> Path:
    """A new project of the older version, committed as it was rendered."""
    copied = copytree(created, tmp_path / created.name)
    shell.commit(copied, "Begin")
    return copied


def edit(project: Path, shell: Shell) -> None:
    append(project / "README.md", "A sentence of the team.")
    (project / "NOTES.md").write_text("A file of the team.\n", encoding="utf-8")
    rmtree(project / "app" / "reports")
    shell.commit(project)


def test_a_new_project_is_up_to_date_with_its_version_and_behind_the_newer_one(project: Path, shell: Shell) -> None:
    assert "up to date" in shell.run(f"cruft check --checkout {OLD}", project)
    assert "out of date" in shell.run("cruft check", project, code=1)


def test_a_new_project_is_the_same_as_cookiecutters(created: Path, released: Template, shell: Shell) -> None:
    folder = created.parent / "without"
    folder.mkdir()
    shell.run(f"cookiecutter 'git+file://{released.folder}' --checkout {OLD} --no-input", folder)

    ours = {name: data for name, data in contents(created).items() if name != ".cruft.json"}

    assert contents(folder / created.name) == ours


def test_diff_shows_what_the_team_changed_and_nothing_else(project: Path, shell: Shell) -> None:
    assert shell.run("cruft diff 2>/dev/null", project) == ""  # where the hook says what comes next
    append(project / "README.md", "A sentence of the team.")

    shown = shell.run("cruft diff 2>/dev/null", project)

    changed = [line for line in shown.splitlines() if line[:1] in {"+", "-"} and line[:4] not in {"+++ ", "--- "}]
    assert changed == ["-A sentence of the team."]  # cruft shows the way from the project to the template
    shell.run("cruft diff --exit-code", project, code=1)


def test_an_update_keeps_the_teams_edits_and_leaves_nothing_behind(project: Path, shell: Shell) -> None:
    edit(project, shell)

    shell.run("cruft update --skip-apply-ask", project)

    assert read(project / "README.md").endswith("A sentence of the team.\n")
    assert read(project / "NOTES.md") == "A file of the team.\n"
    assert read(project / "SECURITY.md") == "New in the newer template.\n"
    assert not (project / ".editorconfig").exists()
    assert not (project / "app" / "reports").exists()
    assert f"Rendered by version {NEW} " in read(project / ".cookiecutter.yaml")
    assert leftovers(project) == []
    shell.run("cruft check", project)
    shell.commit(project)
    assert "Nothing to do" in shell.run("cruft update --skip-apply-ask", project)


def test_a_collision_leaves_gits_markers_where_the_render_was_committed_once(project: Path, shell: Shell) -> None:
    replace(project / "CONTRIBUTING.md", "# Contributing", "# Rules of the team")
    shell.commit(project)

    shell.run("cruft update --skip-apply-ask", project)

    assert "UU CONTRIBUTING.md" in shell.status(project)
    assert {"# Rules of the team", "# Rules of the newer template"} <= set(
        read(project / "CONTRIBUTING.md").splitlines()
    )
    assert "CONTRIBUTING.md" in shell.run("git diff --check", project, code=2)
    assert leftovers(project) == []


def test_a_collision_leaves_a_rejected_patch_where_it_was_not(created: Path, tmp_path: Path, shell: Shell) -> None:
    project = copytree(created, tmp_path / created.name)
    replace(project / "CONTRIBUTING.md", "# Contributing", "# Rules of the team")
    shell.commit(project, "Begin")

    shell.run("cruft update --skip-apply-ask", project)

    assert leftovers(project) == ["CONTRIBUTING.md.rej"]
    assert "+# Rules of the newer template" in read(project / "CONTRIBUTING.md.rej")
    assert read(project / "CONTRIBUTING.md").startswith("# Rules of the team\n")
    assert read(project / "SECURITY.md") == "New in the newer template.\n"


def test_a_project_of_crufts_changes_over_by_deleting_its_file(project: Path, released: Template, shell: Shell) -> None:
    edit(project, shell)
    released.update(project, code=2)
    shell.run("git rm -q .cruft.json && git commit -qm 'Change over'", project)

    released.update(project)

    assert read(project / "SECURITY.md") == "New in the newer template.\n"
    assert read(project / "README.md").endswith("A sentence of the team.\n")


RUNS = "{{ cycler.__init__.__globals__.os.system('touch \"$HOME/appeared\"') }}"


def test_answers_of_crufts_file_are_data_too(project: Path, shell: Shell) -> None:
    """Of the template's own values in it cruft takes none."""
    record = json.loads(read(project / ".cruft.json"))
    record["context"]["cookiecutter"] |= {"__copyright_holder": RUNS, "_extensions": [], "_jinja2_env_vars": {}}
    (project / ".cruft.json").write_text(json.dumps(record), encoding="utf-8")
    assert shell.run("cruft diff 2>/dev/null", project) == ""
    record["context"]["cookiecutter"]["author_name"] = RUNS
    (project / ".cruft.json").write_text(json.dumps(record), encoding="utf-8")

    printed = shell.run("cruft diff", project, code=1)

    assert "FailedHookException: author_name" in printed  # in a traceback, since it is no command of cookiecutter's
    assert not Path(shell.environment["HOME"], "appeared").exists()
