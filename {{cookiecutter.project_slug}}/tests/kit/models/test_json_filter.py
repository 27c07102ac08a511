"""Both databases use Postgres' containment; values that they would store differently are rejected."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from tortoise.context import TortoiseContext

from tests.kit.conftest import empty
from tests.kit.specimens import Specimen, specimen, store
from tortoise_kit.models.json_filter import JSONObjectText, containing
from tortoise_kit.sql.compiled import cached

each_run = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
text = TypeAdapter[str](JSONObjectText)

numbers = st.one_of(
    st.sampled_from([0, 1, -1, 1.0, -0.0, 0.1, 1e22, 10**18, 2**53, 2**53 + 1, float(2**53), 2**63 - 1, -(2**63)]),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
words = st.sampled_from(["", "a", "b", "é", "e\u0301", "1", "true", "'", '"', "\\", "%", "𝄞"])
values = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(words, values, max_size=3)


def holds(stored: Any, wanted: Any) -> bool:
    """Containment, as the manual of Postgres describes it."""
    if isinstance(stored, dict) and isinstance(wanted, dict):
        return all(name in stored and holds(stored[name], wanted[name]) for name in wanted)
    if isinstance(stored, list) and isinstance(wanted, list):
        return not [one for one in wanted if not [each for each in stored if holds(each, one)]]
    kinds = [
        bool if isinstance(each, bool) else float if isinstance(each, int) else type(each) for each in (stored, wanted)
    ]
    return kinds[0] is kinds[1] and stored == wanted


@st.composite
def parts(draw: st.DrawFn, whole: Any) -> Any:
    """Something that `whole` contains."""
    if isinstance(whole, dict):
        return {name: draw(parts(value)) for name, value in whole.items() if draw(st.booleans())}
    if isinstance(whole, list):
        chosen = [draw(parts(value)) for value in whole if draw(st.booleans())]
        return draw(st.permutations(chosen))
    return whole


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Some objects, and one to look for in them: a part of one of them, or another."""
    stored = draw(st.lists(objects, min_size=1, max_size=5))
    wanted: dict[str, Any] = draw(parts(stored[0]) | objects | parts(stored[-1]))
    return stored, wanted


@each_run
@given(cases())
@example(([{"a": 1}, {"a": 1.0}, {"a": True}, {"a": "1"}, {"a": [1]}], {"a": 1}))
@example(([{"a": {}}, {"a": []}, {"a": None}, {}], {"a": {}}))
@example(([{"a": [[1, 2], [3]]}, {"a": [1, 2, 3]}], {"a": [[2], [3]]}))
@example(([{"a": 2**53 + 1}, {"a": float(2**53)}], {"a": float(2**53)}))
async def test_a_filter_finds_the_rows_that_contain_its_value(
    shared_tables: TortoiseContext, case: tuple[list[dict[str, Any]], dict[str, Any]]
) -> None:
    stored, wanted = case
    with shared_tables:
        await empty()
        await store(specimen(at, notes=notes) for at, notes in enumerate(stored))

        found = Specimen.filter(containing("notes", json.dumps(wanted))).order_by("id")

        assert [row.id for row in await found] == [at for at, notes in enumerate(stored) if holds(notes, wanted)]


async def test_filters_with_other_values_share_their_sql(tables: TortoiseContext) -> None:
    with tables:
        filters = [Specimen.filter(containing("notes", given)) for given in ('{"a": 1}', '{"b": "c"}')]
        statements = [cached(each) for each in filters]

        assert None not in statements
        assert len({statement and statement[0] for statement in statements}) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "{",
        "[]",
        "1",
        '"a"',
        "null",
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 1}}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        '{"a": 9223372036854775808}',
        '{"a": "\\u0000"}',
        '{"a": "\\ud800"}',
        "[" * 900,
        '{"a":' * 9 + "1" + "}" * 9,
        f'{{"a": "{"x" * 1000}"}}',
    ],
    ids=lambda text: text[:20],
)
def test_text_that_is_no_valid_object_is_rejected(wrong: str) -> None:
    with pytest.raises(ValidationError, match=r"^1 validation error"):
        text.validate_python(wrong)


def test_two_spellings_of_an_object_become_one() -> None:
    assert text.validate_python(' {"b":1,\n"a":"\\u00e9"}') == '{"a": "é", "b": 1}'
