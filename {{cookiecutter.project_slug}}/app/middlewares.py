"""The middlewares that every request passes."""

from opentelemetry.trace import Tracer
from starlette.middleware import Middleware

from app.operations import METRICS_PATH
from app.settings import Settings
from tortoise_kit.http import (
    ConcurrencyLimitMiddleware,
    CORSMiddleware,
    DeadlineMiddleware,
    Metrics,
    RejectWebSocketsMiddleware,
    RepeatedQueriesMiddleware,
    RequestIdMiddleware,
    RequestObserverMiddleware,
    RequestSizeMiddleware,
    SecurityHeadersMiddleware,
    ServerErrorMiddleware,
    ServerTimingMiddleware,
    StatementLogMiddleware,
    StatementSpansMiddleware,
    TrustedHostMiddleware,
    log_requests_except,
)

EXEMPT = ("/health/live", "/health/ready", METRICS_PATH)  # to the platform, a busy service must not look dead


def middlewares(settings: Settings, metrics: Metrics, tracer: Tracer | None = None) -> list[Middleware]:
    """All middlewares, outermost first."""
    environment, limit = settings.environment, settings.requests_in_flight_max
    return [
        # First those that add headers, so that every response has them, errors and rejections too.
        Middleware(RequestIdMiddleware),
        *([Middleware(StatementSpansMiddleware, tracer=tracer)] if tracer else []),
        _observer(settings, metrics),  # so that each response is logged and counted
        Middleware(SecurityHeadersMiddleware),
        Middleware(RejectWebSocketsMiddleware),
        *([_cors(settings)] if settings.cors_origins else []),
        # Around all that may fail.
        Middleware(ServerErrorMiddleware, reraise=environment == "test", values=environment == "development"),
        *([Middleware(ServerTimingMiddleware)] if settings.shows_server_timing else []),
        # Cheap rejections come before those that take work.
        *([_trusted_hosts(settings)] if "*" not in settings.allowed_hosts else []),
        Middleware(ConcurrencyLimitMiddleware, limit=limit, exempt=EXEMPT, in_flight=metrics.in_flight),
        Middleware(DeadlineMiddleware, seconds=settings.request_deadline_seconds),
        # Inside the deadline, which also limits how slowly a client may send its body.
        Middleware(
            RequestSizeMiddleware,
            body_bytes=settings.body_bytes_max,
            query_bytes=settings.query_bytes_max,
            depth=settings.json_depth_max,
        ),
        *([Middleware(StatementLogMiddleware)] if settings.log_sql else []),
        *([_repeated_queries(settings)] if settings.on_repeated_queries != "off" else []),
    ]


def _observer(settings: Settings, metrics: Metrics) -> Middleware:
    observers = [*([metrics.observe] if settings.serves_metrics else []), log_requests_except(EXEMPT)]
    return Middleware(RequestObserverMiddleware, observers=observers, slow_seconds=settings.slow_statement_seconds)


def _cors(settings: Settings) -> Middleware:
    """Without credentials: there are no cookies, and a page sets the header with the access token itself."""
    return Middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_methods=("GET", "POST", "PATCH", "DELETE"),
        allow_headers=("Authorization", "Content-Type", "Idempotency-Key"),
        expose_headers=("X-Request-ID", "Link", "Location", "Retry-After"),
    )


def _trusted_hosts(settings: Settings) -> Middleware:
    return Middleware(TrustedHostMiddleware, hosts=settings.allowed_hosts, exempt=EXEMPT)


def _repeated_queries(settings: Settings) -> Middleware:
    raises = settings.on_repeated_queries == "raise"
    return Middleware(RepeatedQueriesMiddleware, most=settings.repeated_queries_max, raises=raises)
