"""`python -m app feature`: what it rejects, and that nothing is ever half done."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.feature import feature
from app.settings import PROJECT_FILE
from tortoise_kit.development.features.naming import SKELETON, Words, singular_of
from tortoise_kit.development.features.project import FeatureError
from tortoise_kit.development.features.references import without_passages

pytestmark = pytest.mark.slow  # starts processes

ROOT = PROJECT_FILE.parent
COPIED = ("app", "migrations", "tests", "tortoise_kit", "pyproject.toml", "ruff.toml")
COMMAND_SECONDS = 180


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for name in COPIED for path in [folder / name, *(folder / name).rglob("*")] if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files if path.suffix != ".pyc"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with one more feature, which may be deleted."""
    for name in COPIED:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(source, tmp_path / name, ignore=ignored) if source.is_dir() else shutil.copy(source, tmp_path)
    (tmp_path / "app" / "scraps_of_a_test").mkdir()
    (tmp_path / "app" / "scraps_of_a_test" / "__init__.py").write_text('"""An empty feature."""\n', encoding="utf-8")
    registry = tmp_path / "app" / "features.py"
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace("FEATURES = (\n", 'FEATURES = (\n    "app.scraps_of_a_test",\n'), encoding="utf-8")
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- a command of this service
        [sys.executable, "-m", "app", "feature", *arguments],
        cwd=project,
        capture_output=True,
        check=False,
        text=True,
        timeout=COMMAND_SECONDS,
    )


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("books", "book"),
        ("categories", "category"),
        ("boxes", "box"),
        ("price_lists", "price_list"),
        ("addresses", "address"),
        ("branches", "branch"),
    ],
)
def test_the_singular_of_a_regular_plural_is_derived(plural: str, singular: str) -> None:
    assert singular_of(plural) == singular


def test_a_name_of_several_words_is_spelled_as_its_context_needs() -> None:
    words = Words("price_lists", "price_list")

    spelled = words.spell(
        "tortoise_kit.development.features.skeleton.paper_clips PaperClipRead paper_clips paper_clip_id "
        "/paper-clips Paper clips, PAPER_CLIPS_MIN"
    )

    assert (
        spelled == "app.price_lists PriceListRead price_lists price_list_id /price-lists Price lists, PRICE_LISTS_MIN"
    )


def test_the_skeleton_has_no_article_before_its_placeholder() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SKELETON.glob("*/*.py")]

    assert not [text for text in texts if "a paper" in text.lower()]


REJECTED = [
    (["Books"], "'Books' is not a usable name"),
    (["price__lists"], "'price__lists' is not a usable name"),
    (["x" * 25], "at most 24 characters"),
    (["class"], "'class' is a keyword or builtin of Python"),
    (["lists", "--item", "list"], "'list' is a keyword or builtin of Python"),
    (["calendars", "--item", "calendar"], "'calendar' is a module of Python's standard library"),
    (["queries"], "'queries' already means something else in the code of every feature"),
    (["kits", "--item", "kits"], "'kits' is both plural and singular"),
    (["cli", "--item", "command"], "app/cli exists"),
    (["settings"], "app/settings.py exists"),
    (["commands"], "tests/commands exists"),
    (["members", "--item", "user"], "app.accounts.models.User has the name User"),
    (["users"], "app.accounts.models.User has the name User or the table users"),
    (["auth", "--item", "login"], "/auth is a route of another feature"),
    (["information"], "the singular of 'information' is not obvious"),
]


