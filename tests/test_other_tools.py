"""Older cookiecutters, hooks that are switched off, full disks, a larger repository: what to do is said in one line."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cookiecutter
import pytest
import yaml
from click.testing import Result

from tests.machines import Machine, path_with_uv
from tests.rendering import DEFAULT_SLUG, FOLDER, ROOT, TIMEOUT_SECONDS, contents, invoke, render, run_command
from tests.updating import Shell, append, read

OLDER = ("1.7.3", "2.1.1", "2.2.3")  # the first two are Debian's
LOWEST = "2.3.1"
SMALL_FILES = "ulimit -f 8; exec "  # no file of more than 8 KiB can be written, as on a disk that is full
LARGER = ROOT / "docs" / "larger-repository.md"
PROJECT = "services/my-service"
SERVICES = ("my-service", "stock")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    folder.mkdir()
    return folder


@pytest.fixture
def as_if_it_were(
    template: Path, config: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Result]:
    """How the command ends if cookiecutter has another version."""

    def ended(version: str) -> Result:
        monkeypatch.setattr(cookiecutter, "__version__", version)
        monkeypatch.delitem(sys.modules, "needs_cookiecutter_2_3", raising=False)
        return invoke(template, output, config=config)

    return ended


@pytest.mark.parametrize("version", ["2.0.0", "2.1.1", "2.2.3"])
def test_an_older_cookiecutter_prints_which_one_is_needed(
    as_if_it_were: Callable[[str], Result], output: Path, version: str
) -> None:
    ended = as_if_it_were(version)

    assert ended.exit_code == 1
    assert ended.output == (
        f"Unable to load extension: this template needs cookiecutter 2.3 or newer, not {version}: "
        "run `uvx cookiecutter`, or `python3 -m pip install --upgrade cookiecutter`\n"
    )
    assert list(output.iterdir()) == []


@pytest.mark.parametrize("version", ["2.3.0", "2.10.1", "2.10.dev0", "3.0.0"])
def test_a_newer_cookiecutter_is_taken(as_if_it_were: Callable[[str], Result], version: str) -> None:
    assert as_if_it_were(version).exit_code == 0


def run_release(version: str, template: Path, output: Path, config: Path) -> subprocess.CompletedProcess[str]:
    """The ended command of a release of cookiecutter, installed beside the packages of these tests."""
    packages = output.parent / "packages"
    install = ["uv", "pip", "install", "--quiet", "--python", sys.executable, "--target", str(packages)]
    environment = {**os.environ, "PATH": path_with_uv(), "PYTHONPATH": str(packages)}
    subprocess.run([*install, f"cookiecutter=={version}"], env=environment, check=True, timeout=TIMEOUT_SECONDS)
    folders = [line for line in read(config).splitlines() if "_dir: " in line]  # 1.7 reads no `{}`
    (output.parent / "config.yaml").write_text("\n".join(folders), encoding="utf-8")
    return run_command(template, output, config=output.parent / "config.yaml", environment=environment)


@pytest.mark.nightly
@pytest.mark.parametrize("version", OLDER)
def test_a_real_older_cookiecutter_ends_in_one_line_that_names_the_one_that_is_needed(
    template: Path, config: Path, output: Path, version: str
) -> None:
    ended = run_release(version, template, output, config)

    assert ended.returncode == 1
    [line] = ended.stdout.splitlines()
    assert re.match(r"Unable to load extension: .*needs.cookiecutter.2.3", line)
    assert list(output.iterdir()) == []


@pytest.mark.nightly
def test_the_lowest_cookiecutter_renders_the_same(template: Path, config: Path, output: Path, tmp_path: Path) -> None:
    ended = run_release(LOWEST, template, output, config)

    assert ended.returncode == 0, ended.stderr
    assert contents(output / DEFAULT_SLUG) == contents(render(template, tmp_path / "usual", config=config))


def test_without_hooks_the_files_that_stay_are_named_with_the_command_that_deletes_them(
    template: Path, config: Path, output: Path, tmp_path: Path, shell: Shell
) -> None:
    ended = run_command(template, output, "--accept-hooks", "no", config=config)
    assert ended.returncode == 0
    [line] = ended.stderr.splitlines()
    said, _, command = line.partition(": ")

    shell.run(command, tmp_path)

    assert said == "Without hooks, files stay that these answers do not want"
    assert contents(output / DEFAULT_SLUG) == contents(render(template, tmp_path / "usual", config=config))


@pytest.mark.parametrize(
    ("options", "stays"), [((), []), (("--keep-project-on-failure",), [DEFAULT_SLUG])], ids=["usual", "kept"]
)
def test_a_full_disk_ends_in_one_line_and_nothing_is_left(
    template: Path, config: Path, output: Path, options: tuple[str, ...], stays: list[str]
) -> None:
    ended = run_with_small_files(
        [sys.executable, "-m", "cookiecutter", "--no-input", "--config-file", str(config), *options, str(template)],
        cwd=output,
    )

    assert [path.name for path in output.iterdir()] == stays
    assert ended.returncode == 1
    if not stays:
        [line] = ended.stderr.splitlines()
        assert line == (
            f"Error: {output / DEFAULT_SLUG} cannot be written: File too large: "
            "nothing of it is left; make room, or name another folder by --output-dir"
        )


def test_a_folder_that_was_there_before_a_failure_stays(template: Path, config: Path, output: Path) -> None:
    (output / DEFAULT_SLUG).mkdir()
    (output / DEFAULT_SLUG / "mine.txt").write_text("mine", encoding="utf-8")
    command = [sys.executable, "-m", "cookiecutter", "-f", "--no-input", "--config-file", str(config), str(template)]

    ended = run_with_small_files(command, cwd=output)

    assert ended.returncode == 1
    assert contents(output)[f"{DEFAULT_SLUG}/mine.txt"] == b"mine"


def run_with_small_files(command: list[str], *, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", SMALL_FILES + '"$@"', "bash", *command],  # noqa: S607 - the shell of this machine
        cwd=cwd,
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )


def blocks() -> list[str]:
    """The shell lines of the page about a larger repository."""
    return re.findall(r"```sh\n(.*?)```", read(LARGER), flags=re.DOTALL)


HOOKS = "default_stages: [pre-commit]\nrepos:\n-   repo: meta\n    hooks:\n    -   id: identity"  # no end of line
UPDATES = """version: 2
updates:
    - package-ecosystem: github-actions
      directory: /
      schedule: {interval: monthly}
