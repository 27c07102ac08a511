"""Answers, records and releases are data: whichever way they come, nothing of them runs or reads anything."""

import gzip
import hashlib
import io
import json
import os
import re
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
import yaml

import update
from tests.rendering import contents, invoke, render
from tests.updating import OLD, Shell, Template, new_small_template, read

CANARY, SECRET = "canary-that-must-not-appear", "secret-that-must-not-be-read"
RUNS = "{{ cycler.__init__.__globals__.os.system('touch $CANARY') }}"
READS = "{{ cycler.__init__.__globals__.os.environ['SECRET'] }}"
INCLUDES = "{% include '/etc/passwd' %}"
TEXT, CHOICE, NOT_ASKED, MARKER = "give a text", "choose one of", "no question has this name", "remove '{"

# What an answer may hold, and words of its refusal. The name `ci` is one with choices.
ATTACKS: dict[str, tuple[str, object, str]] = {
    "runs a command": ("author_name", RUNS, MARKER),
    "reads the environment": ("description", READS, MARKER),
    "reads a file": ("project_name", INCLUDES, MARKER),
    "a line that is a statement": ("description", "# jinja: include '/etc/passwd'", "remove '# jinja:'"),
    "in a choice": ("ci", RUNS, MARKER),
    "in an address": ("author_email", RUNS, "write it as"),
    "in the slug": ("project_slug", RUNS, "use lower-case letters"),
    "a path as a slug": ("project_slug", "../../evil", "use lower-case letters"),
    "in a derived value": ("__copyright_holder", RUNS, NOT_ASKED),
    "another derived value": ("__copyright_holder", "Mallory", NOT_ASKED),
    "a check left out": ("__settled", "", NOT_ASKED),
    "another version": ("_template_version", "9", NOT_ASKED),
    "an end of line": ("description", "two\nlines", "remove the character U+000A"),
    "turned letters": ("author_name", "turned\u202eround", "remove the character U+202E"),
    "a character that nothing prints": ("author_name", "zero\0byte", "remove the character U+0000"),
    "very long": ("project_name", "x" * 100_000, "use at most 80 characters"),
}
# What only a file or a caller can hold.
VALUES: dict[str, tuple[str, object, str]] = {
    "a list": ("description", [RUNS], TEXT),
    "a list of choices": ("ci", [RUNS], CHOICE),
    "a table": ("author_name", {RUNS: RUNS}, TEXT),
    "a number": ("project_name", 7, TEXT),
    "a truth value": ("author_name", True, TEXT),
    "nothing": ("project_name", None, TEXT),
    "nothing for a choice": ("license", None, CHOICE),
    "a day": ("description", date(2026, 1, 1), TEXT),
    "another syntax": ("_jinja2_env_vars", {"variable_start_string": "[["}, NOT_ASKED),
    "all files copied as they are": ("_copy_without_render", [], NOT_ASKED),
}

type Refused = Callable[[str, object], str]


