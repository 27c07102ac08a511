"""Relations whose rows are known already, so that they need no query."""

from collections.abc import Iterable

from tortoise.fields import ReverseRelation
from tortoise.models import Model

from tortoise_kit.upstream.tortoise import set_related


def set_prefetched(owner: Model, name: str, rows: Iterable[Model]) -> None:
    """Let a relation of `owner` have these rows, as if `prefetch_related` had read them; nothing is sent or written.

    Args:
        owner: A saved instance.
        name: A to-many relation, such as `items`.
        rows: All its rows, saved, in the order to show.

    Raises:
        TypeError: The model has no such to-many relation.
    """
    relation = getattr(owner, name, None)
    if not isinstance(relation, ReverseRelation):
        message = f"{type(owner).__name__}.{name} is not a to-many relation."
        raise TypeError(message)
    set_related(relation, list(rows))