"""


def as_documented(repository: Path, shell: Shell, template: Path, config: Path, **answers: str) -> str:
    """Render the services into the repository and run the page's lines for each; what they print."""
    rendering, *moving = blocks()
    command = rendering.replace(
        "uvx cookiecutter TEMPLATE", f"python -m cookiecutter '{template}' --config-file '{config}'"
    ).replace("--no-input", " ".join(["--no-input", *(f"{name}={value}" for name, value in answers.items())]))
    lines = [command, *(block for block in moving if ("awk " in block) is (answers.get("ci") == "gitlab"))]
    return "".join(shell.run(block.replace("my-service", name), repository) for name in SERVICES for block in lines)


@pytest.fixture
def repository(tmp_path: Path, shell: Shell) -> Path:
    """A repository with files of the team's."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "other.py").write_text("import  os\n", encoding="utf-8")
    shell.run("git init -q -b main && git add --all && git commit -qm First", folder)
    return folder


@pytest.fixture
def larger(template: Path, config: Path, repository: Path, shell: Shell) -> Path:
    """A larger repository, in which the page's lines were run."""
    assert "by hand" not in as_documented(repository, shell, template, config)
    shell.commit(repository)
    return repository


def test_projects_in_a_larger_repository_have_their_jobs_at_the_top(larger: Path) -> None:
    own = yaml.safe_load(read(ROOT / FOLDER / ".github" / "workflows" / "ci.yaml"))

    for service in SERVICES:
        workflow = yaml.safe_load(read(larger / ".github" / "workflows" / f"{service}.yaml"))
        assert workflow["name"] == service
        assert workflow["concurrency"]["group"].startswith("${{ github.workflow }}-")
        assert workflow["defaults"] == {"run": {"working-directory": f"services/{service}"}}
        for name, job in workflow["jobs"].items():
            steps = [step.get("run") for step in job["steps"]]
            assert steps == [step.get("run") for step in own["jobs"][name]["steps"]]
            [python] = [
                step["with"]["python-version-file"] for step in job["steps"] if "setup-python" in step.get("uses", "")
            ]
            assert (larger / python).is_file()
    updates = yaml.safe_load(read(larger / ".github" / "dependabot.yml"))["updates"]
    assert [each["directory"] for each in updates if each["package-ecosystem"] == "github-actions"] == ["/"]
    assert [each["directory"] for each in updates if each["package-ecosystem"] == "uv"] == [
        f"/services/{service}" for service in SERVICES
    ]


def test_what_the_larger_repository_has_is_kept(template: Path, config: Path, repository: Path, shell: Shell) -> None:
    hooks, updates = repository / ".pre-commit-config.yaml", repository / ".github" / "dependabot.yml"
    updates.parent.mkdir()
    hooks.write_text(HOOKS, encoding="utf-8")
    updates.write_text(UPDATES, encoding="utf-8")

    as_documented(repository, shell, template, config)

    assert read(hooks).startswith(HOOKS)
    assert read(updates).startswith(UPDATES)
    [_, *ours] = yaml.safe_load(read(hooks))["repos"]
    assert [len(each["hooks"]) for each in ours] == [6, 6]
    files = (
        "other.py",
        *(f"services/{each}/{name}" for each in SERVICES for name in ("app/main.py", ".python-version")),
    )
    for service, repo in zip(SERVICES, ours, strict=True):
        for hook in repo["hooks"]:
            asked = [name for name in files if re.search(hook.get("files", ""), name)]
            assert {name for name in asked if not re.search(hook["exclude"], name)} <= {
                f"services/{service}/app/main.py"
            }
    directories = [each["directory"] for each in yaml.safe_load(read(updates))["updates"]]
    assert directories == ["/", *(f"/services/{service}" for service in SERVICES for _ in range(3))]


