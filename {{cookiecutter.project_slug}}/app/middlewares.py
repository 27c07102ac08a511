"""The middlewares that every request passes."""

from opentelemetry.trace import Tracer
from starlette.middleware import Middleware

from app.operations import METRICS_PATH
from app.settings import Settings
from tortoise_kit.http import (
    CORSMiddleware,
    DeadlineMiddleware,
    Metrics,
    RejectWebSocketsMiddleware,
    RepeatedQueriesMiddleware,
    RequestIdMiddleware,
    RequestObserverMiddleware,
    RequestSizeMiddleware,
    RoutingMiddleware,
    SecurityHeadersMiddleware,
    ServerErrorMiddleware,
    ServerTimingMiddleware,
    StatementLogMiddleware,
    StatementSpansMiddleware,
    TrustedHostMiddleware,
    log_requests_except,
)
from tortoise_kit.server import AdmissionControl, AdmissionMiddleware, ServerLimits, ServerMetrics, connections_max

EXEMPT = ("/health/live", "/health/ready", METRICS_PATH)  # to the platform, a busy service must not look dead
# They wait for a thread that hashes, not for a connection. The last one verifies the password for a new address.
LOGINS = (*(f"POST /api/v1/auth/{name}" for name in ("token", "register", "password")), "PATCH /api/v1/auth/me")


def admission(settings: Settings) -> AdmissionControl:
    """How many requests run at once in a worker, and who waits."""
    pool = settings.pool().max_size
    limits = ServerLimits(
        running=settings.requests_running_max or 2 * pool + 2,  # connections stay busy while others read and write
        wait=settings.request_wait_seconds,
        connections=settings.connections_max or connections_max(pool=pool),
        head=settings.head_seconds,
        body=settings.body_seconds,
        unread=settings.unread_seconds,
        body_bytes=settings.body_bytes_max,
        bodies_bytes=settings.bodies_bytes_max,
    )
    return AdmissionControl(
        limits,
        exempt=EXEMPT,
        lanes={settings.password_hashes_at_once: LOGINS},
        trusted_proxies=settings.forwarded_allow_ips,
        allow_origins=settings.cors_origins,
    )


def middlewares(
    settings: Settings, metrics: Metrics, control: AdmissionControl, tracer: Tracer | None = None
) -> list[Middleware]:
    """All middlewares, outermost first."""
    environment = settings.environment
    return [
        # First those that add headers, so that every response has them, errors and rejections too.
        Middleware(RequestIdMiddleware),
        *([Middleware(StatementSpansMiddleware, tracer=tracer)] if tracer else []),
        _observer(settings, metrics, control),  # so that each response is logged and counted
        Middleware(SecurityHeadersMiddleware),
        Middleware(RejectWebSocketsMiddleware),
        *([_cors(settings)] if settings.cors_origins else []),
        # Around all that may fail.
        Middleware(ServerErrorMiddleware, reraise=environment == "test", values=environment == "development"),
        *([Middleware(ServerTimingMiddleware)] if settings.shows_server_timing else []),
        # Cheap rejections come before those that take work.
        *([_trusted_hosts(settings)] if "*" not in settings.allowed_hosts else []),
        Middleware(AdmissionMiddleware, control=control),
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
        Middleware(RoutingMiddleware, prefix=settings.root_path, trusted=settings.forwarded_allow_ips),
    ]


def _observer(settings: Settings, metrics: Metrics, control: AdmissionControl) -> Middleware:
    measured = [metrics.observe, ServerMetrics(metrics, control).observe] if settings.serves_metrics else []
    observers = [*measured, log_requests_except(EXEMPT)]
    return Middleware(RequestObserverMiddleware, observers=observers, slow_seconds=settings.slow_statement_seconds)


def _cors(settings: Settings) -> Middleware:
    """Without credentials: there are no cookies, and a page sets the header with the access token itself."""
    return Middleware(CORSMiddleware, allow_origins=settings.cors_origins)


def _trusted_hosts(settings: Settings) -> Middleware:
    return Middleware(TrustedHostMiddleware, hosts=settings.allowed_hosts, exempt=EXEMPT)


def _repeated_queries(settings: Settings) -> Middleware:
    raises = settings.on_repeated_queries == "raise"
    return Middleware(RepeatedQueriesMiddleware, most=settings.repeated_queries_max, raises=raises)
