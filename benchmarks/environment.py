"""The environment that the service is measured in."""

import os
from pathlib import Path

from benchmarks import BYTECODE

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
        "ACCESS_TOKEN_3600": "3600",
        "LOG_LEVEL": "warning",  # no app writes a line for each request
        # One network logs in to one account all the time.
        "LOGIN_RATE_PER_ACCOUNT": MANY,
        "LOGIN_RATE_PER_ACCOUNT_ANYWHERE": MANY,
        "LOGIN_RATE_PER_ADDRESS": MANY,
    }
    return {**os.environ, **ours}
