"""What this feature adds to the app besides its routes."""

from fastapi import FastAPI

from app.accounts.authentication import authenticator
from app.settings import Settings


def install(app: FastAPI, settings: Settings) -> None:
    """Add the authenticator to `app`."""
    app.state.authenticator = authenticator(settings)
