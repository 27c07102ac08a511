"""The benchmarks that measure a feature, and have to go with it."""

from pathlib import Path

from tortoise_kit.development.features.references import imports, sources
from tortoise_kit.development.features.tools import ROOT

FOLDERS = ("benchmarks", "tests/benchmarks")
WORKFLOW = ".github/workflows/benchmark.yaml"  # runs `python -m benchmarks`


def measuring(users: set[Path]) -> set[Path]:
    """Those of these files that are benchmarks, and what uses them: modules, and packages as a whole."""
    gone: set[Path] = set()
    found = {_unit(path) for path in users if _is_benchmark(path)}
    while found - gone:
        gone |= found
        modules = {path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in gone}
        found = {
            _unit(path)
            for path in sources()
            if _is_benchmark(path) and any(f"{each}.".startswith(f"{m}.") for each in imports(path) for m in modules)
        }
    return _with_what_is_left_alone(gone)


def _is_benchmark(path: Path) -> bool:
    return any(path.is_relative_to(ROOT / folder) for folder in FOLDERS)


def _unit(path: Path) -> Path:
    """The file, or the package below `benchmarks/` that it is in."""
    parts = path.relative_to(ROOT).parts
    return ROOT.joinpath(*parts[:2]) if parts[0] == FOLDERS[0] else path


def _with_what_is_left_alone(gone: set[Path]) -> set[Path]:
    """And what has no use without them: the workflow, and the folder of the tests when none is left in it."""
    if ROOT / "benchmarks" / "__main__.py" in gone and (ROOT / WORKFLOW).exists():
        gone = gone | {ROOT / WORKFLOW}
    folder = ROOT / FOLDERS[1]
    tests = {path for path in sources() if path.is_relative_to(folder)}
    if tests & gone and not {path for path in tests - gone if path.name.startswith("test_")}:
        return (gone - tests) | {folder}
    return gone
