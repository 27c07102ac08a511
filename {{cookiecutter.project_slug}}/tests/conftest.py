"""This service's fixtures; the databases and the options come from `tortoise_kit.development.testing.plugin`."""

from collections.abc import AsyncGenerator, Generator

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE

from app.accounts.models import Role
from app.database import DATABASES, migrate
from app.main import create_app
from app.settings import DEVELOPMENT_SECRET, Settings
from tests.support.clients import UserClient, new_client
from tortoise_kit.development.testing import POOLER, through_pooler
from tortoise_kit.development.testing.collector import Collector, collecting

pytest_plugins = ["tortoise_kit.development.testing.plugin"]


def pytest_service_databases() -> tuple[str, ...]:
    """The suite runs on the databases that the migrations are for."""
    return DATABASES


@pytest.fixture(scope="session")
def secret_texts() -> tuple[str, ...]:
    """What no response and no log line may hold, besides what the plugin knows."""
    return (DEVELOPMENT_SECRET,)


@pytest.fixture(scope="session")
async def app(session_database_url: str) -> AsyncGenerator[FastAPI]:
    """The service, started, on a migrated database."""
    EXECUTOR_CACHE.clear()  # Tortoise keeps SQL per connection name, whatever the database behind it
    settings = Settings(
        environment="test",
        database_url=through_pooler(session_database_url),
        database_migration_url=session_database_url,
        db_pooler=POOLER,
        login_rate_per_account="10000/minute",  # tests of the limits create their own apps
        login_rate_per_account_anywhere="10000/minute",
        login_rate_per_address="10000/minute",
        refresh_rate_per_address="10000/minute",
    )
    await migrate(settings)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app
    EXECUTOR_CACHE.clear()


@pytest.fixture
async def client(app: FastAPI, db: None) -> AsyncGenerator[AsyncClient]:
    """Calls the service in process, without a login."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


@pytest.fixture
async def member(app: FastAPI, db: None) -> AsyncGenerator[UserClient]:
    """Calls the service in process, as a member, `member.user`."""
    async with await new_client(app, Role.MEMBER) as client:
        yield client


@pytest.fixture
async def staff(app: FastAPI, db: None) -> AsyncGenerator[UserClient]:
    """Calls the service in process, as staff, `staff.user`."""
    async with await new_client(app, Role.STAFF) as client:
        yield client


@pytest.fixture
async def admin(app: FastAPI, db: None) -> AsyncGenerator[UserClient]:
    """Calls the service in process, as an admin, `admin.user`."""
    async with await new_client(app, Role.ADMIN) as client:
        yield client


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Generator[Collector]:
    """What gets the spans of the servers that the test starts."""
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        yield collector
