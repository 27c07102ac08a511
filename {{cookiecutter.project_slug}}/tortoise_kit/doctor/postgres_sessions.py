"""Sessions of Postgres: transactions that stay open, sessions that block others, pools, connections, the replica."""

import asyncio
from collections.abc import Iterable
from typing import Any

from tortoise_kit.db.config import RESERVED_CONNECTIONS
from tortoise_kit.db.errors import ConnectionLost
from tortoise_kit.doctor.context import CheckContext
from tortoise_kit.doctor.findings import Finding, NotChecked, amount, duration, size

LONG_SECONDS = 60.0  # a request's deadline is 8 s by default; VACUUM keeps all rows that were dead since then
IDLE_SECONDS = 10.0  # where the pool sets none
BLOCKED_SECONDS = 1.0  # the usual deadlock_timeout: most waits are over by then
USED_SHARE_MAX = 0.9
BUSY_SAMPLES, SAMPLE_SECONDS = 5, 0.1  # a burst is no lasting lack
POLL_SECONDS = 0.05

_SESSIONS = """
SELECT pid, coalesce(application_name, '') AS application, state,
    extract(epoch FROM clock_timestamp() - xact_start)::float8 AS open_seconds,
    extract(epoch FROM clock_timestamp() - state_change)::float8 AS state_seconds,
    CASE WHEN wait_event_type = 'Lock' THEN pg_blocking_pids(pid) ELSE '{}' END AS blockers,
    (SELECT extract(epoch FROM clock_timestamp() - min(waitstart))::float8 FROM pg_locks l
        WHERE l.pid = a.pid AND NOT granted) AS waiting_seconds
FROM pg_stat_activity a WHERE backend_type = 'client backend' AND datname = current_database()
    AND pid <> pg_backend_pid()
ORDER BY pid
"""
_RIGHT = """
SELECT current_user::text AS role, pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_all
"""
CONNECTIONS = """
SELECT current_setting('max_connections')::int AS granted,
    current_setting('superuser_reserved_connections')::int AS reserved,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used
"""
_BUSY = """
SELECT count(*) AS busy FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()
    AND state <> 'idle' AND pid <> pg_backend_pid()
"""
_REPLICA = """
SELECT pg_is_in_recovery() AS standby, (coalesce(pg_last_wal_replay_lsn(), '0/0') - '0/0')::float8 AS position,
    CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END AS paused
"""


async def right_to_see(context: CheckContext) -> list[Finding]:
    """Raises NotChecked if the role sees only its own sessions and statements."""
    row = await context.row(_RIGHT)
    if row["sees_all"]:
        return []
    message = f'The role sees only its own: run `GRANT pg_read_all_stats TO "{row["role"]}";` as a superuser.'
    raise NotChecked(message)


async def open_transactions(context: CheckContext) -> list[Finding]:
    """Transactions that work for long, and those that do nothing."""
    idle_limit = context.deployment.pool.idle_in_transaction_timeout or IDLE_SECONDS
    found = []
    for row in await context.rows(_SESSIONS):
        idle = (row["state"] or "").startswith("idle in transaction")
        if idle and row["state_seconds"] >= idle_limit:
            found.append(_idle(row))
        elif not idle and not row["blockers"] and (row["open_seconds"] or 0) >= LONG_SECONDS:
            found.append(_long(row))
    return found


def _idle(row: dict[str, Any]) -> Finding:
    seen = f"{_session(row)}: it keeps its locks, and VACUUM keeps the rows that were deleted since it began."
    return Finding("idle-in-transaction", f"pid {row['pid']}", seen, f"SELECT pg_terminate_backend({row['pid']});")


def _long(row: dict[str, Any]) -> Finding:
    seen = f"{_session(row)}: VACUUM keeps the rows that were deleted since it began."
    return Finding("long-transaction", f"pid {row['pid']}", seen, f"SELECT pg_cancel_backend({row['pid']});")


def _session(row: dict[str, Any]) -> str:
    named = f", application {row['application']}" if row["application"] else ""
    opened = f", in a transaction for {duration(row['open_seconds'])}" if row["open_seconds"] is not None else ""
    lasting = f" for {duration(row['state_seconds'])}" if row["state_seconds"] is not None else ""
    return f"pid {row['pid']} is {row['state'] or 'in an unknown state'}{lasting}{opened}{named}"


async def blocking_sessions(context: CheckContext) -> list[Finding]:
    """Sessions that wait for no lock, and hold one that others wait for, directly or behind others."""
    sessions = {row["pid"]: row for row in await context.rows(_SESSIONS)}
    behind: dict[int, list[dict[str, Any]]] = {}
    for row in sessions.values():
        if (row["waiting_seconds"] or 0) >= BLOCKED_SECONDS:
            for root in _roots(row["pid"], sessions, set()):
                behind.setdefault(root, []).append(row)
    return [_blocking(root, sessions.get(root), waiting) for root, waiting in sorted(behind.items())]


