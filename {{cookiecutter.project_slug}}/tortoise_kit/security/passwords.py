"""Passwords, hashed with argon2id: in threads, off the event loop, and with the same work for an unknown user."""

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
    """The result of verifying a password.

    Attributes:
        valid: Whether the password is right.
        new_hash: Store it in place of the old one, which has outdated parameters; None if the old one is up to date.
    """

    valid: bool
    new_hash: str | None = None


class Passwords:
    """Hashes and verifies passwords in a bounded number of threads; further calls wait without blocking the event loop.

    Unicode is normalized, so a password matches however its characters are composed (NFC, NIST SP 800-63B).

    Args:
        at_once: Threads that hash at the same time, 1 or more; each takes `memory_kib` and a core.
        memory_kib: Memory for one hash, in KiB. The defaults are OWASP's: some 30 ms of one core.
        passes: Passes over that memory.
        lanes: Threads within one hash.
    """

    def __init__(self, *, at_once: int, memory_kib: int = MEMORY_KIB, passes: int = PASSES, lanes: int = LANES) -> None:
        hasher = Argon2Hasher(memory_cost=memory_kib, time_cost=passes, parallelism=lanes)
        self._hasher = PasswordHash((hasher,))
        self._limiter = anyio.CapacityLimiter(at_once)
        self._decoy = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """The hash to store for a new password."""
        return await to_thread.run_sync(self._hasher.hash, composed(password), limiter=self._limiter)

    async def verify(self, password: str, stored: str | None) -> Verdict:
        """Compare a password with the stored hash.

        Args:
            password: As the client sent it.
            stored: The hash; None for an unknown user, which takes as long, so that the time does not reveal who has an
                account. A text that is not a hash matches no password.
        """
        return await to_thread.run_sync(self._verify, composed(password), stored, limiter=self._limiter)

    def _verify(self, password: str, stored: str | None) -> Verdict:
        usable = stored is not None and Argon2Hasher.identify(stored)
        known = stored if stored is not None and usable else self._decoy
        valid, new_hash = self._hasher.verify_and_update(password, known)
        return Verdict(valid and usable, new_hash if usable else None)


def composed(password: str) -> str:
    """The password with its characters composed, as it is hashed."""
    return unicodedata.normalize("NFC", password)
