"""Seed data: users with many different names, a few of them staff.

One user of each role has a published address and password. Nobody can log in as one of the others: their password hash
matches no password.
"""

import random
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

from app.accounts.models import Role, User
from tortoise_kit.bulk import copy_many
from tortoise_kit.development.seeding import DATA_START, SeedPlan, hash_with_salt, timestamps, with_progress

UNUSABLE_PASSWORD = "!"  # noqa: S105  # no hash begins with it, as in /etc/shadow
KNOWN_PASSWORD = "development only"  # noqa: S105  # the README publishes it, so `seed` only runs in development
KNOWN_SALT = b"the same rows for the same number"
SIZE_PER_USER = 10
MIN_USERS = 20
STAFF = 4
# Users who can log in, by their position: the first of each role.
KNOWN = {0: "admin@example.com", 1: "staff@example.com", STAFF + 1: "member@example.com"}
ACTIVE_SHARE = 0.97

DOMAINS = ("example.com", "example.org", "example.net")
FIRST_NAMES = (
    *("Aisha", "Amélie", "Ana", "Anders", "Andrei", "Anna", "Ben", "Chiara", "Chloé", "Daniel", "Daria", "David"),
    *("Elena", "Emma", "Fatima", "Felix", "Finn", "Grace", "Hana", "Henrik", "Hugo", "Ines", "Ivan", "Jan", "João"),
    *("José", "Julia", "Kai", "Katarína", "Kenji", "Lars", "Laura", "Leo", "Lucía", "Luka", "Mai", "Malik", "Maria"),
    *("Marta", "Mehmet", "Mia", "Milan", "Nadia", "Niamh", "Nils", "Noah", "Nora", "Olga", "Omar", "Oscar", "Paula"),
    *("Pavel", "Priya", "Rafael", "Rosa", "Samir", "Sara", "Sofia", "Tariq", "Theo", "Tomás", "Yuki", "Zoë"),
)
LAST_NAMES = (
    *("Abe", "Ahmed", "Almeida", "Andersson", "Bakker", "Bauer", "Berg", "Bernard", "Brown", "Castro", "Černý"),
    *("Costa", "Demir", "Diaz", "Dubois", "Eriksen", "Farah", "Fernández", "Fischer", "García", "Greco", "Haas"),
    *("Hansen", "Horvat", "Ivanova", "Jansen", "Kaya", "Khan", "Kim", "Kovács", "Kowalski", "Kumar", "Laurent"),
    *("Lindqvist", "López", "Marino", "Martin", "Meyer", "Molnár", "Moreau", "Murphy", "Nakamura", "Nguyen", "Novák"),
    *("O'Brien", "Okafor", "Pereira", "Petrov", "Popescu", "Ricci", "Rossi", "Santos", "Sato", "Schmidt", "Silva"),
    *("Singh", "Smith", "Svensson", "Tanaka", "Taylor", "Varga", "Virtanen", "Weber", "Wójcik", "Yang", "Young"),
)

COLUMNS = ("id", "email", "name", "password_hash", "role", "is_active", "token_generation", "created_at")


async def seed(plan: SeedPlan) -> None:
    """Create an admin, then staff, then members; all registered in the year before `DATA_START`."""
    count = max(MIN_USERS, plan.size // SIZE_PER_USER)
    rows = _rows(plan.rng(__name__), count)
    await copy_many(User, COLUMNS, with_progress(rows, plan.track("users", count)))


def _rows(rng: random.Random, count: int) -> Iterator[tuple[Any, ...]]:
    names = list(product(FIRST_NAMES, LAST_NAMES))
    rng.shuffle(names)
    known_hash = hash_with_salt(KNOWN_PASSWORD, KNOWN_SALT)
    times = timestamps(rng, DATA_START - timedelta(days=365), DATA_START, count)
    for number, created_at in enumerate(times):
        namesakes, position = divmod(number, len(names))
        first, last = names[position]
        local_part = f"{_ascii(first)}.{_ascii(last)}{namesakes + 1 if namesakes else ''}"
        email = KNOWN.get(number, f"{local_part}@{rng.choice(DOMAINS)}")
        password_hash = known_hash if number in KNOWN else UNUSABLE_PASSWORD
        # Staff and the users with a known password stay active.
        active = rng.random() < ACTIVE_SHARE or number <= STAFF or number in KNOWN
        yield (number + 1, email, f"{first} {last}", password_hash, _role(number), active, 0, created_at)


def _role(number: int) -> Role:
    if number == 0:
        return Role.ADMIN
    return Role.STAFF if number <= STAFF else Role.MEMBER


def _ascii(name: str) -> str:
    """The name as written in an address: without accents, apostrophes and capitals."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalpha())
