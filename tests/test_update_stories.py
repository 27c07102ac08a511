"""A team's project, updated to a newer version of this template and further: the edits stay, and all of it works."""

from pathlib import Path
from shutil import copytree, rmtree

import pytest

from tests import team
from tests.machines import run_module
from tests.rendering import contents, render
from tests.updating import (
    NEW,
    NEWEST,
    OLD,
    Shell,
    Template,
    append,
    documented,
    leftovers,
    new_template,
    read,
    unpack,
)

CHECKS = ("ruff check", "ruff format --check", "mypy", "app migrations check", "app migrations lint")
# What an update can break without a conflict: what is wired together, the tables, the server.
PART = "memos service/test_boot.py service/test_settings.py migrations contract"


@pytest.fixture(scope="module")
def newer(template: Path, config: Path, shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A repository that releases this working tree and, as a newer version, the same with some changes more."""
    folder = tmp_path_factory.mktemp("newer")
    made = new_template(template, folder / "template", shell)
    made.release(OLD)
    team.develop(made.service, render(made.folder, folder / "rendered", config=config), shell)
    made.release(NEW)
    return made


@pytest.fixture(scope="module")
def edited(newer: Template, shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edited")
    shell.run(f"cruft create 'file://{newer.folder}' --checkout {OLD} --no-input", folder)
    [project] = filter(Path.is_dir, folder.iterdir())
    shell.commit(project, "Begin")
    team.edit(project, shell)
    shell.commit(project, "Edit")
    return project


@pytest.fixture
def project(edited: Path, tmp_path: Path, shell: Shell) -> Path:
    copied = copytree(edited, tmp_path / edited.name)
    shell.run("git rm -q .cruft.json && git commit -qm 'Do without cruft'", copied)
    return copied


def assert_green(project: Path, *suite: str) -> None:
    for check in CHECKS:
        ended = run_module(project, *check.split())
        assert ended.returncode == 0, ended.stdout + ended.stderr
    ended = run_module(project, "pytest", "-q", *suite)
    assert ended.returncode == 0, ended.stdout
    assert " passed" in ended.stdout
    assert "skipped" not in ended.stdout


def assert_has_both(project: Path, edited: Path) -> None:
    """The team's edits, the template's changes, and nothing that somebody would have to clean up."""
    assert {name: read(project / name) for name in team.FEATURE} == {name: read(edited / name) for name in team.FEATURE}
    kit, settings = read(project / team.KEYS), read(project / ".env.example")
    assert kit.endswith(team.OF_THE_KIT)
    assert team.TEMPLATES_LINE in kit
    assert {"REPLICA_MAX_LAG_SECONDS=3.0", "PASSWORD_HASHES_AT_ONCE=5"} <= set(settings.splitlines())
    assert '"orjson>=3.13,<4",\n' in read(project / "pyproject.toml")
    assert team.TEMPLATES_LINE in read(project / "pyproject.toml")
    assert read(project / "README.md").endswith(f"{team.RULE}\n")
    assert read(project / "CONTRIBUTING.md").endswith(f"{team.TEMPLATES_RULE}\n")
    assert not (project / "app" / "reports").exists()
    assert not (project / "tests" / "reports").exists()
    assert leftovers(project) == []


def make_steps_again(project: Path, edited: Path, shell: Shell) -> None:
    """What `UPGRADES.md` says to do where both made a migration."""
    check = documented("UPGRADES.md", "How to update a project", block=1).splitlines()[0]
    offline = check.replace("uv run ", "")  # the packages of these tests
    assert "have the same number" in shell.run(offline, project, code=1)
    for step in team.steps(project) - team.steps(edited):
        (project / team.MIGRATIONS / step).unlink()
    shell.run("python -m app migrations make take_the_templates", project)
    shell.commit(project, "Number the template's migration after ours")


@pytest.mark.parametrize(
    "suite",
    [
        pytest.param(PART, marks=pytest.mark.stories, id="part"),
        pytest.param("", marks=pytest.mark.nightly, id="whole"),
    ],
)
def test_a_teams_project_takes_a_newer_version_and_works_on_both_databases(
    newer: Template, project: Path, edited: Path, shell: Shell, suite: str
) -> None:
    printed = newer.update(project)

    assert_has_both(project, edited)
    assert "Left out, as the project has deleted it: app/reports/exports.py\n" in printed
    make_steps_again(project, edited, shell)
    assert_green(project, *(f"tests/{name}" for name in suite.split()))
    assert shell.status(project) == []


@pytest.mark.nightly
def test_an_applied_migration_of_the_team_stays_and_the_templates_comes_after_it(
    newer: Template, project: Path, edited: Path, shell: Shell
) -> None:
    upgrade, history = "python -m app migrations upgrade", "python -m app migrations history"
    shell.run(upgrade, project)
    newer.update(project)
    make_steps_again(project, edited, shell)

    applied = shell.run(upgrade, project).splitlines()

    assert [name.split("_", 2)[2] for name in applied] == ["take_the_templates.py"]
    lines = shell.run(history, project).splitlines()
    assert all(line.startswith("[x] ") for line in lines)
    assert [int(line[4:].partition("_")[0]) for line in lines] == list(range(len(lines)))
    assert "Nothing to do" in shell.run(upgrade, project)


@pytest.mark.nightly
def test_a_second_update_needs_nothing_by_hand(
    newer: Template, project: Path, edited: Path, shell: Shell, tmp_path: Path
) -> None:
    newer.update(project)
    make_steps_again(project, edited, shell)
    newest = newer.copy(tmp_path / "newest")
    append(newest.service / "app" / "main.py", team.TEMPLATES_LINE)
    append(newest.service / "app" / "reports" / "queries.py", "# And one more.")
    newest.release(NEWEST)
    before = team.steps(project)

    newest.update(project)

    assert_has_both(project, edited)
    assert read(project / "app" / "main.py").endswith(f"{team.TEMPLATES_LINE}\n")
    assert team.steps(project) == before
    assert shell.status(project) == []
    shell.run("python -m app migrations check", project)


@pytest.mark.nightly
def test_a_change_of_the_line_that_the_team_changed_is_a_conflict_and_nothing_else_is(
    newer: Template, project: Path, shell: Shell, tmp_path: Path
) -> None:
    newest = newer.copy(tmp_path / "newest")
    team.set_default(newest.service, "REPLICA_MAX_LAG_SECONDS", "2.0", "4.0")
    newest.release(NEWEST)

    newest.update(project, code=1)

    conflicts = [line for line in shell.status(project) if "U" in line[:2]]
    assert conflicts == ["UU .env.example", "UU app/settings.py", "UU docs/settings.md"]
    assert leftovers(project) == []
    lines = set(read(project / ".env.example").splitlines())
    assert {"REPLICA_MAX_LAG_SECONDS=3.0", "REPLICA_MAX_LAG_SECONDS=4.0", "PASSWORD_HASHES_AT_ONCE=5"} <= lines


@pytest.mark.nightly
def test_cruft_gives_the_same_project(newer: Template, edited: Path, project: Path, tmp_path: Path) -> None:
    by_cruft = copytree(edited, tmp_path / "by cruft")

    newer.shell.run(f"cruft update --skip-apply-ask --checkout {NEW}", by_cruft)
    newer.update(project)

    assert_has_both(by_cruft, edited)
    for folder in (by_cruft, project):
        rmtree(folder / ".git")
    (by_cruft / ".cruft.json").unlink()
    assert contents(by_cruft) == contents(project)


@pytest.mark.nightly
def test_a_project_that_nobody_edited_becomes_what_the_newer_version_renders(
    newer: Template, config: Path, shell: Shell, tmp_path: Path
) -> None:
    old = render(
        unpack(newer.folder / "releases" / f"{OLD}.tar.gz", tmp_path / "old"), tmp_path / "begun", config=config
    )
    shell.commit(old, "Begin")

    newer.update(old)

    rmtree(old / ".git")
    assert contents(old) == contents(render(newer.folder, tmp_path / "new", config=config))
