import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from time import sleep, time
from typing import Any
from unittest.mock import Mock

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tortoise_kit.security import access_tokens
from tortoise_kit.security.access_tokens import (
    ALGORITHM,
    CLAIMS,
    CLOCK_TOLERANCE_SECONDS,
    KIND,
    AccessTokens,
    Bearer,
    InvalidToken,
)

KEY, OLD_KEY = b"k" * 32, b"o" * 32


def signed_with(*keys: bytes) -> AccessTokens:
    return AccessTokens(keys, issuer="shop", audience="shop api", lifetime_seconds=60)


TOKENS = signed_with(KEY)


def parts(token: str) -> list[Any]:
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def forged(
    *, key: bytes | str = KEY, algorithm: str = ALGORITHM, header: dict[str, Any] | None = None, **claims: Any
) -> str:
    """A token like ours except for these changes; a claim that is None is left out."""
    ours = parts(TOKENS.issue("7"))
    changed = {name: value for name, value in {**ours[1], **claims}.items() if value is not None}
    headers = {"kid": ours[0]["kid"], "typ": KIND, **(header or {})}
    return jwt.encode(changed, key, algorithm=algorithm, headers=headers)


def test_a_token_names_its_subject_and_all_required_claims() -> None:
    token = TOKENS.issue("7")

    assert TOKENS.read(token).subject == "7"
    header, claims = parts(token)
    assert (header["alg"], header["typ"]) == ("HS256", "at+jwt")
    assert claims.keys() == set(CLAIMS)
    assert claims["exp"] - claims["iat"] == 60


def test_no_two_tokens_have_the_same_id() -> None:
    assert len({parts(TOKENS.issue("7"))[1]["jti"] for _ in range(10)}) == 10


def test_the_forgeries_below_differ_from_a_valid_token_only_by_what_they_forge() -> None:
    assert TOKENS.read(forged()).subject == "7"


def _without(claim: str) -> str:
    claims: dict[str, Any] = {claim: None}
    return forged(**claims)


NOW, HOUR = datetime.now(UTC), timedelta(hours=1)
FORGERIES: dict[str, Callable[[], str]] = {
    "no algorithm": lambda: forged(key="", algorithm="none"),
    "another algorithm with our key": lambda: forged(key=KEY * 2, algorithm="HS512"),
    "another algorithm in the header": lambda: _with_header(forged(), alg="HS512"),
    "none in the header": lambda: _with_header(forged(), alg="none"),
    "None in capitals": lambda: _with_header(forged(), alg="NoNe"),
    "another key": lambda: forged(key=b"x" * 32),
    "a key we do not know": lambda: forged(header={"kid": "0" * 16}),
    "no key named": lambda: forged(header={"kid": ""}),
    "another kind of token": lambda: forged(header={"typ": "JWT"}),
    "another audience": lambda: forged(aud="other api"),
    "several audiences": lambda: forged(aud=["shop api", "other api"]),
    "another issuer": lambda: forged(iss="other"),
    "expired": lambda: forged(exp=NOW - timedelta(seconds=CLOCK_TOLERANCE_SECONDS + 1)),
    "not issued yet": lambda: forged(iat=NOW + HOUR),
    "issued in the future for longer than ours": lambda: forged(iat=NOW + HOUR, exp=NOW + 2 * HOUR),
    "issued at no time": lambda: forged(iat="soon"),
    "of a generation that is text": lambda: forged(gen="first"),
    "of a generation that is a list": lambda: forged(gen=[1]),
    "not valid yet": lambda: forged(nbf=NOW + timedelta(hours=1)),
    "a subject that is a number": lambda: forged(sub=7),
    **{f"without {claim}": partial(_without, claim) for claim in CLAIMS},
    "another subject under the same signature": lambda: _with_claims(forged(), sub="8"),
    "another signature": lambda: forged().rpartition(".")[0] + "." + forged(sub="8").rpartition(".")[2],
    "no signature": lambda: forged().rpartition(".")[0] + ".",
    "empty": lambda: "",
    "a header that is no object": lambda: _part([]) + "." + _part({}) + ".AAAA",
    "deep": lambda: base64.urlsafe_b64encode(b"[" * 5000).decode() + ".e30.AAAA",
}


def _part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _with_header(token: str, **members: Any) -> str:
    header, claims, signature = token.split(".")
    return ".".join([_part({**parts(token)[0], **members}), claims, signature if header else ""])


