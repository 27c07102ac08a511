"""Tortoise's engine for SQLite, without its hangs: `{"engine": "tortoise_kit.db.engines.sqlite_backend"}`.

What upstream does (Tortoise 1.1.9), and what this does instead:

- A BEGIN or an open that fails or is cancelled keeps the lock, and every later query hangs. Here the lock is released.
- A cancelled statement goes on in its thread, beside the next user of the connection. Here it is interrupted first.
- BEGIN is deferred, so a transaction that reads first and then writes fails at once, whatever `busy_timeout`. Here
  writers begin IMMEDIATE and wait for each other.
- The wait for the one connection has no limit. Here it ends in `PoolTimeout`.
- Parallel nested blocks lose rows: see `tortoise_kit.db.engines.savepoints`.
- A script inside a transaction commits it. Here its statements run one by one.
- What a statement leaves in the session, such as a pragma or a temporary table, stays for all later callers. Here it
  is undone.

The module's name must contain "sqlite": Tortoise selects what is special to the driver by it.
"""

import contextlib
from types import TracebackType
from typing import Any

from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper

from tortoise_kit.db.engines.executors import SQLiteExecutor
from tortoise_kit.db.engines.savepoints import ManyInTransactionMixin, TransactionMixin
from tortoise_kit.db.engines.sqlite_connection import ConnectionGuard, acquire_lock, connect, roll_back, shielded
from tortoise_kit.db.engines.transaction_state import TransactionState, forbid_generators
from tortoise_kit.db.errors import ConnectionLost, translated
from tortoise_kit.sql.parsing import statements, tokens
from tortoise_kit.sql.recording import suppressed
from tortoise_kit.upstream.tortoise import use_connection


class TransactionContext(SqliteTransactionContext):
    """A transaction, which has the connection to itself."""

    connection: "Transaction"

    async def __aenter__(self) -> "Transaction":
        forbid_generators()
        client = self.connection
        await acquire_lock(self._trxlock, client.acquire_timeout)
        try:
            await self.ensure_connection()
            undo = use_connection(self.connection_name, client)
            try:
                await client.begin()
            except BaseException:
                undo()
                await roll_back(client._connection)
                raise
        except BaseException:
            self._trxlock.release()
            raise
        self.undo = undo
        return client

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        client = self.connection
        try:
            if exc_type is None and not client._finalized:
                await shielded(client.commit())
        finally:
            client.state.ended = True
            self.undo()
            try:
                await roll_back(client._connection)
                await client._parent.reset_session()
            finally:
                self._trxlock.release()
                hooks = client.state.start_hooks()
        if hooks:
            await hooks


class Client(ManyInTransactionMixin, SqliteClient):
    """The engine's client.

    Args:
        acquire_timeout: Seconds that a caller waits for the connection; None for ever.
        command_timeout: Seconds that one statement may take; None for ever.
        pragmas: As Tortoise's: `file_path`, and pragmas by name.

    Attributes:
        resets_sessions: Whether what a caller leaves in the session is undone; migrations need not.
    """

    executor_class = SQLiteExecutor
    resets_sessions = True

    def __init__(
        self, *, acquire_timeout: float | None = None, command_timeout: float | None = None, **pragmas: Any
    ) -> None:
        super().__init__(**pragmas)
        self.acquire_timeout: float | None = acquire_timeout
        self.command_timeout: float | None = command_timeout

    async def create_connection(self, with_db: bool) -> None:  # noqa: ARG002, FBT001 -- Tortoise's signature
        """Open the file.

        Raises:
            ConnectionLost: It cannot be opened.
        """
        if self._connection:
            return
        with translated(), suppressed():
            self._connection = await connect(self.filename)
            for pragma, value in self.pragmas.items():
                await self._connection.execute_fetchall(f"PRAGMA {pragma}={value}")
            await self._post_connect()

    def acquire_connection(self) -> ConnectionGuard:
        """The connection for one statement."""
        return ConnectionGuard(self._lock, self)

    def after_statement(self, *, failed: bool) -> None:
        """Outside of a transaction a failed statement leaves nothing behind."""

    async def reset_session(self) -> None:
        """Undo what the last user left, whether or not the caller is cancelled meanwhile."""
        connection: Any = self._connection
        if self.resets_sessions and connection is not None and connection.is_touched():
            with suppressed():
                await shielded(self._reset(connection))

    async def _reset(self, connection: Any) -> None:
        if await connection.undo(self.pragmas):
            return
        self._connection = None
        with contextlib.suppress(ConnectionLost):  # the next caller tries again
            await self.create_connection(with_db=True)
            if self.filename == ":memory:":
                await connection.backup(self._connection)
        await connection.close()

    def _in_transaction(self) -> TransactionContext:
        return TransactionContext(Transaction(self), self._lock)


class Transaction(TransactionMixin, SqliteTransactionWrapper):
    """What queries inside a transaction run on; a read-only one waits for no writer."""

    executor_class = SQLiteExecutor

    def __init__(self, connection: "Client | Transaction", state: TransactionState | None = None) -> None:
        super().__init__(connection)
        self.acquire_timeout: float | None = connection.acquire_timeout
        self.command_timeout: float | None = connection.command_timeout
        self.state = state or TransactionState()

    def acquire_connection(self) -> ConnectionGuard:
        """The connection for one statement."""
        self.state.require_usable()
        return ConnectionGuard(self._lock, self)

    def after_statement(self, *, failed: bool) -> None:
        """Remember that a statement failed: Postgres would end the transaction."""
        self.state.failed |= failed

    async def reset_session(self) -> None:
        """What is left in the session is undone at the transaction's end."""

    async def begin(self) -> None:
        """BEGIN, with the lock for writing unless it is read-only."""
        with translated():
            await self._connection.execute("BEGIN DEFERRED" if self.readonly else "BEGIN IMMEDIATE")

    async def savepoint(self) -> None:
        """SAVEPOINT."""
        with translated():
            await super().savepoint()

    async def savepoint_rollback(self) -> None:
        """ROLLBACK TO the savepoint."""
        with translated():
            await shielded(super().savepoint_rollback())

    async def execute_script(self, query: str) -> None:
        """Run each statement of the script inside the transaction.

        A script that contains a BEGIN, such as a rebuild by plain `aerich upgrade`, is run as upstream does: it commits
        what came before it, and its first PRAGMA turns foreign keys off, which does nothing in a transaction.
        """
        script = list(statements(query))
        if any(tokens(statement)[0].upper() == "BEGIN" for statement in script):
            await super().execute_script(query)
            return
        for statement in script:
            await self.execute_query(statement)


client_class = Client
