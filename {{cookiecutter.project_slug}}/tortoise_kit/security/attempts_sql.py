"""The two statements of `AttemptLimiter`. Both write their rows in the order of the keys, so they cannot deadlock.

They begin with INSERT, by which the engine of SQLite distinguishes writes from reads.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tortoise.connection import get_connection
from tortoise.models import Model

from tortoise_kit.sql.identifiers import qualified, writing_connection
from tortoise_kit.sql.parsing import quoted

CLOCK_TOLERANCE_SECONDS = 30  # a window that ends later than this allows began before a clock was set back
_NEW = (
    "INSERT INTO {table} (key, attempts, resets_at, known_until, expires_at)\nWITH given ({columns}) AS (VALUES {rows})"
)
_LATER = "{column} = CASE WHEN EXCLUDED.{column} > {name}.{column} THEN EXCLUDED.{column} ELSE {name}.{column} END"


class _Parameters:
    """The values of a statement, in the order of its marks, each with its type, which Postgres could not infer."""

    def __init__(self, model: type[Model]) -> None:
        client = get_connection(writing_connection(model))
        self._numbered = client.capabilities.dialect == "postgres"
        self.values: list[Any] = []

    def mark(self, value: str | float) -> str:
        self.values.append(value)
        kind = {str: "VARCHAR", int: "INT", float: "DOUBLE PRECISION"}[type(value)]
        return f"CAST({f'${len(self.values)}' if self._numbered else '?'} AS {kind})"

    def rows(self, rows: Iterable[Iterable[str | float]]) -> str:
        return ", ".join(f"({', '.join(self.mark(value) for value in row)})" for row in rows)


def count_attempts(
    model: type[Model], limits: Iterable[tuple[str, int, float, str]], *, now: float
) -> tuple[str, list[Any]]:
    """Count an attempt with each limit: its key, amount and seconds, and the key whose success waives it.

    The statement returns the counts, or no row if a limit was reached before; then it counts nothing.
    """
    parameters, table, name = _Parameters(model), _table(model), quoted(model._meta.db_table)
    rows = parameters.rows((key, amount, now + seconds, waiver, now) for key, amount, seconds, waiver in limits)

    def ended() -> str:
        mark, latest = parameters.mark(now), f"EXCLUDED.resets_at + {CLOCK_TOLERANCE_SECONDS}"
        return f"CASE WHEN {name}.resets_at <= {mark} OR {name}.resets_at > {latest}"

    text = f"""\
{_NEW.format(table=table, columns="key, amount, resets_at, waiver, now", rows=rows)}
SELECT key, 1, resets_at, 0, resets_at FROM given WHERE NOT EXISTS (
SELECT 1 FROM given AS g JOIN {table} AS spent ON spent.key = g.key WHERE spent.attempts >= g.amount
AND spent.resets_at > g.now AND spent.resets_at <= g.resets_at + {CLOCK_TOLERANCE_SECONDS}
AND NOT EXISTS (SELECT 1 FROM {table} AS known WHERE known.key = g.waiver AND known.known_until > g.now))
ORDER BY key ON CONFLICT (key) DO UPDATE SET
attempts = {ended()} THEN 1 ELSE {name}.attempts + 1 END,
resets_at = {ended()} THEN EXCLUDED.resets_at ELSE {name}.resets_at END,
{_LATER.format(column="expires_at", name=name)}
RETURNING key, attempts"""  # noqa: S608  # names of models
    return text, parameters.values


def forget_attempts(model: type[Model], known_until: Mapping[str, float], *, now: float) -> tuple[str, list[Any]]:
    """Take one attempt off each key; one that has a time until when it is known begins again at 0."""
    parameters, name = _Parameters(model), quoted(model._meta.db_table)
    rows = parameters.rows((key, until, max(until, now), now) for key, until in known_until.items())
    text = f"""\
{_NEW.format(table=_table(model), columns="key, known_until, expires_at, now", rows=rows)}
SELECT key, 0, now, known_until, expires_at FROM given WHERE TRUE ORDER BY key ON CONFLICT (key) DO UPDATE SET
attempts = CASE WHEN EXCLUDED.known_until > 0 OR {name}.attempts < 1 THEN 0 ELSE {name}.attempts - 1 END,
{_LATER.format(column="known_until", name=name)},
{_LATER.format(column="expires_at", name=name)}
RETURNING key"""  # noqa: S608  # names of models
    return text, parameters.values


def _table(model: type[Model]) -> str:
    return qualified(model._meta.schema, model._meta.db_table)
