"""What the app gets from this feature."""

from datetime import timedelta

from fastapi import FastAPI

from app.settings import Settings


def install(app: FastAPI, settings: Settings) -> None:
    """Let `app` keep answers for as long as the settings say."""
    app.state.idempotency_lifetime = timedelta(seconds=settings.idempotency_key_lifetime_seconds)