def test_what_the_lines_cannot_add_to_is_left_to_a_person(
    template: Path, config: Path, repository: Path, shell: Shell
) -> None:
    team = {
        ".pre-commit-config.yaml": f"{HOOKS}\nfail_fast: true\n",
        ".github/dependabot.yml": f"{UPDATES}registries: {{}}\n",
        ".github/workflows/my-service.yaml": "name: Ours\n",
    }
    for name, text in team.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(text, encoding="utf-8")

    printed = as_documented(repository, shell, template, config)

    assert {name: read(repository / name) for name in team} == team
    assert all(f"Merge by hand: {name} " in printed for name in team)
    assert all(
        (repository / PROJECT / name).exists() for name in (".pre-commit-config.yaml", ".github/workflows/ci.yaml")
    )


def test_the_jobs_of_gitlab_of_two_projects_have_their_names_and_folders(
    template: Path, config: Path, repository: Path, shell: Shell
) -> None:
    as_documented(repository, shell, template, config, ci="gitlab")

    names = []
    for service in SERVICES:
        jobs = yaml.safe_load(read(repository / "services" / service / ".gitlab-ci.yml"))
        del jobs["workflow"]
        assert jobs.pop(f".{service}") == {"before_script": [f"cd services/{service}"]}
        assert {job["extends"] for job in jobs.values()} == {f".{service}"}
        assert not [name for name, job in jobs.items() if "before_script" in job or name == "default"]
        names += jobs
    assert len(names) == len(set(names)) == 3 * len(SERVICES)
    [included] = re.findall(r"```yaml\n(.*?)```", read(LARGER), flags=re.DOTALL)
    assert yaml.safe_load(included) == {"include": [f"{PROJECT}/.gitlab-ci.yml"]}


@pytest.mark.nightly
def test_the_checks_before_a_commit_and_the_commands_work_in_a_larger_repository(larger: Path, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "home", path=path_with_uv())
    project = larger / PROJECT
    for service in SERVICES:
        machine.run("uv sync", cwd=larger / "services" / service)

    run = f"uv run --project '{project}' pre-commit run --all-files"
    for folder in (larger, project):  # as a commit runs them, and as CI does
        checked = machine.run(run, cwd=folder, PRE_COMMIT_HOME=str(tmp_path / "pre-commit"))
        assert checked.count("Passed") == 12
    machine.run("uv run python -m app check && uv run python -m app migrations check", cwd=project)
    machine.run("uv run pytest -q --db sqlite tests/contract/test_agents.py", cwd=project)
    assert machine.run("git status --porcelain -- . ':!services/*/uv.lock'", cwd=larger) == ""
    append(project / "app" / "main.py", "import  os")
    with pytest.raises(AssertionError, match="Failed"):
        machine.run(run, cwd=larger, PRE_COMMIT_HOME=str(tmp_path / "pre-commit"))


# A shim of pyenv's, which runs a program only with the Python that has it.
SHIM = """#!/bin/bash
version=${PYENV_VERSION:-$(cat .python-version)}
if [ "$(basename "$0")" = pyenv ]; then echo "$version"; exit; fi
[ "$version" = "$(cat "$(dirname "$0")/installed")" ] || { echo "pyenv: uv: command not found" >&2; exit 127; }
"""


def test_the_line_about_pyenv_lets_a_project_of_another_python_find_uv(tmp_path: Path, shell: Shell) -> None:
    readme = read(ROOT / "README.md")
    [line] = re.findall(r"If you use pyenv, run `(.+?)` first", readme)
    for folder, version in (("bin", ""), ("clone", read(ROOT / ".python-version")), ("project", "3.12\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / ".python-version").write_text(version, encoding="utf-8")
    for name in ("pyenv", "uv"):
        (tmp_path / "bin" / name).write_text(SHIM, encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "bin" / "installed").write_text(read(ROOT / ".python-version"), encoding="utf-8")
    chosen = {"PATH": f"{tmp_path / 'bin'}:{shell.environment['PATH']}", "PYENV_VERSION": ""}
    with_shims = Shell({**shell.environment, **chosen})

    assert "uv: command not found" in with_shims.run("uv; cd ../project; uv", tmp_path / "clone", code=127)
    with_shims.run(f"{line}; uv; cd ../project; uv", tmp_path / "clone")
