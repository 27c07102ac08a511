"""The server: how many requests run, who waits, which connections are closed; and whether the service is ready."""

from tortoise_kit.server.control import AdmissionControl, ServerLimits, connections_max
from tortoise_kit.server.metrics import ServerMetrics
from tortoise_kit.server.middleware import AdmissionMiddleware
from tortoise_kit.server.readiness import Readiness
from tortoise_kit.server.workers import run_server

__all__ = [
    "AdmissionControl",
    "AdmissionMiddleware",
    "Readiness",
    "ServerLimits",
    "ServerMetrics",
    "connections_max",
    "run_server",
]
