"""`update.py` brings a project to a newer template, keeps the team's edits, and loses nothing."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import copytree, rmtree

import pytest
import yaml

from tests.machines import path_with_uv
from tests.rendering import contents
from tests.updating import (
    NEW,
    NEWEST,
    OLD,
    RENDERED_FROM,
    Shell,
    Template,
    append,
    documented,
    leftovers,
    new_project,
    new_small_template,
    read,
    replace,
)

pytestmark = pytest.mark.nightly  # some minutes; those that are stories, too, run on each push

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe"
# Stands in for a machine without a network: whatever asks for a connection fails.
OFFLINE = """
import socket
def refuse(*_):
    raise OSError("there is no network")
socket.socket.connect = socket.getaddrinfo = refuse
"""

type Files = dict[str, bytes]


@pytest.fixture(scope="module")
def released(template: Path, shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Template:
    made = new_small_template(template, tmp_path_factory.mktemp("released") / "template", shell)
    (made.service / "logo.png").write_bytes(PNG)
    made.release(OLD)
    return made


@pytest.fixture(scope="module")
def begun(released: Template, config: Path, shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_project(released.folder, tmp_path_factory.mktemp("begun"), config=config, shell=shell)


@pytest.fixture
def newer(released: Template, tmp_path: Path) -> Template:
    """The template after its first release, to be changed."""
    return released.copy(tmp_path / "template")


@pytest.fixture
def project(begun: Path, tmp_path: Path) -> Path:
    """A project of the first release, with edits of the team's."""
    return copytree(begun, tmp_path / "projects" / begun.name)


def files_of(project: Path) -> Files:
    """What the team would look at: all files but git's own."""
    return {name: data for name, data in contents(project).items() if not name.startswith(".git/")}


def recorded(project: Path) -> dict[str, str]:
    answers: dict[str, str] = yaml.safe_load(read(project / ".cookiecutter.yaml"))["default_context"]
    return answers


@pytest.mark.stories
def test_the_documented_lines_bring_the_newer_template_and_keep_the_teams_edits(
    newer: Template, project: Path, shell: Shell
) -> None:
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    (newer.service / "SECURITY.md").write_text("New in the newer template.\n", encoding="utf-8")
    (newer.service / ".editorconfig").unlink()
    newer.release(NEW)
    lines = documented("UPGRADES.md", "How to update a project")
    with_uv = Shell({**shell.environment, "PATH": path_with_uv()})

    said = with_uv.run(lines.replace("TEMPLATE", f"file://{newer.folder}").replace("VERSION", NEW), project)

    files = {name: data.decode() for name, data in files_of(project).items() if not name.endswith(".png")}
    assert "app dev" not in said  # the next steps are for a new project
    assert files["README.md"].endswith("A sentence of the team.\n")
    assert files["NOTES.md"] == "A file of the team.\n"
    assert files["CONTRIBUTING.md"].endswith("A rule of the newer template.\n")
    assert files["SECURITY.md"] == "New in the newer template.\n"
    assert ".editorconfig" not in files
    assert files[".cookiecutter.yaml"].startswith(f"# Rendered by version {NEW} of the template")
    assert shell.status(project) == []
    assert shell.run("git log --format=%s", project).splitlines() == [
        f"Take version {NEW} of the template, after {OLD}",
        "Begin",
    ]


def test_nothing_is_done_where_there_is_nothing_to_do(newer: Template, project: Path, shell: Shell) -> None:
    before = shell.run("git rev-parse HEAD", project)

    assert f"up to date with version {OLD}" in newer.update(project)

    assert shell.run("git rev-parse HEAD", project) == before


def test_an_update_follows_another_though_the_first_one_was_squashed(
    newer: Template, project: Path, shell: Shell
) -> None:
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    newer.release(NEW)
    newer.update(project)
    shell.run("rm -rf .git", project)
    shell.commit(project, "All as one commit")
    append(newer.service / "CONTRIBUTING.md", "A rule of the newest template.")
    newer.release(NEWEST)

    newer.update(project)

    assert read(project / "CONTRIBUTING.md").endswith("of the newer template.\nA rule of the newest template.\n")
    assert shell.status(project) == []


