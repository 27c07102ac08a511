"""`python -m app feature`: what it rejects, and that nothing is ever half done."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from asyncpg import CheckViolationError

from app.cli.feature import feature
from app.settings import PROJECT_FILE
from tests.kit.copies import PROJECT, copied
from tortoise_kit.development.features.columns import GRAMMAR
from tortoise_kit.development.features.naming import SKELETON, Words, singular_of
from tortoise_kit.development.features.project import FeatureError
from tortoise_kit.development.features.questions import asked
from tortoise_kit.development.features.references import without_passages
from tortoise_kit.development.features.shape import Wish
from tortoise_kit.development.testing import execute, new_postgres_database, run_python

pytestmark = pytest.mark.slow  # starts processes

ROOT = PROJECT_FILE.parent
COMMAND_SECONDS = 180


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for name in PROJECT for path in [folder / name, *(folder / name).rglob("*")] if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files if path.suffix != ".pyc"}


@pytest.fixture
def project(tmp_path: Path) -> Generator[Path]:
    """A copy of the project with one more feature, which may be deleted."""
    with copied(tmp_path) as project:
        (project / "app" / "scraps_of_a_test").mkdir()
        (project / "app" / "scraps_of_a_test" / "__init__.py").write_text('"""An empty feature."""\n', encoding="utf-8")
        registry = project / "app" / "features.py"
        text = registry.read_text(encoding="utf-8")
        registry.write_text(
            text.replace("FEATURES = (\n", 'FEATURES = (\n    "app.scraps_of_a_test",\n'), encoding="utf-8"
        )
        yield project


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
    (["gadgets", "Name:str:9"], "Name:str:9: 'Name' is not a usable name: use a-z"),
    (["gadgets", "name"], "name: '' is not a type: write name:TYPE with one of str, decimal"),
    (["gadgets", "name:varchar:9"], "name:varchar:9: 'varchar' is not a type: write name:TYPE"),
    (["gadgets", "name:str"], "name:str: '' does not fit str: write for example name:str:100."),
    (["gadgets", "fee:decimal:16,2"], "'16,2' does not fit decimal: write for example fee:decimal:8,2."),
    (["gadgets", "kind:enum:one"], "'one' does not fit enum: write for example kind:enum:open,closed."),
    (["gadgets", "kind:enum:a,b:default=c"], "'c' is no value of this column: choose another default."),
    (["gadgets", "size:int:min=nine"], "'nine' is not a number: write for example min=0."),
    (["gadgets", "size:int:min=9:max=1"], "leave no range within the column: let min be less than max"),
    (["gadgets", "fee:decimal:6,2:min=0.005"], "have more places than the column: use as many as the column has"),
    (["gadgets", "born:date:min=1"], "'min=1' is not an option of date: use unique."),
    (["gadgets", "facts:json:unique"], "json cannot be unique: leave unique out."),
    (["gadgets", "code:str:8:unique"], "it has too few values for the example rows: use a str of 9 or more"),
    (["gadgets", "rank:int:max=5:unique"], "it has too few values for the example rows: use a str of 9 or more"),
    (["gadgets", "patch:enum:a,b"], "patch: its class GadgetPatch would hide another: choose another name."),
    (["gadgets", "created_at:datetime"], "'created_at' is there already: choose another name."),
    (["gadgets", "save:bool"], "'save' has a meaning in Python, Tortoise or pydantic: choose another name."),
    (["gadgets", "a:int", "a:int"], "a: two columns have this name: rename one."),
    (["gadgets", "part:fk:parts"], "part:fk:parts: there is no such table: use one of "),
    (["gadgets", "a:int", "--order", "-b"], "b: there is no such column: use one of a."),
    (["gadgets", "a:json", "--order", "a"], "a: a list cannot be sorted by json: leave it out of --order."),
    (["gadgets", "a:text", "--filter", "a"], "a: no filter of text is written: leave it out of --filter"),
    (["gadgets", "a:int", "--unique", "a"], "--unique names columns that are unique together"),
    (["gadgets", "a:bool", "b:enum:x,y", "--unique", "a,b"], "need a column that can differ for any number of rows"),
    (
        ["gadgets", "a:int", "--owner", "a"],
        "a: an owner is a foreign key to users that is never null: write a:fk:users.",
    ),
    ([], "name the feature and its columns, such as `feature new doctors name:str:100`."),
]


@pytest.fixture(scope="module")
def before() -> dict[str, bytes]:
    """What no rejected command changes, read once for all of them."""
    return contents(ROOT)


@pytest.mark.parametrize(
    ("arguments", "reason"), REJECTED, ids=lambda each: " ".join(each) if isinstance(each, list) else ""
)
def test_an_unusable_name_is_rejected_in_one_line_and_nothing_is_written(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str], before: dict[str, bytes]
) -> None:
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
    routes.write_text(routes.read_text(encoding="utf-8").replace("_: SignedIn, page", "page"), encoding="utf-8")
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


GADGETS = (
    "gadgets name:str:40:unique code:str:2 notes:text size:int:min=1:max=9 serial:bigint:unique ratio:float:min=0 "
    "price:decimal:6,3:min=0.5:max=9 active:bool:default=true kind:enum:small,very-big:default=small at:time "
    "slot:datetime born:date? length:duration key:uuid? facts:json photo:binary "
    "--order name,-price,size,active,-born --filter name,size,price,active,kind,slot,born,key,ratio --unique kind,slot"
)
WIDGETS = (
    "widgets serial:int gadget:fk:gadgets? friends:m2m:gadgets state:enum:open,closed? extra:json? blob:binary? "
    "wait:duration? at:time? text:text? word:str:5? rate:float? on:bool? kind:enum:small,large? "
    f"{' '.join(f'part{number}:int?' for number in range(14))} "
    "--owner keeper --order serial,-created_at --filter gadget,state,keeper,on,word --unique keeper,serial"
)
GIZMOS = (
    "gizmos name:str:40 starts_at:datetime ends_at:datetime gadgets:m2m:gadgets order:int:min=0? "
    "--filter name,starts_at"
)
MORE = (
    "phone:str:20? until:date:unique? grade:enum:junior,senior:default=junior home:fk:users? rank:int:default=1:min=1"
)


def created(project: Path, *commands: str) -> None:
    for command in commands:
        ended = run(project, *command.split())
        assert ended.returncode == 0, ended.stderr


def assert_green(project: Path, *names: str, postgres: str, accept: bool = False) -> None:
    """Of linter, formatter, type checker and the suite on both databases, what concerns these features.

    One process for all tests: a further one takes as long as a hundred of them.
    """
    folders = [f"{folder}/{name}" for name in names for folder in ("app", "tests")]
    others = ("tests/commands/test_seed.py", "tests/migrations")
    for command in (
        ["ruff", "check", *folders],
        ["ruff", "format", "--check", *folders],
        ["mypy", *folders],
        # An index of a table that exists wants the recipe that the lint names.
        ["pytest", "-q", "-n", "0", "-k", "not block", *folders[1::2], *others, *(["--accept"] if accept else [])],
    ):
        ended = subprocess.run(  # noqa: S603 -- tools of this project
            [sys.executable, "-m", *command],
            cwd=project,
            env={"TEST_DATABASE_URL": postgres, **os.environ},
            capture_output=True,
            check=False,
            text=True,
            timeout=2 * COMMAND_SECONDS,
        )
        assert ended.returncode == 0, ended.stdout[-4_000:] + ended.stderr[-1_000:]


@dataclass(frozen=True)
class Grown:
    """A copy of the project with gadgets, widgets and gizmos, to which columns were added after an edit.

    Attributes:
        folder: Where it is.
        rejected: What the command said that named an unknown column.
        added: What the command said that added columns.
    """

    folder: Path
    rejected: str
    added: str


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Generator[Grown]:
    with copied(tmp_path_factory.mktemp("grown")) as project:
        created(project, f"new {GADGETS}", f"new {WIDGETS}", f"new {GIZMOS}")
        queries = project / "app" / "gizmos" / "queries.py"
        queries.write_text(queries.read_text(encoding="utf-8").replace("conditions", "wanted"), encoding="utf-8")
        models = project / "app" / "gizmos" / "models.py"
        text = models.read_text(encoding="utf-8")
        edited = text.replace("    class Meta", '    def __str__(self) -> str:\n        return ""\n\n    class Meta')
        models.write_text(edited, encoding="utf-8")
        add = ("add", "gizmos", *MORE.split(), "--order", "-rank", "--filter")
        rejected, added = (run(project, *add, name) for name in ("name_of_nothing", "grade"))
        assert (rejected.returncode, added.returncode) == (1, 0), added.stderr
        created(project, "add gizmos score:int:default=1:max=9")
        times = 'CheckConstraint(check="starts_at < ends_at", name="gizmos_times"), '
        text = models.read_text(encoding="utf-8")
        models.write_text(text.replace("constraints = (", f"constraints = ({times}"), encoding="utf-8")
        for command in ("ruff format --quiet app/gizmos", "app migrations make times_of_gizmos"):
            arguments = [sys.executable, "-m", *command.split()]
            subprocess.run(arguments, cwd=project, check=True, capture_output=True, timeout=COMMAND_SECONDS)  # noqa: S603
        yield Grown(project, rejected.stderr, added.stderr)


def test_columns_are_added_to_a_feature_that_was_edited(grown: Grown) -> None:
    problem = "name_of_nothing: there is no such column: use one of phone, until, grade, home, rank."
    assert grown.rejected == f"Nothing was changed: {problem}\n"
    assert grown.added == 'Not placed, write it by hand: app/gizmos/queries.py: conditions: "grade": filters.grade,\n'
    text = (grown.folder / "app" / "gizmos" / "models.py").read_text(encoding="utf-8")
    assert '("grade", "rank", "id")' in text
    assert text.count("CheckConstraint(") == 4  # of order, rank, score and the times


async def test_tables_keep_the_limits_of_their_columns_and_doctor_finds_nothing(
    grown: Grown, postgres_server: str, tmp_path: Path
) -> None:
    """On both databases in one test, or two processes would make the project."""
    async with new_postgres_database(postgres_server) as url:
        for database_url in (f"sqlite://{tmp_path / 'limits.db'}", url):
            await assert_limits_are_kept(grown.folder, database_url)


async def assert_limits_are_kept(project: Path, database_url: str) -> None:
    said = [
        await run_python(
            *("-m", "app", *command.split()),
            folder=project,
            environment={"DATABASE_URL": database_url},
            seconds=COMMAND_SECONDS,
        )
        for command in ("migrations upgrade", "seed --size 10000", "doctor --json")
    ]

    assert said[1].returncode == 0, said[1].stderr
    found = json.loads(said[2].stdout)
    assert [each for each in found if each["kind"] != "unsafe-server-setting"] == []  # of the tests' own Postgres
    for change in ("UPDATE gadgets SET size = 10", 'UPDATE gizmos SET "order" = -1'):
        with pytest.raises((sqlite3.IntegrityError, CheckViolationError)):
            await execute(database_url, change)
    links = await execute(database_url, "SELECT 1 FROM gizmo_gadgets")
    assert len(links) > 1000  # fewer rows need no index


def test_features_of_every_type_of_column_are_green_from_the_first_line(grown: Grown, postgres_server: str) -> None:
    """And the contract's lines are guessed right: with `--accept` the suite writes those that it finds to be wrong."""
    contract = grown.folder / "tests" / "widgets" / "contract.py"
    before = contents(grown.folder)
    written = contract.read_text(encoding="utf-8")
    guessed = re.sub(r'(Budget\(.*?", )\d+', r"\g<1>1", written.replace(", 422),", ", 400),"))
    contract.write_text(guessed.replace("(401, 201, ", "(401, 403, "), encoding="utf-8")
    assert contract.read_text(encoding="utf-8") != written

    assert_green(grown.folder, "gadgets", "widgets", "gizmos", postgres=postgres_server, accept=True)

    assert contract.read_text(encoding="utf-8") == written
    assert contents(grown.folder) == before


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("phone:str:20", "rows that exist need a value: write phone:str:20?, or add default=VALUE."),
        ("name:str:20?", "scraps_of_a_test has a column or class with this name: choose another name."),
        ("tags:m2m:tags", "a many-to-many relation needs changes of the service: write it by hand."),
    ],
)
def test_a_column_that_cannot_be_added_is_rejected_and_nothing_is_written(
    project: Path, column: str, reason: str
) -> None:
    (project / "app" / "scraps_of_a_test" / "models.py").write_text(SCRAPS, encoding="utf-8")
    before = contents(project)

    ended = run(project, "add", "scraps_of_a_test", column)

    assert ended.returncode == 1
    assert ended.stderr.startswith("Nothing was changed: ")
    assert reason in ended.stderr
    assert contents(project) == before


