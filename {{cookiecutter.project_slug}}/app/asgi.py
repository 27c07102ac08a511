"""The application for servers that want an object: `fastapi dev`, `uvicorn app.asgi:app`."""

import logging

from app.main import create_app
from app.settings import Settings
from tortoise_kit.logs import log_failed_start

settings = Settings()
settings.configure_logging()
for warning in settings.warnings():
    logging.getLogger(__name__).warning(warning)
with log_failed_start():
    app = create_app(settings)
