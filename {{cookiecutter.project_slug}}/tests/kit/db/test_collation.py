"""The order of text is checked by what the database sorts, not by the name of its locale."""

from typing import Any

from tortoise.connection import get_connection
from tortoise.context import TortoiseContext

from tortoise_kit.db.collation import collation_problem
from tortoise_kit.development.testing import COLLATION


async def test_only_an_order_that_is_not_by_code_point_is_a_problem(database: str, tables: TortoiseContext) -> None:
    with tables:
        problem = await collation_problem(get_connection("specimens"))

    if database == "sqlite" or COLLATION == "C":
        assert problem is None
    else:
        assert f"by the locale {COLLATION}, not by code point" in str(problem)


class Sorting:
    """A Postgres of another locale, which needs the locale installed; the template's tests have a real one."""

    class capabilities:  # noqa: N801 -- Tortoise's name
        dialect = "postgres"

    async def execute_query_dict(self, query: str) -> list[dict[str, Any]]:
        assert 'ORDER BY word COLLATE "C"' in query
        return [{"by_code_point": False, "locale": "en_US.UTF-8"}]


async def test_the_problem_names_the_locale_and_the_remedy() -> None:
    client: Any = Sorting()

    assert await collation_problem(client) == (
        "The database sorts text by the locale en_US.UTF-8, not by code point as SQLite does: create it with "
        "TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'."
    )
