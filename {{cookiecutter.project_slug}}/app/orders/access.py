"""Whose orders a user may see and change: customers only their own, staff all. To others an order does not exist."""

from app.accounts.models import Role, User
from app.orders.schemas import Action
from tortoise_kit.problems import Forbidden, Unprocessable

STAFF_ACTIONS: frozenset[Action] = frozenset({"ship"})


def owner(user: User) -> int | None:
    """The id of the only customer whose orders `user` may see and change, or None for all customers."""
    return None if user.may(Role.STAFF) else user.id


def customer(user: User, named: int | None) -> int:
    """The id of the customer for whom `user` orders: their own unless they name another.

    Raises:
        Unprocessable: A customer names someone else. The response does not reveal whether that account exists.
    """
    if named is None or named == user.id or user.may(Role.STAFF):
        return named or user.id
    detail = "Only staff can order for another customer; leave customer_id out."
    raise Unprocessable(detail, kind="not-your-account")


def check_action(user: User, action: Action) -> None:
    """Reject actions that customers may not perform on any order, not even their own.

    Raises:
        Forbidden: Only staff may do this.
    """
    if action in STAFF_ACTIONS and not user.may(Role.STAFF):
        detail = f"Only staff can {action} orders."
        raise Forbidden(detail)
