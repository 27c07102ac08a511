"""The environment that the service and its twins are measured in."""

import os
from pathlib import Path

from app.settings import Settings
from benchmarks import BYTECODE
from tortoise_kit.security import derive_key

SECRET = "of a server that only the benchmark reaches"  # noqa: S105
MANY = "10000/second"


def environment(database_url: str, folder: Path) -> dict[str, str]:
    """The environment of an app: the service in this folder as in production, but without the delay at shutdown."""
    ours = {
        "SERVICE": str(folder),
        "PYTHONPATH": str(folder),
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
        "ENVIRONMENT": "production",
        "DATABASE_URL": database_url,
        "SECRET_KEYS": SECRET,
        "SHUTDOWN_DELAY_SECONDS": "0",
        "ACCESS_TOKEN_LIFETIME_SECONDS": "3600",
        "LOG_LEVEL": "warning",  # no app writes a line for each request
        # One network logs in to one account all the time.
        "LOGIN_RATE_PER_ACCOUNT": MANY,
        "LOGIN_RATE_PER_ACCOUNT_ANYWHERE": MANY,
        "LOGIN_RATE_PER_ADDRESS": MANY,
    }
    return {**os.environ, **ours, **_for_twins()}


def _for_twins() -> dict[str, str]:
    """What twins share with the service, so that they need not import it, and have its modules in memory."""
    settings = Settings.model_validate({"secret_keys": SECRET})
    return {
        "TWIN_TOKEN_KEY": derive_key(SECRET, "access tokens").hex(),
        "TWIN_TOKEN_ISSUER": settings.service_name,
        "TWIN_LOGIN_SECONDS": str(settings.login_lifetime_seconds),
        "TWIN_HASHES_AT_ONCE": str(settings.password_hashes_at_once),
        "TWIN_POOL_SIZE": str(settings.pool().max_size),
    }