SCRAPS = """
from tortoise import fields
from tortoise.models import Model

class Scrap(Model):
    name = fields.TextField()

    class Meta:
        table = "scraps_of_a_test"
"""


def test_the_page_about_features_shows_the_grammar() -> None:
    assert GRAMMAR in (ROOT / "docs" / "features.md").read_text(encoding="utf-8")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_is_asked_for_all_of_it_and_again_for_a_wrong_column(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["doctors", "name", "name:str:100", "slot:datetime", "", "", "name,slot", "-slot", "name"]
    monkeypatch.setattr("sys.stdin", Terminal("\n".join([*lines, ""])))

    assert asked() == ("doctors", Wish(["name:str:100", "slot:datetime"], None, ["name,slot"], ["-slot"], ["name"]))
    assert "name: '' is not a type: write name:TYPE" in capsys.readouterr().err


def random_feature(random: Random) -> str:
    """A feature of some random columns, lists and rules."""
    kinds = (
        "str:30 str:3 text int bigint:min=5 bool float:max=7 decimal:9,4 decimal:3,2:min=1 enum:a,b,c-d datetime date"
    )
    chosen = random.choices(
        [*kinds.split(), "time", "duration", "uuid", "json", "binary", "fk:users", "m2m:users"], k=8
    )
    columns = {f"column_{number}": kind for number, kind in enumerate(chosen)}
    plain = [name for name, kind in columns.items() if kind.partition(":")[0] in SORTED]
    nullable = [
        name for name in columns if name not in plain and random.random() < 1 / 2 and "m2m" not in columns[name]
    ]
    words = [f"{name}:{kind}{'?' * (name in nullable)}" for name, kind in columns.items()]
    lists = (
        [f"--order {','.join(random.sample(plain, 2))} --filter {','.join(random.sample(plain, 2))}"]
        if plain[1:]
        else []
    )
    return " ".join(["things", *words, *lists, *(["--owner keeper"] if random.random() < 1 / 2 else [])])


SORTED = {"str", "int", "bigint", "bool", "enum", "datetime", "date", "uuid"}


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(8))
def test_a_feature_of_random_columns_is_green_from_the_first_line(
    project: Path, seed: int, postgres_server: str
) -> None:
    created(project, f"new {random_feature(Random(seed))}")  # noqa: S311 -- no secret

    assert_green(project, "things", postgres=postgres_server)
