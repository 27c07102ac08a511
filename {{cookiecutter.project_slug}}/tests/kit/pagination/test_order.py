"""What a list can be sorted by, and what is refused when it is declared."""

import pytest
from tortoise.context import TortoiseContext

from tests.kit.specimens import Specimen, Token
from tortoise_kit.pagination.order import OrderError, keys_of

ON_ONE = pytest.mark.only("sqlite")  # no statement is sent


@ON_ONE
@pytest.mark.parametrize(
    ("order", "text"),
    [
        ([], "id ASC"),
        (["rank"], "rank ASC, id ASC"),
        (["-rank"], "rank DESC, id DESC"),
        (["rank", "-big"], "rank ASC, big DESC, id DESC"),
        (["-id", "rank"], "id DESC"),
        (["-pk"], "id DESC"),
        (["score"], "score ASC NULLS LAST, id ASC"),
        (["-score"], "score DESC NULLS FIRST, id DESC"),
        (["score nulls first"], "score ASC NULLS FIRST, id ASC"),
        (["-score nulls last"], "score DESC NULLS LAST, id DESC"),
        (["rank nulls first"], "rank ASC, id ASC"),
        (["keeper__name"], "keeper__name ASC NULLS LAST, id ASC"),
        (["-keeper_id"], "keeper_id DESC NULLS FIRST, id DESC"),
        (["extra"], "extra ASC NULLS LAST, id ASC"),
    ],
)
async def test_the_primary_key_ends_each_order_and_null_is_the_largest_value(
    shared_tables: TortoiseContext, order: list[str], text: str
) -> None:
    with shared_tables:
        keys = keys_of(Specimen, order, annotations={"extra"})

    assert ", ".join(f"{key.name} {key.direction.value}" for key in keys) == text


@ON_ONE
async def test_a_key_walked_back_has_its_nulls_at_the_other_end(shared_tables: TortoiseContext) -> None:
    with shared_tables:
        score, _ = keys_of(Specimen, ["score nulls first"])

    assert score.flipped().direction.value == "DESC NULLS LAST"
    assert score.flipped().flipped() == score


@ON_ONE
async def test_a_primary_key_of_another_name_is_found(shared_tables: TortoiseContext) -> None:
    with shared_tables:
        assert [key.name for key in keys_of(Token, ["-rank"])] == ["rank", "code"]


@ON_ONE
@pytest.mark.parametrize(
    ("item", "complaint"),
    [
        ("notes", "JSONField, which has no order that both databases share"),
        ("blob", "BinaryField, which has no order"),
        ("story", "text without a bound"),
        ("long", "may have 256 characters, a cursor holds 255"),
        ("huge", "has 30 digits, decimals are exact up to 28"),
        ("marks", "is a relation"),
        ("keeper", "is a relation"),
        ("marks__points", "to-many relation 'marks'"),
        ("keeper__specimens__rank", "to-many relation 'specimens'"),
        ("rank__name", "names no relation 'rank'"),
        ("color", "names no column; there are: big, blob, code"),
        ("keeper__color", "names no column; there are: id, name, since"),
        ("--rank", "is not understood"),
        ("rank desc", "is not understood"),
        ("rank nulls", "is not understood"),
        ("", "is not understood"),
        ("rank; drop table", "is not understood"),
    ],
)
async def test_what_cannot_be_a_key_is_named(shared_tables: TortoiseContext, item: str, complaint: str) -> None:
    with shared_tables, pytest.raises(OrderError, match="Specimen cannot be sorted by") as caught:
        keys_of(Specimen, [item])

    assert repr(item) in str(caught.value)
    assert complaint in str(caught.value)


@ON_ONE
async def test_a_key_that_comes_twice_is_refused(shared_tables: TortoiseContext) -> None:
    with shared_tables, pytest.raises(OrderError, match="'-rank': it comes twice"):
        keys_of(Specimen, ["rank", "-rank"])
