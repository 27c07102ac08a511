"""What of FastAPI is not public."""

from collections.abc import Iterator
from typing import Any


def frontend_paths(router: Any) -> Iterator[str]:
    """The paths of a router's `frontend` routes: FastAPI (0.165) keeps them apart, and not in `routes`."""
    for group in router._low_priority_routes:
        yield from (route.path for route in group.routes)
