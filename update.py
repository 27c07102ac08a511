# /// script
# requires-python = ">=3.12"
# dependencies = ["cookiecutter>=2.7.1,<3", "pyyaml>=6,<7"]
# ///
"""Bring a rendered project to the version of the template that this file lies in, and keep the team's edits.

    uv run TEMPLATE/update.py PROJECT [ANSWER=VALUE ...]

The project records its version and its answers in `.cookiecutter.yaml`. That version and this one are rendered from
the answers, and the difference between the two is picked onto the project's branch: one commit, or ordinary conflicts.
Nothing is needed of the project's history, and of the network nothing but what `uv run` installs at its first time.

It ends with 0 when the project is up to date, with 1 when conflicts are left, and with 2 when it refused and changed
nothing.
"""

import argparse
import io
import json
import logging
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml
from cookiecutter.exceptions import CookiecutterException
from cookiecutter.main import cookiecutter

TEMPLATE = Path(__file__).resolve().parent
RECORD = ".cookiecutter.yaml"
CONFLICTS, REFUSED = 1, 2
STDERR = 2
GIT_SECONDS = 300  # a large repository on a slow disk; git asks nobody anything here
# Stages of a path in git's index that was merged in vain: what both began with, and the template's. Ours is missing.
DELETED_BY_PROJECT = {"1", "3"}

type Answers = dict[str, object]


class Refusal(Exception):  # noqa: N818 - it is no error of this program
    """Why nothing was changed: the thing, its value and the remedy in one line."""


