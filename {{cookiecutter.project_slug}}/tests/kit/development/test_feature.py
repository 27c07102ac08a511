"""`python -m app feature`: what it refuses, and that nothing is ever half done."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.settings import PROJECT_FILE
from tortoise_kit.development.features import app
from tortoise_kit.development.features.names import singular_of
from tortoise_kit.development.features.passages import without_passages
from tortoise_kit.development.features.tools import SKELETON, FeatureError
from tortoise_kit.development.features.words import Words

pytestmark = pytest.mark.slow  # processes of their own

ROOT = PROJECT_FILE.parent
COPIED = ("app", "migrations", "tests", "tortoise_kit", "pyproject.toml", "ruff.toml")
COMMAND_SECONDS = 180


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for name in COPIED for path in [folder / name, *(folder / name).rglob("*")] if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files if path.suffix != ".pyc"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy that may be changed, with a feature that may be deleted, whatever others there are."""
    for name in COPIED:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(source, tmp_path / name, ignore=ignored) if source.is_dir() else shutil.copy(source, tmp_path)
    (tmp_path / "app" / "scraps_of_a_test").mkdir()
    (tmp_path / "app" / "scraps_of_a_test" / "__init__.py").write_text('"""What may go."""\n', encoding="utf-8")
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
def test_a_plain_singular_is_found(plural: str, singular: str) -> None:
    assert singular_of(plural) == singular


def test_every_spelling_of_a_name_of_several_words_is_its_own() -> None:
    words = Words("price_lists", "price_list")

    spelled = words.spelled(
        "tortoise_kit.development.features.skeleton.paper_clips PaperClipRead paper_clips paper_clip_id "
        "/paper-clips Paper clips, PAPER_CLIPS_MIN"
    )

    assert (
        spelled == "app.price_lists PriceListRead price_lists price_list_id /price-lists Price lists, PRICE_LISTS_MIN"
    )


def test_the_skeleton_has_no_article_that_could_be_wrong() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SKELETON.glob("*/*.py")]

    assert not [text for text in texts if "a paper" in text.lower()]


REFUSED = [
    (["Books"], "'Books' is no name"),
    (["price__lists"], "'price__lists' is no name"),
    (["x" * 25], "at most 24 characters"),
    (["class"], "'class' is a word of Python"),
    (["lists", "--item", "list"], "'list' is a word of Python"),
    (["calendars", "--item", "calendar"], "'calendar' is a module of Python's own"),
    (["pages"], "'pages' is a word that every feature's code uses"),
    (["kits", "--item", "kits"], "'kits' is the plural and the singular"),
    (["cli", "--item", "command"], "app/cli exists"),
    (["settings"], "app/settings.py exists"),
    (["support", "--item", "help"], "tests/support exists"),
    (["tries_of_a_test", "--item", "user"], "app.accounts.models.User has the name User"),
    (["users"], "app.accounts.models.User has the name User or the table users"),
    (["auth", "--item", "login"], "/api/v1/auth is a route of another feature"),
    (["information"], "the singular of 'information' is not plain"),
]


@pytest.mark.parametrize(
    ("arguments", "reason"), REFUSED, ids=lambda each: " ".join(each) if isinstance(each, list) else ""
)
def test_a_name_that_cannot_be_is_refused_in_one_line_and_nothing_is_written(arguments: list[str], reason: str) -> None:
    before = contents(ROOT)

    ended = CliRunner().invoke(app, ["new", *arguments])

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Nothing was made: ")
    assert ended.stderr.count("\n") == 1
    assert reason in ended.stderr
    assert contents(ROOT) == before


def test_every_feature_has_a_singular_that_differs() -> None:
    with pytest.raises(FeatureError, match="--item"):
        singular_of("glass")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "there is nothing to delete"),
        (["nowhere"], "nowhere is no feature: app/features.py has accounts"),
        (["accounts", "--yes"], "uses accounts, and belongs to no feature: change it first."),
    ],
)
def test_a_deletion_that_cannot_be_is_refused_in_one_line(arguments: list[str], reason: str) -> None:
    ended = CliRunner().invoke(app, ["delete", *arguments])

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Nothing was deleted: ")
    assert ended.stderr.count("\n") == 1
    assert reason in ended.stderr


def test_a_deletion_asks_first_and_tells_what_git_could_not_give_back(project: Path) -> None:
    before = contents(project)

    ended = run(project, "delete", "scraps_of_a_test")

    assert ended.returncode == 1
    assert "delete app/scraps_of_a_test\n" in ended.stdout
    assert "Delete all this? [y/N]:" in ended.stdout
    assert "Beware: this folder is in no git repository" in ended.stderr
    assert contents(project) == before


def test_a_feature_that_cannot_be_finished_leaves_nothing_behind(project: Path) -> None:
    routes = project / "tortoise_kit" / "development" / "features" / "skeleton" / "paper_clips" / "routes.py"
    routes.write_text(routes.read_text(encoding="utf-8").replace("_: Public, page", "page"), encoding="utf-8")
    before = contents(project)

    ended = run(project, "new", "tries_of_a_test", "--item", "try_of_a_test")

    assert ended.returncode == 1
    assert "/tries-of-a-test does not say who may call it" in ended.stderr
    assert contents(project) == before


def test_a_deletion_that_cannot_be_finished_takes_nothing_away(project: Path) -> None:
    models = project / "app" / "scraps_of_a_test" / "models.py"
    models.write_text('"""Tables."""\n', encoding="utf-8")
    files = project / "app" / "kit" / "migrations" / "files.py"
    files.write_text(files.read_text(encoding="utf-8").replace("def write(", "def write(nothing, "), encoding="utf-8")
    before = contents(project)

    ended = run(project, "delete", "--yes", "scraps_of_a_test")

    assert ended.returncode == 1
    assert "Nothing was deleted: `app migrations make` failed" in ended.stderr
    assert contents(project) == before


def test_a_passage_goes_when_one_of_its_features_goes() -> None:
    text = (
        "One.\n\n<!-- with books, shelves -->\nTwo.\n<!-- end with -->\n\n# with shelves\nthree:\n# end with\nFour.\n"
    )

    assert without_passages(text, {"clips"}) == text
    assert without_passages(text, {"books"}) == "One.\n\n# with shelves\nthree:\n# end with\nFour.\n"
    assert without_passages(text, {"shelves"}) == "One.\n\nFour.\n"
