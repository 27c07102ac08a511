from httpx2 import AsyncClient

from app.customers.models import Customer, Tier
from tests.accounts.factories import PASSWORD
from tests.customers.factories import make_customer
from tests.support.clients import UserClient

CUSTOMERS = "/api/v1/customers"


async def test_a_new_account_is_a_customer_of_the_lowest_tier(client: AsyncClient, staff: UserClient) -> None:
    new = {"email": "ann@example.com", "name": "Ann", "password": PASSWORD}

    account = (await client.post("/api/v1/auth/register", json=new)).json()
    customer = (await staff.get(f"{CUSTOMERS}/{account['id']}")).json()

    assert (customer["id"], customer["name"], customer["tier"]) == (account["id"], "Ann", "standard")


async def test_staff_set_the_tier_of_a_customer(member: UserClient, staff: UserClient) -> None:
    url = f"{CUSTOMERS}/{member.user.id}"
    before = (await member.get(url)).json()

    changed = await staff.patch(url, json={"tier": "gold"})

    assert changed.json() == (await member.get(url)).json() == {**before, "tier": "gold"}
    assert (await member.patch(url, json={"tier": "silver"})).status_code == 403


async def test_the_name_of_a_customer_is_not_that_of_the_account(member: UserClient, staff: UserClient) -> None:
    await staff.patch(f"{CUSTOMERS}/{member.user.id}", json={"name": "Miller & Sons"})

    assert (await Customer.get(id=member.user.id)).name == "Miller & Sons"
    assert (await member.get("/api/v1/auth/me")).json()["name"] == member.user.name


async def test_a_filter_leaves_only_customers_of_the_tier(staff: UserClient) -> None:
    gold = await make_customer(tier=Tier.GOLD)
    await make_customer(tier=Tier.SILVER)

    listed = (await staff.get(CUSTOMERS, params={"tier": "gold"})).json()["items"]

    assert [each["id"] for each in listed] == [gold.id]