@dataclass(frozen=True)
class Project:
    """A rendered project in a git repository, which may hold other things.

    Attributes:
        top: The repository's folder.
        prefix: The project's folder below it; empty where both are one.
    """

    top: Path
    prefix: str

    def git(self, *arguments: str, cwd: Path | None = None, **variables: str) -> str:
        """What git prints.

        Raises:
            Refusal: It failed; its own words.
        """
        ended = self.try_git(*arguments, cwd=cwd, **variables)
        if ended.returncode:
            message = f"git {arguments[0]}: {' '.join(ended.stderr.split())}"
            raise Refusal(message)
        return ended.stdout

    def try_git(self, *arguments: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """The ended git."""
        return subprocess.run(  # noqa: S603 - git, with this module's arguments
            ["git", "--literal-pathspecs", *arguments],  # noqa: S607 - the git of this machine
            cwd=cwd or self.top,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="surrogateescape",  # names of files are bytes
            timeout=GIT_SECONDS,
        )

    def names(self, *arguments: str) -> list[str]:
        """The paths that git prints with `-z`."""
        return [name for name in self.git(*arguments).split("\0") if name]

    def unmerged(self) -> dict[str, set[str]]:
        """Each path in conflict with its stages."""
        stages: dict[str, set[str]] = {}
        for entry in self.names("ls-files", "--unmerged", "-z"):
            about, _, name = entry.partition("\t")
            stages.setdefault(name, set()).add(about.split()[-1])
        return stages


@dataclass(frozen=True)
class Versions:
    """What the template rendered and renders, as commits of the project's repository that lie on no branch."""

    old: str
    new: str
    message: str


def find_project(folder: Path) -> Project:
    """The project in this folder, if it can be updated.

    Raises:
        Refusal: It is no project of this template, is cruft's, is in no repository, or has uncommitted changes.
    """
    if not (folder / RECORD).is_file():
        message = f"{folder} has no {RECORD}: name the folder of a project that this template rendered"
        raise Refusal(message)
    if (folder / ".cruft.json").exists():
        message = "the project is cruft's: run `cruft update`, or delete .cruft.json to go on without it"
        raise Refusal(message)
    here = Project(folder, "")
    if here.try_git("rev-parse", "--verify", "HEAD").returncode:
        message = f"{folder} is in no git repository with a commit: git init && git add --all && git commit"
        raise Refusal(message)
    top, prefix = here.git("rev-parse", "--show-toplevel", "--show-prefix").split("\n")[:2]
    project = Project(Path(top), prefix.rstrip("/"))
    if changed := project.git("status", "--porcelain", "--untracked-files=no").splitlines():
        message = f"{changed[0][3:]} has changes that are not committed: commit them, or git stash"
        raise Refusal(message)
    return project


def read_record(folder: Path) -> tuple[str, Answers]:
    """The version that rendered the project, and its answers.

    Raises:
        Refusal: The record does not say so.
    """
    text = (folder / RECORD).read_text(encoding="utf-8")
    version = re.search(r"Rendered by version (\S+) of the template", text)
    answers = (yaml.safe_load(text) or {}).get("default_context")
    if version is None or not isinstance(answers, dict):
        message = f"{RECORD} lacks its first line or `default_context`: take them from the commit that changed it"
        raise Refusal(message)
    return version[1], answers


def unpack(version: str, commit: str | None, into: Path) -> Path:
    """The template as it was then: from a release's archive beside this file, or from a commit of this clone.

    Raises:
        Refusal: It is not known here.
    """
    archive = TEMPLATE / "releases" / f"{version}.tar.gz"
    if commit is not None:
        arguments = ("archive", "--format=tar", commit)
        ended = subprocess.run(  # noqa: S603 - git, with this module's arguments
            ["git", *arguments],  # noqa: S607 - the git of this machine
            cwd=TEMPLATE,
            capture_output=True,
            check=False,
            timeout=GIT_SECONDS,
        )
        if ended.returncode:
            message = f"--from {commit} is no commit of {TEMPLATE}: {ended.stderr.decode().strip()}"
            raise Refusal(message)
        data = ended.stdout
    elif archive.is_file():
        data = archive.read_bytes()
    else:
        message = (
            f"version {version} is no release that {TEMPLATE} knows: take a newer template, "
            "or name the commit that rendered the project by --from"
        )
        raise Refusal(message)
    with tarfile.open(fileobj=io.BytesIO(data)) as files:
        files.extractall(into, filter="data")
    return into


def questions(template: Path) -> dict[str, object]:
    """What the template asks, with the defaults or choices."""
    asked: dict[str, object] = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    return {name: default for name, default in asked.items() if not name.startswith("_")}


def answered(recorded: Mapping[str, object], given: Mapping[str, object]) -> Answers:
    """The answers for this version: those of before that it still asks, changed by what was given now.

    Raises:
        Refusal: One is no longer possible, or was never asked.
    """
    asked = questions(TEMPLATE)
    for name in given:
        if name not in asked:
            message = f"the answer {name} is unknown: the template asks for {', '.join(asked)}"
            raise Refusal(message)
    answers = {name: value for name, value in {**recorded, **given}.items() if name in asked}
    for name, value in answers.items():
        choices = asked[name]
        if isinstance(choices, list) and value not in choices:
            message = f"{name} {value!r} is no choice of this version: add {name}=… with one of {', '.join(choices)}"
            raise Refusal(message)
    return answers


def render(template: Path, answers: Answers, scratch: Path) -> Path:
    """The folder of what the template renders.

    Raises:
        Refusal: It refuses the answers.
    """
    scratch.mkdir()
    config = scratch / "config.yaml"
    folders = {"cookiecutters_dir": str(scratch / "clones"), "replay_dir": str(scratch / "replay")}
    config.write_text(json.dumps({**folders, "default_context": {}}), encoding="utf-8")
    try:
        with silent():
            rendered = cookiecutter(
                str(template),
                no_input=True,
                extra_context=answers,
                config_file=str(config),
                output_dir=str(scratch / "project"),
            )
    except (CookiecutterException, ValueError) as error:
        message = f"the answers cannot be rendered: {error}"
        raise Refusal(message) from error
    return Path(rendered)


@contextmanager
def silent() -> Iterator[None]:
    """Without what the template's hook, a process, prints for a new project."""
    sys.stderr.flush()
    kept = os.dup(STDERR)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), STDERR)
    try:
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)


