"""Access tokens: JSON Web Tokens that say who sends a request, signed with one algorithm.

What a user may do is not in them; that is looked up, so that a change counts at once.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

import jwt

ALGORITHM = "HS256"  # pinned: a token that names another one, or none, is refused
CLAIMS = ("exp", "iat", "sub", "iss", "aud", "jti")
KIND = "at+jwt"  # RFC 9068, section 2.1: no other kind of token passes for this one


class InvalidToken(Exception):
    """A token that is not valid, or not any more; the message says why, for logs."""


@dataclass(frozen=True)
class Bearer:
    """What a valid token says.

    Attributes:
        subject: Whom it is for.
        issued_at: When, to the microsecond; whoever revokes all earlier ones keeps a moment to compare with.
    """

    subject: str
    issued_at: datetime


class AccessTokens:
    """Issues tokens and reads them.

    Args:
        keys: Of 32 bytes or more. The first one signs, any of them is accepted: to change keys without a pause, put a
            new one first, and take the old one out when its last token has expired.
        issuer: Who issues them.
        audience: Whom they are for.
        lifetime_seconds: How long one is valid.
    """

    def __init__(self, keys: Sequence[bytes], *, issuer: str, audience: str, lifetime_seconds: int) -> None:
        self._keys = {_name(key): key for key in keys}
        self._signing = _name(keys[0])
        self.issuer = issuer
        self.audience = audience
        self.lifetime_seconds = lifetime_seconds

    def issue(self, subject: str) -> str:
        """A token for `subject`, valid from now on."""
        now = datetime.now(UTC).timestamp()  # with its fraction (RFC 7519, section 2), which PyJWT cuts off otherwise
        claims = {
            "sub": subject,
            "iat": now,
            "exp": now + self.lifetime_seconds,
            "iss": self.issuer,
            "aud": self.audience,
            "jti": uuid4().hex,
        }
        headers = {"kid": self._signing, "typ": KIND}
        return jwt.encode(claims, self._keys[self._signing], algorithm=ALGORITHM, headers=headers)

    def subject(self, token: str) -> str:
        """Whom a token is for; raises as `read` does."""
        return self.read(token).subject

    def read(self, token: str) -> Bearer:
        """What a token says.

        Raises:
            InvalidToken: It is damaged, expired, of another issuer or audience, lacks a claim, or its key is unknown.
        """
        try:
            claims = jwt.decode(
                token,
                self._key(_header(token.partition(".")[0])),
                algorithms=[ALGORITHM],
                audience=self.audience,
                issuer=self.issuer,
                options={"require": list(CLAIMS), "strict_aud": True},
            )
            return Bearer(str(claims["sub"]), datetime.fromtimestamp(float(claims["iat"]), UTC))
        except (jwt.PyJWTError, ValueError, OverflowError) as error:
            raise InvalidToken(type(error).__name__) from error

    def _key(self, header: dict[str, Any]) -> bytes:
        key = self._keys.get(str(header.get("kid")))
        if key is None or header.get("typ") != KIND:
            message = "The token's header names no key of ours, or another kind of token."
            raise InvalidToken(message)
        return key


@lru_cache(maxsize=64)
def _header(segment: str) -> dict[str, Any]:
    """What stands before a token's first dot, the same in all tokens of one key; PyJWT reads the rest with it."""
    return jwt.get_unverified_header(f"{segment}..")


def _name(key: bytes) -> str:
    """A key's `kid`; it tells as little of the key as a signature does."""
    return hashlib.sha256(b"kid" + key).hexdigest()[:16]
