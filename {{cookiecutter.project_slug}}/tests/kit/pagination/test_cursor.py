"""A cursor returns what it was created from, and no other text is a cursor."""

import json
import string
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.fields import (
    BigIntField,
    BooleanField,
    CharEnumField,
    CharField,
    DateField,
    DatetimeField,
    DecimalField,
    FloatField,
    IntEnumField,
    TimeDeltaField,
    UUIDField,
)

from tests.kit.specimens import Grade, Level
from tortoise_kit.pagination.cursor import MAX_LENGTH, Anchor, Bound, Codec, InvalidCursor
from tortoise_kit.pagination.order import Key

FIELDS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "bigint": (BigIntField(), st.integers(-(2**63), 2**63 - 1)),
    "bool": (BooleanField(), st.booleans()),
    "char": (CharField(max_length=60), st.text(st.characters(exclude_categories=["Cs"]), max_size=60)),
    "enum": (CharEnumField(Grade, max_length=5), st.sampled_from(Grade)),
    "level": (IntEnumField(Level), st.sampled_from(Level)),
    "date": (DateField(), st.dates()),
    "timestamp": (DatetimeField(), st.datetimes(min_value=datetime(2, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001
    "decimal": (
        DecimalField(max_digits=28, decimal_places=4),
        st.decimals(-(10**23), 10**23, places=4, allow_nan=False),
    ),
    "float": (FloatField(), st.floats(allow_nan=False)),
    "timedelta": (TimeDeltaField(), st.timedeltas(timedelta(days=-(10**6)), timedelta(days=10**6))),
    "uuid": (UUIDField(), st.uuids()),
}
SECRET, OLD = b"n" * 32, b"o" * 32


def key(field: Any, name: str = "column", *, descending: bool = False) -> Key:
    return Key(name, field, descending, nulls_first=descending, nullable=True)


def codec(*keys: Key, name: tuple[str, ...] = ("list",), secrets: tuple[bytes, ...] = (SECRET,)) -> Codec:
    return Codec(keys, name, secrets)


@given(st.data(), st.sampled_from(sorted(FIELDS)), st.sampled_from(Bound))
def test_a_value_of_any_type_is_restored_exactly(data: st.DataObject, kind: str, bound: Bound) -> None:
    field, values = FIELDS[kind]
    value = data.draw(st.none() | values)
    one = codec(key(field))

    back = one.decode(one.encode(Anchor(bound, one.place([value]))))

    assert (back.bound, back.place.values) == (bound, (value,))
    if isinstance(value, float | Decimal):
        assert str(back.place.values[0]) == str(value)  # -0.0 too


TIMESTAMP = datetime(2024, 2, 29, 12, 30, 0, 123456, tzinfo=UTC)
SAMPLE = codec(key(DatetimeField(), "found_at"), key(BigIntField(), "id"))
CURSOR = SAMPLE.encode(Anchor(Bound.AFTER, SAMPLE.place([TIMESTAMP, 2**53 + 1])))
ALPHABET = string.ascii_letters + string.digits + "-_"


def test_no_changed_character_is_accepted() -> None:
    edits = 0
    for at, old in enumerate(CURSOR):
        for new in ALPHABET:
            if new != old:
                edits += 1
                with pytest.raises(InvalidCursor):
                    SAMPLE.decode(CURSOR[:at] + new + CURSOR[at + 1 :])
    assert edits > 4_000


def test_no_shortened_or_lengthened_or_respelled_cursor_is_accepted() -> None:
    cut = [CURSOR[:end] for end in range(len(CURSOR))] + [CURSOR[start:] for start in range(1, len(CURSOR))]
    longer = [CURSOR + extra for extra in ("=", "==", "A", "\n", " ", "%00")]
    odd = [
        "",
        "é",
        "\N{GRINNING FACE}",
        "\ud800",
        "a" * (MAX_LENGTH + 1),
        CURSOR * 100,
        f" {CURSOR}",
        "null",
        "[]",
        ALPHABET,
    ]
    for text in (
        *cut,
        *longer,
        *odd,
        CURSOR.replace(CURSOR[0], "+", 1),
        CURSOR.replace("-", "+").replace("_", "/") + "=",
    ):
        with pytest.raises(InvalidCursor):
            SAMPLE.decode(text)


@pytest.mark.parametrize(
    "other",
    [
        codec(*SAMPLE.keys, secrets=(OLD,)),
        codec(*SAMPLE.keys, name=("other",)),
        codec(*SAMPLE.keys, name=("list", "filter")),
        codec(SAMPLE.keys[0].flipped(), SAMPLE.keys[1]),
        codec(key(DatetimeField(), "seen_at"), SAMPLE.keys[1]),
        codec(key(DateField(), "found_at"), SAMPLE.keys[1]),
        codec(SAMPLE.keys[0]),
    ],
    ids=["secret", "list", "filter", "direction", "column", "type", "fewer keys"],
)
def test_a_cursor_of_another_list_is_rejected(other: Codec) -> None:
    with pytest.raises(InvalidCursor):
        other.decode(CURSOR)


def test_the_parts_of_a_list_name_cannot_run_into_each_other() -> None:
    cursor = codec(name=("a", "b")).encode(Anchor(Bound.AFTER, codec().place([])))
    for name in (("ab", ""), ("a", "b", ""), ('a", "b',), ("a\0b",)):
        with pytest.raises(InvalidCursor):
            codec(name=name).decode(cursor)


def test_secrets_can_be_rotated_without_breaking_cursors() -> None:
    rotated = codec(*SAMPLE.keys, secrets=(OLD, SECRET))

    assert rotated.decode(CURSOR).place.values == (TIMESTAMP, 2**53 + 1)
    assert rotated.encode(rotated.decode(CURSOR)) != CURSOR  # the first one signs


def test_a_place_that_is_too_long_for_a_cursor_raises_a_value_error() -> None:
    with pytest.raises(ValueError, match="exceeds 4096: sort by shorter columns"):
        SAMPLE.encode(Anchor(Bound.AFTER, codec(key(CharField(max_length=255))).place(["\N{PILE OF POO}" * 900])))


class WiderGrade(StrEnum):
    GONE = "gone"


def test_a_value_that_the_column_no_longer_takes_is_rejected() -> None:
    """As after a migration that keeps the type of a column's field, and narrows its values."""
    before, now = (codec(key(CharEnumField(grades, max_length=9))) for grades in (WiderGrade, Grade))
    cursor = before.encode(Anchor(Bound.AFTER, before.place([WiderGrade.GONE])))

    with pytest.raises(InvalidCursor):
        now.decode(cursor)


def test_a_timestamp_is_the_same_place_in_every_time_zone() -> None:
    elsewhere = TIMESTAMP.astimezone(timezone(timedelta(hours=9)))

    assert SAMPLE.place([elsewhere, 1]).text == SAMPLE.place([TIMESTAMP, 1]).text


def test_cursors_are_short() -> None:
    number = codec(key(BigIntField()))
    assert len(number.encode(Anchor(Bound.AFTER, number.place([400_000])))) <= 40
    assert len(CURSOR) <= 100
    pair = codec(key(DatetimeField()), key(UUIDField()))
    assert len(pair.encode(Anchor(Bound.AFTER, pair.place([TIMESTAMP, UUID(int=1)])))) <= 130
    assert json.loads(pair.place([date(1, 1, 1), None]).text) == ["0001-01-01", None]
