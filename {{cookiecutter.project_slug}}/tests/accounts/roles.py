"""Who may do what with accounts."""

from app.accounts.models import User
from tests.accounts.factories import PASSWORD, make_user, password_hash
from tests.accounts.sessions import begin
from tests.support.roles import EVERYBODY_READS, USERS_READ, Given, Rule

AUTH = "/api/v1/auth"


async def registration(_caller: User | None) -> Given:
    return Given(json={"email": "new@example.com", "name": "New", "password": PASSWORD})


async def credentials(_caller: User | None) -> Given:
    user = await make_user(password_hash=password_hash())
    return Given(form={"grant_type": "password", "username": user.email, "password": PASSWORD})


async def refresh_token(caller: User | None) -> Given:
    return Given(json={"refresh_token": await begin(caller or await make_user())})


RULES = [
    Rule("POST", f"{AUTH}/register", (201, 201, 201, 201), registration),
    Rule("POST", f"{AUTH}/token", EVERYBODY_READS, credentials),
    Rule("POST", f"{AUTH}/refresh", EVERYBODY_READS, refresh_token),
    Rule("POST", f"{AUTH}/logout", (204, 204, 204, 204), refresh_token),
    Rule("POST", f"{AUTH}/logout-everywhere", (401, 204, 204, 204)),
    Rule("GET", f"{AUTH}/me", USERS_READ),
]
