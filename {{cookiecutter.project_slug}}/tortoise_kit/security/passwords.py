"""Passwords, hashed with argon2id: in threads, off the event loop, and with the same work for an unknown user."""

import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from anyio import to_thread
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from tortoise_kit.problems.errors import Unavailable
from tortoise_kit.security.weak_texts import normalized
from tortoise_kit.upstream.glibc import return_large_blocks

# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane; some 30 ms of one core.
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
WAIT_SECONDS = 2.0  # well below a request's deadline
WAITING_PER_THREAD = 32  # about a second's work of a core
SHARES = 4  # a client network may take one of four shares of the line


@dataclass(frozen=True)
class Verdict:
    """The result of verifying a password.

    Attributes:
        valid: Whether the password is right.
        new_hash: Store it in place of the old one, which has outdated parameters; None if the old one is up to date.
    """

    valid: bool
    new_hash: str | None = None


class Passwords:
    """Hashes and verifies passwords in a bounded number of threads; further calls wait in a bounded line.

    No more than 32 calls for each thread wait, a quarter of them for one client network, and none longer than two
    seconds; further calls raise `Unavailable` at once. Call it outside of transactions: nothing holds a database
    connection while it waits.

    The memory of a hash is returned to the system when it is done, which takes a third more CPU, as the system clears
    it each time: see `return_large_blocks` of `tortoise_kit.upstream.glibc`, which this sets for the process.

    Unicode is normalized, so a password matches however its characters are composed (NFC, NIST SP 800-63B).

    Args:
        at_once: Threads that hash at the same time, 1 or more; each takes `memory_kib` and a core.
        memory_kib: Memory for one hash, in KiB. The defaults are OWASP's: some 30 ms of one core.
        passes: Passes over that memory.
        lanes: Threads within one hash.
    """

    def __init__(self, *, at_once: int, memory_kib: int = MEMORY_KIB, passes: int = PASSES, lanes: int = LANES) -> None:
        return_large_blocks()
        hasher = Argon2Hasher(memory_cost=memory_kib, time_cost=passes, parallelism=lanes)
        self._hasher = PasswordHash((hasher,))
        self._limiter = anyio.CapacityLimiter(at_once)
        self._waiting: Counter[str] = Counter()
        self._decoy = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str, *, network: str = "") -> str:
        """The hash to store for a new password.

        Args:
            password: As the client sent it.
            network: Where the request comes from, as `client_network` of `tortoise_kit.http` returns it.

        Raises:
            Unavailable: Too many calls wait.
        """
        return await self._in_thread(network, lambda: self._hasher.hash(normalized(password)))

    async def verify(self, password: str, stored: str | None, *, network: str = "") -> Verdict:
        """Compare a password with the stored hash.

        Args:
            password: As the client sent it.
            stored: The hash; None for an unknown user, which takes as long, so that the time does not reveal who has an
                account. A text that is not a hash matches no password.
            network: Where the request comes from.

        Raises:
            Unavailable: Too many calls wait.
        """
        return await self._in_thread(network, lambda: self._verify(normalized(password), stored))

    async def _in_thread[T](self, network: str, work: Callable[[], T]) -> T:
        async with self._turn(network):
            return await to_thread.run_sync(work, limiter=anyio.CapacityLimiter(1))

    @asynccontextmanager
    async def _turn(self, network: str) -> AsyncGenerator[None]:
        """Wait for a thread; cancelled, it leaves the line."""
        line = int(self._limiter.total_tokens) * WAITING_PER_THREAD
        if self._waiting.total() >= line or self._waiting[network] >= line // SHARES:
            raise _busy()
        self._waiting[network] += 1
        try:
            with anyio.fail_after(WAIT_SECONDS):
                await self._limiter.acquire_on_behalf_of(turn := object())
        except TimeoutError as error:
            raise _busy() from error
        finally:
            self._waiting -= Counter({network: 1})  # drops a network of which nobody waits
        try:
            yield
        finally:
            self._limiter.release_on_behalf_of(turn)

    def _verify(self, password: str, stored: str | None) -> Verdict:
        usable = stored is not None and Argon2Hasher.identify(stored)
        known = stored if stored is not None and usable else self._decoy
        valid, new_hash = self._hasher.verify_and_update(password, known)
        return Verdict(valid and usable, new_hash if usable else None)


def _busy() -> Unavailable:
    detail = "Too many passwords are being checked; try again later."
    return Unavailable(detail, kind="logins-busy", retry_after=1)
