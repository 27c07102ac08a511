"""What every request passes on its way in, from outside: its id, its measure, the limit of many, its deadline."""

from fastapi import FastAPI

from app.kit.deadline import Deadline
from app.kit.http import RequestId
from app.kit.in_flight import InFlight, RequestCounts
from app.metrics import METRICS_PATH, install_metrics
from app.settings import Settings

EXEMPT = ("/health/live", "/health/ready", METRICS_PATH)  # a platform must see a busy service as busy, not as dead


def install_middlewares(app: FastAPI, settings: Settings) -> None:
    """Add the middlewares to `app`; the one that is added last sees a request first."""
    counts = RequestCounts()
    app.add_middleware(Deadline, seconds=settings.request_deadline_seconds, counts=counts)
    app.add_middleware(InFlight, limit=settings.requests_in_flight_max, exempt=EXEMPT, counts=counts)
    if settings.metrics_enabled:
        install_metrics(app, counts)
    app.add_middleware(RequestId)
