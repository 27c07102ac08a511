import ast
from pathlib import Path

import pytest

import tortoise_kit

KIT = Path(tortoise_kit.__file__).parent
# The feature command joins the rule when it is given its project.
FEATURES = KIT / "development" / "features"
MODULES = sorted(path for path in KIT.rglob("*.py") if not path.is_relative_to(FEATURES))
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

    assert not own


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(KIT)))
def test_a_module_of_the_kit_is_read_in_one_sitting(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
