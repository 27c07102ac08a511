import logging

import pytest
from starlette.types import Receive, Scope, Send

from tortoise_kit.development.testing import Exchange
from tortoise_kit.http.server_errors import ResponseInterrupted, ServerErrorMiddleware

VALUE = "s3cret"


class RefusedError(Exception):
    sqlstate = "22003"


async def broken(_scope: Scope, _receive: Receive, send: Send) -> None:
    try:
        int(VALUE)
    except ValueError as error:
        raise RefusedError(VALUE) from error


async def breaks_off(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await broken(scope, receive, send)


async def test_an_unhandled_error_is_a_500_problem_and_is_logged_without_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    exchange = Exchange()
    with caplog.at_level(logging.DEBUG):
        await exchange.run(ServerErrorMiddleware(broken))

    [record] = caplog.records
    assert (exchange.status, exchange.problem["request_id"]) == (500, "test")
    assert record.getMessage() == "request.failed"
    assert "in broken" in caplog.text
    assert VALUE not in caplog.text + exchange.body.decode()


@pytest.mark.parametrize("values", [True, False])
async def test_the_text_of_an_error_is_logged_only_where_values_may_be(
    caplog: pytest.LogCaptureFixture, *, values: bool
) -> None:
    await Exchange().run(ServerErrorMiddleware(broken, values=values))

    assert (VALUE in caplog.text) is values


async def test_an_error_is_raised_again_if_configured() -> None:
    exchange = Exchange()
    with pytest.raises(RefusedError):
        await exchange.run(ServerErrorMiddleware(broken, reraise=True))

    assert exchange.status == 500


async def test_an_error_in_the_middle_of_a_response_interrupts_it_without_values() -> None:
    exchange = Exchange()
    with pytest.raises(ResponseInterrupted, match=r"^RefusedError$") as raised:
        await exchange.run(ServerErrorMiddleware(breaks_off))

    assert raised.value.__suppress_context__
    assert len(exchange.sent) == 1
