"""Routes of customers."""

from typing import Annotated

from fastapi import Depends, Path, Query, Response

from app.accounts.policies import SignedIn, Staff
from app.customers import access, queries, service
from app.customers.models import Customer
from app.customers.schemas import CustomerFilters, CustomerPatch, CustomerRead
from tortoise_kit.http import Router
from tortoise_kit.pagination import PageRequest, item_response, page_schema, paging
from tortoise_kit.schemas import Id

router = Router(prefix="/customers", tags=["customers"])
CustomerPage = Annotated[PageRequest, Depends(paging(Customer, "name"))]
CustomerId = Annotated[Id, Path(description="The customer's id, the same as that of their account.")]


@router.get("", response_model=page_schema(CustomerRead))
async def list_customers(_: Staff, page: CustomerPage, filters: Annotated[CustomerFilters, Query()]) -> Response:
    """List customers that match all filters."""
    return await page.respond(queries.customers(filters), CustomerRead)


@router.get("/{customer_id}", response_model=CustomerRead)
async def read_customer(user: SignedIn, customer_id: CustomerId) -> Response:
    """Get a customer: yourself or, as staff, anyone."""
    return await item_response(access.visible(user).filter(id=customer_id), CustomerRead, missing=service.MISSING)


@router.patch("/{customer_id}")
async def change_customer(_: Staff, customer_id: CustomerId, patch: CustomerPatch) -> CustomerRead:
    """Change the name or the tier of a customer. Fields that you leave out keep their values."""
    return CustomerRead.model_validate(await service.change_customer(customer_id, patch))
