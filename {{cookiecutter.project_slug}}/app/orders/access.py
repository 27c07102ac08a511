"""Whose orders a user may see and change: members only their own, staff all. To others an order does not exist."""

from app.accounts.models import User
from app.accounts.policies import is_staff
from app.orders.models import Order
from app.orders.schemas import Action
from tortoise_kit.models import owner_scope
from tortoise_kit.problems import Forbidden, Unprocessable

STAFF_ACTIONS: frozenset[Action] = frozenset({"ship"})

visible = owner_scope(Order, "customer_id", sees_all=is_staff)


def customer(user: User, named: int | None) -> int:
    """The id of the customer for whom `user` orders: their own unless they name another.

    Raises:
        Unprocessable: A member names someone else. The response does not reveal whether that account exists.
    """
    if named is None or named == user.id or is_staff(user):
        return named or user.id
    detail = "Only staff can order for another customer; leave customer_id out."
    raise Unprocessable(detail, kind="not-your-account")


def check_action(user: User, action: Action) -> None:
    """Reject actions that members may not perform on any order, not even their own.

    Raises:
        Forbidden: Only staff may do this.
    """
    if action in STAFF_ACTIONS and not is_staff(user):
        detail = f"Only staff can {action} orders."
        raise Forbidden(detail)
