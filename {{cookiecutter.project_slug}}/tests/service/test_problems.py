from httpx import AsyncClient

MEMBERS = {"type", "title", "status", "detail", "request_id"}


async def test_every_error_is_a_problem_with_the_id_of_its_request(client: AsyncClient) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("PUT", "/api/v1/auth/me", 405),
        ("GET", "/api/v1/auth/me", 401),
    ):
        answer = await client.request(method, path)

        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json().keys() == MEMBERS
        assert answer.json()["status"] == status
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_an_invalid_request_gets_the_place_and_the_reason_but_not_its_input(client: AsyncClient) -> None:
    answer = await client.post("/api/v1/auth/register", json={"name": "s3cret" * 50})

    assert answer.status_code == 422
    assert answer.json().keys() == MEMBERS | {"errors"}
    assert ["body", "name"] in [error["loc"] for error in answer.json()["errors"]]
    assert all(error.keys() == {"loc", "msg", "type"} for error in answer.json()["errors"])
    assert "s3cret" not in answer.text


async def test_a_clients_request_id_is_kept_if_it_is_harmless(client: AsyncClient) -> None:
    for given, kept in (("trace-1.a_B", True), ("x" * 65, False), ("a b", False)):
        answer = await client.get("/health/live", headers={"X-Request-ID": given})

        assert (answer.headers["x-request-id"] == given) is kept
