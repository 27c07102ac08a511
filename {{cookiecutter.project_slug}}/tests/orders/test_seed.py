from app.cli.seed import fill
from app.orders.models import Order, Status

ORDERS = 300
TRAILS = {
    ("placed",): Status.PENDING,
    ("placed", "paid"): Status.PAID,
    ("placed", "paid", "shipped"): Status.SHIPPED,
    ("placed", "cancelled"): Status.CANCELLED,
    ("placed", "paid", "cancelled"): Status.CANCELLED,
}


async def test_seeded_orders_add_up_and_their_trail_leads_to_their_status(db: None) -> None:
    await fill(ORDERS)

    orders = await Order.all().prefetch_related("items", "events")

    assert len(orders) == ORDERS
    for order in orders:
        assert order.total == sum(item.unit_price * item.quantity for item in order.items)
        assert len({item.product_id for item in order.items}) == len(order.items)
        trail = sorted(order.events, key=lambda event: event.created_at)
        assert TRAILS[tuple(event.kind for event in trail)] is order.status
        assert (trail[0].created_at, trail[-1].created_at) == (order.created_at, order.updated_at)


async def test_seeded_orders_are_of_every_status_and_mostly_of_few_customers(db: None) -> None:
    await fill(ORDERS)

    orders = await Order.all()

    assert {order.status for order in orders} >= {Status.SHIPPED, Status.CANCELLED}
    by_customer = sorted(
        (sum(o.customer_id == c for o in orders) for c in {o.customer_id for o in orders}), reverse=True
    )
    assert sum(by_customer[: len(by_customer) // 4]) > len(orders) / 3
