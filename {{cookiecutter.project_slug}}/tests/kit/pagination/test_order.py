"""What a list can be sorted by, and what is rejected when it is declared."""

import pytest
from tortoise.context import TortoiseContext

from tests.kit.specimens import Specimen, Token
from tortoise_kit.pagination.order import OrderError, parse_order

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
    ],
)
async def test_the_primary_key_ends_each_order_and_null_is_the_largest_value(
    shared_tables: TortoiseContext, order: list[str], text: str
) -> None:
    with shared_tables:
        keys = parse_order(Specimen, order)

    assert ", ".join(f"{key.name} {key.direction.value}" for key in keys) == text


@ON_ONE
async def test_a_flipped_key_has_its_nulls_at_the_other_end(shared_tables: TortoiseContext) -> None:
    with shared_tables:
        score, _ = parse_order(Specimen, ["score nulls first"])

    assert score.flipped().direction.value == "DESC NULLS LAST"
    assert score.flipped().flipped() == score


@ON_ONE
async def test_a_primary_key_may_have_any_name(shared_tables: TortoiseContext) -> None:
    with shared_tables:
        assert [key.name for key in parse_order(Token, ["-rank"])] == ["rank", "code"]


@ON_ONE
@pytest.mark.parametrize(
    ("item", "complaint"),
    [
        ("notes", "JSONField, which has no order that both databases share"),
        ("blob", "BinaryField, which has no order"),
        ("story", "text without a maximum length"),
        ("long", "may have 256 characters, and a cursor holds 255"),
        ("huge", "has 30 digits, and decimals are exact up to 28"),
        ("marks", "is a relation"),
        ("keeper", "is a relation"),
        ("marks__points", "to-many relation 'marks'"),
        ("keeper__specimens__rank", "to-many relation 'specimens'"),
        ("rank__name", "names no relation 'rank'"),
        ("color", "names no column; there are: big, blob, code"),
        ("keeper__color", "names no column; there are: id, name, since"),
        ("--rank", "cannot be parsed"),
        ("rank desc", "cannot be parsed"),
        ("rank nulls", "cannot be parsed"),
        ("", "cannot be parsed"),
        ("rank; drop table", "cannot be parsed"),
    ],
)
async def test_the_error_names_what_cannot_be_a_key(shared_tables: TortoiseContext, item: str, complaint: str) -> None:
    with shared_tables, pytest.raises(OrderError, match="Specimen cannot be sorted by") as caught:
        parse_order(Specimen, [item])

    assert repr(item) in str(caught.value)
    assert complaint in str(caught.value)


@ON_ONE
async def test_a_repeated_key_is_rejected(shared_tables: TortoiseContext) -> None:
    with shared_tables, pytest.raises(OrderError, match="'-rank': it is repeated"):
        parse_order(Specimen, ["rank", "-rank"])
