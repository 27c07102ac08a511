"""Relations whose rows are at hand, so that nobody asks the database for what was just written."""

from collections.abc import Iterable

from tortoise.fields import ReverseRelation
from tortoise.models import Model


def set_prefetched(owner: Model, name: str, rows: Iterable[Model]) -> None:
    """Let a relation of `owner` be these rows, as `prefetch_related` would have read them; nothing is written.

    Args:
        owner: A saved instance.
        name: Of a relation to many, such as `items`.
        rows: All there are, saved, in the order to show.

    Raises:
        TypeError: The model has no such relation to many.
    """
    relation = getattr(owner, name, None)
    if not isinstance(relation, ReverseRelation):
        message = f"{type(owner).__name__}.{name} is no relation to many; name one."
        raise TypeError(message)
    relation._set_result_for_query(list(rows))