def commit_rendered(project: Project, rendered: Path, scratch: Path, message: str, *parents: str) -> str:
    """A commit of the repository as it is, with the rendered files and no others in the project's place."""
    scratch.mkdir()
    place = scratch / "work" / project.prefix
    place.parent.mkdir(parents=True, exist_ok=True)
    rendered.rename(place)
    variables = {
        "GIT_DIR": project.git("rev-parse", "--absolute-git-dir").strip(),
        "GIT_WORK_TREE": str(scratch / "work"),
        "GIT_INDEX_FILE": str(scratch / "index"),
    }
    project.git("read-tree", "HEAD", cwd=scratch / "work", **variables)
    project.git("add", "--force", "--all", "--", project.prefix or ".", cwd=scratch / "work", **variables)
    tree = project.git("write-tree", cwd=scratch / "work", **variables).strip()
    options = [option for parent in parents for option in ("-p", parent)]
    return project.git("commit-tree", tree, "-m", message, *options).strip()


def refuse_files_in_the_way(project: Project, versions: Versions) -> None:
    """Git keeps what it knows, and overwrites ignored files without asking.

    Raises:
        Refusal: A file that the newer template adds is there already, and not committed.
    """
    known = set(project.names("ls-files", "-z"))
    for name in added(project, versions):
        if name not in known and os.path.lexists(project.top / name):
            message = f"{name} comes with the newer template, and yours is not committed: commit it, or move it away"
            raise Refusal(message)


def added(project: Project, versions: Versions) -> list[str]:
    """The paths that the newer template has and the older one had not."""
    options = ("--name-only", "--no-renames", "--diff-filter=A", "-z")
    return project.names("diff", *options, versions.old, versions.new)


def folders(names: Iterable[str]) -> set[str]:
    """All folders that hold any of these files, at any depth."""
    return {str(parent) for name in names for parent in PurePosixPath(name).parents}


def in_deleted_folders(project: Project, versions: Versions) -> Iterator[str]:
    """The new files that belong to a folder which the project deleted as a whole: its feature is not wanted."""
    old, ours = (
        folders(project.names("ls-tree", "-r", "--name-only", "-z", commit)) for commit in (versions.old, "HEAD")
    )
    deleted = old - ours
    yield from (name for name in added(project, versions) if folders([name]) & deleted)


def pick(project: Project, versions: Versions) -> tuple[list[str], list[str]]:
    """Merge the difference into the project: the paths in conflict, and those that stay deleted.

    Without conflicts it is committed. Only the difference of the two versions is taken, so the history counts for
    nothing: a pull request may be squashed, and a clone shallow.

    Raises:
        Refusal: Git could not begin or commit; its own words. All is as it was.
    """
    before = project.git("rev-parse", "HEAD").strip()
    unwanted = set(in_deleted_folders(project, versions))
    ended = project.try_git("cherry-pick", "--keep-redundant-commits", versions.new)
    picked = project.git("rev-parse", "HEAD").strip() != before
    if not picked and project.try_git("rev-parse", "--verify", "CHERRY_PICK_HEAD").returncode:
        message = f"git cherry-pick: {' '.join(ended.stderr.split())}"
        raise Refusal(message)
    try:
        return settle(project, unwanted, versions.message, amend=picked)
    except Refusal:
        project.git("reset", "--hard", before)  # nothing was uncommitted, so nothing of the team's is lost
        raise


