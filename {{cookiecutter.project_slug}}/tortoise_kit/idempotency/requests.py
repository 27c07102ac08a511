"""A request that comes again with its key gets the answer that the first one got, and nothing happens twice.

    class IdempotencyKey(KeyedAnswer): ...            the table: with who called, unique together with the key
    await answer_once(IdempotencyKey, claim, place)   runs `place`, or gives the answer that is stored

The key's row and all that the request does are one transaction, so that both are there or neither; a middleware could
not do that. The row comes first: a duplicate that comes meanwhile waits for it, on Postgres at the unique index and on
SQLite at the file, no longer than for any lock. When the first one is committed the duplicate gets its answer, and when
it failed the duplicate does the work itself. A request that fails leaves no key.

The header is that of draft-ietf-httpapi-idempotency-key-header; its value is taken as it is, with its quotes if it
has any.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Header, Request, Response
from tortoise.connection import get_connection

from tortoise_kit.db.transactions import CONNECTION, transactional
from tortoise_kit.models.stored_response import KEY_LENGTH_MAX, StoredResponse
from tortoise_kit.problems.errors import BadRequest, Unprocessable
from tortoise_kit.sql.identifiers import column_list, insert_into, parameter_marks, qualified

KEY_PATTERN = "^[!-~]+$"  # visible ASCII; a UUID in any spelling, and most else that a client calls unique
REPLAYED = "Idempotency-Replayed"
NOT_STORED = {"content-length"}  # follows from the body

CLAIMED = ("caller_id", "key", "digest", "expires_at")
UNIQUE = ("caller_id", "key")

KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=KEY_LENGTH_MAX,
        pattern=KEY_PATTERN,
        description="Of your choice, such as a UUID, the same for each attempt: the request is carried out once.",
    ),
]
"""A route's parameter: the key, or None where the client sends none."""


MAY_BE_REPLAYED: dict[str, Any] = {
    "headers": {
        REPLAYED: {"description": "There if the key came before.", "schema": {"type": "string", "const": "true"}}
    }
}
"""For the OpenAPI document: an entry of a route's `responses`."""


def refuse_several_keys(request: Request) -> None:
    """What `KeyHeader` cannot see: it takes the last one, and a proxy that looks at the first would tell another story.

    Raises:
        BadRequest: The header is there more than once.
    """
    if len(request.headers.getlist("Idempotency-Key")) > 1:
        message = "There are several Idempotency-Key headers; send one key with each request."
        raise BadRequest(message)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A request that is to be carried out once.

    Attributes:
        caller_id: Who sends it; another's key is another key.
        key: The client's.
        digest: Tells this request from others, see `digest_of`.
        lifetime: How long the answer is kept.
    """

    caller_id: int
    key: str
    digest: str
    lifetime: timedelta


async def digest_of(request: Request) -> str:
    """The same for requests with one method, path, query and body, byte by byte."""
    scope = request.scope  # and not its URL, which is put together with a header of the client's
    target = json.dumps([request.method, scope["path"], scope["query_string"].decode("latin-1")])
    return hashlib.sha256(target.encode() + await request.body()).hexdigest()


@transactional()
async def answer_once(
    answers: type[StoredResponse], claim: Claim, effect: Callable[[], Awaitable[Response]]
) -> Response:
    """What `effect` answers, or answered when the key was new; then with the header `Idempotency-Replayed: true`.

    Args:
        answers: The table of answers.
        claim: The request.
        effect: Does what is asked for, in this transaction, on the same connection, and raises what goes wrong. It is
            run again when the transaction lost against another one. Its answer has a body of text, and no stream.

    Raises:
        Unprocessable: The key came before, with another request.
        LockNotAvailable: The first request with the key took too long; the same request is welcome again. On SQLite it
            is a PoolTimeout, if the first one is served by the same process.
    """
    number = await _claimed(answers, claim)
    if number is None:
        return await _replay(answers, claim)
    response = await effect()
    kept = {name: value for name, value in response.headers.items() if name not in NOT_STORED}
    body = bytes(response.body).decode()
    await answers.filter(id=number).update(status=response.status_code, headers=kept, body=body)
    return response


async def _claimed(answers: type[StoredResponse], claim: Claim) -> int | None:
    """The id of the key's new row, or of one that has expired; None for a key that is taken."""
    db = get_connection(CONNECTION)
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "caller_id": claim.caller_id,
        "key": claim.key,
        "digest": claim.digest,
        "expires_at": now + claim.lifetime,
    }
    stored = [answers._meta.fields_map[name].to_db_value(values[name], answers) for name in CLAIMED]
    expired = answers._meta.fields_map["expires_at"].to_db_value(now, answers)
    rows = await db.execute_query_dict(_claim_statement(answers), [*stored, expired])
    return int(rows[0]["id"]) if rows else None


def _claim_statement(answers: type[StoredResponse]) -> str:
    """One statement, so that of two requests with an expired key one takes it over."""
    db = get_connection(CONNECTION)
    table = qualified(answers._meta.schema, answers._meta.db_table)
    marks = parameter_marks(db, len(CLAIMED))
    now = f"${len(CLAIMED) + 1}" if db.capabilities.dialect == "postgres" else "?"
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in CLAIMED if name not in UNIQUE)
    insert = insert_into(table, CLAIMED, marks)
    return (
        f"{insert} ON CONFLICT ({column_list(UNIQUE)}) DO UPDATE SET {changes} "
        f'WHERE {table}."expires_at" <= {now} RETURNING "id"'
    )


async def _replay(answers: type[StoredResponse], claim: Claim) -> Response:
    known = await answers.get(caller_id=claim.caller_id, key=claim.key)
    if known.digest != claim.digest:
        detail = "This Idempotency-Key came before with another request; choose a new key for each request."
        raise Unprocessable(detail, kind="idempotency-key-reused")
    assert known.status is not None  # noqa: S101 -- committed rows have an answer
    return Response(known.body, known.status, {**(known.headers or {}), REPLAYED: "true"})
