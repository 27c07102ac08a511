"""Writes to orders, one transaction each. Rows that a decision depends on are locked first, in a fixed order."""

from app.catalog.models import Product
from app.orders import queries
from app.orders.models import Order, OrderEvent, OrderItem, Status
from app.orders.schemas import Action, OrderCreate
from tortoise_kit.bulk import insert_many, update_many
from tortoise_kit.db import lock_row, lock_rows, transactional
from tortoise_kit.models import set_prefetched
from tortoise_kit.problems import Conflict, NotFound, Unprocessable

# For each action, the statuses it is allowed in and the status it leads to.
TRANSITIONS: dict[Action, tuple[frozenset[Status], Status]] = {
    "pay": (frozenset({Status.PENDING}), Status.PAID),
    "ship": (frozenset({Status.PAID}), Status.SHIPPED),
    "cancel": (frozenset({Status.PENDING, Status.PAID}), Status.CANCELLED),
}


@transactional()
async def place_order(new: OrderCreate, *, customer_id: int) -> Order:
    """Place an order for a customer at today's prices, and take its pieces out of stock.

    For a request with an Idempotency-Key this is a savepoint in the transaction that stores the response.

    Raises:
        Unprocessable: A product does not exist.
        Conflict: Too few pieces of a product are left.
    """
    items = await _take_stock(new)
    total = sum(item.unit_price * item.quantity for item in items)
    order = await Order.create(customer_id=customer_id, total=total)
    for item in items:
        item.order_id = order.id
    await insert_many(items)
    await OrderEvent.create(order_id=order.id, kind="placed")
    set_prefetched(order, "items", items)
    return order


@transactional()
async def act(order_id: int, action: Action, *, owner: int | None) -> Order:
    """Pay, ship or cancel an order. Cancelling returns its pieces to stock.

    Raises:
        NotFound: The order does not exist, or `owner` is set and it belongs to someone else.
        Conflict: The order's status does not allow the action.
    """
    allowed, status = TRANSITIONS[action]
    order = await _locked(order_id, owner)
    if order.status not in allowed:
        detail = f"The order is {order.status.value}; to {action} it, it must be {' or '.join(sorted(allowed))}."
        raise Conflict(detail, kind="order-status")
    if status is Status.CANCELLED:
        await _return_stock(order)
    order.status = status
    await order.save(update_fields=["status", "updated_at"])
    await OrderEvent.create(order_id=order.id, kind=status.value)
    return await queries.order(order_id, owner=None)


@transactional()
async def transfer(order_id: int, customer_id: int, *, owner: int | None) -> Order:
    """Transfer an order to another customer, and record who had it before.

    Raises:
        NotFound: The order does not exist, or `owner` is set and it belongs to someone else.
        Unprocessable: The customer does not exist, or their account is not active.
        Conflict: The order is cancelled, or already belongs to the customer.
    """
    order = await _locked(order_id, owner)
    if not await queries.customer_exists(customer_id):
        detail = "The customer does not exist or their account is not active."
        raise Unprocessable(detail, kind="customer-missing")
    if order.status is Status.CANCELLED or order.customer_id == customer_id:
        detail = "The order is cancelled or already belongs to this customer, so it cannot be transferred."
        raise Conflict(detail, kind="order-transfer")
    detail_of_event = {"from": order.customer_id, "to": customer_id}
    order.customer_id = customer_id
    await order.save(update_fields=["customer_id", "updated_at"])
    await OrderEvent.create(order_id=order.id, kind="transferred", detail=detail_of_event)
    return await queries.order(order_id, owner=None)


async def _take_stock(new: OrderCreate) -> list[OrderItem]:
    wanted = {item.product_id: item.quantity for item in new.items}
    # Sorted by id, so that two orders for the same products wait for each other instead of deadlocking.
    products = await lock_rows(Product.filter(id__in=list(wanted)).order_by("id"))
    known = {product.id for product in products}
    if missing := [place for place, item in enumerate(new.items) if item.product_id not in known]:
        detail = f"The product of items[{missing[0]}] does not exist."
        raise Unprocessable(detail, kind="product-missing")
    for product in products:
        if product.stock < wanted[product.id]:
            place = list(wanted).index(product.id)
            detail = f"Product {product.sku} has only {product.stock} left; items[{place}] asks for more."
            raise Conflict(detail, kind="out-of-stock")
        product.stock -= wanted[product.id]
    await update_many(products, ("stock",))
    return [OrderItem(product_id=each.id, quantity=wanted[each.id], unit_price=each.price) for each in products]


async def _return_stock(order: Order) -> None:
    returned = {item.product_id: item.quantity for item in await OrderItem.filter(order_id=order.id)}
    products = await lock_rows(Product.filter(id__in=list(returned)).order_by("id"))
    for product in products:
        product.stock += returned[product.id]
    await update_many(products, ("stock",))


async def _locked(order_id: int, owner: int | None) -> Order:
    order = await lock_row(queries.owned(Order.filter(id=order_id), owner))
    if order is None:
        detail = "Order not found."
        raise NotFound(detail)
    return order