def _with_claims(token: str, **members: Any) -> str:
    header, _, signature = token.split(".")
    return ".".join([header, _part({**parts(token)[1], **members}), signature])


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_is_rejected(forgery: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.read(FORGERIES[forgery]())


@given(st.text())
def test_arbitrary_text_is_rejected(text: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.read(text)


@given(st.integers(min_value=0), st.sampled_from("Aa0_-.~ \n"))
def test_a_token_with_one_changed_character_is_rejected(position: int, character: str) -> None:
    token = forged()
    position %= len(token)
    changed = token[:position] + character + token[position + 1 :]

    try:
        assert TOKENS.read(changed).subject == "7"
    except InvalidToken:
        return
    # The last character of the signature has bits that mean nothing.
    assert changed == token or position == len(token) - 1


def test_keys_are_rotated_without_downtime() -> None:
    before, after, without = signed_with(OLD_KEY), signed_with(KEY, OLD_KEY), signed_with(KEY)

    assert after.read(before.issue("7")).subject == "7"
    assert without.read(after.issue("7")).subject == "7"
    with pytest.raises(InvalidToken):
        without.read(before.issue("7"))


def test_a_token_carries_its_subjects_generation() -> None:
    assert TOKENS.read(TOKENS.issue("7", generation=3)).generation == 3
    assert TOKENS.read(TOKENS.issue("7")).generation == 0


@pytest.mark.parametrize("jump", [-HOUR, -30 * HOUR, -timedelta(seconds=20), timedelta(seconds=20), 0 * HOUR])
def test_a_recent_token_is_valid_when_the_clock_is_set_back_or_differs_a_little(jump: timedelta) -> None:
    issued = datetime.now(UTC) - jump  # by a clock from which this one differs by `jump`

    assert TOKENS.read(forged(iat=issued, exp=issued + timedelta(seconds=60))).subject == "7"


@pytest.mark.parametrize("ahead", [2, CLOCK_TOLERANCE_SECONDS - 1])
def test_a_token_of_a_machine_whose_clock_is_ahead_is_accepted_at_once_and_no_longer_than_that(ahead: int) -> None:
    def at(seconds: float) -> float:
        return (datetime.now(UTC) + timedelta(seconds=seconds)).timestamp()

    assert TOKENS.read(forged(iat=at(ahead), exp=at(ahead + 60))).subject == "7"
    with pytest.raises(InvalidToken):
        TOKENS.read(forged(iat=at(ahead - 90 - CLOCK_TOLERANCE_SECONDS), exp=at(-CLOCK_TOLERANCE_SECONDS - 1)))


@pytest.mark.parametrize("jump", [HOUR, timedelta(seconds=100)])
def test_a_clock_that_is_set_forward_ends_tokens_early(jump: timedelta) -> None:
    issued = datetime.now(UTC) - jump

    with pytest.raises(InvalidToken):
        TOKENS.read(forged(iat=issued, exp=issued + timedelta(seconds=60)))


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Counts what PyJWT verifies."""
    counted = Mock(side_effect=jwt.decode)
    monkeypatch.setattr(jwt, "decode", counted)
    return counted


def test_a_token_is_verified_once_and_its_changed_copies_each_time(verified: Mock) -> None:
    tokens = signed_with(KEY)
    token = tokens.issue("7", generation=2)

    assert [tokens.read(token) for _ in range(3)] == [Bearer("7", 2)] * 3
    assert verified.call_count == 1
    for changed in (_with_claims(token, sub="8"), _with_header(token, alg="none"), token + "A", token[:-3]):
        for _ in range(2):
            with pytest.raises(InvalidToken):
                tokens.read(changed)
    with pytest.raises(InvalidToken):
        signed_with(OLD_KEY).read(token)


def test_a_remembered_token_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_tokens, "CLOCK_TOLERANCE_SECONDS", 0)
    tokens = AccessTokens([KEY], issuer="shop", audience="shop api", lifetime_seconds=2)
    token = tokens.issue("7")
    ends = time() + 2

    assert [tokens.read(token).subject for _ in range(2)] == ["7", "7"]
    sleep(max(0.0, ends - time()))

    for _ in range(2):
        with pytest.raises(InvalidToken, match="Expired"):
            tokens.read(token)


def test_only_some_tokens_are_remembered(monkeypatch: pytest.MonkeyPatch, verified: Mock) -> None:
    monkeypatch.setattr(access_tokens, "REMEMBERED", 3)
    tokens = signed_with(KEY)
    issued = [tokens.issue(str(number)) for number in range(5)]

    for token in (*issued, *reversed(issued)):
        tokens.read(token)

    assert verified.call_count == 5 + 2  # the oldest two again
