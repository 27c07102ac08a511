"""Which process runs which test: each database's tests stay together, the others go one by one to whoever is free.

Where one database was chosen, the kit's tests are one half and those of the service the other.
"""

import re

from xdist.scheduler import LoadScopeScheduling

_DATABASE = re.compile(r"\[(sqlite|postgres)[\]-]")  # the first parameter of a test, as `conftest.py` gives it


class DatabaseScheduling(LoadScopeScheduling):  # type: ignore[misc]  # without types
    """So each database is migrated by one process, and one starts a server; the larger part is begun first."""

    def _split_scope(self, nodeid: str) -> str:
        found = _DATABASE.search(nodeid)
        if found is None:
            return nodeid
        half = "kit" if self.config.getoption("--db") and nodeid.startswith("tests/kit/") else "all"
        return f"{found[1]} {half}"
