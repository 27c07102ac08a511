"""What every request passes on its way in, from outside.

Its id, headers for browsers, who may ask from elsewhere, an answer to bugs, its times for a browser, its measure, the
names it may ask by, the limit of many, its deadline, the limits of its size, a look at its queries.
"""

from collections.abc import Collection

from fastapi import FastAPI

from app.kit.bugs import AnswerBugs
from app.kit.deadline import Deadline
from app.kit.http import REQUEST_ID_HEADER, RequestId, WebsocketProblems
from app.kit.in_flight import InFlight, RequestCounts
from app.kit.limits import RequestLimits
from app.kit.origins import AllowedHosts, Cors
from app.kit.query_watch import ServerTiming, WatchRepeats
from app.kit.security_headers import SecurityHeaders
from app.metrics import METRICS_PATH, install_metrics
from app.settings import Settings

EXEMPT = ("/health/live", "/health/ready", METRICS_PATH)  # a platform must see a busy service as busy, not as dead
EXPOSED = (REQUEST_ID_HEADER, "Link", "Location", "Retry-After")  # what a page of another origin may read of an answer


def install_middlewares(app: FastAPI, settings: Settings) -> None:
    """Add the middlewares to `app`; the one that is added last sees a request first."""
    counts = RequestCounts()
    if settings.on_repeated_queries != "off":
        refuse = settings.on_repeated_queries == "raise"
        app.add_middleware(WatchRepeats, most=settings.repeated_queries_max, refuse=refuse)
    app.add_middleware(
        RequestLimits,
        body_bytes=settings.body_bytes_max,
        query_bytes=settings.query_bytes_max,
        depth=settings.json_depth_max,
    )
    app.add_middleware(Deadline, seconds=settings.request_deadline_seconds, counts=counts)
    app.add_middleware(InFlight, limit=settings.requests_in_flight_max, exempt=EXEMPT, counts=counts)
    if "*" not in settings.allowed_hosts:
        app.add_middleware(AllowedHosts, hosts=settings.allowed_hosts, exempt=EXEMPT)
    if settings.metrics_enabled:
        install_metrics(app, counts)
    if settings.shows_server_timing:
        app.add_middleware(ServerTiming)
    app.add_middleware(AnswerBugs, hand_on=settings.environment != "production")
    if settings.cors_origins:
        _allow_origins(app, settings.cors_origins)
    app.add_middleware(WebsocketProblems)
    app.add_middleware(SecurityHeaders, pages=[path for path in (app.docs_url, app.redoc_url) if path])
    app.add_middleware(RequestId)


def _allow_origins(app: FastAPI, origins: Collection[str]) -> None:
    """No cookie is used, so no credentials are allowed: tokens come in a header that a page sets by itself."""
    methods, headers = ("GET", "POST", "PATCH", "DELETE"), ("Authorization", "Content-Type", "Idempotency-Key")
    app.add_middleware(
        Cors, allow_origins=list(origins), allow_methods=methods, allow_headers=headers, expose_headers=EXPOSED
    )
