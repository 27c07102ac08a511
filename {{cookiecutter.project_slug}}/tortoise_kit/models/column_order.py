"""The columns of every SELECT in one order, whatever process asks.

Tortoise 1.1.9 keeps them in a set, so their order follows PYTHONHASHSEED: each worker sends another text for the same
query, and `pg_stat_statements` counts each as one of its own.
"""

from collections.abc import Iterable, Iterator

from tortoise.models import Model


class Columns(set[str]):
    """A set that is walked in the order its members were given in."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        super().__init__(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)


def keep_column_order(models: Iterable[type[Model]]) -> None:
    """Let queries of these models name their columns as the models do; call it once Tortoise is initialised."""
    for model in models:
        meta = model._meta
        meta.db_fields = Columns(meta.fields_db_projection.values())
        meta.basequery_all_fields = meta.basequery.select(*meta.db_fields)  # type: ignore[assignment]  # as upstream does
