"""Changes of customers, one transaction each."""

from app.customers.models import Customer
from app.customers.schemas import CustomerPatch
from tortoise_kit.db import lock_row, transactional

MISSING = "Customer not found."


@transactional()
async def change_customer(customer_id: int, patch: CustomerPatch) -> Customer:
    """Change the fields that `patch` contains.

    Raises:
        NotFound: There is no such customer.
    """
    changes = patch.model_dump()
    customer = await lock_row(Customer.filter(id=customer_id), missing=MISSING)
    if changes:
        await customer.update_from_dict(changes).save(update_fields=list(changes))
    return customer
