"""Requests with an `Idempotency-Key`: carried out once, however often they are sent."""

from tortoise_kit.idempotency.requests import REPLAYED_RESPONSE, IdempotencyKeyHeader, IdempotentRequest

__all__ = [
    "REPLAYED_RESPONSE",
    "IdempotencyKeyHeader",
    "IdempotentRequest",
]
