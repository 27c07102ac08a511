"""What the app gets from this feature besides its routes."""

from fastapi import FastAPI

from app.accounts.authentication import login_from
from app.settings import Settings


def install(app: FastAPI, settings: Settings) -> None:
    """Give `app` the tools to log in with, as the settings say."""
    app.state.login = login_from(settings)
