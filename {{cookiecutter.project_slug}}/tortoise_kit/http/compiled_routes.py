"""Routes whose parameters are analyzed once: FastAPI (0.165) does so for each request.

It looks at each annotation and each alias again for each value, which takes longer than to validate them.
"""

from collections.abc import Callable, Coroutine
from email.message import Message
from functools import lru_cache, update_wrapper
from typing import Any, override

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tortoise_kit.http.compiled_calls import BACKGROUND_TASKS, REQUEST, RESPONSE, Arguments, Calls
from tortoise_kit.upstream.fastapi import (
    Handler,
    effective_route,
    embeds_body,
    is_instrumented,
    is_traced,
    response_handler,
    returns_response,
)
from tortoise_kit.upstream.fastapi_parameters import (
    BODY,
    COOKIE,
    HEADER,
    MISSING,
    PATH,
    QUERY,
    NotCompilable,
    is_coroutine,
)

ARGUMENTS = "tortoise_kit.arguments"  # of a request's scope: what was read, until the calls are made
RESULT = "tortoise_kit.result"  # of a request's scope: what its route returned, until a response is made of it
_SOURCES = {PATH: "path_params", QUERY: "query_params", HEADER: "headers", COOKIE: "cookies"}


class CompiledRoute(APIRoute):
    """FastAPI's APIRoute, but its parameters and dependencies are analyzed once, at its first request.

    It reads all parameters before the first dependency runs; FastAPI reads those of each before it runs. So a validator
    or a default factory must depend on its value only: it does not see what a dependency sets, such as a ContextVar or
    `request.scope["path_params"]`. A route that needs that belongs to FastAPI's own APIRouter.

    FastAPI serves a request from the start if a parameter or the body is invalid, or while `dependency_overrides` are
    set or FastAPI's telemetry is on. So validators and default factories may run twice for a request that is rejected.

    FastAPI also serves routes that read forms, or models of headers or cookies, and those that are not coroutine
    functions.
    """

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What serves a request; FastAPI calls it once for each router that includes the route."""
        by_fastapi, effective = super().get_route_handler(), effective_route(self)
        chosen: Handler | None = None

        async def handle(request: Request) -> Response:
            nonlocal chosen
            if chosen is None:
                chosen = _compiled(self, effective, by_fastapi)
            return await chosen(request)

        return handle


def _compiled(route: APIRoute, effective: Any, by_fastapi: Handler) -> Handler:
    """The handler of a route, as the router includes it."""
    function = effective.dependant.call
    if is_instrumented() or not is_coroutine(function):
        return by_fastapi
    try:
        calls = Calls(effective.dependant, embeds=embeds_body(effective))
    except NotCompilable:
        return by_fastapi
    respond = response_handler(route, effective, _dependant(calls, effective.dependant), function=function)
    is_ready = returns_response(function) and calls.given <= {REQUEST}
    provider, reads_body = effective.dependency_overrides_provider, effective.body_field is not None

    async def handle(request: Request) -> Response:
        if (provider and provider.dependency_overrides) or is_traced(request):
            return await by_fastapi(request)
        arguments = await _read(calls, request, reads_body=reads_body)
        if arguments is None:
            return await by_fastapi(request)
        if not is_ready:
            request.scope[ARGUMENTS] = arguments
            return await respond(request)
        result = await calls.run(arguments, request=request)
        if isinstance(result, Response):
            return result
        request.scope[RESULT] = result
        return await respond(request)

    return handle


def _dependant(calls: Calls, dependant: Dependant) -> Dependant:
    """All calls as one function, for FastAPI to call, which makes a response of the result."""

    async def run(request: Request, **given: Any) -> Any:
        if RESULT in request.scope:
            return request.scope.pop(RESULT)
        return await calls.run(request.scope.pop(ARGUMENTS), request=request, **given)

    update_wrapper(run, dependant.call, updated=())  # type: ignore[arg-type]  # a route has a function
    del run.__wrapped__  # type: ignore[attr-defined]  # its parameters are others
    return Dependant(
        call=run,
        path=dependant.path,
        request_param_name=REQUEST,
        response_param_name=RESPONSE if RESPONSE in calls.given else None,
        background_tasks_param_name=BACKGROUND_TASKS if BACKGROUND_TASKS in calls.given else None,
    )


async def _read(calls: Calls, request: Request, *, reads_body: bool) -> Arguments | None:
    """The arguments of each call that are read; None if FastAPI must serve the request."""
    try:
        body = await _body(request) if reads_body else MISSING
        sent = {at: body if at == BODY else getattr(request, _SOURCES[at]) for at in calls.sources}
        return calls.arguments(sent)
    except Exception:  # noqa: BLE001 -- whatever it is: FastAPI finds it again, and reports it
        return None


async def _body(request: Request) -> Any:
    """The body as FastAPI reads it; MISSING if the request has no body.

    Raises:
        ValueError: It is not JSON, or its media type is not.
    """
    try:
        body = await request.body()
    except Exception as error:
        _fail_again(request, error)
        raise
    if not body:
        return MISSING
    if not _is_json(request.headers["content-type"]):
        raise ValueError
    return await request.json()


def _fail_again(request: Request, error: Exception) -> None:
    """Let FastAPI find the same error, and make a response of it: a body can be read only once."""

    async def body() -> bytes:
        raise error

    request.body = body  # type: ignore[method-assign]  # of this request


@lru_cache(maxsize=64)
def _is_json(media_type: str) -> bool:
    message = Message()
    message["content-type"] = media_type
    subtype = message.get_content_subtype()
    return message.get_content_maintype() == "application" and (subtype == "json" or subtype.endswith("+json"))
