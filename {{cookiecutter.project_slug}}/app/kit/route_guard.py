"""What an application's routes must not do, found when it is made and not by a client."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant

from app.kit.transactions import request_transaction


class LateCommitError(Exception):
    """A route whose transaction would be committed after its answer is sent."""


def refuse_late_commits(app: FastAPI) -> None:
    """Check every route of `app`, those of included routers too.

    Raises:
        LateCommitError: A route depends on `request_transaction` with FastAPI's default scope.
    """
    for path, dependant in _dependants(app.routes):
        if any(each.call is request_transaction and each.scope != "function" for each in _below(dependant)):
            message = f"{path} would commit after its answer: declare the parameter as RequestTransaction."
            raise LateCommitError(message)


def _dependants(routes: list[Any]) -> Iterator[tuple[str, Dependant]]:
    for route in routes:
        if (included := getattr(route, "original_router", None)) is not None:
            yield from _dependants(included.routes)
        elif (dependant := getattr(route, "dependant", None)) is not None:
            yield route.path, dependant


def _below(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _below(each)
