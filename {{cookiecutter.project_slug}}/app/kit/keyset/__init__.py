"""Keyset paging: pages of a queryset that are right on every row, and as fast at its end as at its start.

    order.py      what a list is sorted by: its keys, their directions, where NULL stands, what cannot be a key
    segments.py   the rows from a place on, as consecutive index ranges
    cursor.py     a place as an opaque, signed text, and back
    rows.py       reading the rows from a place on
    pages.py      `paginate`: the rows of one page, and exactly whether others lie before and after it

A *place* is the tuple of a row's sort keys, its primary key last; the *anchor* is the row a cursor was made from. The
folder needs Tortoise alone and knows nothing of HTTP; `app.kit.paging` is its edge.
"""

from app.kit.keyset.cursor import InvalidCursor
from app.kit.keyset.order import Key, OrderError, keys_of
from app.kit.keyset.pages import KeysetPage, paginate
from app.kit.keyset.rows import RepeatedRowError, Total

__all__ = ["InvalidCursor", "Key", "KeysetPage", "OrderError", "RepeatedRowError", "Total", "keys_of", "paginate"]
