"""The application for servers that want an object: `fastapi dev`, `uvicorn app.asgi:app`."""

from app.main import create_app

app = create_app()
