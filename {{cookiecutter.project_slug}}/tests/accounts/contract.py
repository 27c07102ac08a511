"""Accounts: who may call which route, how many queries it sends, and what it rejects."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from app.accounts.models import User
from tests.accounts.factories import AUTH, PASSWORD, begin, make_user, password_hash
from tests.contract.cases import EVERYBODY, FORM, JSON, SIGNED_IN, Access, Budget, Call, Hostile
from tortoise_kit.development.testing import CANARY

NEW = {"email": "new@example.com", "name": "New", "password": PASSWORD}
CREDENTIALS = {"grant_type": "password", "username": "ann@example.com", "password": PASSWORD}


async def registration(_: User | None) -> Call:
    return Call(json=NEW)


async def credentials(_: User | None) -> Call:
    user = await make_user(password_hash=password_hash())
    return Call(form={**CREDENTIALS, "username": user.email})


async def refresh_token(caller: User | None) -> Call:
    return Call(json={"refresh_token": await begin(caller or await make_user())})


ACCESS = [
    Access(f"POST {AUTH}/register", (201, 201, 201, 201), registration),
    Access(f"POST {AUTH}/token", EVERYBODY, credentials),
    Access(f"POST {AUTH}/refresh", EVERYBODY, refresh_token),
    Access(f"POST {AUTH}/logout", (204, 204, 204, 204), refresh_token),
    Access(f"POST {AUTH}/logout-everywhere", (401, 204, 204, 204)),
    Access(f"GET {AUTH}/me", SIGNED_IN),
]


async def logins(rows: int) -> str:
    """As many logins as users for each user; returns the refresh token of the last one."""
    users = [await make_user() for _ in range(rows)]
    return [await begin(user, timedelta(days=1)) for user in users for _ in range(rows)][-1]


async def register(rows: int) -> Call:
    await logins(rows)
    return await registration(None)


async def log_in(rows: int) -> Call:
    await logins(rows)
    return await credentials(None)


async def refresh(rows: int) -> Call:
    return Call(json={"refresh_token": await logins(rows)})


async def beside_logins(rows: int) -> Call:
    await logins(rows)
    return Call()


BUDGETS = [
    Budget(f"POST {AUTH}/register", 2, register),
    Budget(f"POST {AUTH}/token", 3, log_in),
    Budget(f"POST {AUTH}/refresh", 4, refresh, {"postgres": 5}),
    Budget(f"POST {AUTH}/logout", 3, refresh, {"postgres": 4}),
    Budget(f"POST {AUTH}/logout-everywhere", 3, beside_logins, {"postgres": 4}),
    Budget(f"GET {AUTH}/me", 1, beside_logins),
]

REGISTRATIONS: list[tuple[str, Any, int]] = [
    ("address with NUL", {"email": f"{CANARY}\0@example.com"}, 422),
    ("address with a lone surrogate", {"email": "\ud800@example.com"}, 422),
    ("address with a line break", {"email": "a@example.com\r\nBcc: b@example.com"}, 422),
    ("address that is too long", {"email": "a" * 250 + "@example.com"}, 422),
    ("address that backtracks", {"email": "a@" + "a." * 120 + "!"}, 422),
    ("name with NUL", {"name": f"{CANARY}\0"}, 422),
    ("name with a lone surrogate", {"name": "\ud83d"}, 422),
    ("password with a lone surrogate", {"password": CANARY + "\ud800" * 20}, 422),
    ("password that is too long", {"password": CANARY * 100}, 422),
    ("password that is too short", {"password": CANARY}, 422),
    ("password that is a number", {"password": 123456789012345}, 422),
    ("role of the client's choice", {"role": "admin"}, 422),
    ("hash of the client's choice", {"password_hash": CANARY}, 422),
]
LOGINS: list[tuple[str, dict[str, str], int]] = [
    ("user with NUL", {"username": f"{CANARY}\0"}, 422),
    ("user that is too long", {"username": "a" * 255}, 422),
    ("unknown user", {"username": f"{CANARY}@example.com"}, 401),
    ("user as SQL", {"username": "' OR 1=1 --"}, 401),
    ("password of a megabyte", {"password": "p" * 1_000_000}, 422),
    ("password with NUL", {"password": f"{CANARY}\0"}, 401),
    ("grant of another type", {"grant_type": CANARY}, 422),
]
TOKENS: list[tuple[str, str]] = [
    ("nothing", ""),
    ("no token", CANARY),
    ("dots", ".."),
    ("a token without a signature", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."),
    ("a token with a broken head", "e30.e30.e30"),
    ("a token with a key that is a path", "eyJraWQiOiIuLi8uLi9ldGMiLCJhbGciOiJIUzI1NiJ9.e30.AA"),
    ("a token with a list for its head", "W10.e30.AA"),
    ("8000 characters", "a" * 8000),
]

HOSTILE = [
    *[
        Hostile(name=f"register: {name}", method="POST", path=f"{AUTH}/register", json={**NEW, **change}, status=status)
        for name, change, status in REGISTRATIONS
    ],
    *[
        Hostile(
            name=f"login: {name}",
            method="POST",
            path=f"{AUTH}/token",
            content=urlencode({**CREDENTIALS, **change}).encode(),
            headers=FORM,
            status=status,
        )
        for name, change, status in LOGINS
    ],
    *[
        Hostile(name=f"login: {name}", method="POST", path=f"{AUTH}/token", content=body, headers=kind, status=status)
        for name, body, kind, status in (
            ("user of bytes that are not UTF-8", b"grant_type=password&username=%ff&password=x", FORM, 401),
            ("user of an encoded surrogate", b"grant_type=password&username=%ED%A0%80&password=x", FORM, 401),
            ("as JSON", b'{"grant_type": "password"}', JSON, 422),
            ("with ten thousand fields", b"&".join(b"a=b" for _ in range(10_000)), FORM, 400),
            ("with raw bytes", bytes(range(256)), FORM, 422),
            ("with broken percent signs", b"grant_type=password&username=%zz&password=%", FORM, 401),
            ("in parts without a boundary", b"x", {"Content-Type": "multipart/form-data"}, 400),
            ("in parts without content", b"x", {"Content-Type": "multipart/form-data; boundary=x"}, 400),
            ("in parts cut off", b"--x\r\nContent-Disp", {"Content-Type": "multipart/form-data; boundary=x"}, 422),
            (
                "in parts with a file for a password",
                b'--x\r\nContent-Disposition: form-data; name="password"; filename="p"\r\n\r\nx\r\n--x--\r\n',
                {"Content-Type": "multipart/form-data; boundary=x"},
                422,
            ),
        )
    ],
    *[
        Hostile(name=f"token: {name}", path=f"{AUTH}/me", headers={"Authorization": f"Bearer {token}"}, status=401)
        for name, token in TOKENS
    ],
    *[
        Hostile(name=f"refresh: {name}", method="POST", path=f"{AUTH}/refresh", json=body, status=status)
        for name, body, status in (
            ("a token that is unknown", {"refresh_token": CANARY}, 401),
            ("a token with NUL", {"refresh_token": f"{CANARY}\0"}, 401),
            ("a token with a lone surrogate", {"refresh_token": f"{CANARY}\ud800"}, 422),
            ("a token that is too long", {"refresh_token": CANARY * 100}, 422),
            ("a token that is null", {"refresh_token": None}, 422),
        )
    ],
]
