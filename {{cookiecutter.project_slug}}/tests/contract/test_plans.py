"""Every list of the service stands in its feature's `tests/FEATURE/test_plans.py`, where its plans are looked at."""

from importlib import import_module
from importlib.util import find_spec

from app.features import FEATURES
from tests.support.plans import offered


def test_the_plans_of_every_list_are_looked_at() -> None:
    tests = [f"tests.{feature.split('.')[-1]}.test_plans" for feature in FEATURES]
    looked_at = {path for name in tests if find_spec(name) for path in import_module(name).LISTS}

    assert looked_at == set(offered())
