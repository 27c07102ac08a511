from httpx import AsyncClient

CATEGORIES = "/api/v1/categories"


async def create(staff: AsyncClient, name: str, parent_id: int | None = None) -> int:
    answer = await staff.post(CATEGORIES, json={"name": name, "slug": name.lower(), "parent_id": parent_id})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def test_a_new_category_is_listed(staff: AsyncClient) -> None:
    number = await create(staff, "Books")

    answer = await staff.get(CATEGORIES)

    assert answer.status_code == 200
    assert [(item["id"], item["slug"]) for item in answer.json()["items"]] == [(number, "books")]


async def test_a_tree_holds_every_descendant_with_siblings_by_name(staff: AsyncClient) -> None:
    books = await create(staff, "Books")
    prose = await create(staff, "Prose", books)
    poems = await create(staff, "Poems", books)
    await create(staff, "Novels", prose)
    await create(staff, "Music")

    tree = (await staff.get(f"{CATEGORIES}/{books}/tree")).json()

    assert tree["slug"] == "books"
    assert [child["id"] for child in tree["children"]] == [poems, prose]
    assert [child["slug"] for child in tree["children"][1]["children"]] == ["novels"]


async def test_the_tree_of_a_missing_category_is_not_found(staff: AsyncClient) -> None:
    assert (await staff.get(f"{CATEGORIES}/1/tree")).status_code == 404


async def test_a_slug_is_taken_once(staff: AsyncClient) -> None:
    await create(staff, "Books")

    answer = await staff.post(CATEGORIES, json={"name": "Other", "slug": "books"})

    assert answer.status_code == 409


async def test_a_missing_parent_is_refused(staff: AsyncClient) -> None:
    answer = await staff.post(CATEGORIES, json={"name": "Books", "slug": "books", "parent_id": 4711})

    assert answer.status_code == 422