@pytest.mark.parametrize(
    ("arguments", "reason"), REJECTED, ids=lambda each: " ".join(each) if isinstance(each, list) else ""
)
def test_an_unusable_name_is_rejected_in_one_line_and_nothing_is_written(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(ROOT)

    out, error = failed(capsys, "new", *arguments)

    assert out == ""
    assert error.startswith("Nothing was created: ")
    assert error.count("\n") == 1
    assert reason in error
    assert contents(ROOT) == before


def failed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    """What the command prints, in this process: it imports the service only once for all of these tests."""
    with pytest.raises(SystemExit) as ended:
        feature(list(arguments))
    assert ended.value.code == 1
    return capsys.readouterr()


def test_a_name_without_an_obvious_singular_needs_the_option() -> None:
    with pytest.raises(FeatureError, match="--item"):
        singular_of("glass")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "name the features to delete"),
        (["nowhere"], "nowhere is not a feature: app/features.py has accounts"),
        (["accounts", "--yes"], "uses accounts and belongs to no feature: change it first."),
    ],
)
def test_an_impossible_deletion_is_rejected_in_one_line(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, error = failed(capsys, "delete", *arguments)

    assert out == ""
    assert error.startswith("Nothing was deleted: ")
    assert error.count("\n") == 1
    assert reason in error


def test_a_deletion_asks_first_and_warns_if_git_could_not_restore_it(project: Path) -> None:
    before = contents(project)

    ended = run(project, "delete", "scraps_of_a_test")

    assert ended.returncode == 1
    assert "delete app/scraps_of_a_test\n" in ended.stdout
    assert "Delete all this? [y/N]:" in ended.stdout
    assert "Warning: this folder is not in a git repository" in ended.stderr
    assert contents(project) == before


def test_a_creation_that_fails_leaves_nothing_behind(project: Path) -> None:
    routes = project / "tortoise_kit" / "development" / "features" / "skeleton" / "paper_clips" / "routes.py"
    routes.write_text(routes.read_text(encoding="utf-8").replace("_: Public, page", "page"), encoding="utf-8")
    before = contents(project)

    ended = run(project, "new", "attempts_of_a_test", "--item", "attempt_of_a_test")

    assert ended.returncode == 1
    assert "/attempts-of-a-test does not say who may call it" in ended.stderr
    assert contents(project) == before


def test_a_deletion_that_fails_deletes_nothing(project: Path) -> None:
    models = project / "app" / "scraps_of_a_test" / "models.py"
    models.write_text('"""Tables."""\n', encoding="utf-8")
    commands = project / "tortoise_kit" / "development" / "migrations" / "commands.py"
    text = commands.read_text(encoding="utf-8")
    commands.write_text(text.replace("def _next_path(", "def _next_path(nothing, "), encoding="utf-8")
    before = contents(project)

    ended = run(project, "delete", "--yes", "scraps_of_a_test")

    assert ended.returncode == 1
    assert "Nothing was deleted: `app migrations make` failed" in ended.stderr
    assert contents(project) == before


def test_the_tables_of_a_deployed_feature_are_listed_and_dropped_by_a_migration(project: Path) -> None:
    models = """
from tortoise import fields
from tortoise.models import Model

class Scrap(Model):
    parts = fields.ManyToManyField("models.Scrap", related_name="wholes", through="scrap_parts")

    class Meta:
        table = "scraps"
"""
    (project / "app" / "scraps_of_a_test" / "models.py").write_text(models, encoding="utf-8")
    make = [sys.executable, "-m", "app", "migrations", "make", "scraps"]
    subprocess.run(make, cwd=project, check=True, capture_output=True, timeout=COMMAND_SECONDS)  # noqa: S603

    ended = run(project, "delete", "--yes", "--deployed", "scraps_of_a_test")

    assert "drops their tables with all rows: scrap_parts, scraps\n" in ended.stdout
    [written] = (project / "migrations" / "models").glob("*_drop_scraps_of_a_test.py")
    assert written.read_text(encoding="utf-8").count("-- squawk-ignore ban-drop-table\nDROP TABLE") == 2


def test_a_passage_is_deleted_with_any_of_its_features() -> None:
    text = (
        "One.\n\n<!-- with books, shelves -->\nTwo.\n<!-- end with -->\n\n# with shelves\nthree:\n# end with\nFour.\n"
    )

    assert without_passages(text, {"clips"}) == text
    assert without_passages(text, {"books"}) == "One.\n\n# with shelves\nthree:\n# end with\nFour.\n"
    assert without_passages(text, {"shelves"}) == "One.\n\nFour.\n"
