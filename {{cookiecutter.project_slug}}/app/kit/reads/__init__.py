"""Reads: from a queryset and a schema to the bytes of a response, without building a model for each row.

    shapes.py       what a schema shows, as SQL that makes its JSON
    pages.py        such rows, as the keyset pager walks them
    bodies.py       `page_body` and `item_body`, on Postgres so, and the plain way where that is not possible
    responses.py    `item_response`, for a route; lists answer by `app.kit.paging`

The plain way reads models and lets Pydantic write them: on SQLite, and for a schema that runs code. Both give the same
JSON for the same rows; relations come with the schema that shows them, sorted by their primary key.
"""

from app.kit.reads.bodies import PageBody, item_body, page_body
from app.kit.reads.responses import item_response

__all__ = ["PageBody", "item_body", "item_response", "page_body"]
