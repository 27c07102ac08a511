"""Who may import what: the kit's rooms only lower rooms, the service only the rooms' faces."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import tortoise_kit
from app.settings import PROJECT_FILE

KIT = Path(tortoise_kit.__file__).parent
ROOT = PROJECT_FILE.parent
# A room imports only rooms of lower floors.
FLOORS = (
    ("problems", "upstream"),
    ("schemas", "sql"),
    ("db", "logs", "models", "security", "traces"),
    ("bulk", "http", "migrations", "pagination"),
    ("doctor", "idempotency", "server", "shell"),
    ("development",),
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
WITHOUT_THE_WEB = {"bulk", "db", "doctor", "migrations", "models", "problems", "schemas", "security", "shell", "sql"}
WEB = {"fastapi", "starlette", "uvicorn"}
SKELETON = KIT / "development" / "features" / "skeleton"  # code of a feature, which only lies in the kit
MODULES = sorted(path for path in KIT.rglob("*.py") if not path.is_relative_to(SKELETON))
SERVICE = sorted([*(ROOT / "app").rglob("*.py"), *(SKELETON / "paper_clips").rglob("*.py")])
FACES = [f"tortoise_kit.{room}" for room in sorted(FLOOR) if room not in {"development", "upstream"}]
# In `development`, each module and package is a face.
FACES_OF_DEVELOPMENT = [
    f"tortoise_kit.development.{path.stem}"
    for path in sorted((KIT / "development").iterdir())
    if path.name != "__init__.py" and (path.suffix == ".py" or (path / "__init__.py").exists())
]
LINES_MAX = 200
PUBLIC_NAMES_MAX = 169

type Import = tuple[str, str]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[Import]:
    """What a file imports: a module, and a name of it or nothing."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "the kit imports absolutely"
            yield from ((str(node.module), alias.name) for alias in node.names)


def kit_imports(path: Path) -> Iterator[Import]:
    """The same for modules of the kit, where `from tortoise_kit import db` is an import of `tortoise_kit.db`."""
    for module, name in imports(path):
        whole = f"{module}.{name}"
        if module.split(".")[0] == "tortoise_kit":
            yield (whole, "") if whole in {*FACES, *FACES_OF_DEVELOPMENT} else (module, name)


def public_names(face: str) -> list[str]:
    names: list[str] = import_module(face).__all__
    return names


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_of_the_kit_imports_only_rooms_of_lower_floors(path: Path) -> None:
    room = path.relative_to(KIT).parts[0]
    others = {module.split(".")[1] for module, _ in kit_imports(path)} - {room}

    assert {other for other in others if FLOOR[other] >= FLOOR[room]} == set()
    assert {module for module, _ in imports(path) if module.split(".")[0] in {"app", "tests"}} == set()


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "__init__.py"], ids=name_of)
def test_a_module_of_the_kit_imports_files_and_not_faces(path: Path) -> None:
    names = {module for module, name in kit_imports(path) if not is_file(f"{module}.{name}")}

    assert names & {*FACES, "tortoise_kit.development.migrations"} == set()


def is_file(module: str) -> bool:
    return KIT.parent.joinpath(*module.split(".")).with_suffix(".py").exists()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_of_the_kit_has_at_most_200_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_MAX


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.relative_to(KIT).parts[0] in WITHOUT_THE_WEB], ids=name_of
)
def test_a_room_that_commands_use_imports_no_web_framework(path: Path) -> None:
    assert {module for module, _ in imports(path) if module.split(".")[0] in WEB} == set()


@pytest.mark.parametrize("path", SERVICE, ids=name_of)
def test_the_service_imports_only_public_names_of_faces(path: Path) -> None:
    own = ".".join(SKELETON.relative_to(KIT.parent).parts)
    found = {(module, name) for module, name in kit_imports(path) if not module.startswith(f"{own}.")}

    faces = {*FACES, *FACES_OF_DEVELOPMENT}
    assert {module for module, _ in found} <= faces
    assert {f"{module}.{name}" for module, name in found if name and name not in public_names(module)} == set()


@pytest.mark.parametrize("face", [*FACES, *FACES_OF_DEVELOPMENT])
def test_a_face_lists_its_documented_names_in_order(face: str) -> None:
    module = import_module(face)
    names = public_names(face)

    assert module.__doc__
    assert names == sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert [name for name in names if callable(each := getattr(module, name)) and not each.__doc__] == []


def test_the_faces_have_few_public_names() -> None:
    names = {face: len(public_names(face)) for face in FACES}

    assert sum(names.values()) <= PUBLIC_NAMES_MAX, names


def loaded_with(module: str, *, depth: int = 1) -> set[str]:
    """The packages that a process has loaded once it has imported `module`, by the first parts of their names."""
    script = f"import sys, {module}; print(*{{'.'.join(name.split('.')[:{depth}]) for name in sys.modules}})"
    ended = subprocess.run(  # noqa: S603 -- a line of this test
        [sys.executable, "-c", script], cwd=PROJECT_FILE.parent, capture_output=True, check=True, text=True, timeout=60
    )
    return set(ended.stdout.split())


def test_a_server_does_not_import_what_only_writes_migrations() -> None:
    loaded = loaded_with("app.main")

    assert "tortoise" in loaded
    assert loaded & {"aerich", "asyncclick", "dictdiffer"} == set()


def test_a_worker_answers_its_parent_before_it_imports_commands_or_the_web_framework() -> None:
    loaded = loaded_with("app.__main__")

    assert "tortoise" in loaded
    assert loaded & {"fastapi", "rich", "typer", "uvicorn"} == set()


def test_a_command_imports_no_web_framework() -> None:
    """It would be a third of the time that a command takes to start."""
    loaded = loaded_with("app.cli.main")

    assert {"tortoise", "typer", "uvicorn"} <= loaded
    assert loaded & {"fastapi", "starlette", "aerich"} == set()


def test_a_server_keeps_nothing_in_memory_that_only_other_commands_need() -> None:
    loaded = loaded_with("app.cli.main, app.asgi", depth=2)

    assert {"app.cli", "tortoise_kit.server"} <= loaded
    assert loaded & {f"tortoise_kit.{room}" for room in ("development", "doctor", "shell")} == set()
    assert loaded & {"readline", "rich"} == set()
