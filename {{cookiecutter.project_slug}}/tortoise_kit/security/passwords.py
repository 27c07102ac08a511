"""Passwords, hashed with argon2id: in threads, so that nobody else waits, and the same work for an unknown user."""

import secrets
import unicodedata
from dataclasses import dataclass

import anyio
from anyio import to_thread
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane; some 30 ms of one core.
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1


@dataclass(frozen=True)
class Verdict:
    """Whether a password is right.

    Attributes:
        valid: It is.
        new_hash: To be stored in place of the old one, which was made with other parameters; None if it need not.
    """

    valid: bool
    new_hash: str | None = None


class Passwords:
    """Hashes and verifies passwords, so many at once; whoever comes then waits without holding up the event loop.

    The same password is right however its characters are composed (NFC, as NIST SP 800-63B asks).

    Args:
        at_once: How many threads hash at most, 1 or more; each takes `memory_kib` and a core.
        memory_kib: Of one hash, in KiB.
        passes: Over that memory.
        lanes: Threads of one hash.
    """

    def __init__(self, *, at_once: int, memory_kib: int = MEMORY_KIB, passes: int = PASSES, lanes: int = LANES) -> None:
        hasher = Argon2Hasher(memory_cost=memory_kib, time_cost=passes, parallelism=lanes)
        self._hasher = PasswordHash((hasher,))
        self._limiter = anyio.CapacityLimiter(at_once)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """What to store of a new password."""
        return await to_thread.run_sync(self._hasher.hash, _composed(password), limiter=self._limiter)

    async def verify(self, password: str, stored: str | None) -> Verdict:
        """Compare a password with the hash that is stored, None for a user that does not exist.

        That takes as long as for one who does, or whoever watches the clock learns who has an account.
        """
        return await to_thread.run_sync(self._verify, _composed(password), stored, limiter=self._limiter)

    def _verify(self, password: str, stored: str | None) -> Verdict:
        usable = stored is not None and Argon2Hasher.identify(stored)
        known = stored if stored is not None and usable else self._nobodys
        valid, new_hash = self._hasher.verify_and_update(password, known)
        return Verdict(valid and usable, new_hash if usable else None)


def hash_with_salt(password: str, salt: bytes) -> str:
    """The same hash for the same salt, for example data alone: a stored password has a salt of chance."""
    return Argon2Hasher(memory_cost=MEMORY_KIB, time_cost=PASSES, parallelism=LANES).hash(
        _composed(password), salt=salt
    )


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)
