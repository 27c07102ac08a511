"""The application, put together: read it as the table of contents of the service."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI

from app import operations
from app.database import MIGRATIONS, connect_or_retry
from app.features import MODELS_APP, modules
from app.middlewares import EXEMPT, admission, middlewares
from app.settings import Settings, project, project_name
from tortoise_kit.http import (
    GracefulShutdown,
    Metrics,
    check_routes,
    install_docs,
    install_problems,
    install_route_table,
    operation_id,
)
from tortoise_kit.migrations import SchemaCompatibility
from tortoise_kit.pagination import install_paging
from tortoise_kit.schemas import check_columns
from tortoise_kit.server import Readiness
from tortoise_kit.traces import Tracing

API_PREFIX = "/api/v1"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service as an ASGI application; `settings` are read from the environment if not given."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[dict[str, Any]]:
        check_routes(app)  # again, for what was added since
        async with tracing, connect_or_retry(settings) as app.state.startup:
            with app.state.shutdown:
                async with measured.sampled(), app.state.readiness.watched():
                    yield {"admission": control}

    control = admission(settings)
    measured = Metrics({"name": settings.service_name, "version": str(project()["version"])})
    tracing = Tracing(service=settings.service_name, exempt=EXEMPT)
    app = FastAPI(
        title=project_name(),
        version=str(project()["version"]),
        description=str(project().get("description", "")),
        generate_unique_id_function=operation_id,
        lifespan=lifespan,
        middleware=middlewares(settings, measured, control, tracing.tracer),
        telemetry=tracing.telemetry,
        openapi_url="/openapi.json" if settings.shows_docs else None,
        docs_url=None,  # `install_docs` serves it without a foreign host
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.shutdown = GracefulShutdown(settings.shutdown_delay(), on_begin=control.drain)
    schema = SchemaCompatibility(MIGRATIONS, app=MODELS_APP)
    app.state.readiness = Readiness(partial(operations.check_database, schema=schema))
    install_problems(app)
    install_route_table(app)
    install_paging(app, [secret.get_secret_value() for secret in settings.secret_keys])
    for feature in modules("install"):
        feature.install(app, settings)
    app.include_router(operations.health)
    if settings.serves_metrics:
        app.include_router(operations.metrics(measured, token=settings.metrics_token.get_secret_value()))
    app.include_router(operations.staff, prefix=API_PREFIX)
    for routes in (*modules("routes"), *modules("admin_routes")):
        app.include_router(routes.router, prefix=API_PREFIX)
    if settings.shows_docs:
        install_docs(app, home=settings.environment == "development")
    check_routes(app)
    check_columns(modules("schemas"))
    return app
