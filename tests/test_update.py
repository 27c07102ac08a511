import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.rendering import FOLDER, ROOT, TIMEOUT_SECONDS, contents, render

OLD, NEW, NEWEST = "1.0", "2.0", "3.0"


def update_commands(repository: Path, version: str) -> str:
    """The commands of `UPGRADES.md`, word for word, for this template."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "UPGRADES.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 1
    return str(blocks[0]).replace("TEMPLATE", f"git+file://{repository}").replace("VERSION", version)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home, an identity and a git configuration of the test's own."""
    (tmp_path / "home").mkdir()
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path),
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{role}_{what}": "test@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }


def shell(script: str, folder: Path, environment: dict[str, str]) -> None:
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607 - the shell of this machine
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def append(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")


def commit_sources(template: Path, tmp_path: Path, environment: dict[str, str]) -> Path:
    """A repository that holds the template in two versions: the newer one changes, adds and drops a file."""
    repository = tmp_path / "template"
    for name, data in contents(template).items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_bytes(data)
    shell(f"git init -q && git add --all && git commit -qm old && git tag {OLD}", repository, environment)
    append(repository / FOLDER / "CONTRIBUTING.md", "A rule of the newer template.")
    (repository / FOLDER / "SECURITY.md").write_text("New in the newer template.\n", encoding="utf-8")
    (repository / FOLDER / ".editorconfig").unlink()
    shell(f"git add --all && git commit -qm new && git tag {NEW}", repository, environment)
    return repository


def test_an_update_brings_the_newer_template_and_keeps_the_teams_edits(
    template: Path, config: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    repository = commit_sources(template, tmp_path, environment)
    project = render(template, tmp_path / "projects", config=config, ci="none", author_name="Ada")
    shell("git init -q -b main && git add --all && git commit -qm rendered", project, environment)
    append(project / "README.md", "A sentence of the team.")
    (project / "NOTES.md").write_text("A file of the team.\n", encoding="utf-8")
    shell("git add --all && git commit -qm edited", project, environment)

    shell(update_commands(repository, NEW), project, environment)

    files = {name: data.decode() for name, data in contents(project).items() if not name.startswith(".git/")}
    assert files["README.md"].endswith("A sentence of the team.\n")
    assert files["NOTES.md"] == "A file of the team.\n"
    assert files["CONTRIBUTING.md"].endswith("A rule of the newer template.\n")
    assert "SECURITY.md" in files
    assert ".editorconfig" not in files
    assert not any(name.startswith(".github/") for name in files)
    assert yaml.safe_load(files[".cookiecutter.yaml"])["default_context"]["author_name"] == "Ada"
    shell('test -z "$(git status --porcelain)"', project, environment)


def test_a_second_update_needs_the_same_commands(
    template: Path, config: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    repository = commit_sources(template, tmp_path, environment)
    project = render(template, tmp_path / "projects", config=config)
    shell("git init -q -b main && git add --all && git commit -qm rendered", project, environment)
    shell(update_commands(repository, NEW), project, environment)

    append(repository / FOLDER / "CONTRIBUTING.md", "A rule of the newest template.")
    shell(f"git commit -qam newest && git tag {NEWEST}", repository, environment)
    shell(update_commands(repository, NEWEST), project, environment)

    assert (project / "CONTRIBUTING.md").read_text(encoding="utf-8").endswith("A rule of the newest template.\n")
