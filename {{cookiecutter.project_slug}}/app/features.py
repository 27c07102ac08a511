"""The registry of features: one line each.

A feature is a package with some of these modules: `models.py`, `routes.py` and `admin_routes.py` (with a `router`
each), `install.py` (with an `install` function that takes the app and the settings), `seed.py` (with a `seed`
coroutine) and `cleanup.py` (with an `expired` function that returns the rows that can be deleted).
`python -m app feature new NAME` creates one.
`python -m app feature delete NAME` deletes one with its line here, and `--examples` all that are marked as examples.
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

FEATURES = (
    "app.accounts",  # cannot be deleted: every route asks who is calling
    "app.idempotency",
    "app.customers",  # example
    "app.catalog",  # example
    "app.orders",  # example
    "app.reports",  # example
)
MODEL_MODULES = tuple(f"{feature}.models" for feature in FEATURES if find_spec(f"{feature}.models"))
MODELS_APP = "models"  # relations are written "models.User", whatever feature the model lives in


def modules(name: str) -> list[ModuleType]:
    """The modules called `name` of the features that have one, in the order of the registry."""
    return [import_module(f"{feature}.{name}") for feature in FEATURES if find_spec(f"{feature}.{name}")]
