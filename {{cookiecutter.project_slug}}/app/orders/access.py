"""Whose orders a user sees and touches: a customer their own, staff all. Another's order is as if it did not exist."""

from app.accounts.models import Role, User
from app.orders.schemas import Action
from tortoise_kit.problems import Forbidden, Unprocessable

STAFF_ACTIONS: frozenset[Action] = frozenset({"ship"})


def owner(user: User) -> int | None:
    """The one customer whose orders `user` may see and touch, or None for all customers."""
    return None if user.may(Role.STAFF) else user.id


def customer(user: User, named: int | None) -> int:
    """For whom `user` orders: for themselves unless they name somebody.

    Raises:
        Unprocessable: A customer names somebody else, who may exist or not: the answer does not tell.
    """
    if named is None or named == user.id or user.may(Role.STAFF):
        return named or user.id
    detail = "Staff alone order for others; leave customer_id out."
    raise Unprocessable(detail, kind="not-your-account")


def check_action(user: User, action: Action) -> None:
    """Refuse what customers do to no order, be it theirs or not.

    Raises:
        Forbidden: It is for staff.
    """
    if action in STAFF_ACTIONS and not user.may(Role.STAFF):
        detail = f"Staff alone {action} orders."
        raise Forbidden(detail)
