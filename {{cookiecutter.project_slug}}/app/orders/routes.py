"""Orders over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response, status

from app.kit.paging import Page, PageRequest, paging
from app.kit.reads import item_response
from app.kit.schemas import Id
from app.orders import queries, service
from app.orders.models import Order
from app.orders.schemas import Action, OrderCreate, OrderFilters, OrderRead, OrderTransfer

router = APIRouter(prefix="/orders", tags=["orders"])
OrderPage = Annotated[PageRequest, Depends(paging(Order, "-created_at", "total"))]
OrderId = Annotated[Id, Path(description="Of an order.")]


@router.get("", response_model=Page[OrderRead])
async def list_orders(page: OrderPage, filters: Annotated[OrderFilters, Query()]) -> Response:
    """The orders that pass the filters, page by page."""
    return await page.of(queries.orders(filters), OrderRead)


@router.post("", status_code=status.HTTP_201_CREATED)
async def place_order(new: OrderCreate, request: Request, response: Response) -> OrderRead:
    """Order some products."""
    order = await service.place_order(new)
    response.headers["Location"] = str(request.app.url_path_for("read_order", order_id=order.id))
    return OrderRead.model_validate(order)


@router.get("/{order_id}", response_model=OrderRead)
async def read_order(order_id: OrderId) -> Response:
    """One order."""
    return await item_response(Order.filter(id=order_id), OrderRead, missing="There is no such order.")


@router.post("/{order_id}/transfer")
async def transfer_order(order_id: OrderId, to: OrderTransfer) -> OrderRead:
    """Give an order to another customer."""
    return OrderRead.model_validate(await service.transfer(order_id, to.customer_id))


@router.post("/{order_id}/{action}")
async def act_on_order(order_id: OrderId, action: Action) -> OrderRead:
    """Pay, ship or cancel an order."""
    return OrderRead.model_validate(await service.act(order_id, action))
