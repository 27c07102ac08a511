"""A row's status, which only certain actions change, and only in certain states."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.db.locks import lock_row
from tortoise_kit.problems.errors import Conflict


class StateMachine[Action: str, State: StrEnum]:
    """Which actions lead from which states to which one.

        TRANSITIONS = StateMachine[Action, Status](
            "status",
            {
                "pay": ({Status.PENDING}, Status.PAID),
                "cancel": ({Status.PENDING, Status.PAID}, Status.CANCELLED),
            },
        )

        order = await TRANSITIONS.apply("pay", Order.filter(id=order_id), missing="Order not found.")

    Args:
        field: The field that has the state.
        transitions: For each action the states that it is allowed in, and the one that it leads to.
    """

    def __init__(self, field: str, transitions: Mapping[Action, tuple[Collection[State], State]]) -> None:
        self.field = field
        self.transitions = transitions

    async def apply[M: Model](self, action: Action, rows: QuerySet[M], *, missing: str) -> M:
        """Lock the first row and change its state, in the caller's transaction; `auto_now` fields are set too.

        Of two callers at once the second one waits, and finds the state that the first one left.

        Args:
            action: One of the actions.
            rows: The row, as a queryset.
            missing: The detail of the problem if there is no row.

        Raises:
            NotFound: There is no row.
            Conflict: Its state does not allow the action. The kind is `order-status` for the field `status` of `Order`.
            TransactionManagementError: There is no open transaction.
        """
        allowed, target = self.transitions[action]
        row = await lock_row(rows, missing=missing)
        state: State = getattr(row, self.field)
        if state not in allowed:
            raise self._conflict(type(row), action, state, allowed)
        setattr(row, self.field, target)
        automatic = [name for name, field in row._meta.fields_map.items() if getattr(field, "auto_now", False)]
        await row.save(update_fields=[self.field, *automatic])
        return row

    def _conflict(self, model: type[Model], action: Action, state: State, allowed: Collection[State]) -> Conflict:
        words = re.findall(r"[A-Z]+[^A-Z]*", model.__name__)
        name = " ".join(words).lower()
        wanted = " or ".join(sorted(each.value for each in allowed))
        detail = f"The {name} is {state.value}; to {action} it, it must be {wanted}."
        return Conflict(detail, kind=f"{name.replace(' ', '-')}-{self.field}")