def test_an_update_may_leave_out_versions(newer: Template, project: Path) -> None:
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    newer.release(NEW)
    append(newer.service / "CONTRIBUTING.md", "A rule of the newest template.")
    newer.release(NEWEST)

    newer.update(project)

    assert read(project / "CONTRIBUTING.md").endswith("of the newer template.\nA rule of the newest template.\n")


def test_a_shallow_clone_of_the_project_on_a_branch_is_updated(
    newer: Template, project: Path, shell: Shell, tmp_path: Path
) -> None:
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    newer.release(NEW)
    append(project / "NOTES.md", "One more line.")
    shell.commit(project)
    shell.run(f"git clone -q --depth 1 'file://{project}' clone && cd clone && git switch -qc update", tmp_path)

    newer.update(tmp_path / "clone")

    assert read(tmp_path / "clone" / "CONTRIBUTING.md").endswith("A rule of the newer template.\n")
    assert shell.run("git branch --show-current", tmp_path / "clone") == "update\n"


def test_a_project_in_a_folder_of_a_larger_repository_is_updated_alone(
    newer: Template, begun: Path, shell: Shell, tmp_path: Path
) -> None:
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    newer.release(NEW)
    repository = tmp_path / "repository"
    project, other = (repository / "our services" / name for name in ("shop", "other"))
    for folder in (project, other):
        copytree(begun, folder)
        rmtree(folder / ".git")
    (repository / "README.md").write_text("The repository's own.\n", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(repository) + b"/caf\xe9")).write_text("No UTF-8.\n", encoding="utf-8")
    shell.commit(repository)
    before = files_of(other)

    newer.update(project)

    assert read(project / "CONTRIBUTING.md").endswith("A rule of the newer template.\n")
    assert read(project / "README.md").endswith("A sentence of the team.\n")
    assert files_of(other) == before
    changed = shell.run("git show --format= --name-only -z", repository).split("\0")
    assert all(name.startswith("our services/shop/") for name in changed if name)
    assert shell.status(repository) == []


def test_an_update_in_a_linked_worktree_touches_no_other(newer: Template, project: Path, shell: Shell) -> None:
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    newer.release(NEW)
    shell.run("git worktree add -q ../linked", project)
    before = files_of(project)

    newer.update(project.parent / "linked")

    assert read(project.parent / "linked" / "CONTRIBUTING.md").endswith("A rule of the newer template.\n")
    assert files_of(project) == before
    assert shell.status(project) == []


def test_variables_that_name_another_repository_do_not_mislead_an_update(
    newer: Template, project: Path, begun: Path, tmp_path: Path, shell: Shell
) -> None:
    """As git sets them for its hooks and aliases."""
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    newer.release(NEW)
    other = copytree(begun, tmp_path / "other")
    before = contents(other)
    misleading = {
        "GIT_DIR": other / ".git",
        "GIT_WORK_TREE": other,
        "GIT_INDEX_FILE": other / ".git" / "index",
        "GIT_OBJECT_DIRECTORY": other / ".git" / "objects",
    }
    misled = Shell({**shell.environment, **{name: str(path) for name, path in misleading.items()}})

    Template(newer.folder, misled).update(project)

    assert contents(other) == before
    assert read(project / "CONTRIBUTING.md").endswith("A rule of the newer template.\n")
    assert shell.status(project) == []


def test_an_update_needs_no_network(newer: Template, project: Path, tmp_path: Path, shell: Shell) -> None:
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    newer.release(NEW)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(OFFLINE, encoding="utf-8")
    offline = Shell({**shell.environment, "PYTHONPATH": str(tmp_path / "site"), "GIT_ALLOW_PROTOCOL": "none"})
    offline.run("! python -c 'import socket; socket.create_connection((\"127.0.0.1\", 9))'", project)

    Template(newer.folder, offline).update(project)

    assert read(project / "CONTRIBUTING.md").endswith("A rule of the newer template.\n")


