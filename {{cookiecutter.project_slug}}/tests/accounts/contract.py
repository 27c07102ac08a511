"""Accounts: who may call which route, how many queries it sends, and what it rejects."""

import gzip
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from app.accounts.models import AccountEvent, Event, Role, User
from app.accounts.seed import SIZE_PER_USER, seed
from tests.accounts.factories import AUTH, PASSWORD, USERS, begin, make_user, password_hash
from tests.contract.cases import (
    ADMIN,
    EVERYBODY,
    FORM,
    INT64,
    JSON,
    SIGNED_IN,
    Access,
    Budget,
    Call,
    Hostile,
    Paged,
)
from tortoise_kit.bulk import insert_many
from tortoise_kit.development.seeding import DATA_START, SeedPlan
from tortoise_kit.development.testing import CANARY, ROWS

ONE = f"{USERS}/{{user_id}}"
NEW_PASSWORD = "battery horse correct"  # noqa: S105
NEW = {"email": "new@example.com", "name": "New", "password": PASSWORD}
CREDENTIALS = {"grant_type": "password", "username": "ann@example.com", "password": PASSWORD}


async def registration(_: User | None) -> Call:
    return Call(json=NEW)


async def credentials(_: User | None) -> Call:
    user = await make_user(password_hash=password_hash())
    return Call(form={**CREDENTIALS, "username": user.email})


async def refresh_token(caller: User | None) -> Call:
    return Call(json={"refresh_token": await begin(caller or await make_user())})


async def own_password(caller: User | None) -> Call:
    if caller:
        await User.filter(id=caller.id).update(password_hash=password_hash())
    return Call(json={"current_password": PASSWORD, "new_password": NEW_PASSWORD})


async def own_name(_: User | None) -> Call:
    return Call(json={"name": "New"})


async def another(_: User | None) -> Call:
    return Call({"user_id": (await make_user()).id})


async def new_role(_: User | None) -> Call:
    return Call({"user_id": (await make_user()).id}, json={"role": "staff"})


async def new_password(_: User | None) -> Call:
    return Call({"user_id": (await make_user()).id}, json={"new_password": NEW_PASSWORD})


