"""Which customers a user may see: members only themselves, staff all. To others a customer does not exist."""

from app.accounts.policies import is_staff
from app.customers.models import Customer
from tortoise_kit.models import owner_scope

visible = owner_scope(Customer, "id", sees_all=is_staff)
