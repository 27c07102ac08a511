"""What a team did to its project since it was rendered, and what the template did meanwhile."""

import re
from pathlib import Path
from shutil import copy2, rmtree

from tests.updating import Shell, append, read, replace

FEATURE = {
    "app/memos/__init__.py": '''"""Memos that staff keep."""
''',
    "app/memos/models.py": '''"""The table of memos."""

from tortoise import fields
from tortoise.models import Model


class Memo(Model):
    """What somebody wrote down."""

    id = fields.BigIntField(primary_key=True)
    text = fields.CharField(max_length=200)

    class Meta:
        table = "memos"
''',
    "app/memos/routes.py": '''"""Memos over HTTP, for staff."""

from fastapi import APIRouter

from app.accounts.policies import Staff
from app.memos.models import Memo

router = APIRouter(prefix="/memos", tags=["memos"])


@router.get("/count")
async def count_memos(_: Staff) -> dict[str, int]:
    """How many there are."""
    return {"count": await Memo.all().count()}
''',
    "tests/memos/__init__.py": "",
    "tests/memos/openapi.json": "{}",
    "tests/memos/contract.py": '''"""Memos: who may count them, and with how many queries."""

from app.memos.models import Memo
from tests.contract.cases import API, STAFF, Access, Budget, Call


async def count_memos(rows: int) -> Call:
    await Memo.bulk_create([Memo(text="x") for _ in range(rows)])
    return Call()


ACCESS = [Access(f"GET {API}/memos/count", STAFF)]
BUDGETS = [Budget(f"GET {API}/memos/count", 2, count_memos)]
''',
    "tests/memos/test_memos.py": '''"""Staff count memos."""

from httpx2 import AsyncClient

from app.memos.models import Memo
from tortoise_kit.security.keys import same_secret


async def test_memos_are_counted(staff: AsyncClient) -> None:
    await Memo.create(text="x")

    answer = await staff.get("/api/v1/memos/count")

    assert answer.json() == {"count": 1}


def test_the_teams_own_function_of_the_kit_is_there() -> None:
    assert same_secret("x", "x")
''',
}
OF_THE_KIT = '''

def same_secret(one: str, other: str) -> bool:
    """Whether both are equal, compared in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
'''
RULE, TEMPLATES_RULE = "A rule of the team.", "4. A rule of the newer template."
TEMPLATES_LINE = "# A line of the newer template."
MIGRATIONS = "migrations/models"
KEYS = "tortoise_kit/security/keys.py"


def edit(project: Path, shell: Shell) -> None:
    """A feature with its migration, a setting, a file of the kit, a dependency; and no reports, and other prose."""
    for name, text in FEATURE.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    for folder in ("app", "tests"):
        rmtree(project / folder / "reports")
    replace(project / "app" / "features.py", '    "app.reports",  # example\n', '    "app.memos",\n')
    set_default(project, "REPLICA_MAX_LAG_SECONDS", "2.0", "3.0")
    (project / KEYS).write_text(read(project / KEYS) + OF_THE_KIT, encoding="utf-8")
    replace(project / "pyproject.toml", '  "pydantic>=2.14,<3",\n', '  "orjson>=3.13,<4",\n  "pydantic>=2.14,<3",\n')
    append(project / "README.md", RULE)
    shell.run("python -m app migrations make add_memos", project)
    shell.run("python -m pytest -q -n 0 tests/contract/test_openapi.py --accept", project)


def develop(service: Path, rendered: Path, shell: Shell) -> None:
    """Change the template where the team did, beside it: the same files, a migration of the same number.

    Args:
        service: The folder that is rendered.
        rendered: A project of it as it is, in which the migration is made.
        shell: Makes it.
    """
    set_default(service, "PASSWORD_HASHES_AT_ONCE", "4", "5")
    keys = service / KEYS
    keys.write_text(read(keys).replace('"""\n', f'"""\n\n{TEMPLATES_LINE}\n', 1), encoding="utf-8")
    replace(service / "pyproject.toml", "[tool.uv]\n", f"{TEMPLATES_LINE}\n[tool.uv]\n")
    append(service / "CONTRIBUTING.md", TEMPLATES_RULE)
    append(service / "app" / "reports" / "queries.py", TEMPLATES_LINE)
    (service / "app" / "reports" / "exports.py").write_text('"""New in a feature."""\n', encoding="utf-8")
    name = "    name = fields.CharField(max_length=50, unique=True)\n"
    for folder in (service, rendered):
        replace(folder / "app/catalog/models.py", name, f"{name}    hue = fields.CharField(max_length=20, null=True)\n")
    before = steps(rendered)
    shell.run("python -m app migrations make add_hue", rendered)
    for step in steps(rendered) - before:
        copy2(rendered / MIGRATIONS / step, service / MIGRATIONS / step)


def set_default(folder: Path, name: str, old: str, new: str) -> None:
    """Give a setting another default in the three places that say it."""
    path = folder / "app" / "settings.py"
    pattern = rf"(    {name.lower()}: \w+ = Field\(\s+default=){re.escape(old)}"
    text, times = re.subn(pattern, rf"\g<1>{new}", read(path))
    assert times == 1
    path.write_text(text, encoding="utf-8")
    replace(folder / ".env.example", f"{name}={old}\n", f"{name}={new}\n")
    replace(folder / "docs" / "settings.md", f"| `{name}` | `{old}` |", f"| `{name}` | `{new}` |")


def steps(project: Path) -> set[str]:
    """The names of the migrations."""
    return {path.name for path in (project / MIGRATIONS).glob("*.py")}
