"""Errors in the OpenAPI document: whatever an operation refuses, it answers with problem details (RFC 9457).

One `default` response says so for each operation, in place of the framework's own 422, which this service never sends.
"""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field

from tortoise_kit.problems.errors import MEDIA_TYPE


class WrongPart(BaseModel):
    """One place of a request that does not fit its schema."""

    loc: list[str | int] = Field(description="Where: `body`, `query`, `path` or `header`, and the way down from there.")
    msg: str
    type: str = Field(description="A slug for programs.")


class ProblemDetails(BaseModel):
    """What every 4xx and 5xx looks like."""

    type: str = Field(description="`urn:problem:KIND` where problems of one status differ, else `about:blank`.")
    title: str = Field(description="The name of the status.")
    status: int
    detail: str = Field(description="What went wrong this time, for developers.")
    request_id: str | None = Field(description="What the service's log calls this request.")
    errors: list[WrongPart] | None = Field(default=None, description="With status 422: the first wrong places.")


ANY_PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {"model": ProblemDetails, "description": "Refused or failed: a problem, RFC 9457."}
}
"""Give it as `FastAPI(responses=ANY_PROBLEM)`."""


def document_problems(app: FastAPI) -> None:
    """Let `app`, made with `ANY_PROBLEM`, name the media type of problems: the framework writes that of the route."""
    written_by_the_framework = app.openapi

    def openapi() -> dict[str, Any]:
        document = written_by_the_framework()
        for operations in document["paths"].values():
            for operation in operations.values():
                content = operation["responses"]["default"]["content"]
                content[MEDIA_TYPE] = content.popitem()[1]
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation has it
