"""HTTP: middlewares, routers and problem responses. Everything that needs the web framework alone is here."""

from tortoise_kit.http.concurrency_limit import RETRY_AFTER_SECONDS, ConcurrencyLimitMiddleware, RequestCounts
from tortoise_kit.http.deadline import DeadlineMiddleware, allow_seconds
from tortoise_kit.http.graceful_shutdown import GracefulShutdown
from tortoise_kit.http.metrics import MetricsMiddleware, PoolMetrics, RequestMetrics
from tortoise_kit.http.problem_responses import install_problems, problem_response
from tortoise_kit.http.problem_schema import ANY_PROBLEM, document_problems
from tortoise_kit.http.query_watch import RepeatedQueriesMiddleware, ServerTimingMiddleware
from tortoise_kit.http.request_id import REQUEST_ID_HEADER, RejectWebSocketsMiddleware, RequestIdMiddleware
from tortoise_kit.http.request_size import RequestSizeMiddleware
from tortoise_kit.http.request_transaction import RequestTransaction
from tortoise_kit.http.route_checks import forbid_late_commits, policy, require_policies
from tortoise_kit.http.routing import Router
from tortoise_kit.http.security_headers import SecurityHeadersMiddleware
from tortoise_kit.http.server_errors import ServerErrorMiddleware
from tortoise_kit.http.trusted_hosts import CORSMiddleware, TrustedHostMiddleware

__all__ = [
    "ANY_PROBLEM",
    "REQUEST_ID_HEADER",
    "RETRY_AFTER_SECONDS",
    "CORSMiddleware",
    "ConcurrencyLimitMiddleware",
    "DeadlineMiddleware",
    "GracefulShutdown",
    "MetricsMiddleware",
    "PoolMetrics",
    "RejectWebSocketsMiddleware",
    "RepeatedQueriesMiddleware",
    "RequestCounts",
    "RequestIdMiddleware",
    "RequestMetrics",
    "RequestSizeMiddleware",
    "RequestTransaction",
    "Router",
    "SecurityHeadersMiddleware",
    "ServerErrorMiddleware",
    "ServerTimingMiddleware",
    "TrustedHostMiddleware",
    "allow_seconds",
    "document_problems",
    "forbid_late_commits",
    "install_problems",
    "policy",
    "problem_response",
    "require_policies",
]
