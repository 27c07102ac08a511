"""What a route accepts of a request, before FastAPI reads it: its media type, and each value only once.

FastAPI takes the last of several values, where a proxy or a log may have looked at the first; and it reports a body of
another media type as an invalid one.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Any, override

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from tortoise_kit.http.request_size import declared_bytes, has_body, too_large
from tortoise_kit.upstream.fastapi import dependants, form_fields, query_parameters

JSON, FORM, PARTS = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
ACCEPT_OF_METHOD = {"PATCH": "Accept-Patch", "POST": "Accept-Post"}  # RFC 5789 and the W3C's Linked Data Platform
_JSON = re.compile(r"application/([^/]+\+)?json")  # what FastAPI reads as JSON
_UNREAD = object()
_REPEATED, _NOT_JSON = "repeated", "not_json"
_MESSAGES = {_REPEATED: "It must be given only once", _NOT_JSON: "JSON has neither NaN nor Infinity"}


class Accepted:
    """What one route accepts.

    Args:
        route: The route.
        bytes_max: The most bytes of a body; None for the limit of the whole service.
    """

    def __init__(self, route: APIRoute, bytes_max: int | None = None) -> None:
        self._bytes_max = bytes_max
        parts = list({each.call: each for each in dependants(route.dependant)}.values())
        self._once = {name for each in parts for name, is_list in query_parameters(each) if not is_list}
        self._fields = {name for each in parts for name, is_list in form_fields(each) if not is_list}
        body: Any = route.body_field and route.body_field.field_info
        self._is_form = isinstance(body, Form)
        self._media_types: tuple[str, ...] = (FORM, PARTS) if self._is_form else (body.media_type,) if body else ()

    def checked(self, request: Request) -> "CheckedRequest":
        """The request, which takes each member of JSON and each field of a form once.

        Raises:
            HTTPException: 415, the body has another media type; 413, it is declared too large.
            InvalidValue: A query parameter was sent several times.
        """
        if b"&" in request.scope["query_string"]:
            _require_once("query", self._once, request.query_params.multi_items())
        if self._media_types and has_body(request.headers):
            self._require_media_type(request)
        receive = limited(request, self._bytes_max) if self._bytes_max else request.receive
        return CheckedRequest(request.scope, receive, self._fields if self._is_form else ())

    def _require_media_type(self, request: Request) -> None:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in self._media_types or (JSON in self._media_types and _JSON.fullmatch(kind)):
            return
        accepted = ", ".join(self._media_types)
        names = ("Accept", ACCEPT_OF_METHOD.get(request.method, "Accept"))
        detail = f"Send the body as {self._media_types[0]}, and name that in Content-Type."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers=dict.fromkeys(names, accepted))


class InvalidValue(HTTPException):
    """Something that no schema takes. It is an HTTPException since FastAPI makes a 400 of all others in a body.

    Args:
        loc: Where it is.
        kind: `repeated`, or `not_json`.
    """

    def __init__(self, loc: Sequence[str | int], kind: str) -> None:
        super().__init__(HTTPStatus.UNPROCESSABLE_ENTITY)
        self.loc = loc
        self.kind = kind

    def as_invalid(self) -> RequestValidationError:
        """The same, as FastAPI reports what does not fit a schema."""
        return RequestValidationError([{"type": self.kind, "loc": self.loc, "msg": _MESSAGES[self.kind]}])


class CheckedRequest(Request):
    """A request that rejects JSON with a repeated member, NaN or Infinity, and forms with a repeated field.

    Args:
        scope: The request.
        receive: Its body.
        fields: The names of the form's fields that are no lists.
    """

    def __init__(self, scope: Scope, receive: Receive, fields: Collection[str] = ()) -> None:
        super().__init__(scope, receive)
        self._fields = fields
        self._parsed: Any = _UNREAD

    @override
    async def json(self) -> Any:
        """The body.

        Raises:
            InvalidValue: An object in it has a member several times, or a value is NaN or infinite.
        """
        if self._parsed is _UNREAD:
            self._parsed = _loads(await self.body())
        return self._parsed

    @override
    async def _get_form(self, **limits: Any) -> FormData:
        form = await super()._get_form(**limits)
        _require_once("body", self._fields, form.multi_items())
        return form


def limited(request: Request, bytes_max: int) -> Receive:
    """The request's body, which must not have more bytes.

    Raises:
        RequestRejected: Its Content-Length is more.
    """
    if declared_bytes(request.headers.get("content-length")) > bytes_max:
        raise too_large(bytes_max)
    receive, read = request.receive, 0

    async def receive_at_most() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > bytes_max:
            raise too_large(bytes_max)
        return message

    return receive_at_most


class _Repeated(dict[str, Any]):
    """An object that has a member several times."""

    member = ""


class _NotJSON(str):
    """NaN, Infinity or -Infinity: Python's parser takes them, JSON has none of them (RFC 8259, section 6)."""

    __slots__ = ()


def _loads(body: bytes) -> Any:
    found: list[_Repeated | _NotJSON] = []

    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        repeated = _Repeated(members)
        repeated.member = _repeated_name(name for name, _ in pairs) or ""
        found.append(repeated)
        return repeated

    def read_constant(name: str) -> _NotJSON:
        constant = _NotJSON(name)
        found.append(constant)
        return constant

    value = json.loads(body, object_pairs_hook=read, parse_constant=read_constant)
    if found:
        path, kind = next(_places(value))
        raise InvalidValue(["body", *path], kind)
    return value


def _places(value: Any) -> Iterator[tuple[list[str | int], str]]:
    """Where members are repeated, and what is not JSON."""
    if isinstance(value, _Repeated):
        yield [value.member], _REPEATED
    elif isinstance(value, _NotJSON):
        yield [], _NOT_JSON
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        for path, kind in _places(part):
            yield [name, *path], kind


def _require_once(where: str, names: Collection[str], sent: Iterable[tuple[str, Any]]) -> None:
    if name := _repeated_name(name for name, _ in sent if name in names):
        raise InvalidValue([where, name], _REPEATED)


def _repeated_name(names: Iterable[str]) -> str | None:
    return next((name for name, times in Counter(names).items() if times > 1), None)
