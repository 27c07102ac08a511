"""How a command fails: with one line on standard error, and exit code 1."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import asyncpg
import typer
from tortoise.exceptions import BaseORMException

DATABASE_ERRORS = (OSError, BaseORMException, asyncpg.PostgresError, asyncpg.InterfaceError, sqlite3.Error)


def fail(reason: object, *, prefix: str = "") -> NoReturn:
    """End the command with a reason."""
    typer.echo(f"{prefix}{' '.join(str(reason).split())}", err=True)
    raise typer.Exit(1)


def run[T](work: Coroutine[Any, Any, T], *expected: type[Exception], prefix: str = "") -> T:
    """Run a command's coroutine; an expected error, or one of the database, ends the command."""
    return call(lambda: asyncio.run(work), *expected, prefix=prefix)


def call[T](work: Callable[[], T], *expected: type[Exception], prefix: str = "") -> T:
    """The same for a function."""
    try:
        return work()
    except expected as error:
        fail(error, prefix=prefix)
    except DATABASE_ERRORS as error:
        fail(unusable(error), prefix=prefix)


def unusable(error: Exception) -> str:
    """What an error of the database means to a command, and the remedy, in one line."""
    reason = " ".join((str(error) or type(error).__name__).split())
    remedy = "Check DATABASE_URL, and that the database is running and migrated."
    return f"The database cannot be used: {reason.removesuffix('.')}. {remedy}"
