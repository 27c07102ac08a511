"""uvicorn's parent of workers, read at 0.54: it notices at once that one has ended, and stops if one cannot start."""

import sys
import traceback

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess


class WorkersConfig(uvicorn.Config):
    """uvicorn's, which each worker gets from its parent."""

    def load(self) -> None:
        """Import the application; after an error the process ends with the code of a start that failed."""
        try:
            super().load()
        except Exception:  # noqa: BLE001 -- of any import
            traceback.print_exc()
            sys.exit(STARTUP_FAILURE)


class Workers(Multiprocess):
    """The parent.

    Attributes:
        failed: Whether it stopped because a worker could not start.
    """

    failed = False

    def keep_subprocess_alive(self) -> None:
        """Start a worker for each that has ended; stop if it could not start."""
        if self.should_exit.is_set():
            return
        for worker in self.processes:
            # Each worker has this end of the pipe, too. While the parent keeps it open, a health check of a worker that
            # has ended waits for `timeout_worker_healthcheck`.
            worker.child_conn.close()
        super().keep_subprocess_alive()
        self.failed = self.should_exit.is_set()
