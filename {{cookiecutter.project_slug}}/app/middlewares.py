"""What every request passes on its way in, from outside.

Its id, its times for a browser, its measure, the limit of many, its deadline, a look at its queries.
"""

from fastapi import FastAPI

from app.kit.deadline import Deadline
from app.kit.http import RequestId
from app.kit.in_flight import InFlight, RequestCounts
from app.kit.query_watch import ServerTiming, WatchRepeats
from app.metrics import METRICS_PATH, install_metrics
from app.settings import Settings

EXEMPT = ("/health/live", "/health/ready", METRICS_PATH)  # a platform must see a busy service as busy, not as dead


def install_middlewares(app: FastAPI, settings: Settings) -> None:
    """Add the middlewares to `app`; the one that is added last sees a request first."""
    counts = RequestCounts()
    if settings.on_repeated_queries != "off":
        refuse = settings.on_repeated_queries == "raise"
        app.add_middleware(WatchRepeats, most=settings.repeated_queries_max, refuse=refuse)
    app.add_middleware(Deadline, seconds=settings.request_deadline_seconds, counts=counts)
    app.add_middleware(InFlight, limit=settings.requests_in_flight_max, exempt=EXEMPT, counts=counts)
    if settings.metrics_enabled:
        install_metrics(app, counts)
    if settings.shows_server_timing:
        app.add_middleware(ServerTiming)
    app.add_middleware(RequestId)
