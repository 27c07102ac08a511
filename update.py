# /// script
# requires-python = ">=3.12"
# dependencies = ["cookiecutter>=2.7.1,<3", "pyyaml>=6,<7"]
# ///
"""Bring a rendered project to the version of the template that this file lies in, and keep the team's edits.

    uv run TEMPLATE/update.py PROJECT [ANSWER=VALUE ...]
    uv run TEMPLATE/update.py PROJECT --render FOLDER

The second renders the recorded answers again into a new folder, by the recorded version, and changes nothing else.

The project records its version and its answers in `.cookiecutter.yaml`. That version and this one are rendered from
the answers, and the difference between the two is picked onto the project's branch: one commit, or ordinary conflicts.
Nothing is needed of the project's history, and of the network nothing but what `uv run` installs at its first time.
The record may come from a stranger's pull request: it is data, of which nothing is run, and which names no path.

It ends with 0 when the project is up to date, with 1 when conflicts are left, and with 2 when it refused and changed
nothing.
"""

import argparse
import hashlib
import io
import json
import logging
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import yaml
from cookiecutter.exceptions import CookiecutterException
from cookiecutter.main import cookiecutter
from jinja2 import TemplateError

from fastapi_tortoise_answers import Rules

TEMPLATE = Path(__file__).resolve().parent
RECORD = ".cookiecutter.yaml"
RECORD_BYTES = 65_536  # more than ten times what the longest answers take
RELEASES = TEMPLATE / "releases"
SUMS = "SHA256SUMS"
RELEASE_BYTES, RELEASE_FILES = 2**26, 10_000  # unpacked; ten times what the template has
NAME_BYTES, PATH_BYTES = 255, 1_000  # what a disk takes, the folder for temporary files included
AGAIN = "take the template again from where it is published"
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
            env={**environment_of_git(), **variables},
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


@cache
def environment_of_git() -> dict[str, str]:
    """The environment without what names another repository, index or folder, as the environment of a git hook does."""
    names = subprocess.run(
        ["git", "rev-parse", "--local-env-vars"],  # noqa: S607 - the git of this machine
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=GIT_SECONDS,
    ).stdout.split()
    # GIT_CONFIG_COUNT and its like are settings, such as the folders that CI declares safe.
    misleading = {name for name in names if not name.startswith("GIT_CONFIG")}
    return {name: value for name, value in os.environ.items() if name not in misleading}


@dataclass(frozen=True)
class Versions:
    """What the template rendered and renders, as commits of the project's repository that lie on no branch."""

    old: str
    new: str
    message: str


def find_project(folder: Path) -> Project:
    """The project in this folder, if it can be updated.

    Raises:
        Refusal: It is cruft's, is in no repository, or has uncommitted changes.
    """
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
        Refusal: The record does not say so, or is no plain text file.
    """
    text = read_text(folder / RECORD)
    version = re.match(r"# Rendered by version (\S+) of the template", text)
    try:
        document = yaml.load(text, Plain)  # noqa: S506 - a SafeLoader that takes even less
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        what = "it is nested too deep" if isinstance(error, RecursionError) else short(str(error))
        message = f"{RECORD} is refused: {what}: write one line for each answer, its value in quotes"
        raise Refusal(message) from error
    answers = document.get("default_context") if isinstance(document, dict) else None
    if version is None or not isinstance(answers, dict):
        message = f"{RECORD} lacks its first line or `default_context`: take them from the commit that changed it"
        raise Refusal(message)
    if not re.fullmatch(r"[0-9A-Za-z.]+", version[1]):
        message = f"version {version[1][:60]!r} is refused: a version is letters, digits and dots; see {RECORD}"
        raise Refusal(message)
    return version[1], answers


def read_text(path: Path) -> str:
    """The text of a small file that is no link, device or pipe.

    Raises:
        Refusal: It is something else, or not there.
    """
    try:
        state = path.lstat()
    except (FileNotFoundError, NotADirectoryError) as error:
        message = f"{path.parent} has no {path.name}: name the folder of a project that this template rendered"
        raise Refusal(message) from error
    if not stat.S_ISREG(state.st_mode) or state.st_size > RECORD_BYTES:
        message = f"{path.name} is refused: it must be a file of at most {RECORD_BYTES} bytes, and no link"
        raise Refusal(message)
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"{path.name} is refused: byte {error.start} is not UTF-8; save it as UTF-8"
        raise Refusal(message) from error


class Plain(yaml.SafeLoader):
    """YAML of plain values: each name once, and no aliases, which multiply."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose the next node, if it is no alias."""
        if self.check_event(yaml.AliasEvent):
            message = "an alias (*) is no answer"
            raise yaml.YAMLError(message)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002 - as its base
        """Construct a mapping, if no name is in it twice."""
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            message = f"{twice[0]!r} is answered twice"
            raise yaml.YAMLError(message)
        return super().construct_mapping(node, deep)