ACCESS = [
    Access(f"POST {AUTH}/register", (201, 201, 201, 201), registration),
    Access(f"POST {AUTH}/token", EVERYBODY, credentials),
    Access(f"POST {AUTH}/refresh", EVERYBODY, refresh_token),
    Access(f"POST {AUTH}/logout", (204, 204, 204, 204), refresh_token),
    Access(f"POST {AUTH}/logout-everywhere", (401, 204, 204, 204)),
    Access(f"POST {AUTH}/password", SIGNED_IN, own_password),
    Access(f"GET {AUTH}/me", SIGNED_IN),
    Access(f"PATCH {AUTH}/me", SIGNED_IN, own_name),
    Access(f"GET {USERS}", ADMIN),
    Access(f"GET {ONE}", ADMIN, another),
    Access(f"PATCH {ONE}", ADMIN, new_role),
    Access(f"POST {ONE}/password", (401, 403, 403, 204), new_password),
    Access(f"POST {ONE}/logout-everywhere", (401, 403, 403, 204), another),
    Access(f"GET {ONE}/events", ADMIN, another),
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


async def change_password(rows: int) -> Call:
    await logins(rows)
    await User.filter(role=Role.ADMIN).update(password_hash=password_hash())  # the caller's
    return await own_password(None)


async def change_email(rows: int) -> Call:
    await change_password(rows)
    return Call(json={"name": "New", "email": "new@example.com", "current_password": PASSWORD})


async def last_user(rows: int) -> Call:
    """The admin of the last login, beside as many others."""
    await logins(rows)
    users = [await make_user(role=Role.ADMIN) for _ in range(rows)]
    for user in users:
        await insert_many([AccountEvent(user_id=user.id, kind=Event.RENAMED) for _ in range(rows)])
    return Call({"user_id": users[-1].id}, json={"role": "staff", "name": "New", "is_active": False})


async def set_password(rows: int) -> Call:
    return Call((await last_user(rows)).path, json={"new_password": NEW_PASSWORD})


BUDGETS = [
    Budget(f"POST {AUTH}/register", 4, register),
    Budget(f"POST {AUTH}/token", 6, log_in, {"postgres": 7}),
    Budget(f"POST {AUTH}/refresh", 4, refresh, {"postgres": 5}),
    Budget(f"POST {AUTH}/logout", 3, refresh, {"postgres": 4}),
    Budget(f"POST {AUTH}/logout-everywhere", 5, beside_logins, {"postgres": 6}),
    Budget(f"POST {AUTH}/password", 8, change_password, {"postgres": 9}),
    Budget(f"GET {AUTH}/me", 1, beside_logins),
    Budget(f"PATCH {AUTH}/me", 7, change_email, {"postgres": 8}),
    Budget(f"GET {USERS}", 2, last_user),
    Budget(f"GET {ONE}", 2, last_user),
    Budget(f"PATCH {ONE}", 9, last_user, {"postgres": 11}),
    Budget(f"POST {ONE}/password", 5, set_password, {"postgres": 6}),
    Budget(f"POST {ONE}/logout-everywhere", 5, last_user, {"postgres": 6}),
    Budget(f"GET {ONE}/events", 2, last_user),
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
    ("password of a megabyte", {"password": "p" * 1_000_000}, 413),
    ("password with NUL", {"password": f"{CANARY}\0"}, 401),
    ("grant of another type", {"grant_type": CANARY}, 422),
]
PASSWORDS: list[tuple[str, dict[str, Any], int]] = [
    ("current password that is wrong", {"current_password": CANARY}, 422),
    ("current password of a megabyte", {"current_password": "p" * 100_000}, 413),
    ("current password with a lone surrogate", {"current_password": CANARY + "\ud800"}, 422),
    ("new password that is too short", {"new_password": CANARY}, 422),
    ("new password that is null", {"new_password": None}, 422),
    ("hash of the client's choice", {"password_hash": CANARY}, 422),
]
OWN_CHANGES: list[tuple[str, dict[str, Any], int]] = [
    ("address without the password", {"email": f"{CANARY}@example.com"}, 422),
    ("address with a wrong password", {"email": f"{CANARY}@example.com", "current_password": CANARY}, 422),
    ("address that is null", {"email": None, "current_password": CANARY}, 422),
    ("address with a line break", {"email": "a@example.com\r\nBcc: b@example.com"}, 422),
    ("name with NUL", {"name": f"{CANARY}\0"}, 422),
    ("name that is null", {"name": None}, 422),
    ("own role", {"role": "admin"}, 422),
    ("own activity", {"is_active": True}, 422),
    ("own generation", {"token_generation": 0}, 422),
]
CHANGES: list[tuple[str, dict[str, Any], int]] = [
    ("unknown role", {"role": CANARY}, 422),
    ("role that is null", {"role": None}, 422),
    ("activity that is a text", {"is_active": CANARY}, 422),
    ("name that is too long", {"name": "n" * 101}, 422),
    ("address of somebody else", {"email": f"{CANARY}@example.com"}, 422),
    ("hash", {"password_hash": CANARY}, 422),
]
QUERIES: list[tuple[str, str, int]] = [
    ("unknown role", f"role={CANARY}", 422),
    ("activity that means nothing", f"is_active={CANARY}", 422),
    ("address with NUL", f"email={CANARY}%00@example.com", 422),
    ("address of nobody", f"email={CANARY}@example.com", 200),
    ("order by a secret", "order_by=password_hash", 422),
    ("invalid cursor", f"cursor={CANARY}", 400),
]
KEYS: list[tuple[str, str, int]] = [
    ("id beyond 64 bits", str(INT64), 422),
    ("id at the edge of 64 bits", str(INT64 - 1), 404),
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
            ("as JSON", b'{"grant_type": "password"}', JSON, 415),
            ("with ten thousand fields", b"&".join(b"a=b" for _ in range(10_000)), FORM, 413),
            ("with a thousand fields", b"&".join(b"a=b" for _ in range(1000)), FORM, 400),
            ("with a megabyte of separators", b"&" * 2**20, FORM, 413),
            ("with two users", urlencode([*CREDENTIALS.items(), ("username", CANARY)]).encode(), FORM, 422),
            (
                "that is gzip",
                gzip.compress(urlencode(CREDENTIALS).encode(), mtime=0),
                {**FORM, "Content-Encoding": "gzip"},
                415,
            ),
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
    *[
        Hostile(
            name=f"password: {name}",
            method="POST",
            path=f"{AUTH}/password",
            json={"current_password": PASSWORD, "new_password": NEW_PASSWORD, **change},
            status=status,
            role=Role.MEMBER,
        )
        for name, change, status in PASSWORDS
    ],
    *[
        Hostile(name=f"me: {name}", method="PATCH", path=f"{AUTH}/me", json=change, status=status, role=Role.MEMBER)
        for name, change, status in OWN_CHANGES
    ],
    *[
        Hostile(name=f"users: {name}", path=f"{USERS}?{query}", status=status, role=Role.ADMIN)
        for name, query, status in QUERIES
    ],
    *[
        Hostile(
            name=f"user: {name}", method="PATCH", path=f"{USERS}/{{user}}", json=change, status=status, role=Role.ADMIN
        )
        for name, change, status in CHANGES
    ],
    *[
        Hostile(
            name=f"user: {method}{end} by {name}",
            method=method,
            path=f"{USERS}/{key}{end}",
            status=status,
            role=Role.ADMIN,
            json=body,
        )
        for method, end, body in (
            ("GET", "", None),
            ("PATCH", "", {}),
            ("POST", "/password", {"new_password": NEW_PASSWORD}),
            ("POST", "/logout-everywhere", None),
        )
        for name, key, status in KEYS
    ],
    Hostile(name="events: id beyond 64 bits", path=f"{USERS}/{INT64}/events", status=422, role=Role.ADMIN),
]


USERS_MANY = ROWS * 3


async def make_rows() -> dict[str, Any]:
    """A user to change."""
    return {"user": (await make_user()).id}


async def make_many() -> None:
    """Many accounts; a few of them are staff, and as many are deactivated."""
    await seed(SeedPlan(size=USERS_MANY * SIZE_PER_USER))
    await User.filter(id__in=list(range(1, USERS_MANY, 6))).update(role=Role.STAFF)
    await User.filter(id__in=list(range(2, USERS_MANY, 6))).update(is_active=False)


async def make_many_events() -> User:
    """Many events of two admins, several at one time; returns one of them, who reads their own."""
    users = [await make_user(role=Role.ADMIN) for _ in range(2)]
    times = [DATA_START + timedelta(hours=number * 7 % ROWS) for number in range(ROWS)]
    await insert_many([AccountEvent(user_id=user.id, kind=Event.RENAMED, at=at) for at in times for user in users])
    return users[0]


LISTS = [
    Paged(
        USERS,
        "users",
        make_many,
        queries=tuple(
            f"{which}&order_by={order}"
            for which in ("role=staff", "is_active=false")
            for order in ("-created_at", "created_at")
        ),
    ),
    Paged(f"{ONE}/events", "account_events", make_many_events),
]
