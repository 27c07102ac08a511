import os
import subprocess
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from anyio.abc import TaskGroup
from pwdlib.hashers.argon2 import Argon2Hasher

from app.settings import PROJECT_FILE
from tortoise_kit.development.seeding import hash_with_salt
from tortoise_kit.problems.errors import Unavailable
from tortoise_kit.security.passwords import WAITING_PER_THREAD, Passwords, Verdict
from tortoise_kit.upstream.glibc import return_large_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

PASSWORD = "correct horse battery"  # noqa: S105
QUICK = {"memory_kib": 8, "passes": 1}  # as little as argon2 takes


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(at_once=2, **QUICK)


async def test_only_the_hashed_password_is_valid(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)

    assert await passwords.verify(PASSWORD, stored) == Verdict(valid=True)
    assert await passwords.verify(PASSWORD.upper(), stored) == Verdict(valid=False)
    assert await passwords.verify("", stored) == Verdict(valid=False)


async def test_the_default_is_argon2id_with_the_recommended_costs() -> None:
    stored = await Passwords(at_once=1).hash(PASSWORD)

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hash_with_salt(PASSWORD, b"a salt for tests").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_equal_passwords_have_different_hashes(passwords: Passwords) -> None:
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)


async def test_a_password_is_valid_however_its_characters_are_composed(passwords: Passwords) -> None:
    stored = await passwords.hash("caf\u00e9 caf\u00e9 caf\u00e9")

    assert (await passwords.verify("cafe\u0301 cafe\u0301 cafe\u0301", stored)).valid


async def test_a_hash_with_outdated_parameters_is_valid_and_replaced(passwords: Passwords) -> None:
    old = await Passwords(at_once=1, memory_kib=16, passes=1).hash(PASSWORD)

    verdict = await passwords.verify(PASSWORD, old)

    assert verdict.valid
    assert verdict.new_hash is not None
    assert "m=8,t=1" in verdict.new_hash
    assert await passwords.verify(PASSWORD, verdict.new_hash) == Verdict(valid=True)
    assert await passwords.verify("wrong", old) == Verdict(valid=False)