def short(text: str) -> str:
    """The text in one line, cut off when it is long."""
    line = ascii(" ".join(text.split()))[1:-1]
    return line if len(line) <= 200 else f"{line[:200]}..."  # noqa: PLR2004 - two lines of a terminal


def template_of(version: str, commit: str | None, into: Path) -> Path:
    """The template as it was then: from a release's archive beside this file, or from a commit of this clone.

    Raises:
        Refusal: It is not known here, or the commit is of another version.
    """
    if commit is not None:
        unpack(archive_of(commit), into)
        if (found := version_of(into)) != version:
            message = (
                f"--from {commit} is of version {found}, the project of {version}: name the commit that rendered it"
            )
            raise Refusal(message)
        return into
    if f"{version}.tar.gz" in {path.name for path in RELEASES.glob("*.tar.gz")}:
        unpack(read_release(RELEASES / f"{version}.tar.gz"), into)
        return into
    message = (
        f"version {version[:60]} is no release that {TEMPLATE} knows: take a newer template, "
        "or name the commit that rendered the project by --from"
    )
    raise Refusal(message)


def version_of(template: Path) -> str | None:
    """The version of the template in this folder; nothing where there is none."""
    with suppress(OSError, ValueError, AttributeError):
        version: str | None = json.loads((template / "cookiecutter.json").read_text("utf-8")).get("_template_version")
        return version
    return None


def archive_of(commit: str) -> bytes:
    """The files of a commit of this clone, as an archive.

    Raises:
        Refusal: There is no such commit.
    """
    clone = Project(TEMPLATE, "")
    found = clone.try_git("rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}")
    if found.returncode:
        message = f"--from {commit} is no commit of {TEMPLATE}: {' '.join(found.stderr.split())}"
        raise Refusal(message)
    return subprocess.run(  # noqa: S603 - git, with this module's arguments
        ["git", "archive", "--format=tar", found.stdout.strip()],  # noqa: S607 - the git of this machine
        cwd=TEMPLATE,
        env=environment_of_git(),
        capture_output=True,
        check=True,
        timeout=GIT_SECONDS,
    ).stdout


def read_release(archive: Path) -> bytes:
    """The unzipped archive of a release, if it is the one that was released.

    Raises:
        Refusal: Its hash is another one than that of `SHA256SUMS`, or it is too large.
    """
    data = archive.read_bytes()
    line = f"{hashlib.sha256(data).hexdigest()}  {archive.name}"
    sums = archive.with_name(SUMS)
    if not sums.is_file() or line not in sums.read_text(encoding="utf-8").splitlines():
        message = f"{archive.name} is not what {sums} says: take the template's files again (git status)"
        raise Refusal(message)
    unzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # 16: of gzip's format
    try:
        unzipped = unzip.decompress(data, RELEASE_BYTES)
    except zlib.error as error:
        message = f"{archive.name} is no gzip archive: {error}"
        raise Refusal(message) from error
    if unzip.unconsumed_tail:
        message = f"{archive.name} is refused: it holds more than {RELEASE_BYTES} bytes"
        raise Refusal(message)
    return unzipped


