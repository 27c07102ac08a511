from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.exceptions import ConfigurationError

from tests.kit.conftest import empty
from tests.kit.specimens import Specimen, specimen, store
from tortoise_kit.models.columns import NumericField

prices = st.decimals(Decimal("-9999999999999.99"), Decimal("9999999999999.99"), places=2)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(prices, min_size=1, max_size=20))
async def test_numbers_are_exact_to_fifteen_digits(shared_tables: TortoiseContext, given: list[Decimal]) -> None:
    with shared_tables:
        await empty()
        await store([specimen(number, price=price) for number, price in enumerate(given, start=1)])

        stored = await Specimen.all().order_by("price").values_list("price", flat=True)
        found = [await Specimen.filter(price=price).exists() for price in given]

        assert [str(price) for price in stored] == [str(price) for price in sorted(given)]
        assert all(found)


@pytest.mark.only("sqlite")
async def test_sqlite_stores_numbers_and_compares_them_without_a_cast(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(1, price=Decimal("9.90"))])

        kinds = await get_connection("specimens").execute_query_dict("SELECT typeof(price) AS kind FROM kit_specimens")

        assert [row["kind"] for row in kinds] == ["real"]
        assert "CAST" not in Specimen.filter(price__gt=Decimal(1)).order_by("price").sql()


def test_a_field_with_more_digits_than_sqlite_keeps_is_rejected() -> None:
    with pytest.raises(ConfigurationError, match="max_digits=16: SQLite is exact up to 15"):
        NumericField(max_digits=16, decimal_places=2)
