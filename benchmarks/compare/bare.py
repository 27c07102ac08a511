"""The service without its middlewares, to tell what they cost."""

from fastapi import FastAPI

from app.main import create_app as create_service


def create_app() -> FastAPI:
    """The service as rendered, less its middlewares."""
    app = create_service()
    app.user_middleware.clear()
    return app
