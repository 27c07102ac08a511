"""PgBouncer in transaction mode before the suite's Postgres."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest

from tests.kit.chaos.server import Server, ServerError, running


@contextmanager
def pgbouncer_before(server: Server) -> Generator[Server]:
    """A started PgBouncer for all databases of `server`; where it is not installed, the test says how to get it."""
    try:
        bouncer = running("pgbouncer", server.url)
        with bouncer as started:
            yield started
    except ServerError as error:
        pytest.fail(str(error), pytrace=False)
