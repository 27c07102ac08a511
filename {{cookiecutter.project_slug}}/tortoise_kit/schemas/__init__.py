"""Pydantic schemas from Tortoise models."""

from tortoise_kit.schemas.models import CreateSchema, Id, Instant, PatchSchema, ReadSchema, Text, plucked
from tortoise_kit.schemas.text_types import JSONObject

__all__ = [
    "CreateSchema",
    "Id",
    "Instant",
    "JSONObject",
    "PatchSchema",
    "ReadSchema",
    "Text",
    "plucked",
]
