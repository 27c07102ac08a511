"""Routes that take each value once, and whose streamed responses are closed however they end."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, cast, override

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from tortoise_kit.http.asgi import TICKET
from tortoise_kit.http.bodies import Accepted, InvalidValue
from tortoise_kit.http.compiled_routes import CompiledRoute


class Route(CompiledRoute):
    """FastAPI's APIRoute, but faster, see `CompiledRoute`; it rejects what it does not accept, see `Accepted`.

    It closes streamed responses.

    Starlette leaves an iterator behind that a deadline or a disconnect cut off, with the connection that it may hold,
    until the garbage collector comes.
    """

    body_bytes_max: ClassVar[int | None] = None

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What serves a request; FastAPI calls it once."""
        handle, accepted = super().get_route_handler(), Accepted(self, self.body_bytes_max)

        async def handle_and_close(request: Request) -> Response:
            try:
                response = await handle(accepted.checked(request))
            except InvalidValue as error:
                raise error.as_invalid() from None
            return cast("Response", _Stream(response)) if hasattr(response, "body_iterator") else response

        return handle_and_close


class _Stream:
    """A response whose body is closed at its end; of a response, FastAPI only calls it."""

    def __init__(self, response: Any) -> None:
        self._response = response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (ticket := scope.get(TICKET)) is not None:
            ticket.leave()  # a stream lasts as long as its client reads, which must not keep others from their places
        try:
            await self._response(scope, receive, send)
        finally:
            if (close := getattr(self._response.body_iterator, "aclose", None)) is not None:
                await close()
