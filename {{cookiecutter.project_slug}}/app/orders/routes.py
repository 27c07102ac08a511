"""Routes of orders."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response, status

from app.accounts.policies import SignedIn, Staff
from app.idempotency.dependencies import Idempotent
from app.orders import access, queries, service
from app.orders.models import Order
from app.orders.schemas import Action, OrderCreate, OrderFilters, OrderRead, OrderTransfer, OrderWithEvents
from tortoise_kit.http import Router
from tortoise_kit.idempotency import REPLAYED_RESPONSE
from tortoise_kit.pagination import PageRequest, created_response, item_response, page_schema, paging
from tortoise_kit.schemas import Id

router = Router(prefix="/orders", tags=["orders"])
OrderPage = Annotated[PageRequest, Depends(paging(Order, "-created_at", "total"))]
OrderId = Annotated[Id, Path(description="The order's id.")]


@router.get("", response_model=page_schema(OrderRead))
async def list_orders(user: SignedIn, page: OrderPage, filters: Annotated[OrderFilters, Query()]) -> Response:
    """List orders that match all filters. Members see only their own."""
    return await page.respond(queries.orders(filters, user), OrderRead)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=OrderWithEvents,
    responses={status.HTTP_201_CREATED: REPLAYED_RESPONSE},
)
async def place_order(user: SignedIn, new: OrderCreate, request: Request, idempotent: Idempotent) -> Response:
    """Place an order: for yourself or, as staff, for any customer.

    With an `Idempotency-Key`, a retry returns the stored response instead of ordering again.
    """

    async def place() -> Response:
        order = await service.place_order(new, user, customer_id=access.customer(user, new.customer_id))
        return created_response(request, order, OrderWithEvents, "read_order", order_id=order.id)

    return await idempotent(place)


@router.get("/{order_id}", response_model=OrderWithEvents)
async def read_order(user: SignedIn, order_id: OrderId) -> Response:
    """Get an order, with its trail: what happened to it, when, and by whom."""
    return await item_response(access.visible(user).filter(id=order_id), OrderWithEvents, missing=service.MISSING)


@router.post("/{order_id}/transfer")
async def transfer_order(user: Staff, order_id: OrderId, to: OrderTransfer) -> OrderWithEvents:
    """Transfer an order to another customer. Only staff can: nobody gets an order that they did not ask for."""
    return OrderWithEvents.model_validate(await service.transfer(order_id, to.customer_id, user))


@router.post("/{order_id}/{action}")
async def act_on_order(user: SignedIn, order_id: OrderId, action: Action) -> OrderWithEvents:
    """Pay, ship or cancel an order. Only staff can ship."""
    access.check_action(user, action)
    return OrderWithEvents.model_validate(await service.act(order_id, action, user))
