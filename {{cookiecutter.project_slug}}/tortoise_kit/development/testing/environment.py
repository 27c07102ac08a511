"""What the suite and the processes that it starts inherit from the shell: one list, and nothing else.

Settings, proxies, and variables of libpq and of terminals that a developer has would change the results of tests.
"""

import os
import sys
import warnings

import pytest

INHERITED = frozenset(
    {
        # Where programs, the user's files and temporary files are.
        *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV", "XDG_CACHE_HOME"),
        # Where Python finds packages and keeps byte code, but not what changes its warnings or how it runs.
        *("PYTHONHOME", "PYTHONNOUSERSITE", "PYTHONPATH", "PYTHONUSERBASE"),
        *("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"),
        "LOCPATH",  # where glibc finds the locale that TEST_DATABASE_COLLATION names
        # What Windows needs to start a process.
        *("APPDATA", "COMSPEC", "LOCALAPPDATA", "PATHEXT", "SYSTEMDRIVE", "SYSTEMROOT", "USERPROFILE", "WINDIR"),
    }
)
# What is said to the tools, and which databases the suite uses.
PREFIXES = ("TEST_DATABASE_", "PYTEST_", "HYPOTHESIS_", "COVERAGE_", "COV_", "UV_", "MYPY_", "RUFF_")
NO_FILE = os.devnull  # what ENV_FILE names, so that a developer's `.env` is not read


def is_inherited(name: str) -> bool:
    """Whether the suite keeps a variable."""
    return name.upper() in INHERITED or name.startswith(PREFIXES)


def isolate() -> None:
    """Leave this process, and all that it starts, only what is on the list."""
    for name in [each for each in os.environ if not is_inherited(each)]:
        del os.environ[name]
    os.environ["ENV_FILE"] = NO_FILE


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Leave it to the suite's configuration which warnings are errors, whatever PYTHONWARNINGS or `python -W` said.

    Other plugins warn from here on; until now pytest has put the filters back that it found.
    """
    sys.warnoptions.clear()
    warnings.resetwarnings()
