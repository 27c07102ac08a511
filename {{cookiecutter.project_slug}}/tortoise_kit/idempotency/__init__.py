"""Requests with an `Idempotency-Key`: carried out once, however often they are sent."""

from tortoise_kit.idempotency.requests import (
    MAY_BE_REPLAYED,
    Claim,
    KeyHeader,
    answer_once,
    digest_of,
    refuse_several_keys,
)

__all__ = [
    "MAY_BE_REPLAYED",
    "Claim",
    "KeyHeader",
    "answer_once",
    "digest_of",
    "refuse_several_keys",
]
