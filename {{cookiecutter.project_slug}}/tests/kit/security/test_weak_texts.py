import secrets
import uuid
from base64 import b64encode

import pytest

from tortoise_kit.security.weak_texts import common_passwords, password_weakness, secret_weakness

KNOWN = ("ann.lee@example.com", "tortoise-shop")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("a" * 15, "repeats"),
        (" " * 15, "repeats"),
        ("abababababababab", "repeats"),
        ("PasswordPassword", "repeats"),
        ("Summer26 Summer26", "repeats"),
        ("123456789012345", "counts"),
        ("zyxwvutsrqponml", "counts"),
        ("qwertyuiopasdfgh", "counts"),
        ("\0" * 15, "control characters"),
        ("a tab\tin the middle", "control characters"),
        ("development only", "common"),
        ("correct horse battery staple 1!", "common"),
        ("Ann.Lee@Example.com", "name"),
        ("ann-lee-example-1", "name"),
        ("tortoise shop 2026", "name"),
        ("TortoiseShop-Tortoise!", "name"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_named_as_such(password: str, reason: str) -> None:
    assert reason in password_weakness(password, known=KNOWN)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "Grüße aus München 7", "密码真的很难猜到啊我觉得是这样的", "tortoises eat cabbage daily"],
)
def test_a_password_that_is_not_is_accepted(password: str) -> None:
    assert password_weakness(password, known=KNOWN) == ""


def test_the_length_counts_composed_characters() -> None:
    decomposed = "e\u0301" * 5 + "wxyzabc"

    assert "15 characters" in password_weakness(decomposed, length_min=15)
    assert "15 characters" not in password_weakness(f"{decomposed}def", length_min=15)


def test_the_list_has_what_the_rules_do_not_find() -> None:
    common = common_passwords()

    assert len(common) == 10_000
    assert all(len(each) >= 15 and each == each.casefold() for each in common)
    assert {password_weakness(each) for each in common} == {"is in a list of common passwords"}


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        ("x" * 32, "repeats"),
        ("0123456789" * 4, "repeats"),
        ("change-me-change-me-change-me-please", "repeats"),
        ("Please-Change-Me-42-before-you-go-live", "placeholder"),
        ("my-SECRET-key-1234567890-abcdefgh", "placeholder"),
        ("published-so-only-for-local-machines", "digits"),
        ("93846023984671500293817460528319", "letters"),
    ],
)
def test_a_secret_that_was_not_drawn_at_random_is_named_as_such(secret: str, reason: str) -> None:
    assert reason in secret_weakness(secret)


def test_random_secrets_are_accepted() -> None:
    drawn = [
        text
        for _ in range(200)
        for text in (
            secrets.token_urlsafe(32),
            secrets.token_hex(16),
            secrets.token_hex(32),
            str(uuid.uuid4()),
            b64encode(secrets.token_bytes(32)).decode(),
        )
    ]

    assert len([text for text in drawn if secret_weakness(text)]) <= 2  # once in some thousand times by chance