def _roots(pid: int, sessions: dict[int, dict[str, Any]], passed: set[int]) -> set[int]:
    """Who the session waits for at the end of the chain; nobody in a deadlock, which the server resolves."""
    blockers = set(sessions[pid]["blockers"]) if pid in sessions else set()
    if not blockers:
        return {pid}
    ahead = (_roots(each, sessions, {*passed, pid}) for each in blockers - passed - {pid})
    return {root for roots in ahead for root in roots}


def _blocking(root: int, row: dict[str, Any] | None, waiting: Iterable[dict[str, Any]]) -> Finding:
    blocker = _session(row) if row else f"pid {root} is a session of another database" if root else "It is prepared"
    names = ", ".join(f"pid {each['pid']} for {duration(each['waiting_seconds'])}" for each in waiting)
    seen = f"{blocker}. Waiting for its locks: {names}."
    if not root:  # as `pg_blocking_pids` says
        return Finding(
            "blocking-session", "a prepared transaction", seen, "SELECT gid, prepared FROM pg_prepared_xacts;"
        )
    return Finding("blocking-session", f"pid {root}", seen, f"SELECT pg_terminate_backend({root});")


async def connections(context: CheckContext) -> list[Finding]:
    """Pools that may open more connections than the server grants, and a server that has hardly any left."""
    row, deployed = await context.row(CONNECTIONS), context.deployment
    granted, used = row["granted"], row["used"]
    found = []
    problem = deployed.pool.over_budget(workers=deployed.workers, replicas=deployed.replicas, granted=granted)
    if problem and not deployed.pool.pooler:
        fitting = max(1, (granted - RESERVED_CONNECTIONS) // deployed.processes)
        found.append(Finding("pool-too-large", "DB_POOL_MAX_SIZE", problem, f"DB_POOL_MAX_SIZE={fitting}"))
    if used >= USED_SHARE_MAX * (granted - row["reserved"]):
        seen = (
            f"{used:,} of {amount(granted - row['reserved'], 'connection')} that max_connections grants are open: "
            "further ones fail. Restart the server after the change, or use a pooler."
        )
        remedy = f"ALTER SYSTEM SET max_connections = {granted * 2};"
        found.append(Finding("connections-near-limit", "max_connections", seen, remedy))
    return found


async def busy_pools(context: CheckContext) -> list[Finding]:
    """Pools whose connections are all in use for half a second; before PgBouncer, sessions say nothing of pools."""
    deployed = context.deployment
    most = deployed.pool.max_size * deployed.processes
    if deployed.pool.pooler or not deployed.application_name:
        return []
    for _ in range(BUSY_SAMPLES):
        await context.rows("SELECT pg_stat_clear_snapshot()")
        row = await context.row(_BUSY, deployed.application_name)
        if row["busy"] < most:
            return []
        await asyncio.sleep(SAMPLE_SECONDS)
    seen = (
        f"All {amount(most, 'connection')} of {amount(deployed.processes, 'worker')} are in use, so requests wait for "
        "one. If their statements are fast, and the server has idle cores, enlarge the pools."
    )
    return [Finding("pool-too-small", "DB_POOL_MAX_SIZE", seen, f"DB_POOL_MAX_SIZE={deployed.pool.max_size * 2}")]


async def replica(context: CheckContext) -> list[Finding]:
    """A replica that cannot be read from, or that does not reach in time what the primary has now."""
    if context.replica is None:
        return []
    now = await context.row("SELECT (pg_current_wal_lsn() - '0/0')::float8 AS position")
    try:
        return await _lagging(context, now["position"])
    except ConnectionLost as error:
        return [_unusable(f"It cannot be reached ({error})")]


async def _lagging(context: CheckContext, position: float) -> list[Finding]:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + context.max_lag
    while True:
        (row,) = await context.replica_rows(_REPLICA)
        if not row["standby"]:
            return [_unusable("It is no standby")]
        if row["position"] >= position:
            return []
        if loop.time() >= deadline:
            break
        await asyncio.sleep(POLL_SECONDS)
    seen = (
        f"It lacks {size(position - row['position'])} of the log that the primary had {context.max_lag:g} s ago, so "
        f"reads go to the primary. {'Replay is paused.' if row['paused'] else 'Its own queries may delay the replay.'} "
        "Run the remedy on the replica."
    )
    limit = "ALTER SYSTEM SET max_standby_streaming_delay = '1s';\nSELECT pg_reload_conf();"
    return [
        Finding(
            "replica-lag", "DATABASE_REPLICA_URL", seen, "SELECT pg_wal_replay_resume();" if row["paused"] else limit
        )
    ]


def _unusable(reason: str) -> Finding:
    seen = f"{reason}: reads go to the primary. Without the setting, the service no longer tries."
    return Finding("replica-unusable", "DATABASE_REPLICA_URL", seen, "DATABASE_REPLICA_URL=")
