"""Type checkers and editors know the columns of schemas, once `schemas write` has written them."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO, Any

import pytest

from tests.rendering import SERVICE

TIMEOUT_SECONDS = 120

MODELS = '''"""Tables."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from tortoise_kit.models import NumericField, UTCDatetimeField, wire_models


class Grade(StrEnum):
    """How experienced."""

    JUNIOR = "junior"
    SENIOR = "senior"


class Ward(Model):
    """A ward."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=50)
    doctors: fields.ReverseRelation["Doctor"]


class Doctor(Model):
    """A doctor."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=100)
    nick = fields.CharField(max_length=20, null=True)
    grade = fields.CharEnumField(Grade, default=Grade.JUNIOR)
    fee = NumericField(max_digits=8, decimal_places=2)
    joined_at = UTCDatetimeField(null=True)
    date = fields.DateField(null=True)
    facts = fields.JSONField[dict[str, Any]](default=dict)
    seats = fields.IntField(db_default=1)
    ward: fields.ForeignKeyRelation[Ward] = fields.ForeignKeyField("models.Ward", related_name="doctors")
    ward_id: int
    deputy: fields.ForeignKeyNullableRelation["Doctor"] = fields.ForeignKeyField(
        "models.Doctor", related_name="deputies", null=True
    )
    deputy_id: int | None
    deputies: fields.ReverseRelation["Doctor"]


wire_models([__name__], "models")
'''

SCHEMAS = '''"""Requests and responses."""

from clinic.models import Doctor, Ward
from tortoise_kit.schemas import CreateSchema, PatchSchema, ReadSchema


class WardRead(ReadSchema, model=Ward): ...


class DoctorRead(ReadSchema, model=Doctor, exclude=("facts",)):
    """A doctor."""

    ward: WardRead


class DoctorCreate(CreateSchema, model=Doctor):
    """A new doctor."""


class DoctorPatch(PatchSchema, model=Doctor, exclude=("facts",)):
    """Changes of a doctor."""
'''

USE = '''"""What a service writes; each line marked `# wrong` is a mistake, and no other is."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import assert_type

from clinic.models import Doctor, Grade, Ward
from clinic.schemas import DoctorCreate, DoctorPatch, DoctorRead, WardRead
from pydantic import MISSING
from tortoise_kit.models import values_of


def attributes(new: DoctorCreate, read: DoctorRead, patch: DoctorPatch) -> None:
    """Members of schemas."""
    assert_type(new.name, str)
    assert_type(read.grade, Grade)
    assert_type(read.fee, Decimal)
    assert_type(read.joined_at, datetime | None)
    assert_type(read.date, date | None)
    assert_type(read.ward.name, str)
    assert_type(read.deputy_id, int | None)
    new.nme  # wrong: no such column
    read.facts  # wrong: excluded
    read.nick.upper()  # wrong: may be None
    patch.name.upper()  # wrong: may be absent
    length: int = new.name  # wrong: a text
    print(length, new.nick.upper() if new.nick else "", new.facts["since"], read.nick or "")
    if patch.name is not MISSING:
        print(patch.name.upper())


def constructors(ward: Ward) -> list[object]:
    """Members of schemas, by name."""
    right: list[object] = [
        DoctorCreate(name="Ann", fee=Decimal(1), ward_id=1),
        DoctorCreate(name="Ann", fee=Decimal(1), ward_id=1, nick=None, grade=Grade.SENIOR, facts={"a": 1}, seats=2),
        DoctorCreate(name="Ann", fee=Decimal(1), ward_id=1, joined_at=datetime.now(UTC), date=None, deputy_id=None),
        DoctorPatch(),
        DoctorPatch(nick=None, name="Ann"),
        WardRead(id=1, name=ward.name),
        DoctorCreate.model_validate({"name": "Ann"}).model_dump(),
    ]
    return [
        *right,
        DoctorCreate(name="Ann", fee=Decimal(1), ward_id=1, nme="Bo"),  # wrong: no such column
        DoctorCreate(fee=Decimal(1), ward_id=1),  # wrong: no name
        DoctorCreate(name=1, fee=Decimal(1), ward_id=1),  # wrong: a number
        DoctorPatch(name=None),  # wrong: not nullable
        DoctorPatch(fee="much"),  # wrong: a text
    ]


async def models(ward: Ward, doctor: Doctor) -> None:
    """Columns and relations of models."""
    assert_type(await ward.doctors, list[Doctor])
    assert_type(await values_of(ward.doctors.all(), "id", int), list[int])
    assert_type(await values_of(Doctor.all(), "nick", str, null=True), list[str | None])
    assert_type(await values_of(Doctor.all(), "grade", Grade), list[Grade])
    assert_type(doctor.ward.name, str)
    assert_type([each.name for each in await doctor.deputies.all()], list[str])
'''

# The cursor is at the |.
COMPLETED = {
    "new.|": {"name", "nick", "grade", "fee", "joined_at", "facts", "ward_id", "deputy_id", "model_dump"},
    "new.na|": {"name"},
    "read.|": {"id", "name", "ward"},
    "read.ward.|": {"id", "name"},
    "DoctorCreate(|)": {"name=", "nick=", "grade=", "fee=", "ward_id="},
    "DoctorPatch(|)": {"name=", "nick=", "grade=", "fee=", "ward_id="},
}
PROBE = """from clinic.schemas import DoctorCreate, DoctorPatch, DoctorRead