@pytest.mark.stories
def test_edits_and_changes_of_one_line_are_a_conflict_that_goes_on_or_back(
    newer: Template, project: Path, shell: Shell
) -> None:
    replace(newer.service / "CONTRIBUTING.md", "# Contributing", "# Rules of the newer template")
    append(newer.service / "app" / "main.py", "# A line of the newer template.")
    newer.release(NEW)
    replace(project / "CONTRIBUTING.md", "# Contributing", "# Rules of the team")
    shell.commit(project)
    before = files_of(project)

    printed = newer.update(project, code=1)

    assert "Conflict: CONTRIBUTING.md" in printed
    assert "git cherry-pick --continue" in printed
    markers = read(project / "CONTRIBUTING.md").splitlines()[:5]
    assert [line[:7] for line in (markers[0], markers[2], markers[4])] == ["<<<<<<<", "=======", ">>>>>>>"]
    assert [markers[1], markers[3]] == ["# Rules of the team", "# Rules of the newer template"]
    assert "UU CONTRIBUTING.md" in shell.status(project)
    assert leftovers(project) == []

    shell.run("git cherry-pick --abort", project)
    assert files_of(project) == before
    assert shell.status(project) == []

    newer.update(project, code=1)
    (project / "CONTRIBUTING.md").write_text("# Both\n", encoding="utf-8")
    shell.run("git add CONTRIBUTING.md && git -c core.editor=true cherry-pick --continue", project)
    assert shell.status(project) == []
    assert read(project / "app" / "main.py").endswith("# A line of the newer template.\n")
    assert "up to date" in newer.update(project)


def test_a_file_that_the_template_dropped_and_the_team_edited_is_a_conflict(
    newer: Template, project: Path, shell: Shell
) -> None:
    (newer.service / "docs" / "lists.md").unlink()
    newer.release(NEW)
    append(project / "docs" / "lists.md", "A list of the team.")
    shell.commit(project)

    printed = newer.update(project, code=1)

    assert "Conflict: docs/lists.md" in printed
    assert "UD docs/lists.md" in shell.status(project)
    assert read(project / "docs" / "lists.md").endswith("A list of the team.\n")


def test_a_file_that_both_added_is_a_conflict(newer: Template, project: Path, shell: Shell) -> None:
    (newer.service / "SECURITY.md").write_text("Of the template.\n", encoding="utf-8")
    newer.release(NEW)
    (project / "SECURITY.md").write_text("Of the team.\n", encoding="utf-8")
    shell.commit(project)

    newer.update(project, code=1)

    assert "AA SECURITY.md" in shell.status(project)
    assert {"Of the team.", "Of the template."} <= set(read(project / "SECURITY.md").splitlines())


def test_what_the_team_deleted_stays_deleted_and_is_named(newer: Template, project: Path, shell: Shell) -> None:
    append(newer.service / "app" / "reports" / "queries.py", "# A line of the newer template.")
    (newer.service / "app" / "reports" / "exports.py").write_text('"""New in the feature."""\n', encoding="utf-8")
    (newer.service / "tests" / "reports" / "more").mkdir()
    (newer.service / "tests" / "reports" / "more" / "test_exports.py").write_text('"""New."""\n', encoding="utf-8")
    append(newer.service / "app" / "main.py", "# A line of the newer template.")
    newer.release(NEW)
    for folder in ("app", "tests"):
        rmtree(project / folder / "reports")
    shell.commit(project)

    printed = newer.update(project)

    for name in ("app/reports/queries.py", "app/reports/exports.py", "tests/reports/more/test_exports.py"):
        assert f"Left out, as the project has deleted it: {name}\n" in printed
    assert not (project / "app" / "reports").exists()
    assert not (project / "tests" / "reports").exists()
    assert read(project / "app" / "main.py").endswith("# A line of the newer template.\n")
    assert shell.status(project) == []
    look = next(line for line in printed.splitlines() if line.startswith("What the template changed"))
    assert "New in the feature" in shell.run(look.partition(": ")[2], project)


