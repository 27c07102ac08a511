"""The service without its middlewares, to tell what they cost."""

from fastapi import FastAPI

from app.main import create_app as create_service


def create_app() -> FastAPI:
    """The service as rendered, less all that `install_middlewares` added."""
    app = create_service()
    app.user_middleware.clear()
    return app
