from httpx import AsyncClient

POOL = "/api/v1/staff/pool"


async def test_staff_see_each_pool(staff: AsyncClient, database: str) -> None:
    pools = (await staff.get(POOL)).json()["pools"]

    if database == "sqlite":
        assert pools == []
        return
    (pool,) = pools
    assert pool.keys() == {
        "name",
        "size",
        "idle",
        "in_use",
        "waiting",
        "max_size",
        "acquired",
        "acquire_seconds",
    }
    assert pool["name"] == "default"
    assert 1 <= pool["size"] <= pool["max_size"]
    assert pool["size"] == pool["idle"] + pool["in_use"]
    assert pool["waiting"] == 0
    assert pool["acquired"] >= 1
    assert pool["acquire_seconds"] >= 0


async def test_the_numbers_change_with_requests(staff: AsyncClient, database: str) -> None:
    answers = [(await staff.get(POOL)).json()["pools"] for _ in range(2)]

    if database == "postgres":
        before, after = (answer[0]["acquired"] for answer in answers)
        assert after > before