def test_deleted_files_beside_a_conflict_stay_deleted_and_come_back_with_nothing(
    newer: Template, project: Path, shell: Shell
) -> None:
    append(newer.service / "app" / "reports" / "queries.py", "# A line of the newer template.")
    (newer.service / "app" / "reports" / "exports.py").write_text('"""New in the feature."""\n', encoding="utf-8")
    replace(newer.service / "CONTRIBUTING.md", "# Contributing", "# Rules of the newer template")
    newer.release(NEW)
    rmtree(project / "app" / "reports")
    replace(project / "CONTRIBUTING.md", "# Contributing", "# Rules of the team")
    shell.commit(project)
    before = files_of(project)

    newer.update(project, code=1)

    assert [line for line in shell.status(project) if line[:2] != "M "] == ["UU CONTRIBUTING.md"]
    shell.run("git cherry-pick --abort", project)
    assert files_of(project) == before
    assert shell.status(project) == []


def test_edits_follow_a_file_that_the_template_renamed(newer: Template, project: Path, shell: Shell) -> None:
    (newer.service / "docs" / "lists.md").rename(newer.service / "docs" / "long-lists.md")
    newer.release(NEW)
    append(project / "docs" / "lists.md", "A list of the team.")
    shell.commit(project)

    newer.update(project)

    assert read(project / "docs" / "long-lists.md").endswith("A list of the team.\n")
    assert not (project / "docs" / "lists.md").exists()


def test_changes_and_new_files_follow_a_folder_that_the_team_renamed(
    newer: Template, project: Path, shell: Shell
) -> None:
    append(newer.service / "app" / "reports" / "queries.py", "# A line of the newer template.")
    (newer.service / "app" / "reports" / "exports.py").write_text('"""New in the feature."""\n', encoding="utf-8")
    newer.release(NEW)
    (project / "app" / "reports").rename(project / "app" / "figures")
    shell.commit(project)

    printed = newer.update(project, code=1)  # git asks whether the new file belongs there

    assert "Conflict: app/figures/exports.py" in printed
    assert read(project / "app" / "figures" / "queries.py").endswith("# A line of the newer template.\n")
    assert read(project / "app" / "figures" / "exports.py") == '"""New in the feature."""\n'
    assert not (project / "app" / "reports").exists()


def test_a_binary_file_is_taken_whole_or_left_as_the_teams(newer: Template, project: Path, shell: Shell) -> None:
    (newer.service / "logo.png").write_bytes(PNG + b"newer")
    newer.release(NEW)
    newer.update(project)
    assert (project / "logo.png").read_bytes() == PNG + b"newer"
    shell.run("git reset -q --hard HEAD~1", project)
    (project / "logo.png").write_bytes(PNG + b"team")
    shell.commit(project)

    printed = newer.update(project, code=1)

    assert "Conflict: logo.png" in printed
    assert (project / "logo.png").read_bytes() == PNG + b"team"
    shell.run("git checkout --theirs logo.png", project)
    assert (project / "logo.png").read_bytes() == PNG + b"newer"


def test_a_file_becomes_executable_and_keeps_its_edits(newer: Template, project: Path, shell: Shell) -> None:
    (newer.service / "compose.yaml").chmod(0o755)
    newer.release(NEW)
    append(project / "compose.yaml", "# A line of the team.")
    shell.commit(project)

    newer.update(project)

    assert (project / "compose.yaml").stat().st_mode & 0o111
    assert read(project / "compose.yaml").endswith("# A line of the team.\n")
    assert shell.run("git ls-files --stage compose.yaml", project).startswith("100755 ")