def unpack(data: bytes, into: Path) -> None:
    """Unpack an archive of plain files and folders below the new folder.

    Raises:
        Refusal: It holds something else, or a name twice, or one that leads elsewhere. Nothing was unpacked.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as files:
            members = files.getmembers()
            refuse_members(members)
            into.mkdir()
            files.extractall(into, members, filter="data")
    except tarfile.TarError as error:
        message = f"the archive is refused: {short(str(error))}"
        raise Refusal(message) from error


def refuse_members(members: list[tarfile.TarInfo]) -> None:
    """Refuse what no release holds: `filter="data"` would leave some of it out, or put it in another place.

    Raises:
        Refusal: A member is no plain file or folder below the archive's top, no disk takes it, or there is too much.
    """
    files = {PurePosixPath(member.name) for member in members if not member.isdir()}
    for member in members:
        path = PurePosixPath(member.name)
        below = not path.is_absolute() and ".." not in path.parts and files.isdisjoint(path.parents)
        if not below or not (member.isdir() or (member.isfile() and path.parts)):
            message = f"the archive's {short(member.name)} is no file or folder below its top: {AGAIN}"
            raise Refusal(message)
        longest = max((bytes_of(part) for part in path.parts), default=0)
        if longest > NAME_BYTES or bytes_of(str(path)) > PATH_BYTES:
            message = f"the archive's {short(member.name)} is too long a name: {AGAIN}"
            raise Refusal(message)
    names = {PurePosixPath(member.name) for member in members}
    if len(names) < len(members) or len(names) > RELEASE_FILES or sum(each.size for each in members) > RELEASE_BYTES:
        too_much = f"a name twice, more than {RELEASE_FILES} names, or more than {RELEASE_BYTES} bytes"
        message = f"the archive holds {too_much}: {AGAIN}"
        raise Refusal(message)


def bytes_of(name: str) -> int:
    """How long a disk finds the name."""
    return len(name.encode("utf-8", "surrogatepass"))


def questions(template: Path) -> dict[str, object]:
    """What the template asks, with the defaults or choices."""
    asked: dict[str, object] = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    return {name: default for name, default in asked.items() if not name.startswith("_")}


def judged(recorded: Mapping[str, object], given: Mapping[str, object], older: Path) -> Answers:
    """The answers for this version: those of before that it still asks, changed by what was given now.

    Raises:
        Refusal: One is wrong, or has a name that no question has. Nothing of it was rendered.
    """
    rules, asked, asked_before = Rules(TEMPLATE), questions(TEMPLATE), questions(older)
    for name in given:
        if name not in asked:
            message = f"the answer {short(name)} is unknown: the template asks for {', '.join(asked)}"
            raise Refusal(message)
    for name in recorded.keys() - asked_before.keys():
        what = f"no question has this name, delete it from {RECORD}"
        raise Refusal(rules.refusal(str(name), recorded[name], what))
    answers = {name: value for name, value in {**recorded, **given}.items() if name in asked}
    for name, value in answers.items():
        choices = asked[name]
        if isinstance(choices, list) and value not in choices:
            message = f"{name} {value!r} is no choice of this version: add {name}=… with one of {', '.join(choices)}"
            raise Refusal(message)
        if not isinstance(choices, list) and (wrong := rules.remedy_as_given(name, value)):
            raise Refusal(rules.refusal(name, value, wrong))
    for name, value in recorded.items():
        if wrong := rules.remedy_of_data(value):
            raise Refusal(rules.refusal(name, value, wrong))
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
    except (CookiecutterException, TemplateError, ValueError) as error:
        message = f"the answers cannot be rendered: {error}"
        raise Refusal(message) from error
    return Path(rendered)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for renders, which is gone afterwards.

    Raises:
        Refusal: There is no room for them.
    """
    try:
        with tempfile.TemporaryDirectory() as temporary:
            yield Path(temporary)
    except OSError as error:
        message = f"{error.filename or tempfile.gettempdir()}: {error.strerror}: make room, or point TMPDIR elsewhere"
        raise Refusal(message) from error


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
    before, others = project.git("rev-parse", "HEAD").strip(), untracked(project)
    unwanted = set(in_deleted_folders(project, versions))
    ended = project.try_git("cherry-pick", "--keep-redundant-commits", versions.new)
    picked = project.git("rev-parse", "HEAD").strip() != before
    if not picked and project.try_git("rev-parse", "--verify", "CHERRY_PICK_HEAD").returncode:
        take_back(project, before, untracked(project) - others | set(added(project, versions)))
        message = f"git cherry-pick: {' '.join(ended.stderr.split())}"
        raise Refusal(message)
    try:
        return settle(project, unwanted, versions.message, amend=picked)
    except Refusal:
        take_back(project, before, set())
        raise


