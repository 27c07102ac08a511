"""What each error code of the two databases means to a request: data only.

Postgres: SQLSTATE, by class or by code (PostgreSQL manual, appendix A). SQLite: result codes, by their extended or
primary name (sqlite.org/rescode.html); where a code says only SQLITE_ERROR, by a part of its message.
"""

import sqlite3
from collections.abc import Mapping
from enum import StrEnum


class Outcome(StrEnum):
    """What an error means to a request."""

    UNAVAILABLE = "unavailable"  # the server is away, ended the session, or lacks resources
    ACCESS_REFUSED = "access refused"
    READ_ONLY = "read-only"
    FULL = "full"
    TIMEOUT = "timeout"
    LOCKED = "locked"
    RETRY = "lost against another transaction"
    SCHEMA = "schema does not fit"
    VALUE = "bad value"
    CONSTRAINT = "constraint"
    BUG = "bug"


POSTGRES: Mapping[str, Outcome] = {
    "03": Outcome.BUG,  # SQL statement not yet complete
    "08": Outcome.UNAVAILABLE,  # connection exception
    "09": Outcome.BUG,  # triggered action exception
    "0A": Outcome.BUG,  # feature not supported
    "0B": Outcome.BUG,  # invalid transaction initiation
    "0F": Outcome.BUG,  # locator exception
    "0L": Outcome.BUG,  # invalid grantor
    "0P": Outcome.BUG,  # invalid role specification
    "0Z": Outcome.BUG,  # diagnostics exception
    "10": Outcome.VALUE,  # XQuery error
    "20": Outcome.VALUE,  # a CASE of PL/pgSQL has no branch for the value
    "21": Outcome.VALUE,  # cardinality violation: two values of one request meet in one row
    "22": Outcome.VALUE,  # data exception
    "2200H": Outcome.FULL,  # a sequence has no number left
    "23": Outcome.CONSTRAINT,  # integrity constraint violation
    "24": Outcome.BUG,  # invalid cursor state
    "25": Outcome.BUG,  # invalid transaction state
    "25006": Outcome.READ_ONLY,  # a standby, or default_transaction_read_only
    "25P03": Outcome.UNAVAILABLE,  # idle in transaction for too long; the session has ended
    "25P04": Outcome.TIMEOUT,  # transaction_timeout; the session has ended
    "26": Outcome.UNAVAILABLE,  # the session lacks its prepared statement: a pooler exchanged it
    "27": Outcome.BUG,  # triggered data change violation
    "28": Outcome.ACCESS_REFUSED,  # invalid authorization specification
    "2B": Outcome.BUG,  # dependent privilege descriptors still exist
    "2D": Outcome.BUG,  # invalid transaction termination
    "2F": Outcome.BUG,  # SQL routine exception
    "34": Outcome.BUG,  # invalid cursor name
    "38": Outcome.BUG,  # external routine exception
    "39": Outcome.BUG,  # external routine invocation exception
    "3B": Outcome.BUG,  # savepoint exception
    "3D": Outcome.ACCESS_REFUSED,  # no such database
    "3F": Outcome.SCHEMA,  # no such schema
    "40": Outcome.RETRY,  # transaction rollback
    "40002": Outcome.CONSTRAINT,  # a constraint was violated at COMMIT
    "40003": Outcome.UNAVAILABLE,  # whether it was committed is unknown, so it must not be retried
    "42": Outcome.BUG,  # syntax error or access rule violation
    "42601": Outcome.BUG,  # syntax error; in a value, such as a tsquery, if it has no position: then `VALUE`
    "42501": Outcome.ACCESS_REFUSED,  # the role lacks a right
    "42703": Outcome.SCHEMA,  # no such column
    "42704": Outcome.SCHEMA,  # no such type, index or other object
    "42804": Outcome.SCHEMA,  # a column has another type
    "42809": Outcome.SCHEMA,  # a view in place of a table, or the like
    "42846": Outcome.SCHEMA,  # a column has a type without a cast from the value's
    "42883": Outcome.SCHEMA,  # no such function, or no such operator for the columns' types
    "428C9": Outcome.SCHEMA,  # a column is generated
    "42P01": Outcome.SCHEMA,  # no such table
    "42P10": Outcome.SCHEMA,  # no unique constraint for ON CONFLICT
    "44": Outcome.CONSTRAINT,  # WITH CHECK OPTION violation
    "53": Outcome.UNAVAILABLE,  # insufficient resources
    "53100": Outcome.FULL,  # disk full
    "54": Outcome.VALUE,  # program limit exceeded: a value too long for its index, too many parameters
    "55": Outcome.UNAVAILABLE,  # object not in prerequisite state
    "55006": Outcome.LOCKED,  # object in use
    "55P02": Outcome.BUG,  # a parameter that only a restart changes
    "55P03": Outcome.LOCKED,  # lock not available
    "55P04": Outcome.BUG,  # an enum's new value used before its commit
    "57": Outcome.UNAVAILABLE,  # operator intervention
    "57014": Outcome.TIMEOUT,  # query cancelled
    "58": Outcome.UNAVAILABLE,  # system error
    "72": Outcome.RETRY,  # snapshot too old
    "F0": Outcome.UNAVAILABLE,  # configuration file error
    "HV": Outcome.UNAVAILABLE,  # foreign data wrapper error: the foreign server is away, or rejects something
    "HV005": Outcome.SCHEMA,  # no such column there
    "HV00Q": Outcome.SCHEMA,  # no such schema there
    "HV00R": Outcome.SCHEMA,  # no such table there
    "P0": Outcome.BUG,  # PL/pgSQL error
    "P0001": Outcome.CONSTRAINT,  # RAISE EXCEPTION: a rule that a trigger checks
    "P0002": Outcome.VALUE,  # INTO STRICT found no row
    "P0003": Outcome.VALUE,  # it found several
    "XX": Outcome.UNAVAILABLE,  # internal error, corrupted data
}
POSTGRES_UNLISTED = Outcome.CONSTRAINT  # a code that somebody's trigger invented for its rule