def probe(new: DoctorCreate, read: DoctorRead) -> None:
    """


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package `clinic`, whose schemas were written by the command's function."""
    root = tmp_path_factory.mktemp("editors")
    (root / "clinic").mkdir()
    for name, text in {"__init__": "", "models": MODELS, "schemas": SCHEMAS, "use": USE}.items():
        (root / "clinic" / f"{name}.py").write_text(text, encoding="utf-8")
    settings = {
        "include": ["clinic"],
        "extraPaths": [str(SERVICE)],
        "typeCheckingMode": "standard",
        "reportIncompatibleVariableOverride": False,  # as in the project's own, for class Meta
    }
    (root / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    write = "import clinic.schemas as s; from tortoise_kit.development.schemas import write_columns as w; w([s])"
    check = "import clinic.schemas as s; from tortoise_kit.schemas import check_columns; check_columns([s])"
    for code in (write, check):
        ended = run(root, "-c", code)
        assert ended.returncode == 0, ended.stderr
    return root


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(root), str(SERVICE)])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "MYPYPATH": str(SERVICE)},
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )


CHECKERS = {
    "mypy": ("mypy", "--strict", "--explicit-package-bases", "--no-incremental", "clinic"),
    "pyright": ("basedpyright", "--pythonpath", sys.executable),
}


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_checker_finds_the_ten_mistakes_and_no_other(clinic: Path, checker: str) -> None:
    lines = (clinic / "clinic" / "use.py").read_text(encoding="utf-8").splitlines()
    wrong = {number for number, line in enumerate(lines, start=1) if "  # wrong: " in line}

    ended = run(clinic, "-m", *CHECKERS[checker])

    found = re.findall(r"(\w+)\.py:(\d+)(?:: error|:\d+ - error)", ended.stdout)
    assert len(wrong) == 10
    assert {(file, int(line)) for file, line in found} == {("use", number) for number in wrong}, (
        ended.stdout + ended.stderr
    )


def test_an_editor_completes_the_columns(clinic: Path) -> None:
    with language_server(clinic) as server:
        found = {text: server.completions(text) for text in COMPLETED}

    assert {text: names - found[text] for text, names in COMPLETED.items()} == {text: set() for text in COMPLETED}
    assert "facts" not in found["read.|"]
    assert "facts=" not in found["DoctorPatch(|)"]


def test_pyright_finds_the_environment_that_uv_creates(tmp_path: Path) -> None:
    settings = tomllib.loads((SERVICE / "pyproject.toml").read_text(encoding="utf-8"))
    found = {name: settings["tool"]["pyright"][name] for name in ("venvPath", "venv")}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps({**found, "include": ["probe.py"]}), encoding="utf-8")
    (tmp_path / "probe.py").write_text("from tortoise.models import Model\n\nprint(Model.all())\n", encoding="utf-8")
    without = {**os.environ, "PATH": "/usr/bin:/bin"}  # no Python on the path has the packages

    check = [sys.executable, "-m", "basedpyright", "--level", "error"]
    lost = subprocess.run(check, cwd=tmp_path, env=without, capture_output=True, check=False, timeout=TIMEOUT_SECONDS)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    ended = subprocess.run(check, cwd=tmp_path, env=without, capture_output=True, check=False, timeout=TIMEOUT_SECONDS)

    assert b'Import "tortoise.models" could not be resolved' in lost.stdout
    assert ended.returncode == 0, ended.stdout


class LanguageServer:
    """A client of a server that speaks the Language Server Protocol over its standard streams."""

    def __init__(self, root: Path, requests: IO[bytes], responses: IO[bytes]) -> None:
        self.root, self.requests, self.responses, self.number = root, requests, responses, 0
        folder = {"uri": root.as_uri(), "name": "clinic"}
        options: dict[str, Any] = {
            "processId": None,
            "rootUri": root.as_uri(),
            "workspaceFolders": [folder],
            "capabilities": {},
        }
        self.call("initialize", options)
        self.send({"method": "initialized", "params": {}})

    def completions(self, text: str) -> set[str]:
        """What an editor offers at the cursor, in a separate file."""
        self.number += 1
        uri = (self.root / "clinic" / f"probe_{self.number}.py").as_uri()
        source = PROBE + text.replace("|", "") + "\n"
        document = {"uri": uri, "languageId": "python", "version": 1, "text": source}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        position = {"line": PROBE.count("\n"), "character": len(PROBE.splitlines()[-1]) + text.index("|")}
        found = self.call("textDocument/completion", {"textDocument": {"uri": uri}, "position": position})
        return {each["label"] for each in found["items"]}

    def call(self, method: str, params: dict[str, Any]) -> Any:
        """The result of a request; the server's own requests get null."""
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while True:
            message = self.receive()
            if "method" in message and "id" in message:
                asked = message.get("params") or {}
                self.send({"id": message["id"], "result": [None for _ in asked.get("items", [])] or None})
            elif message.get("id") == self.number:
                assert "error" not in message, message
                return message["result"]

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.requests.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.requests.flush()

    def receive(self) -> Any:
        length = 0
        while line := self.responses.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended, or was too slow"
        return json.loads(self.responses.read(length))


@contextmanager
def language_server(root: Path) -> Iterator[LanguageServer]:
    """Pyright's language server, as editors start it; it ends with the block, after two minutes at the latest."""
    command = [sys.executable, "-c", "from basedpyright.langserver import main; main()", "--stdio"]
    process = subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    timer = Timer(TIMEOUT_SECONDS, process.kill)
    timer.start()
    try:
        assert process.stdin
        assert process.stdout
        yield LanguageServer(root, process.stdin, process.stdout)
    finally:
        timer.cancel()
        process.kill()
        process.communicate()