def test_a_new_question_is_answered_by_its_default_and_otherwise_later(newer: Template, project: Path) -> None:
    newer.change(region=["north", "south"])
    append(newer.service / ".cookiecutter.yaml", '  region: "{{ cookiecutter.region }}"')
    newer.release(NEW)

    printed = newer.update(project)

    assert "New answer region: its default was taken" in printed
    assert recorded(project)["region"] == "north"

    newer.update(project, "region=south")

    assert recorded(project)["region"] == "south"


def test_an_answer_is_kept_though_its_default_changed(newer: Template, project: Path) -> None:
    newer.change(license=["Apache-2.0", "MIT", "BSD-3-Clause", "Proprietary"], ci=["none", "gitlab", "github"])
    newer.release(NEW)

    newer.update(project)

    assert [recorded(project)[name] for name in ("license", "ci")] == ["MIT", "github"]
    assert (project / ".github" / "workflows" / "ci.yaml").is_file()


def test_an_answer_that_is_no_longer_asked_is_forgotten(newer: Template, project: Path, shell: Shell) -> None:
    newer.change(author_email=None, __author_email=None)
    replace(newer.service / ".cookiecutter.yaml", '  author_email: "{{ cookiecutter.__author_email }}"\n', "")
    project_file = newer.service / "pyproject.toml"
    text = read(project_file)
    begin, end = text.index("# jinja: if cookiecutter.author_name or"), text.index("requires-python")
    project_file.write_text(text[:begin] + text[end:], encoding="utf-8")
    replace(newer.folder / "hooks" / "pre_gen_project.py", '"author_email": 254, ', "")
    newer.release(NEW)

    newer.update(project)

    assert "author_email" not in recorded(project)
    assert shell.status(project) == []


def test_an_answer_that_is_no_longer_possible_is_asked_for(newer: Template, project: Path, shell: Shell) -> None:
    newer.change(ci=["gitlab", "none"])
    newer.release(NEW)

    printed = newer.update(project, code=2)

    assert "ci 'github' is no choice of this version: add ci=… with one of gitlab, none" in printed
    assert shell.status(project) == []
    newer.update(project, "ci=gitlab")
    assert (project / ".gitlab-ci.yml").is_file()
    assert not (project / ".github").exists()


def test_an_answer_is_changed_at_the_same_version(newer: Template, project: Path, shell: Shell) -> None:
    newer.update(project, "ci=none benchmarks=true")

    assert not (project / ".github").exists()
    assert (project / "benchmarks").is_dir()
    assert [recorded(project)[name] for name in ("ci", "benchmarks")] == ["none", "true"]
    assert read(project / "README.md").endswith("A sentence of the team.\n")
    assert shell.status(project) == []


def test_a_project_rendered_between_releases_names_the_commit(
    newer: Template, tmp_path: Path, config: Path, shell: Shell
) -> None:
    newer.change(_template_version="2.0.dev0")
    shell.commit(newer.folder)
    commit = shell.run("git rev-parse HEAD", newer.folder).strip()
    project = new_project(newer.folder, tmp_path / "between", config=config, shell=shell)
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    newer.release(NEW)

    assert "2.0.dev0 is no release" in newer.update(project, code=2)
    assert "no commit of" in newer.update(project, "--from 0000000", code=2)
    assert_refused(newer, project, f"--from {OLD}", says="is of version 1.0, the project of 2.0.dev0: name")
    upgrades = {NEWEST: "Do this.", NEW: "Do that.", OLD: "Done long ago.", "0.10.0": "Done.", "0.9.0": "Done."}
    write_upgrades(newer, upgrades)
    printed = newer.update(project, f"--from {commit}")

    assert printed.endswith(f"## {NEWEST}\n\nDo this.\n\n## {NEW}\n\nDo that.\n")
    assert read(project / "CONTRIBUTING.md").endswith("A rule of the newer template.\n")


def write_upgrades(newer: Template, sections: Mapping[str, str]) -> None:
    (newer.folder / "UPGRADES.md").write_text(
        "# Upgrades\n\n## How\n\nSo.\n\n" + "".join(f"## {name}\n\n{text}\n\n" for name, text in sections.items()),
        encoding="utf-8",
    )


