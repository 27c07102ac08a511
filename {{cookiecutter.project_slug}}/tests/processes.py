"""Which process runs which test: each database's tests stay together, the others go one by one to whoever is free."""

import re

from xdist.scheduler import LoadScopeScheduling

_DATABASE = re.compile(r"\[(sqlite|postgres)[\]-]")  # the first parameter of a test, as `conftest.py` gives it


class DatabaseScheduling(LoadScopeScheduling):  # type: ignore[misc]  # without types
    """So each database is migrated by one process, and one starts a server; the larger part is begun first."""

    def _split_scope(self, nodeid: str) -> str:
        found = _DATABASE.search(nodeid)
        return found[1] if found else nodeid
