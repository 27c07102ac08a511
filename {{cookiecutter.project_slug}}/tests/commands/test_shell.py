"""`shell` runs scripts with the models and the database."""

import pytest

from tests.support.processes import run_app, upgrade

pytestmark = pytest.mark.slow


SCRIPT = """
import asyncio
from tests.accounts.factories import make_user

async def add(name):
    async with transaction():
        await make_user(email=f"{name}@example.com")

await add("ann")
await asyncio.gather(add("bob"), add("cid"))
print(await User.all().order_by("email").values_list("email", flat=True), __name__)
"""


async def test_a_script_on_standard_input_or_from_c_awaits(empty_database_url: str) -> None:
    await upgrade(empty_database_url)

    piped = await run_app(empty_database_url, "shell", stdin=SCRIPT, PYTHONWARNINGS="always")
    given = await run_app(empty_database_url, "shell", "-c", "print(await User.all().count())")

    emails = ["ann@example.com", "bob@example.com", "cid@example.com"]
    assert (piped.returncode, piped.stdout.decode(), piped.stderr) == (0, f"{emails} __main__\n", b"")
    assert (given.returncode, given.stdout, given.stderr) == (0, b"3\n", b"")


async def test_without_its_database_the_shell_ends_with_one_line() -> None:
    ended = await run_app("postgres://nobody:secret@127.0.0.1:1/nowhere", "shell", "-c", "print(1)")

    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr.startswith(b"The database cannot be used: ")
    assert ended.stderr.count(b"\n") == 1
