from typing import Any

import pytest

from benchmarks.compare.agreement import DisagreementError, check, difference
from benchmarks.compare.subjects import CREATE, LIST, LOGIN, named


def page(total: str = "1.50", **members: Any) -> dict[str, Any]:
    return {"items": [{"id": 1, "total": total, "items": []}], "next": None, "previous": None, **members}


def test_answers_that_differ_in_cursors_alone_are_alike() -> None:
    check(named(LIST), {"service": page(next="abc"), "twin": page(), "limit": page()})


def test_a_twin_that_answers_in_another_way_is_not_measured() -> None:
    with pytest.raises(DisagreementError, match=r"limit answers 50 orders .* than service: look at items\.0\.total"):
        check(named(LIST), {"service": page(), "twin": page(), "limit": page("1.5")})


def test_new_orders_are_alike_but_for_their_keys_and_times() -> None:
    one = {"id": 1, "created_at": "2026", "updated_at": "2026", "status": "pending", "events": [{"created_at": "2026"}]}

    check(named(CREATE), {"service": one, "twin": {**one, "id": 2, "events": [{"created_at": "2027"}]}})
    with pytest.raises(DisagreementError, match="look at status"):
        check(named(CREATE), {"service": one, "twin": {**one, "status": "paid"}})


def test_tokens_differ_and_what_comes_with_them_does_not() -> None:
    pair = {"access_token": "a", "refresh_token": "b", "expires_in": 3600}

    check(named(LOGIN), {"service": pair, "twin": {**pair, "access_token": "c", "refresh_token": "d"}})
    with pytest.raises(DisagreementError, match="look at expires_in"):
        check(named(LOGIN), {"service": pair, "twin": {**pair, "expires_in": 60}})


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}, None),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, "a.1.b"),
        ({"a": [1]}, {"a": [1, 2]}, "a"),
        ({"a": 1}, {"b": 1}, ""),
        ({"a": 1}, {"a": 1.0}, "a"),
        ({"a": True}, {"a": 1}, "a"),
        ({"a": None}, {"a": []}, "a"),
    ],
)
def test_the_first_difference_is_named_by_its_path(one: Any, other: Any, path: str | None) -> None:
    assert difference(one, other) == path
