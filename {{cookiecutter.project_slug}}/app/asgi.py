"""The application for servers that want an object: `fastapi dev`, `uvicorn app.asgi:app`."""

import logging

from app.main import create_app
from app.settings import Settings

settings = Settings()
settings.configure_logging()
for warning in settings.warnings():
    logging.getLogger(__name__).warning(warning)
app = create_app(settings)
