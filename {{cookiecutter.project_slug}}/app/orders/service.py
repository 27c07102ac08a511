"""Writes to orders, one transaction each. Rows that a decision depends on are locked first, in a fixed order."""

from app.accounts.models import User
from app.catalog.models import Product
from app.customers.queries import can_order
from app.orders import queries
from app.orders.access import visible
from app.orders.models import Order, OrderEvent, OrderItem, Status
from app.orders.schemas import Action, OrderCreate
from tortoise_kit.bulk import increment_many, insert_with, update_many
from tortoise_kit.db import StateMachine, lock_row, lock_rows, transactional
from tortoise_kit.problems import Conflict, Unprocessable

MISSING = "Order not found."
TRANSITIONS = StateMachine[Action, Status](
    "status",
    {
        "pay": ({Status.PENDING}, Status.PAID),
        "ship": ({Status.PAID}, Status.SHIPPED),
        "cancel": ({Status.PENDING, Status.PAID}, Status.CANCELLED),
    },
)


@transactional()
async def place_order(new: OrderCreate, user: User, *, customer_id: int) -> Order:
    """Place an order for a customer at today's prices, and take its pieces out of stock.

    For a request with an Idempotency-Key this is a savepoint in the transaction that stores the response.

    Raises:
        Unprocessable: A product does not exist.
        Conflict: Too few pieces of a product are left.
    """
    items = await _take_stock(new)
    total = sum(item.unit_price * item.quantity for item in items)
    placed = OrderEvent(user_id=user.id, kind="placed")
    return await insert_with(Order(customer_id=customer_id, total=total), items=items, events=[placed])


@transactional()
async def act(order_id: int, action: Action, user: User) -> Order:
    """Pay, ship or cancel an order. Cancelling returns its pieces to stock.

    Raises:
        NotFound: The user sees no such order.
        Conflict: The order's status does not allow the action.
    """
    order = await TRANSITIONS.apply(action, visible(user).filter(id=order_id), missing=MISSING)
    if order.status is Status.CANCELLED:
        await _return_stock(order)
    await OrderEvent.create(order_id=order.id, user_id=user.id, kind=order.status.value)
    return await queries.order(order_id)


@transactional()
async def transfer(order_id: int, customer_id: int, user: User) -> Order:
    """Transfer an order to another customer as staff, and record who had it before.

    Raises:
        NotFound: There is no such order.
        Unprocessable: The customer does not exist, or their account is not active.
        Conflict: The order is cancelled, or already belongs to the customer.
    """
    order = await lock_row(Order.filter(id=order_id), missing=MISSING)
    if not await can_order(customer_id):
        detail = "The customer does not exist or their account is not active."
        raise Unprocessable(detail, kind="customer-missing")
    if order.status is Status.CANCELLED or order.customer_id == customer_id:
        detail = "The order is cancelled or already belongs to this customer, so it cannot be transferred."
        raise Conflict(detail, kind="order-transfer")
    detail_of_event = {"from": order.customer_id, "to": customer_id}
    order.customer_id = customer_id
    await order.save(update_fields=["customer_id", "updated_at"])
    await OrderEvent.create(order_id=order.id, user_id=user.id, kind="transferred", detail=detail_of_event)
    return await queries.order(order_id)


async def _take_stock(new: OrderCreate) -> list[OrderItem]:
    wanted = {item.product_id: item.quantity for item in new.items}
    products = await increment_many(Product, "stock", {number: -quantity for number, quantity in wanted.items()})
    known = {product.id for product in products}
    if missing := [place for place, item in enumerate(new.items) if item.product_id not in known]:
        detail = f"The product of items[{missing[0]}] does not exist."
        raise Unprocessable(detail, kind="product-missing")
    for product in products:
        if product.stock < 0:  # rolled back by the error
            place, left = list(wanted).index(product.id), product.stock + wanted[product.id]
            detail = f"Product {product.sku} has only {left} left; items[{place}] asks for more."
            raise Conflict(detail, kind="out-of-stock")
    return [
        OrderItem(product_id=each.id, product_name=each.name, quantity=wanted[each.id], unit_price=each.price)
        for each in products
    ]


async def _return_stock(order: Order) -> None:
    returned = {item.product_id: item.quantity for item in await OrderItem.filter(order_id=order.id)}
    products = await lock_rows(Product.filter(id__in=list(returned)).order_by("id"))
    for product in products:
        product.stock += returned[product.id]
    await update_many(products, ("stock",))
