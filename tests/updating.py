"""Templates that are released, projects that are edited, and the documented commands that update them."""

import json
import os
import re
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from shutil import copytree, rmtree

from tests.machines import Machine
from tests.rendering import FOLDER, ROOT, contents, render

RELEASES = ROOT / "releases"
RENDERED_FROM = {"cookiecutter.json", "fastapi_tortoise_answers.py", "hooks", "needs_cookiecutter_2_3.py", FOLDER}
SHELL_SECONDS = 300  # `uv run` may have to fetch cookiecutter
OLD, NEW, NEWEST = "1.0", "2.0", "3.0"


def documented(page: str, heading: str, *, block: int = 0) -> str:
    """The shell lines below a heading of one of this repository's pages, word for word: those of one block."""
    text = (ROOT / page).read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    indent, lines = re.findall(r"^( *)```sh\n(.*?)```", section, flags=re.DOTALL | re.MULTILINE)[block]
    return "\n".join(line.removeprefix(indent) for line in lines.splitlines())


def version_key(version: str) -> tuple[int, ...]:
    """Numbers, so that 0.10.0 is newer than 0.9.0."""
    return tuple(map(int, version.split(".")))


def unpack(archive: Path, into: Path) -> Path:
    """What a release renders from."""
    with tarfile.open(archive) as files:
        files.extractall(into, filter="data")
    return into


@dataclass(frozen=True)
class Shell:
    """A user's shell: a home, an identity and a git configuration of the test's own."""

    environment: dict[str, str]

    def run(self, script: str, folder: Path, *, code: int = 0) -> str:
        """What the script prints on both channels; it must end with this code."""
        ended = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607 - the shell of this machine
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            timeout=SHELL_SECONDS,
        )
        assert ended.returncode == code, f"{script}\nended with {ended.returncode}\n{ended.stdout}"
        return ended.stdout

    def commit(self, folder: Path, message: str = "Edit") -> None:
        """Commit all there is, and make the repository if there is none."""
        self.run(f"[ -e .git ] || git init -q -b main; git add --all && git commit -qm {quote(message)}", folder)

    def status(self, folder: Path) -> list[str]:
        """What `git status` says of the whole repository, a line for each file."""
        return self.run("git status --porcelain", folder).splitlines()


def new_shell(home: Path) -> Shell:
    """A shell whose `python` is that of these tests."""
    home.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return Shell(
        {
            **Machine(home, path=path).environment,
            "TMPDIR": str(home),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
    )


@dataclass(frozen=True)
class Template:
    """A repository of the template, of which versions are released as `CONTRIBUTING.md` says."""

    folder: Path
    shell: Shell

    @property
    def service(self) -> Path:
        """The folder that is rendered."""
        return self.folder / FOLDER

    def release(self, version: str) -> None:
        """Commit, keep and tag this version."""
        self.change(_template_version=version)
        self.shell.commit(self.folder, f"Version {version}")
        self.shell.run(documented("CONTRIBUTING.md", "Release").replace("VERSION", version), self.folder)

    def change(self, **entries: object) -> None:
        """Set entries of `cookiecutter.json`; None drops one."""
        path = self.folder / "cookiecutter.json"
        changed = {**json.loads(path.read_text(encoding="utf-8")), **entries}
        kept = {name: value for name, value in changed.items() if value is not None}
        path.write_text(json.dumps(kept), encoding="utf-8")

    def copy(self, folder: Path) -> "Template":
        """Another repository of the same commits."""
        copytree(self.folder, folder)
        return Template(folder, self.shell)

    def update(self, project: Path, arguments: str = "", *, code: int = 0) -> str:
        """Run `update.py`, which must end with this code, and give what it prints."""
        return self.shell.run(f"python '{self.folder}/update.py' . {arguments}", project, code=code)


def new_template(sources: Path, folder: Path, shell: Shell) -> Template:
    """A repository of these sources, without a release."""
    return _repository(sources, folder, shell, less=False)


def new_small_template(sources: Path, folder: Path, shell: Shell) -> Template:
    """The same with one feature and without its library: it does not run, and renders in a third of the time."""
    return _repository(sources, folder, shell, less=True)


def _repository(sources: Path, folder: Path, shell: Shell, *, less: bool) -> Template:
    for name, data in contents(sources).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    rmtree(folder / "releases", ignore_errors=True)
    if less:
        service = folder / FOLDER
        features = [path for parent in ("app", "tests") for path in (service / parent).iterdir() if path.is_dir()]
        for path in (service / "tortoise_kit", *(each for each in features if each.name != "reports")):
            rmtree(path)
    shell.commit(folder, "Begin")
    return Template(folder, shell)


def new_project(sources: Path, into: Path, *, config: Path, shell: Shell) -> Path:
    """A project with an edit of the team's in its first commit."""
    project = render(sources, into, config=config)
    append(project / "README.md", "A sentence of the team.")
    (project / "NOTES.md").write_text("A file of the team.\n", encoding="utf-8")
    shell.commit(project, "Begin")
    return project


def append(path: Path, line: str) -> None:
    """Add a line to the file."""
    path.write_text(f"{read(path)}{line}\n", encoding="utf-8")


def replace(path: Path, old: str, new: str) -> None:
    """Put another text in place of one that is there once."""
    assert read(path).count(old) == 1, f"{path} has {old!r} {read(path).count(old)} times"
    path.write_text(read(path).replace(old, new), encoding="utf-8")


def read(path: Path) -> str:
    """The file's text."""
    return path.read_text(encoding="utf-8")


def leftovers(project: Path) -> list[str]:
    """Files that a patch which does not fit leaves."""
    return [str(path.relative_to(project)) for ending in ("rej", "orig") for path in project.rglob(f"*.{ending}")]
