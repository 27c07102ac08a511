"""The rows from a place on, as consecutive index ranges: the segment walk.

With rows sorted by (a, b, id), those from (x, y, z) on are one range of an index, `(a, b, id) >= (x, y, z)`, as long as
all keys run in one direction and none is NULL. Where they do not, the rows fall into several ranges that follow each
other: first those with `a = x` (and of these the ones from (y, z) on), then those with `a > x`, then those without `a`.
They are read one after the other until the page is full, by one statement where that can be (`walks`).

The usual `a > x OR (a = x AND b > y)` says the same and is no range: Postgres and SQLite walk the whole index up to the
place, as OFFSET does. A CASE or COALESCE that ranks NULLs has no index at all.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tortoise.expressions import Q

from tortoise_kit.pagination.order import Key
from tortoise_kit.sql.row_values import RowComparison


def segments(keys: Sequence[Key], place: Sequence[Any], *, rows: bool = True) -> Iterator[Q]:
    """Conditions whose rows, one condition after the other, are those from `place` on, the row there included.

    Args:
        keys: Of the order that is walked, as it is walked: flipped for the way back.
        place: A value for each, None for NULL.
        rows: Whether to compare rows of several values. SQLite uses no integer primary key of such a row, and walks
            through all rows whose other values are the same; without, a run of equal values is a segment of its own.
    """
    (key, *later), (value, *rest) = keys, place
    beyond = "lt" if key.descending else "gt"
    comparable = rows and all(other.descending == key.descending and not other.nullable for other in later)
    if value is not None and (comparable or not later):
        pairs = [(other.name, bound) for other, bound in zip(keys, place, strict=True)]
        yield RowComparison(f"{beyond}e", pairs)
    else:
        same = _is_null(key) if value is None else Q(**{key.name: value})
        for segment in segments(later, rest, rows=rows):
            yield same & segment
        if value is not None:
            yield Q(**{f"{key.name}__{beyond}": value})
        elif key.nulls_first:
            yield _is_null(key, empty=False)
    if key.nullable and not key.nulls_first and value is not None:
        yield _is_null(key)


def _is_null(key: Key, *, empty: bool = True) -> Q:
    condition: dict[str, Any] = {f"{key.name}__isnull": empty}
    return Q(**condition)