def test_what_is_to_be_done_by_hand_is_printed_from_the_projects_version_on(newer: Template, project: Path) -> None:
    sections = {"Unreleased": "Do this.", NEW: "Do that.", OLD: "Done long ago."}
    write_upgrades(newer, sections)
    newer.release(NEWEST)

    printed = newer.update(project)

    assert printed.endswith(f"## Unreleased\n\nDo this.\n\n## {NEW}\n\nDo that.\n")
    assert "So." not in printed


def uncommitted(project: Path, _: Shell) -> None:
    append(project / "README.md", "Not committed.")


def staged(project: Path, shell: Shell) -> None:
    append(project / "README.md", "Not committed.")
    shell.run("git add README.md", project)


def ignored_in_the_way(project: Path, shell: Shell) -> None:
    append(project / ".git" / "info" / "exclude", "SECURITY.md")
    (project / "SECURITY.md").write_text("Nobody committed this.\n", encoding="utf-8")
    assert shell.status(project) == []


def untracked_in_the_way(project: Path, _: Shell) -> None:
    (project / "SECURITY.md").write_text("Nobody committed this.\n", encoding="utf-8")


def without_repository(project: Path, _: Shell) -> None:
    rmtree(project / ".git")


def without_commit(project: Path, shell: Shell) -> None:
    rmtree(project / ".git")
    shell.run("git init -q", project)


def without_record(project: Path, shell: Shell) -> None:
    (project / ".cookiecutter.yaml").unlink()
    shell.commit(project)


def record_without_version(project: Path, shell: Shell) -> None:
    lines = read(project / ".cookiecutter.yaml").splitlines(keepends=True)
    (project / ".cookiecutter.yaml").write_text("".join(lines[1:]), encoding="utf-8")
    shell.commit(project)


def of_a_newer_version(project: Path, shell: Shell) -> None:
    replace(project / ".cookiecutter.yaml", f"Rendered by version {OLD} of", "Rendered by version 9.0 of")
    shell.commit(project)


def of_cruft(project: Path, shell: Shell) -> None:
    (project / ".cruft.json").write_text("{}", encoding="utf-8")
    shell.commit(project)


def signing_fails(project: Path, shell: Shell) -> None:
    shell.run("git config commit.gpgsign true && git config gpg.program false", project)


def assert_refused(newer: Template, project: Path, arguments: str = "", *, says: str) -> None:
    """The command changes nothing, and says so in a last line."""
    look = "[ ! -e .git ] || { git status --porcelain; git rev-parse -q --verify HEAD || true; }"
    before, state = files_of(project), newer.shell.run(look, project)

    printed = newer.update(project, arguments, code=2)

    assert printed.splitlines()[-1].startswith("Nothing was changed: ")
    assert says in printed.splitlines()[-1]
    assert "Traceback" not in printed
    assert files_of(project) == before
    assert newer.shell.run(look, project) == state


@pytest.mark.parametrize(
    ("arrange", "says"),
    [
        (uncommitted, ": README.md has changes that are not committed"),
        (staged, ": README.md has changes that are not committed"),
        (ignored_in_the_way, ": SECURITY.md comes with the newer template"),
        (untracked_in_the_way, ": SECURITY.md comes with the newer template"),
        (without_repository, "is in no git repository with a commit: git init"),
        (without_commit, "is in no git repository with a commit: git init"),
        (without_record, "has no .cookiecutter.yaml"),
        (record_without_version, ": .cookiecutter.yaml lacks its first line"),
        (of_a_newer_version, ": version 9.0 is no release that"),
        (of_cruft, ": the project is cruft's: run `cruft update`"),
        (signing_fails, ": git commit: error: gpg failed to sign the data"),
    ],
)
def test_a_project_that_cannot_be_updated_is_left_as_it_was(
    newer: Template, project: Path, shell: Shell, arrange: Callable[[Path, Shell], None], says: str
) -> None:
    (newer.service / "SECURITY.md").write_text("New in the newer template.\n", encoding="utf-8")
    newer.release(NEW)
    arrange(project, shell)

    assert_refused(newer, project, says=says)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("databse=sqlite", ": the answer databse is unknown: the template asks for project_name,"),
        ("ci=jenkins", ": ci 'jenkins' is refused: choose one of github, gitlab, none"),
        ("author_email=nobody", ": author_email 'nobody' is refused: write it as name@example.org"),
        ("benchmarks=perhaps", ": benchmarks 'perhaps' is refused: choose one of no, yes"),
    ],
)
def test_an_answer_that_cannot_be_given_is_refused(newer: Template, project: Path, arguments: str, says: str) -> None:
    assert_refused(newer, project, arguments, says=says)


