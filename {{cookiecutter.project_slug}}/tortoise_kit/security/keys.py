"""Keys from secrets: one secret serves several purposes, and what one of them shows tells nothing of the others."""

import hashlib
import hmac

KEY_BYTES = 32  # one block of SHA-256, and what HS256 wants at least (RFC 7518, section 3.2)


def derive_key(secret: str, purpose: str) -> bytes:
    """The key of 32 bytes that `secret` gives for `purpose`: HKDF with SHA-256 and no salt (RFC 5869).

    A secret should come from a source of chance, 32 characters or more; this does not stretch a weak one.

    Args:
        secret: The setting.
        purpose: What the key is for, such as `access tokens`; each use has one of its own.
    """
    extracted = hmac.digest(bytes(KEY_BYTES), secret.encode(), hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)
