"""The application for servers that want an object: `fastapi dev`, `uvicorn app.asgi:app`."""

from app.main import create_app
from app.settings import Settings

settings = Settings()
settings.configure_logging()
app = create_app(settings)
