"""Tables of orders."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

from tortoise_kit.models import NumericField, UTCDatetimeField

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.catalog.models import Product
    from app.customers.models import Customer


class Status(StrEnum):
    """Where an order stands: pending → paid → shipped, or cancelled before it ships."""

    PENDING = "pending"
    PAID = "paid"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


class Order(Model):
    """One purchase of one customer."""

    id = fields.BigIntField(primary_key=True)
    customer: fields.ForeignKeyRelation["Customer"] = fields.ForeignKeyField(
        "models.Customer", related_name="orders", on_delete=fields.RESTRICT
    )
    customer_id: int
    status = fields.CharEnumField(Status, max_length=20, default=Status.PENDING)
    total = NumericField(max_digits=14, decimal_places=2)
    created_at = UTCDatetimeField(auto_now_add=True)
    updated_at = UTCDatetimeField(auto_now=True)
    items: fields.ReverseRelation["OrderItem"]
    events: fields.ReverseRelation["OrderEvent"]

    class Meta:
        table = "orders"
        indexes = (
            ("created_at", "id"),
            ("total", "id"),
            ("status", "created_at", "id"),
            ("customer_id", "created_at", "id"),
        )


class OrderItem(Model):
    """One product of an order, with the name and the price that it had on the day of the order."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="items", on_delete=fields.CASCADE
    )
    order_id: int
    product: fields.ForeignKeyRelation["Product"] = fields.ForeignKeyField(
        "models.Product", related_name="order_items", on_delete=fields.RESTRICT
    )
    product_id: int
    product_name = fields.CharField(max_length=200)
    quantity = fields.IntField()
    unit_price = NumericField(max_digits=12, decimal_places=2)

    class Meta:
        table = "order_items"
        unique_together = (("order", "product"),)
        indexes = (("product_id",),)


class OrderEvent(Model):
    """One entry of an order's audit trail, written in the transaction of the change it records, and never updated."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="events", on_delete=fields.CASCADE
    )
    order_id: int
    user: fields.ForeignKeyNullableRelation["User"] = fields.ForeignKeyField(
        "models.User", related_name="order_events", null=True, on_delete=fields.SET_NULL
    )
    user_id: int | None
    kind = fields.CharField(max_length=20)
    detail = fields.JSONField[dict[str, Any]](default=dict)
    created_at = UTCDatetimeField(auto_now_add=True)

    class Meta:
        table = "order_events"
        indexes = (("order_id", "created_at"), ("user_id",))
