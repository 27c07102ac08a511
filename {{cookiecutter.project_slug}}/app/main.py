"""The application, put together: read it as the table of contents of the service."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import health, pools
from app.database import MIGRATIONS, database_when_there
from app.errors import install_errors
from app.features import MODELS_APP, modules
from app.middlewares import install_middlewares
from app.settings import Settings, project
from tortoise_kit.http import ANY_PROBLEM, GracefulShutdown, document_problems, forbid_late_commits, require_policies
from tortoise_kit.migrations import PendingMigrations
from tortoise_kit.pagination import install_paging

API_PREFIX = "/api/v1"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service as an ASGI application; `settings` are read from the environment when not given."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with database_when_there(settings) as app.state.first_contact:
            with app.state.drain:
                yield

    app = FastAPI(
        title=settings.service_name,
        version=str(project()["version"]),
        description=str(project().get("description", "")),
        lifespan=lifespan,
        responses=ANY_PROBLEM,
        openapi_url="/openapi.json" if settings.shows_docs else None,  # which takes /docs and /redoc along
    )
    app.state.drain = GracefulShutdown(settings.shutdown_delay())
    app.state.pending_migrations = PendingMigrations(MIGRATIONS, app=MODELS_APP)
    install_middlewares(app, settings)
    install_errors(app)
    document_problems(app)
    install_paging(app, [secret.get_secret_value() for secret in settings.secret_keys])
    for feature in modules("install"):
        feature.install(app, settings)
    app.include_router(health.router)
    app.include_router(pools.router, prefix=API_PREFIX)
    for routes in modules("routes"):
        app.include_router(routes.router, prefix=API_PREFIX)
    forbid_late_commits(app)
    require_policies(app)
    return app
