"""HTTP: middlewares, routers, problem responses, metrics, graceful shutdown."""

from tortoise_kit.http.deadline import DeadlineMiddleware, allow_seconds
from tortoise_kit.http.docs import install_docs
from tortoise_kit.http.graceful_shutdown import GracefulShutdown
from tortoise_kit.http.headers import (
    CORSMiddleware,
    RequestIdMiddleware,
    SecurityHeadersMiddleware,
    TrustedHostMiddleware,
)
from tortoise_kit.http.metrics import Metrics, metrics_of_workers
from tortoise_kit.http.mounts import mount
from tortoise_kit.http.networks import client_network
from tortoise_kit.http.observation import (
    RequestObserverMiddleware,
    identify_caller,
    log_requests_except,
)
from tortoise_kit.http.problems import install_problems
from tortoise_kit.http.query_watch import (
    RepeatedQueriesMiddleware,
    ServerTimingMiddleware,
    StatementLogMiddleware,
    StatementSpansMiddleware,
)
from tortoise_kit.http.request_size import RequestSizeMiddleware
from tortoise_kit.http.route_checks import check_routes
from tortoise_kit.http.route_table import install_route_table
from tortoise_kit.http.routes import RequestTransaction, Router, operation_id, policy
from tortoise_kit.http.routing import RoutingMiddleware
from tortoise_kit.http.server_errors import RejectWebSocketsMiddleware, ServerErrorMiddleware

__all__ = [
    "CORSMiddleware",
    "DeadlineMiddleware",
    "GracefulShutdown",
    "Metrics",
    "RejectWebSocketsMiddleware",
    "RepeatedQueriesMiddleware",
    "RequestIdMiddleware",
    "RequestObserverMiddleware",
    "RequestSizeMiddleware",
    "RequestTransaction",
    "Router",
    "RoutingMiddleware",
    "SecurityHeadersMiddleware",
    "ServerErrorMiddleware",
    "ServerTimingMiddleware",
    "StatementLogMiddleware",
    "StatementSpansMiddleware",
    "TrustedHostMiddleware",
    "allow_seconds",
    "check_routes",
    "client_network",
    "identify_caller",
    "install_docs",
    "install_problems",
    "install_route_table",
    "log_requests_except",
    "metrics_of_workers",
    "mount",
    "operation_id",
    "policy",
]