def settle(project: Project, unwanted: set[str], message: str, *, amend: bool) -> tuple[list[str], list[str]]:
    """Keep deleted what the project deleted; commit unless conflicts remain. Returns deleted and conflicting files."""
    stages = project.unmerged()
    deleted = {name for name, of_path in stages.items() if of_path == DELETED_BY_PROJECT}
    left_out = deleted | unwanted.intersection(project.names("ls-files", "-z"))
    if left_out:
        project.git("rm", "--quiet", "--force", "--", *left_out)
    conflicts = sorted(stages.keys() - left_out)
    if not conflicts and (left_out or not amend):
        options = ["--amend"] if amend else []
        project.git("commit", *options, "--quiet", "--allow-empty", "--no-verify", "-m", message)
    return conflicts, sorted(left_out)


def by_hand(version: str) -> str:
    """What `UPGRADES.md` says of the versions after this one."""
    text = (TEMPLATE / "UPGRADES.md").read_text(encoding="utf-8")
    newer = re.split(rf"^## {re.escape(version)}$", text, flags=re.MULTILINE)[0]
    sections = re.findall(r"^## (?:Unreleased|\d).*?(?=^## |\Z)", newer, flags=re.MULTILINE | re.DOTALL)
    return "\n\n".join(section.strip() for section in sections)


def update(folder: Path, *, given: Mapping[str, object], commit: str | None) -> int:
    """Update the project, say what was done, and give the exit code.

    Raises:
        Refusal: Nothing was changed.
    """
    project = find_project(folder)
    version, recorded = read_record(folder)
    answers = answered(recorded, given)
    own = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))["_template_version"]
    message = f"Take version {own} of the template, after {version}"
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        older = render(unpack(version, commit, scratch / "template"), recorded, scratch / "older")
        newer = render(TEMPLATE, answers, scratch / "newer")
        old = commit_rendered(project, older, scratch / "old", f"Version {version} of the template")
        new = commit_rendered(project, newer, scratch / "new", message, old)
    versions = Versions(old, new, message)
    if project.try_git("diff", "--quiet", old, new).returncode == 0:
        print(f"Nothing to do: the project is up to date with version {own}.")
        return 0
    refuse_files_in_the_way(project, versions)
    conflicts, left_out = pick(project, versions)
    print(
        "\n".join(report(versions, conflicts, left_out, new_answers=questions(TEMPLATE).keys() - {*recorded, *given}))
    )
    if version != own:
        print(by_hand(version))
    return CONFLICTS if conflicts else 0


def report(
    versions: Versions, conflicts: list[str], left_out: list[str], *, new_answers: Iterable[str]
) -> Iterator[str]:
    """What was done, a line each."""
    for name in sorted(new_answers):
        yield f"New answer {name}: its default was taken; run this again with {name}=… for another one."
    for name in left_out:
        yield f"Left out, as the project has deleted it: {name}"
    if left_out:
        yield f"What the template changed there: git diff {versions.old[:12]} {versions.new[:12]} -- {left_out[0]}"
    for name in conflicts:
        yield f"Conflict: {name}"
    if conflicts:
        yield "Resolve and `git add` them, then: git cherry-pick --continue. Or back: git cherry-pick --abort"
    else:
        yield f"{versions.message}: done, one commit. Run the tests. Back: git reset --hard HEAD~1"


def main() -> int:
    """Read the command line; a refusal is one line on stderr."""
    parser = argparse.ArgumentParser(description="Bring a rendered project to this version of the template.")
    parser.add_argument("project", type=Path, help="its folder")
    parser.add_argument("answers", nargs="*", metavar="ANSWER=VALUE", help="other answers than the recorded ones")
    parser.add_argument("--from", dest="commit", help="what rendered the project, where that was no release")
    arguments = parser.parse_args()
    logging.getLogger("cookiecutter").setLevel(logging.CRITICAL)  # a refused answer is a line, and no traceback
    given = dict(each.partition("=")[::2] for each in arguments.answers)
    try:
        return update(arguments.project.resolve(), given=given, commit=arguments.commit)
    except Refusal as refusal:
        print(f"Nothing was changed: {refusal}.", file=sys.stderr)
        return REFUSED


if __name__ == "__main__":
    sys.exit(main())