def untracked(project: Project) -> set[str]:
    """The files that git does not know, except those it ignores."""
    return set(project.names("ls-files", "--others", "--exclude-standard", "-z"))


def take_back(project: Project, before: str, written: set[str]) -> None:
    """Reset all to the commit; nothing was uncommitted, so nothing of the team's is lost.

    Args:
        project: What is reset.
        before: The commit.
        written: Files that git may have written and forgotten, as it does on a full disk. They go first, to make room.
    """
    for name in written.difference(project.names("ls-tree", "-r", "--name-only", "-z", before)):
        path = project.top / name
        path.unlink(missing_ok=True)
        for folder in path.relative_to(project.top).parents[:-1]:
            with suppress(OSError):  # it is not there, or has other files
                (project.top / folder).rmdir()
    project.git("reset", "--hard", before)


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
    """What `UPGRADES.md` says of the versions after this one, or of the one that it led to (`.dev`)."""
    text = (TEMPLATE / "UPGRADES.md").read_text(encoding="utf-8")
    released, dev, _ = version.partition(".dev")
    sections = re.findall(r"^## ((Unreleased|\d[\d.]*).*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    newer = [
        f"## {section.strip()}"
        for section, of in sections
        if of == "Unreleased" or numbers(of) > numbers(released) or (dev and of == released)
    ]
    return "\n\n".join(newer)


def numbers(version: str) -> tuple[int, ...]:
    """The version as numbers, so that 0.10.0 is newer than 0.9.0."""
    return tuple(map(int, re.findall(r"\d+", version)))


def update(folder: Path, *, given: Mapping[str, object], commit: str | None) -> int:
    """Update the project, say what was done, and give the exit code.

    Raises:
        Refusal: Nothing was changed.
    """
    version, recorded = read_record(folder)
    project = find_project(folder)
    own = version_of(TEMPLATE)
    message = f"Take version {own} of the template, after {version}"
    with scratch_folder() as scratch:
        before = template_of(version, commit, scratch / "template")
        answers = judged(recorded, given, before)
        older = render(before, recorded, scratch / "older")
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
    if version != own or ".dev" in version:
        print(by_hand(version))
    return CONFLICTS if conflicts else 0


def render_again(folder: Path, into: Path, *, commit: str | None) -> int:
    """Render what the record says into a new folder, and give the exit code.

    Raises:
        Refusal: Nothing was written.
    """
    if os.path.lexists(into):
        message = f"{into} exists: name a new folder"
        raise Refusal(message)
    version, recorded = read_record(folder)
    with scratch_folder() as scratch:
        template = template_of(version, commit, scratch / "template")
        rendered = render(template, judged(recorded, {}, template), scratch / "again")
        try:
            shutil.move(rendered, into)
        except OSError:
            shutil.rmtree(into, ignore_errors=True)
            raise
    return 0


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
    parser.add_argument("--render", type=Path, metavar="FOLDER", help="only render the recorded answers, into it")
    arguments = parser.parse_args()
    logging.getLogger("cookiecutter").setLevel(logging.CRITICAL)  # a refused answer is a line, and no traceback
    given = dict(each.partition("=")[::2] for each in arguments.answers)
    if given and arguments.render:
        parser.error("--render takes the recorded answers: name no others")
    try:
        if arguments.render:
            return render_again(arguments.project.resolve(), arguments.render, commit=arguments.commit)
        return update(arguments.project.resolve(), given=given, commit=arguments.commit)
    except Refusal as refusal:
        print(f"Nothing was changed: {refusal}.", file=sys.stderr)
        return REFUSED


if __name__ == "__main__":
    sys.exit(main())
