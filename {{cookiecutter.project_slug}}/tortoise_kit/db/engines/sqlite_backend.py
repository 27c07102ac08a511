"""Tortoise's engine for SQLite, without its hangs: `{"engine": "tortoise_kit.db.engines.sqlite_backend"}`.

What upstream does (Tortoise 1.1.9), and what this does instead:

- A BEGIN or an open that fails or is cancelled keeps the lock, and every later query hangs. Here the lock is released.
- A cancelled statement goes on in its thread, beside the next user of the connection. Here it is interrupted first.
- BEGIN is deferred, so a transaction that reads first and then writes fails at once, whatever `busy_timeout`. Here
  writers begin IMMEDIATE and wait for each other.
- The wait for the one connection has no limit. Here it ends in `PoolTimeout`.
- Parallel nested blocks lose rows: see `tortoise_kit.db.engines.savepoints`.
- A script inside a transaction commits it. Here its statements run one by one.
- Reads wait for the transactions of the same process, and with them for other processes. Here they have a connection of
  their own, except in memory: what they see is what was committed last.
- A connection to a file that was read-only, or is broken, is used again. Here it is opened again.
- What a statement leaves in the session, such as a pragma or a temporary table, stays for all later callers. Here it
  is undone.

The module's name must contain "sqlite": Tortoise selects what is special to the driver by it.
"""

from types import TracebackType
from typing import Any

from tortoise.backends.sqlite.client import SqliteTransactionContext, SqliteTransactionWrapper

from tortoise_kit.db.engines.executors import SQLiteExecutor
from tortoise_kit.db.engines.savepoints import ManyInTransactionMixin, TransactionMixin
from tortoise_kit.db.engines.schema_generators import SqliteGenerator
from tortoise_kit.db.engines.sqlite_connection import ConnectionGuard, acquire_lock, roll_back, shielded
from tortoise_kit.db.engines.sqlite_file import FileClient
from tortoise_kit.db.engines.transaction_state import TransactionState, forbid_generators
from tortoise_kit.db.translation import translated
from tortoise_kit.sql.parsing import statements, tokens
from tortoise_kit.upstream.pypika import GuardedQuery
from tortoise_kit.upstream.tortoise import use_connection


class TransactionContext(SqliteTransactionContext):
    """A transaction, which has the connection to itself."""

    connection: "Transaction"

    async def __aenter__(self) -> "Transaction":
        forbid_generators()
        client = self.connection
        parent: Any = client._parent
        self._home = (client.readonly and parent.reader) or parent
        await acquire_lock(self._home._lock, client.acquire_timeout)
        try:
            client._connection = await self._home.opened()
            undo = use_connection(self.connection_name, client)
            try:
                await client.begin()
            except BaseException as error:
                undo()
                client.failures.note(error)
                await roll_back(client._connection)
                await self._home.reopen_after(error)
                raise
        except BaseException:
            self._home._lock.release()
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
        except BaseException as error:
            client.failures.note(error)
            raise
        finally:
            client.state.ended = True
            self.undo()
            try:
                await roll_back(client._connection)
                await self._home.reopen_after(client.failures.fatal)
                await self._home.reset_session()
            finally:
                self._home._lock.release()
                hooks = client.state.start_hooks()
        if hooks:
            await hooks


class Client(ManyInTransactionMixin, FileClient):
    """The engine's client."""

    executor_class = SQLiteExecutor
    query_class = GuardedQuery
    schema_generator = SqliteGenerator

    def acquire_connection(self) -> ConnectionGuard:
        """The connection for one statement."""
        return ConnectionGuard(self._lock, self)

    async def after_statement(self, error: BaseException | None) -> None:
        """Open the file again if the connection is of no more use."""
        if error is not None:
            self.failures.note(error)
            await self.reopen_after(error)

    def _in_transaction(self) -> TransactionContext:
        return TransactionContext(Transaction(self), self._lock)


class Transaction(TransactionMixin, SqliteTransactionWrapper):
    """What queries inside a transaction run on; a read-only one waits for no writer."""

    executor_class = SQLiteExecutor
    query_class = GuardedQuery

    def __init__(self, connection: "Client | Transaction", state: TransactionState | None = None) -> None:
        super().__init__(connection)
        self.acquire_timeout: float | None = connection.acquire_timeout
        self.command_timeout: float | None = connection.command_timeout
        self.state = state or TransactionState()
        self.failures: Any = connection.failures.of_transaction()
        self.readonly = getattr(connection, "readonly", False)

    async def opened(self) -> Any:
        """The transaction's own connection."""
        return self._connection

    def acquire_connection(self) -> ConnectionGuard:
        """The connection for one statement."""
        self.state.require_usable()
        return ConnectionGuard(self._lock, self)

    async def after_statement(self, error: BaseException | None) -> None:
        """Remember that a statement failed: Postgres would end the transaction."""
        if error is not None:
            self.state.failed = True
            self.failures.note(error, readonly=self.readonly)

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
