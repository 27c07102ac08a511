"""Keys from a secret: one secret serves several purposes, and no key reveals another one."""

import hashlib
import hmac

KEY_BYTES = 32  # one block of SHA-256, and what HS256 wants at least (RFC 7518, section 3.2)


def derive_key(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes, derived from `secret` for `purpose`: HKDF with SHA-256 and no salt (RFC 5869).

    Args:
        secret: Random, 32 characters or more: a weak secret is not stretched.
        purpose: What the key is for, such as `access tokens`; each use needs another one.
    """
    extracted = hmac.digest(bytes(KEY_BYTES), secret.encode(), hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)
