import ast
from pathlib import Path

import pytest

import app.kit

KIT = Path(app.kit.__file__).parent
MODULES = sorted(KIT.rglob("*.py"))
LONGEST_MODULE = 200


def imported(module: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "the kit imports absolutely, so that this test sees it"
            names.add(str(node.module))
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(KIT)))
def test_the_kit_imports_nothing_of_the_service(module: Path) -> None:
    own = {name for name in imported(module) if name.split(".")[0] == "app"}

    assert all(name == "app.kit" or name.startswith("app.kit.") for name in own)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(KIT)))
def test_a_module_of_the_kit_is_read_in_one_sitting(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