@pytest.fixture(scope="module")
def small(template: Path, shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A release of the template."""
    made = new_small_template(template, tmp_path_factory.mktemp("released") / "template", shell)
    made.release(OLD)
    return made


@pytest.fixture(scope="module")
def rendered(small: Template, config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(small.folder, tmp_path_factory.mktemp("rendered"), config=config)


@pytest.fixture(autouse=True)
def _canaries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    canary = tmp_path / CANARY
    monkeypatch.setenv("CANARY", str(canary))
    monkeypatch.setenv("SECRET", SECRET)
    yield
    assert not canary.exists()


@pytest.fixture
def by_command(small: Template, config: Path, output: Path) -> Refused:
    def refused(name: str, value: object) -> str:
        ended = invoke(small.folder, output, f"{name}={value}", config=config)
        assert ended.exit_code == 1
        return ended.output

    return refused


@pytest.fixture
def by_file(small: Template, output: Path, tmp_path: Path) -> Refused:
    def refused(name: str, value: object) -> str:
        (tmp_path / "answers.yml").write_text(yaml.safe_dump({"default_context": {name: value}}), encoding="utf-8")
        ended = invoke(small.folder, output, config=tmp_path / "answers.yml")
        assert ended.exit_code == 1
        return ended.output

    return refused


@pytest.fixture
def by_caller(small: Template, config: Path, output: Path) -> Refused:
    def refused(name: str, value: object) -> str:
        with pytest.raises(Exception, match=" is refused: ") as caught:
            render(small.folder, output, config=config, **{name: value})  # type: ignore[arg-type]  # which the test is about
        return str(caught.value)

    return refused


@pytest.fixture
def by_replay(small: Template, config: Path, output: Path, tmp_path: Path) -> Refused:
    def refused(name: str, value: object) -> str:
        render(small.folder, tmp_path / "before", config=config)
        [recorded] = (config.parent / "replay").glob("template.json")
        replay = json.loads(read(recorded))
        replay["cookiecutter"][name] = value
        (tmp_path / "replay.json").write_text(json.dumps(replay, default=str), encoding="utf-8")
        ended = invoke(small.folder, output, "--replay-file", str(tmp_path / "replay.json"), config=config, asks=True)
        assert ended.exit_code == 1
        return ended.output

    return refused


def run_update(monkeypatch: pytest.MonkeyPatch, template: Path, *arguments: str) -> int:
    """The exit code of `update.py` of this template, run in this process."""
    monkeypatch.setattr(update, "TEMPLATE", template)
    monkeypatch.setattr(update, "RELEASES", template / "releases")
    monkeypatch.setattr(sys, "argv", ["update.py", *arguments])
    return update.main()


@pytest.fixture
def again(
    small: Template, tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[], str]:
    """What `update.py --render` prints of the record in a project, which it refuses."""

    def refused() -> str:
        arguments = (str(tmp_path / "project"), "--render", str(output / "again"))
        assert run_update(monkeypatch, small.folder, *arguments) == update.REFUSED
        printed = capsys.readouterr()
        assert printed.out == ""
        return printed.err

    return refused


@pytest.fixture
def by_record(rendered: Path, tmp_path: Path, again: Callable[[], str]) -> Refused:
    def refused(name: str, value: object) -> str:
        copytree(rendered, tmp_path / "project")
        record = tmp_path / "project" / ".cookiecutter.yaml"
        answers = yaml.safe_load(read(record))["default_context"] | {name: value}
        dumped = yaml.safe_dump({"default_context": answers}, allow_unicode=False, width=1_000_000)
        record.write_text(read(record).splitlines()[0] + "\n" + dumped, encoding="utf-8")
        return again()

    return refused


def assert_refused(refused: Refused, attack: tuple[str, object, str], output: Path) -> None:
    """One line that names the answer and the remedy, and nothing else."""
    name, value, remedy = attack

    [line] = refused(name, value).splitlines()

    assert remedy in line.partition(" is refused: ")[2]
    assert name in line.partition(" is refused: ")[0]
    assert line.isprintable()
    assert SECRET not in line
    assert list(output.iterdir()) == []


@pytest.mark.parametrize("attack", [each for each in ATTACKS if "character" not in each])
def test_an_attack_on_the_command_line_is_refused(by_command: Refused, attack: str, output: Path) -> None:
    assert_refused(by_command, ATTACKS[attack], output)


@pytest.mark.parametrize("attack", [*ATTACKS, *VALUES])
def test_an_attack_in_a_configuration_file_is_refused(by_file: Refused, attack: str, output: Path) -> None:
    assert_refused(by_file, {**ATTACKS, **VALUES}[attack], output)


@pytest.mark.parametrize("attack", [*ATTACKS, *VALUES])
def test_an_attack_by_a_caller_in_python_is_refused(by_caller: Refused, attack: str, output: Path) -> None:
    assert_refused(by_caller, {**ATTACKS, **VALUES}[attack], output)


@pytest.mark.parametrize("attack", [each for each in (*ATTACKS, *VALUES) if each != "very long"])
def test_an_attack_in_a_record_is_refused(by_record: Refused, attack: str, output: Path) -> None:
    assert_refused(by_record, {**ATTACKS, **VALUES}[attack], output)


OF_ANOTHER_VERSION = "this version of the template has another value"
# A replay is complete, so what is not asked is compared. Its answers are rendered no more, and JSON has no days.
REPLAYED = {
    attack: (name, value, OF_ANOTHER_VERSION if name[0] == "_" else CHOICE if name == "ci" else remedy)
    for attack, (name, value, remedy) in {**ATTACKS, **VALUES}.items()
    if attack not in {"a check left out", "a day"}
} | {"an unknown name": ("zz", "1", NOT_ASKED)}


@pytest.mark.parametrize("attack", REPLAYED)
def test_an_attack_in_a_replay_is_refused(by_replay: Refused, attack: str, output: Path) -> None:
    assert_refused(by_replay, REPLAYED[attack], output)


def test_private_names_of_other_templates_in_a_configuration_file_are_not_taken(
    small: Template, output: Path, tmp_path: Path
) -> None:
    answers = {"__of_another_template": RUNS, "_another": [RUNS], "ci": "gitlab"}
    (tmp_path / "answers.yml").write_text(yaml.safe_dump({"default_context": answers}), encoding="utf-8")

    ended = invoke(small.folder, output, config=tmp_path / "answers.yml")

    assert ended.exit_code == 0, ended.output
    [project] = output.iterdir()
    assert (project / ".gitlab-ci.yml").is_file()
    assert b"another" not in read(project / ".cookiecutter.yaml").encode()


def test_a_configuration_file_that_switches_extensions_off_is_out_of_reach_as_docs_say(
    small: Template, output: Path, tmp_path: Path
) -> None:
    """Cookiecutter renders before it runs any code of a template that could see answers. If this fails, tell docs."""
    answers = {"_extensions": [], "author_name": "{{ 7 * 7 }}"}
    (tmp_path / "answers.yml").write_text(yaml.safe_dump({"default_context": answers}), encoding="utf-8")

    ended = invoke(small.folder, output, config=tmp_path / "answers.yml")

    assert "No filter named 'settled'" in str(ended.exception)  # all before `__settled` was rendered
    assert list(output.iterdir()) == []


FIRST = f"# Rendered by version {OLD} of the template, from these answers.\n"
LINE = "default_context:\n  project_slug: shop\n"
LAUGHS = "a: &a [x]\n" + "".join(f"{chr(n + 1)}: &{chr(n + 1)} [{f'*{chr(n)},' * 9}]\n" for n in range(97, 116))
RECORDS = {
    "a path as its version": (
        FIRST.replace(OLD, "/proc/self/cwd/notes") + LINE,
        "version '/proc/self/cwd/notes' is refused: a version is letters, digits and dots",
    ),
    "a way up as its version": (FIRST.replace(OLD, "../notes") + LINE, "version '../notes' is refused"),
    "a Jinja version": (FIRST.replace(OLD, "{{7*7}}") + LINE, "version '{{7*7}}' is refused"),
    "a version that is no release": (FIRST.replace(OLD, "..") + LINE, "version .. is no release that"),
    "a version in another line": (LINE + FIRST, ".cookiecutter.yaml lacks its first line"),
    "no answers": (FIRST, ".cookiecutter.yaml lacks its first line or `default_context`"),
    "answers that are a list": (FIRST + "default_context: [a]\n", ".cookiecutter.yaml lacks its first line"),
    "a list": (FIRST + "[a]\n", ".cookiecutter.yaml lacks its first line or `default_context`"),
    "an object of Python": (
        FIRST + 'default_context:\n  author_name: !!python/object/apply:os.system ["touch $CANARY"]\n',
        "could not determine a constructor for the tag",
    ),
    "aliases that multiply": (FIRST + LAUGHS + LINE, "an alias (*) is no answer"),
    "an alias": (FIRST + "default_context: &a\n  author_name: *a\n", "an alias (*) is no answer"),
    "a name twice": (FIRST + LINE + "  project_slug: evil\n", "'project_slug' is answered twice"),
    "a table merged into it": (FIRST + LINE + "  <<: {__copyright_holder: x}\n", "__copyright_holder 'x' is refused"),
    "a name that is a number": (FIRST + LINE + "  7: x\n", "7' 'x' is refused: no question has this name"),
    "a name that is a list": (FIRST + LINE + "  ? [a]\n  : x\n", "unhashable key"),
    "an impossible day": (FIRST + LINE + "  description: 2026-99-99\n", "month must be in"),
    "a NUL": (FIRST + LINE + "  description: \0\n", "special characters are not allowed"),
    "no YAML": (FIRST + "default_context: {\n", "expected the node content"),
    "deep lists": (FIRST + "[" * 60_000, "it is nested too deep"),
    "much": (FIRST + LINE + "#" * 70_000, "is refused: it must be a file of at most 65536 bytes, and no link"),
}


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_that_is_no_plain_list_of_answers_is_refused(
    record: str, rendered: Path, tmp_path: Path, output: Path, again: Callable[[], str]
) -> None:
    text, says = RECORDS[record]
    copytree(rendered, tmp_path / "project")
    (tmp_path / "project" / ".cookiecutter.yaml").write_bytes(text.encode())
    (tmp_path / "project" / "notes.tar.gz").write_bytes(b"")

    [line] = again().splitlines()

    assert line.startswith("Nothing was changed: ")
    assert says in line
    assert line.isprintable()
    assert list(output.iterdir()) == []


def linked(record: Path) -> None:
    record.rename(record.with_name("moved"))
    record.symlink_to("moved")


def of_bytes(record: Path) -> None:
    record.write_bytes(record.read_bytes() + b"# \xff\n")


def piped(record: Path) -> None:
    record.unlink()
    os.mkfifo(record)


def foldered(record: Path) -> None:
    record.unlink()
    record.mkdir()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (linked, ".cookiecutter.yaml is refused: it must be a file of at most 65536 bytes, and no link"),
        (piped, ".cookiecutter.yaml is refused: it must be a file"),
        (foldered, ".cookiecutter.yaml is refused: it must be a file"),
        (Path.unlink, "has no .cookiecutter.yaml"),
        (of_bytes, " is not UTF-8; save it as UTF-8"),
    ],
)
def test_a_record_that_is_no_plain_file_is_refused(
    change: Callable[[Path], None], says: str, rendered: Path, tmp_path: Path, again: Callable[[], str]
) -> None:
    copytree(rendered, tmp_path / "project")
    change(tmp_path / "project" / ".cookiecutter.yaml")

    [line] = again().splitlines()

    assert says in line


def test_a_record_is_rendered_again_by_its_release_and_into_a_new_folder_only(
    small: Template,
    rendered: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    arguments = (str(rendered), "--render", str(tmp_path / "again"))

    assert run_update(monkeypatch, small.folder, *arguments) == 0
    assert capfd.readouterr().out == ""
    assert contents(tmp_path / "again") == contents(rendered)
    assert run_update(monkeypatch, small.folder, *arguments) == update.REFUSED
    assert "again exists: name a new folder." in capfd.readouterr().err


def archive(*members: tarfile.TarInfo, data: bytes = b"") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as files:
        for member in members:
            member.size = len(data) if member.isfile() else 0
            files.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, *, link: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode = kind, link, mode
    return made


NO_FILE = "is no file or folder below its top"
ARCHIVES: Mapping[str, tuple[tuple[tarfile.TarInfo, ...], str]] = {
    "a way up": ((member("../evil"),), NO_FILE),
    "a way up within": ((member("hooks/../../evil"),), NO_FILE),
    "an absolute path": ((member("/evil"),), NO_FILE),
    "a symbolic link": ((member("hooks", tarfile.SYMTYPE, link="/etc"),), NO_FILE),
    "a link and what it leads to": ((member("a", tarfile.SYMTYPE, link=".."), member("a/evil")), NO_FILE),
    "a hard link": ((member("hooks", tarfile.LNKTYPE, link="/etc/passwd"),), NO_FILE),
    "a device": ((member("null", tarfile.CHRTYPE),), NO_FILE),
    "a disk": ((member("disk", tarfile.BLKTYPE),), NO_FILE),
    "a pipe": ((member("pipe", tarfile.FIFOTYPE),), NO_FILE),
    "a file below a file": ((member("cookiecutter.json"), member("cookiecutter.json/x")), NO_FILE),
    "a file below a later file": ((member("a/b"), member("a")), NO_FILE),
    "no name": ((member(""),), NO_FILE),
    "a long name": ((member("é" * 128),), "is too long a name: take the template again"),
    "a long path": ((member("/".join("a" * 501)),), "is too long a name: take the template again"),
    "a name twice": ((member("a"), member("./a")), "holds a name twice"),
    "very many files": (tuple(member(str(number)) for number in range(10_001)), "more than 10000 names"),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_that_holds_more_than_plain_files_is_refused_whole(kind: str, tmp_path: Path) -> None:
    members, says = ARCHIVES[kind]

    with pytest.raises(update.Refusal, match=re.escape(says)):
        update.unpack(archive(member("first"), *members), tmp_path / "into")

    assert list(tmp_path.iterdir()) == []


def test_an_archive_makes_no_file_that_runs_as_another_user(tmp_path: Path) -> None:
    update.unpack(archive(member("run", mode=0o6777)), tmp_path / "into")

    assert (tmp_path / "into" / "run").stat().st_mode & 0o7022 == 0


def kept(folder: Path, data: bytes, *, sums: bytes | None = None) -> Path:
    """A release of these bytes, with the hash of these or of others."""
    (folder / "1.0.tar.gz").write_bytes(data)
    (folder / "SHA256SUMS").write_text(f"{hashlib.sha256(sums or data).hexdigest()}  1.0.tar.gz\n", "utf-8")
    return folder / "1.0.tar.gz"


def test_a_release_is_read_only_if_it_is_the_one_that_was_released(tmp_path: Path) -> None:
    packed = gzip.compress(archive(member("a")))

    assert update.read_release(kept(tmp_path, packed)) == gzip.decompress(packed)
    with pytest.raises(update.Refusal, match=r"1\.0\.tar\.gz is not what .*SHA256SUMS says"):
        update.read_release(kept(tmp_path, packed, sums=b"others"))
    (tmp_path / "SHA256SUMS").unlink()
    with pytest.raises(update.Refusal, match=r"is not what .*SHA256SUMS says"):
        update.read_release(tmp_path / "1.0.tar.gz")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (gzip.compress(bytes(update.RELEASE_BYTES + 1), 9), "holds more than 67108864 bytes"),
        (b"no archive", "is no gzip archive"),
    ],
)
def test_a_release_that_unzips_to_too_much_or_to_nothing_is_refused(data: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(update.Refusal, match=says):
        update.read_release(kept(tmp_path, data))


def test_an_archive_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(update.Refusal, match="the archive is refused: "):
        update.unpack(b"no archive" * 100, tmp_path / "into")