def test_an_update_that_git_breaks_off_leaves_nothing(newer: Template, project: Path, shell: Shell) -> None:
    """As on a full disk: git has written some files, cannot write another, and forgets them."""
    for name in ("app/reports/exports/first.py", "SECURITY.md"):
        (newer.service / name).parent.mkdir(exist_ok=True)
        (newer.service / name).write_text('"""New."""\n', encoding="utf-8")
    append(newer.service / ".editorconfig", "# A line of the newer template.")
    newer.release(NEW)
    (project / ".git" / "info" / "attributes").write_text("SECURITY.md filter=broken\n", encoding="utf-8")
    for name, value in (("clean", "cat"), ("smudge", "false"), ("required", "true")):
        shell.run(f"git config filter.broken.{name} {value}", project)

    assert_refused(newer, project, says=": git cherry-pick: ")

    assert not (project / "app" / "reports" / "exports").exists()


def test_an_update_without_room_for_its_renders_changes_nothing(newer: Template, project: Path, shell: Shell) -> None:
    newer.release(NEW)
    before = files_of(project)

    printed = shell.run(f"ulimit -f 8; python '{newer.folder}/update.py' .", project, code=2)

    [line] = printed.splitlines()
    assert line.startswith("Nothing was changed: ")
    assert "File too large: make room, or point TMPDIR elsewhere." in line
    assert files_of(project) == before


def test_a_hook_that_refuses_commits_is_not_asked(newer: Template, project: Path, shell: Shell) -> None:
    append(newer.service / "app" / "reports" / "queries.py", "# A line of the newer template.")
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    newer.release(NEW)
    rmtree(project / "app" / "reports")
    shell.commit(project)
    shell.run("printf '#!/bin/sh\nexit 1\n' > .git/hooks/pre-commit && chmod +x .git/hooks/pre-commit", project)

    newer.update(project)

    assert shell.status(project) == []


def test_a_commit_without_an_identity_is_refused(newer: Template, project: Path, shell: Shell) -> None:
    append(newer.service / "CONTRIBUTING.md", "A rule of the newer template.")
    newer.release(NEW)
    shell.run("git config user.useConfigOnly true", project)
    nobodys = {
        name: value for name, value in shell.environment.items() if not name.startswith(("GIT_AUTHOR", "GIT_COMM"))
    }

    printed = Template(newer.folder, Shell(nobodys)).update(project, code=2)

    assert "Nothing was changed: git commit-tree: " in printed
    assert shell.status(project) == []


def test_a_release_keeps_what_its_commit_renders_from(newer: Template, tmp_path: Path, shell: Shell) -> None:
    shell.run(f"mkdir '{tmp_path}/kept' && tar xzf releases/{OLD}.tar.gz -C '{tmp_path}/kept'", newer.folder)
    shell.run(f"git worktree add -q '{tmp_path}/tagged' {OLD}", newer.folder)

    kept, tagged = contents(tmp_path / "kept"), contents(tmp_path / "tagged")

    assert kept == {name: tagged[name] for name in kept}
    assert json.loads(kept["cookiecutter.json"])["_template_version"] == OLD
    assert {name.split("/")[0] for name in kept} == RENDERED_FROM
