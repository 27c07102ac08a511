"""Rows that belong to a user."""

from collections.abc import Callable

from tortoise.models import Model
from tortoise.queryset import QuerySet


def owner_scope[M: Model, User: Model](
    model: type[M], owner: str, *, sees_all: Callable[[User], bool]
) -> Callable[[User], QuerySet[M]]:
    """A function that returns the rows that a user may see: their own, or all of them.

        visible = owner_scope(Order, "customer_id", sees_all=is_staff)
        visible(user).filter(status="paid")

    Begin each read, lock and change of a row with it: another user's row is then as missing as one that never existed,
    and the response is a 404 rather than a 403, which would reveal that the row exists.

    Args:
        model: The model of the rows.
        owner: The column of the foreign key to the user, such as `customer_id`; of a related row, `order__customer_id`.
        sees_all: Whether a user sees everyone's rows.
    """

    def visible(user: User) -> QuerySet[M]:
        return model.all() if sees_all(user) else model.filter(**{owner: user.pk})

    return visible
