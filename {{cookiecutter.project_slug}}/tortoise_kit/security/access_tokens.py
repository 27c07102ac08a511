"""Access tokens: JSON Web Tokens that identify the caller, signed with one algorithm.

Permissions are not in them; they are looked up for each request, so that a change applies at once.

Clocks of several machines differ, and are set back and forward while a service runs. So times are compared with a
tolerance, a token may come from a time before the clock was set back, and tokens are revoked by a counter, not by time:
each carries its subject's generation.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import time
from typing import Any, NamedTuple
from uuid import uuid4

import jwt

ALGORITHM = "HS256"  # pinned: a token that names another one, or none, is rejected
CLAIMS = ("exp", "iat", "sub", "iss", "aud", "jti", "gen")
CLOCK_TOLERANCE_SECONDS = 30
REMEMBERED = 1_024  # accepted tokens of a process, with less than 1 kB each
KIND = "at+jwt"  # RFC 9068, section 2.1: no other kind of token passes for this one


class InvalidToken(Exception):
    """The token is invalid or expired; the message says why, for logs."""


@dataclass(frozen=True)
class Bearer:
    """The content of a valid token.

    Attributes:
        subject: Whom it identifies.
        generation: The subject's when the token was issued; if the subject has another one by now, it is revoked.
    """

    subject: str
    generation: int


class Accepted(NamedTuple):
    """A token that was accepted, and from when until when it would be by our own clock, without any tolerance."""

    bearer: Bearer
    starts: float
    ends: float


class AccessTokens:
    """Issues and reads access tokens.

    A token that was accepted is remembered, so its signature is verified only once while it is valid.

    Args:
        keys: One or more, of 32 bytes or more. The first one signs, all are accepted. To rotate keys without downtime,
            put a new one first, and remove the old one when its last token has expired.
        issuer: The service that issues them.
        audience: The service that accepts them.
        lifetime_seconds: How long a token is valid, 1 or more; up to 30 s longer where clocks differ.
    """

    def __init__(self, keys: Sequence[bytes], *, issuer: str, audience: str, lifetime_seconds: int) -> None:
        self._keys = {_name(key): key for key in keys}
        self._signing = _name(keys[0])
        self.issuer = issuer
        self.audience = audience
        self.lifetime_seconds = lifetime_seconds
        self._accepted: dict[str, Accepted] = {}

    def issue(self, subject: str, *, generation: int = 0) -> str:
        """A token that identifies `subject`, for as long as the subject is of this generation."""
        now = time()  # with its fraction (RFC 7519, section 2)
        claims = {
            "sub": subject,
            "iat": now,
            "exp": now + self.lifetime_seconds,
            "iss": self.issuer,
            "aud": self.audience,
            "jti": uuid4().hex,
            "gen": generation,
        }
        headers = {"kid": self._signing, "typ": KIND}
        return jwt.encode(claims, self._keys[self._signing], algorithm=ALGORITHM, headers=headers)

    def read(self, token: str) -> Bearer:
        """The content of a token.

        Raises:
            InvalidToken: It is damaged, expired, of another issuer or audience, lacks a claim, or its key is unknown.
        """
        known = self._accepted.get(token)
        if known is None or not known.starts <= time() < known.ends:
            self._accepted.pop(token, None)
            known = self._verified(token)
            if len(self._accepted) >= REMEMBERED:
                del self._accepted[next(iter(self._accepted))]
            self._accepted[token] = known
        return known.bearer

    def _verified(self, token: str) -> Accepted:
        try:
            claims = jwt.decode(
                token,
                self._key(_header(token.partition(".")[0])),
                algorithms=[ALGORITHM],
                audience=self.audience,
                issuer=self.issuer,
                leeway=CLOCK_TOLERANCE_SECONDS,
                options={"require": list(CLAIMS), "strict_aud": True, "verify_iat": False},
            )
            issued, expires = float(claims["iat"]), float(claims["exp"])
            if not self._may_be_issued(issued, expires):
                message = "The token was issued in the future, and not for our lifetime."
                raise InvalidToken(message)
            starts = max(issued, float(claims.get("nbf", issued)))
            return Accepted(Bearer(str(claims["sub"]), int(claims["gen"])), starts, int(expires))
        except (jwt.PyJWTError, TypeError, ValueError, OverflowError) as error:
            raise InvalidToken(type(error).__name__) from error

    def _may_be_issued(self, issued: float, expires: float) -> bool:
        """Whether it was issued until now, or, as its lifetime shows, by us before the clock was set back."""
        lifetime = expires - issued
        return issued <= time() + CLOCK_TOLERANCE_SECONDS or 0 < lifetime <= self.lifetime_seconds + 1

    def _key(self, header: dict[str, Any]) -> bytes:
        key = self._keys.get(str(header.get("kid")))
        if key is None or header.get("typ") != KIND:
            message = "The token's header names an unknown key or another kind of token."
            raise InvalidToken(message)
        return key


@lru_cache(maxsize=64)
def _header(segment: str) -> dict[str, Any]:
    """The part before a token's first dot, the same in all tokens of one key; PyJWT parses it again with the rest."""
    return jwt.get_unverified_header(f"{segment}..")


def _name(key: bytes) -> str:
    """A key's `kid`; it reveals as little of the key as a signature does."""
    return hashlib.sha256(b"kid" + key).hexdigest()[:16]
