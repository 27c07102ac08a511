import asyncio
import json
import logging
from typing import Any

import pytest
from httpx2 import AsyncClient

from app.accounts.models import User
from app.settings import project
from tests.accounts.factories import AUTH, PASSWORD, USERS, log_in, make_user, password_hash

REGISTER = f"{AUTH}/register"


def registration(**members: Any) -> dict[str, Any]:
    return {"email": "ann@example.com", "name": "Ann", "password": PASSWORD, **members}


async def test_a_new_account_is_a_members_and_can_log_in(client: AsyncClient) -> None:
    answer = await client.post(REGISTER, json=registration())

    assert answer.status_code == 201
    assert (answer.json()["email"], answer.json()["role"], answer.json()["is_active"]) == (
        "ann@example.com",
        "member",
        True,
    )
    assert not {"password", "password_hash"} & answer.json().keys()
    assert (await log_in(client, "ann@example.com")).status_code == 200


async def test_a_password_is_stored_only_as_an_argon2id_hash(client: AsyncClient) -> None:
    await client.post(REGISTER, json=registration())

    user = await User.get(email="ann@example.com")

    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in repr(vars(user))


@pytest.mark.parametrize("again", ["ann@example.com", "ANN@Example.COM"])
async def test_an_address_has_one_account_in_any_case(client: AsyncClient, again: str) -> None:
    await client.post(REGISTER, json=registration(email="Ann@example.com"))

    answer = await client.post(REGISTER, json=registration(email=again))

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:problem:email-taken")
    assert [user.email for user in await User.all()] == ["ann@example.com"]


async def test_one_of_several_simultaneous_registrations_of_an_address_succeeds(client: AsyncClient) -> None:
    answers = await asyncio.gather(*(client.post(REGISTER, json=registration()) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert await User.all().count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "admin"},
        {"is_active": True},
        {"password_hash": "!"},
        {"password": "x" * 14},
        {"password": "x" * 129},
        {"password": None},
        {"password": ["x" * 20]},
        {"password": "a" * 15},
        {"password": " " * 15},
        {"password": "\0" * 15},
        {"password": "correct horse \x07 battery"},
        {"password": "development only"},
        {"password": "Correct Horse Battery Staple!1"},
        {"password": "iloveyou iloveyou"},
        {"password": "abcdefghijklmnopq"},
        {"password": "ann@example.com"},
        {"password": "Ann-Example-Com-1"},
        {"password": f"{project()['name']} 2026"},
        {"password": "e\u0301" * 10 + "abcd"},  # 14 characters, once they are composed
        {"password": "\ud800" * 20},
        {"email": "ann"},
        {"email": "ann@example"},
        {"email": "ann@ex ample.com"},
        {"email": "änn@example.com"},
        {"email": "ann@example.com\n"},
        {"email": f"{'x' * 250}@example.com"},
        {"name": "x" * 101},
        {"name": "a\0b"},
        {"name": "\ud800"},
        {"email": "\ud800@example.com"},
    ],
    ids=ascii,
)
async def test_an_invalid_registration_is_rejected_and_not_stored(client: AsyncClient, wrong: dict[str, Any]) -> None:
    body = json.dumps(registration(**wrong))  # a lone surrogate as its escape, which httpx2 refuses to send

    answer = await client.post(REGISTER, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert await User.all().count() == 0


@pytest.mark.parametrize("length", [15, 64, 128])
async def test_a_password_may_hold_any_printable_characters(client: AsyncClient, length: int) -> None:
    password = ("päss wörd 密码 " + "".join(map(chr, range(0x4E00, 0x4F00))))[:length]

    answer = await client.post(REGISTER, json=registration(password=password))

    assert answer.status_code == 201
    assert (await log_in(client, "ann@example.com", password)).status_code == 200


async def test_a_password_is_in_no_response_and_no_log(client: AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "c4n4ry-p4ssw0rd-"
    await make_user(email="ben@example.com", password_hash=password_hash())

    answers = [
        await client.post(REGISTER, json=registration(password=canary)),
        await client.post(REGISTER, json=registration(password=canary)),
        await client.post(REGISTER, json=registration(email=canary, password=canary * 20)),
        await client.post(REGISTER, json={"password": [canary]}),
        await client.post(REGISTER, json={canary: canary}),
        await client.post(REGISTER, content=f'{{"password": "{canary}', headers={"Content-Type": "application/json"}),
        await log_in(client, "ann@example.com", canary),
        await log_in(client, "ben@example.com", canary),
        await log_in(client, "ben@example.com", canary * 20),
        await log_in(client, "nobody@example.com", canary),
        await client.post(f"{AUTH}/token", json={"password": canary}),
    ]

    statuses = [answer.status_code for answer in answers]
    assert statuses == [201, 409, 422, 422, 422, 422, 200, 401, 422, 401, 415]
    # The client chose the name of the unknown member, and learns which one to leave out.
    assert all(canary not in answer.text for answer in answers if answer is not answers[4])
    assert canary not in caplog.text


async def test_only_a_request_of_an_admin_can_set_a_role(client: AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    schemas = document["components"]["schemas"].items()
    with_role = [f"/{name}" for name, schema in schemas if "role" in schema.get("properties", ())]
    requests = {
        f"{method} {path}": json.dumps(operation.get("requestBody", {}))
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }

    assert [route for route, body in requests.items() if any(f'{name}"' in body for name in with_role)] == [
        f"patch {USERS}/{{user_id}}"
    ]