@pytest.mark.parametrize("stored", [None, "!", "", "$argon2id$v=19$m=8,t=1,p=1", "$2b$12$" + "x" * 53])
async def test_without_a_usable_hash_no_password_is_valid_and_the_work_is_the_same(
    passwords: Passwords, stored: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = calls_of(monkeypatch, "verify")
    real = await passwords.hash(PASSWORD)
    await passwords.verify("wrong", real)
    for_a_user = [parameters(arguments[-1]) for arguments in counted]
    counted.clear()

    verdict = await passwords.verify(PASSWORD, stored)

    assert verdict == Verdict(valid=False)
    if stored is None or not stored.startswith("$argon2id"):
        assert [parameters(arguments[-1]) for arguments in counted] == for_a_user == ["$argon2id$v=19$m=8,t=1,p=1"]


def parameters(stored: str) -> str:
    return "$".join(stored.split("$")[:4])


def calls_of(monkeypatch: pytest.MonkeyPatch, name: str) -> list[tuple[Any, ...]]:
    calls: list[tuple[Any, ...]] = []
    original: Callable[..., Any] = getattr(Argon2Hasher, name)

    def counting(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        return original(*arguments, **options)

    monkeypatch.setattr(Argon2Hasher, name, counting)
    return calls


@pytest.mark.parametrize("name", ["hash", "verify"])
async def test_hashing_runs_in_a_bounded_number_of_threads(
    passwords: Passwords, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are held in their threads: the event loop goes on, and the third has not begun."""
    stored = await passwords.hash(PASSWORD)
    threads: list[int] = []
    begun, release = threading.Semaphore(0), threading.Event()

    def held(*_: Any, **__: Any) -> Any:
        threads.append(threading.get_ident())
        begun.release()
        assert release.wait(10)
        return stored if name == "hash" else True

    monkeypatch.setattr(Argon2Hasher, name, held)
    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                if name == "hash":
                    tasks.start_soon(passwords.hash, PASSWORD)
                else:
                    tasks.start_soon(passwords.verify, PASSWORD, stored)
            for _ in range(2):
                assert await anyio.to_thread.run_sync(partial(begun.acquire, timeout=10))
            for _ in range(10):
                await anyio.lowlevel.checkpoint()
            at_once = len(threads)
            release.set()

    assert at_once == 2
    assert len(threads) == 3
    assert threading.get_ident() not in threads


class Held:
    """Passwords of which two are being hashed, as many as can be, until they are released."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, turned_away: int) -> None:
        self.passwords = Passwords(at_once=2, **QUICK)
        self.release, self.begun = threading.Event(), threading.Semaphore(0)
        self.most, self.all_turned_away = turned_away, anyio.Event()
        self.statuses: list[str] = []
        monkeypatch.setattr(Argon2Hasher, "hash", self._wait)

    def _wait(self, *_: Any, **__: Any) -> str:
        self.begun.release()
        return "hashed" if self.release.wait(10) else "late"

    async def hash(self, network: str) -> None:
        try:
            self.statuses.append(await self.passwords.hash(PASSWORD, network=network))
        except Unavailable as problem:
            self.statuses.append(f"{problem.kind} for {network} until {(problem.headers or {})['Retry-After']}")
            if len(self.statuses) == self.most:
                self.all_turned_away.set()

    async def start(self, tasks: TaskGroup) -> None:
        """Begin the two."""
        for _ in range(2):
            tasks.start_soon(self.hash, "first")
        for _ in range(2):
            assert await anyio.to_thread.run_sync(partial(self.begun.acquire, timeout=10))


async def test_a_bounded_number_of_calls_waits_and_no_network_takes_more_than_a_quarter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = 2 * WAITING_PER_THREAD
    held = Held(monkeypatch, turned_away=200 - line)
    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            await held.start(tasks)
            for number in range(100):
                tasks.start_soon(held.hash, "flood")
                tasks.start_soon(held.hash, f"network {number}")
            await held.all_turned_away.wait()
            held.release.set()

    assert held.statuses.count("logins-busy for flood until 1") == 100 - line // 4
    assert held.statuses.count("hashed") == 2 + line


async def test_no_call_waits_longer_than_its_limit_and_a_cancelled_one_leaves_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tortoise_kit.security.passwords.WAIT_SECONDS", 0.1)
    held = Held(monkeypatch, turned_away=1)
    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            await held.start(tasks)
            with anyio.move_on_after(0.02) as left:
                await held.hash("left")
            await held.hash("waited")
            held.release.set()

    assert left.cancelled_caught
    assert held.statuses == ["logins-busy for waited until 1", "hashed", "hashed"]
    assert await held.passwords.hash(PASSWORD) == "hashed"


EIGHT_AT_ONCE = """
import anyio, psutil
from tortoise_kit.security import Passwords

def mebibytes():
    return psutil.Process().memory_info().rss / 2**20

async def main():
    passwords = Passwords(at_once=4)
    stored = await passwords.hash("correct horse battery")
    before = mebibytes()
    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(passwords.verify, "correct horse battery", stored)
    print(mebibytes() - before)

anyio.run(main)
"""


def test_the_memory_of_hashes_is_returned_to_the_system() -> None:
    """Kept, it would be 19 MiB for each of four threads."""
    ended = subprocess.run(  # noqa: S603 -- a script of this test
        [sys.executable, "-c", EIGHT_AT_ONCE],
        cwd=PROJECT_FILE.parent,
        env={name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")},
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )

    assert float(ended.stdout) < 19


def test_a_threshold_that_an_operator_sets_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALLOC_MMAP_THRESHOLD_", "33554432")

    assert not return_large_blocks()