SQLITE: Mapping[str, Outcome] = {
    "SQLITE_ERROR": Outcome.BUG,
    "SQLITE_ERROR_MISSING_COLLSEQ": Outcome.SCHEMA,
    "SQLITE_ERROR_RETRY": Outcome.RETRY,
    "SQLITE_ERROR_SNAPSHOT": Outcome.RETRY,
    "SQLITE_INTERNAL": Outcome.UNAVAILABLE,
    "SQLITE_PERM": Outcome.ACCESS_REFUSED,
    "SQLITE_ABORT": Outcome.TIMEOUT,  # a rollback ended the statement
    "SQLITE_BUSY": Outcome.LOCKED,
    "SQLITE_BUSY_SNAPSHOT": Outcome.RETRY,
    "SQLITE_LOCKED": Outcome.LOCKED,
    "SQLITE_NOMEM": Outcome.UNAVAILABLE,
    "SQLITE_READONLY": Outcome.READ_ONLY,
    "SQLITE_INTERRUPT": Outcome.TIMEOUT,
    "SQLITE_IOERR": Outcome.UNAVAILABLE,
    "SQLITE_IOERR_SHMSIZE": Outcome.FULL,  # there is no room for the index of the write-ahead log
    "SQLITE_CORRUPT": Outcome.UNAVAILABLE,
    "SQLITE_NOTFOUND": Outcome.BUG,
    "SQLITE_FULL": Outcome.FULL,
    "SQLITE_CANTOPEN": Outcome.UNAVAILABLE,
    "SQLITE_PROTOCOL": Outcome.LOCKED,  # others took the lock again and again
    "SQLITE_EMPTY": Outcome.BUG,
    "SQLITE_SCHEMA": Outcome.RETRY,  # the schema changed while the statement began
    "SQLITE_TOOBIG": Outcome.VALUE,
    "SQLITE_CONSTRAINT": Outcome.CONSTRAINT,
    "SQLITE_MISMATCH": Outcome.VALUE,
    "SQLITE_MISUSE": Outcome.BUG,
    "SQLITE_NOLFS": Outcome.FULL,  # the file would be larger than its file system allows
    "SQLITE_AUTH": Outcome.ACCESS_REFUSED,
    "SQLITE_FORMAT": Outcome.BUG,
    "SQLITE_RANGE": Outcome.BUG,
    "SQLITE_NOTADB": Outcome.UNAVAILABLE,
    "SQLITE_NOTICE": Outcome.BUG,
    "SQLITE_WARNING": Outcome.BUG,
}
SQLITE_MESSAGES: Mapping[str, Outcome] = {  # of SQLITE_ERROR, and of what has no code
    "no such savepoint": Outcome.BUG,
    "no such ": Outcome.SCHEMA,
    "has no column named": Outcome.SCHEMA,
    "values were supplied": Outcome.SCHEMA,  # for a table with more columns, or with fewer
    "because it is a view": Outcome.SCHEMA,
    "generated column": Outcome.SCHEMA,
    "ON CONFLICT clause does not match": Outcome.SCHEMA,
    "foreign key mismatch": Outcome.SCHEMA,
    "integer overflow": Outcome.VALUE,
    "malformed JSON": Outcome.VALUE,
    "JSON path": Outcome.VALUE,
    "JSON cannot hold": Outcome.VALUE,
    "pattern too complex": Outcome.VALUE,
    "ESCAPE expression": Outcome.VALUE,
    "fts5: ": Outcome.VALUE,
    "unterminated string": Outcome.VALUE,
    "user-defined function raised": Outcome.VALUE,  # a pattern that is no regular expression
    "too many": Outcome.VALUE,
    "tree is too large": Outcome.VALUE,
    "parser stack overflow": Outcome.VALUE,
    "too big": Outcome.VALUE,
    "closed database": Outcome.UNAVAILABLE,
}
_PRIMARY = {code: name for name in SQLITE if (code := getattr(sqlite3, name, 0x100)) <= 0xFF}  # noqa: PLR2004 -- the low byte is the kind


def of_postgres(code: str) -> Outcome:
    """The outcome of an SQLSTATE: its own, or that of its class."""
    return POSTGRES.get(code) or POSTGRES.get(code[:2], POSTGRES_UNLISTED)


def of_sqlite(code: int, name: str, message: str) -> Outcome:
    """The outcome of a result code: its own, that of its primary code, or that of a message.

    Args:
        code: The extended result code; 0 for an error of Python's `sqlite3`, which has none.
        name: Its name, `sqlite_errorname`.
        message: The error's text.
    """
    listed = SQLITE.get(name) or SQLITE.get(_PRIMARY.get(code & 0xFF, ""), Outcome.BUG)
    if listed is not Outcome.BUG:
        return listed
    return next((outcome for part, outcome in SQLITE_MESSAGES.items() if part in message), Outcome.BUG)
