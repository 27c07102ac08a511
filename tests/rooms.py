"""`python -m tests.rooms`: the rooms of the kit with their public names, and which room imports which.

A test of the kit holds the rules; this prints what the documentation shows.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.rendering import SERVICE
from tests.surface import faces

KIT = SERVICE / "tortoise_kit"


def room_of(path: Path) -> str:
    """The room of a module, such as `db`; the parts of `development` are one room."""
    return path.relative_to(KIT).parts[0]


def imported(path: Path) -> Iterator[str]:
    """The rooms that a module imports, also where the import stands in a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
        yield from (name.split(".")[1] for name in names if name.startswith("tortoise_kit."))


def arrows() -> dict[str, set[str]]:
    """For each room, the other rooms that it imports."""
    found: dict[str, set[str]] = {}
    for path in sorted(KIT.rglob("*.py")):
        if path.parent != KIT and "skeleton" not in path.parts:
            found.setdefault(room_of(path), set()).update(imported(path))
    return {room: others - {room} for room, others in found.items()}


def main() -> None:
    """Print both lists."""
    names = faces(KIT)
    for room, others in sorted(arrows().items(), key=lambda each: (len(each[1]), each[0])):
        modules = [path for path in (KIT / room).rglob("*.py") if "skeleton" not in path.parts]
        lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in modules)
        public = sum(len(shown) for face, shown in names.items() if face.split(".")[1] == room)
        print(f"{room} ({len(modules)} files, {lines} lines, {public} names): {', '.join(sorted(others)) or 'none'}")  # noqa: T201
    total = sum(len(shown) for face, shown in names.items() if ".development" not in face)
    print(f"{sum(map(len, arrows().values()))} imports between rooms; {total} public names without development's")  # noqa: T201


if __name__ == "__main__":
    main()
