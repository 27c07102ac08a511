"""What every request passes on its way in, from outside.

Its id, headers for browsers, who may ask from elsewhere, an answer to bugs, its times for a browser, its measure, the
names it may ask by, the limit of many, its deadline, the limits of its size, a look at its queries.
"""

from collections.abc import Collection

from fastapi import FastAPI

from app.metrics import METRICS_PATH, install_metrics
from app.settings import Settings
from tortoise_kit.http import (
    REQUEST_ID_HEADER,
    ConcurrencyLimitMiddleware,
    CORSMiddleware,
    DeadlineMiddleware,
    RejectWebSocketsMiddleware,
    RepeatedQueriesMiddleware,
    RequestCounts,
    RequestIdMiddleware,
    RequestSizeMiddleware,
    SecurityHeadersMiddleware,
    ServerErrorMiddleware,
    ServerTimingMiddleware,
    TrustedHostMiddleware,
)

EXEMPT = ("/health/live", "/health/ready", METRICS_PATH)  # a platform must see a busy service as busy, not as dead
EXPOSED = (REQUEST_ID_HEADER, "Link", "Location", "Retry-After")  # what a page of another origin may read of an answer


def install_middlewares(app: FastAPI, settings: Settings) -> None:
    """Add the middlewares to `app`; the one that is added last sees a request first."""
    counts = RequestCounts()
    if settings.on_repeated_queries != "off":
        refuse = settings.on_repeated_queries == "raise"
        app.add_middleware(RepeatedQueriesMiddleware, most=settings.repeated_queries_max, refuse=refuse)
    app.add_middleware(
        RequestSizeMiddleware,
        body_bytes=settings.body_bytes_max,
        query_bytes=settings.query_bytes_max,
        depth=settings.json_depth_max,
    )
    app.add_middleware(DeadlineMiddleware, seconds=settings.request_deadline_seconds, counts=counts)
    app.add_middleware(ConcurrencyLimitMiddleware, limit=settings.requests_in_flight_max, exempt=EXEMPT, counts=counts)
    if "*" not in settings.allowed_hosts:
        app.add_middleware(TrustedHostMiddleware, hosts=settings.allowed_hosts, exempt=EXEMPT)
    if settings.metrics_enabled:
        install_metrics(app, counts)
    if settings.shows_server_timing:
        app.add_middleware(ServerTimingMiddleware)
    app.add_middleware(ServerErrorMiddleware, reraise=settings.environment != "production")
    if settings.cors_origins:
        _allow_origins(app, settings.cors_origins)
    app.add_middleware(RejectWebSocketsMiddleware)
    app.add_middleware(SecurityHeadersMiddleware, pages=[path for path in (app.docs_url, app.redoc_url) if path])
    app.add_middleware(RequestIdMiddleware)


def _allow_origins(app: FastAPI, origins: Collection[str]) -> None:
    """No cookie is used, so no credentials are allowed: tokens come in a header that a page sets by itself."""
    methods, headers = ("GET", "POST", "PATCH", "DELETE"), ("Authorization", "Content-Type", "Idempotency-Key")
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=methods,
        allow_headers=headers,
        expose_headers=EXPOSED,
    )
