"""A request that is sent again with its key gets the first response again, and nothing happens twice.

    class IdempotencyKey(StoredResponse): ...        the table, with the caller; caller and key are unique together
    idempotent = await IdempotentRequest.read(...)   in a dependency: this request, with its key if it has one
    return await idempotent(operation)               in a route: run the operation, or replay its stored response

The key's row and everything the operation writes are one transaction, so both are stored or neither; a middleware could
not do that. The row comes first: a duplicate that arrives meanwhile waits for it, on Postgres at the unique index and
on SQLite at the file, no longer than for any lock. Once the first request is committed, the duplicate gets its
response; if it failed, the duplicate runs the operation itself. A failed request leaves no key.

The header is that of draft-ietf-httpapi-idempotency-key-header, and so are the words; its value is taken as it is, with
quotes if it has any.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self

from fastapi import Header, Request, Response
from tortoise.connection import get_connection

from tortoise_kit.db.transactions import CONNECTION, transactional
from tortoise_kit.models.stored_response import KEY_LENGTH_MAX, StoredResponse
from tortoise_kit.problems.errors import BadRequest, Unprocessable
from tortoise_kit.sql.identifiers import column_list, insert_into, parameter_marks, qualified
from tortoise_kit.upstream.fastapi import route_path

KEY_HEADER = "Idempotency-Key"
KEY_PATTERN = "^[!-~]+$"  # visible ASCII: a UUID in any spelling, and most other things that a client considers unique
REPLAYED_HEADER = "Idempotency-Replayed"
NOT_STORED = {"content-length"}  # follows from the body
CLAIMED_COLUMNS = ("caller_id", "key", "digest", "expires_at")
UNIQUE_COLUMNS = ("caller_id", "key")

IdempotencyKeyHeader = Annotated[
    str | None,
    Header(
        alias=KEY_HEADER,
        min_length=1,
        max_length=KEY_LENGTH_MAX,
        pattern=KEY_PATTERN,
        description="A unique value of your choice, such as a UUID. Send it again with each retry of the request, "
        "which is then carried out only once.",
    ),
]
"""A parameter of a dependency: the key, 1 to 255 visible ASCII characters, or None if the client sends none."""


REPLAYED_RESPONSE: dict[str, Any] = {
    "headers": {
        REPLAYED_HEADER: {
            "description": "Present if this is the stored response to an earlier request with the same key.",
            "schema": {"type": "string", "const": "true"},
        }
    }
}
"""For the OpenAPI document: an entry of a route's `responses`."""


async def request_fingerprint(request: Request) -> str:
    """SHA-256 in hexadecimal, the same only for requests with one method, path, query and body, byte by byte."""
    scope = request.scope  # not the URL, which contains the Host header that the client sends
    target = json.dumps([request.method, route_path(scope), scope["query_string"].decode("latin-1")])
    return hashlib.sha256(target.encode() + await request.body()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class IdempotentRequest:
    """A request to be carried out once: `await idempotent(operation)`.

    Attributes:
        table: Where responses are stored.
        caller_id: Who sends it; different callers may use the same key.
        key: The client's key; None if it sent none, and then the operation is simply run.
        fingerprint: Identifies the request, see `request_fingerprint`.
        lifetime: How long the response is stored.
    """

    table: type[StoredResponse]
    caller_id: int
    key: str | None
    fingerprint: str
    lifetime: timedelta

    @classmethod
    async def read(
        cls,
        request: Request,
        key: str | None,
        *,
        table: type[StoredResponse],
        caller_id: int,
        lifetime: timedelta,
    ) -> Self:
        """The request being served, with its `IdempotencyKeyHeader` as `key`; the rest as above.

        Raises:
            BadRequest: There are several keys. The framework takes the last one; a proxy may look at the first.
        """
        if len(request.headers.getlist(KEY_HEADER)) > 1:
            message = "The request has several Idempotency-Key headers; send only one."
            raise BadRequest(message)
        fingerprint = "" if key is None else await request_fingerprint(request)
        return cls(table=table, caller_id=caller_id, key=key, fingerprint=fingerprint, lifetime=lifetime)

    async def __call__(self, operation: Callable[[], Awaitable[Response]]) -> Response:
        """The response of `operation`; if the key is known, the stored one, with `Idempotency-Replayed: true`.

        Args:
            operation: Does what the client asks for and raises what goes wrong. With a key it runs in a transaction, in
                which a `@transactional` function is a savepoint, and runs again if that transaction lost against
                another one. Its response has a text body, and is not a stream.

        Raises:
            Unprocessable: The key was used before, for another request.
            LockNotAvailable: The first request with this key took too long; the same request may be sent again. On
                SQLite it is a PoolTimeout if the first one is served by the same process.
        """
        return await operation() if self.key is None else await self._run_once(operation)

    @transactional()
    async def _run_once(self, operation: Callable[[], Awaitable[Response]]) -> Response:
        row_id = await self._claim()
        if row_id is None:
            return await self._replay()
        response = await operation()
        await self._store(row_id, response)
        return response

    async def _claim(self) -> int | None:
        """The id of the key's new row, or of an expired one that is taken over; None if the key is in use."""
        now = datetime.now(UTC)
        values = {
            "caller_id": self.caller_id,
            "key": self.key,
            "digest": self.fingerprint,
            "expires_at": now + self.lifetime,
        }
        fields = self.table._meta.fields_map
        claimed = [fields[name].to_db_value(values[name], self.table) for name in CLAIMED_COLUMNS]
        expired = fields["expires_at"].to_db_value(now, self.table)
        rows = await get_connection(CONNECTION).execute_query_dict(_claim_statement(self.table), [*claimed, expired])
        return int(rows[0]["id"]) if rows else None

    async def _store(self, row_id: int, response: Response) -> None:
        headers = {name: value for name, value in response.headers.items() if name not in NOT_STORED}
        body = bytes(response.body).decode()
        await self.table.filter(id=row_id).update(status=response.status_code, headers=headers, body=body)

    async def _replay(self) -> Response:
        stored = await self.table.get(caller_id=self.caller_id, key=self.key)
        if stored.digest != self.fingerprint:
            detail = "This Idempotency-Key was used before for another request; choose a new key for each request."
            raise Unprocessable(detail, kind="idempotency-key-reused")
        assert stored.status is not None  # noqa: S101 -- committed rows have a response
        return Response(stored.body, stored.status, {**(stored.headers or {}), REPLAYED_HEADER: "true"})


def _claim_statement(table: type[StoredResponse]) -> str:
    """One statement, so that of two requests with an expired key only one takes it over."""
    db = get_connection(CONNECTION)
    name = qualified(table._meta.schema, table._meta.db_table)
    now = f"${len(CLAIMED_COLUMNS) + 1}" if db.capabilities.dialect == "postgres" else "?"
    changes = ", ".join(f'"{each}" = excluded."{each}"' for each in CLAIMED_COLUMNS if each not in UNIQUE_COLUMNS)
    insert = insert_into(name, CLAIMED_COLUMNS, parameter_marks(db, len(CLAIMED_COLUMNS)))
    return (
        f"{insert} ON CONFLICT ({column_list(UNIQUE_COLUMNS)}) DO UPDATE SET {changes} "
        f'WHERE {name}."expires_at" <= {now} RETURNING "id"'
    )
