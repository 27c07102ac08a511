"""Many rows with one statement. Each function writes all rows or none; all but the last take part in a transaction.

insert_many(objects)                             inserts; each object then has its key and is saved
insert_with(order, items=items)                  inserts an object and those that refer to it
upsert_many(Book, rows, conflict=("isbn",))      inserts, or updates the rows that exist; returns the keys
get_or_create_many(Tag, "name", names)           the rows with these names; those that are missing are created
update_many(objects, ("price",))                 updates, each object with its own values; returns the number of rows
increment_many(Product, "stock", {3: -2})        adds to a number of rows, by key; returns the rows
copy_many(Book, ("id", "title"), rows)           loads plain values by COPY: twice as fast, and returns no keys
link_many(Book, "labels", pairs)                 the same for the links of a many-to-many relation: pairs of keys
delete_in_batches(queryset, size=1000)           deletes in short transactions; yields the number of each batch

On SQLite `upsert_many` reads the keys by a second statement, since its RETURNING has no order.

They raise BulkError, a ValueError, before anything is sent if rows do not fit their model or each other, and the
database's errors, such as IntegrityError. No signals are sent.
"""

from tortoise_kit.bulk.copy import copy_many, link_many
from tortoise_kit.bulk.delete import delete_in_batches
from tortoise_kit.bulk.get_or_create import get_or_create_many
from tortoise_kit.bulk.increment import increment_many
from tortoise_kit.bulk.nested import insert_with
from tortoise_kit.bulk.write import insert_many, update_many, upsert_many

__all__ = [
    "copy_many",
    "delete_in_batches",
    "get_or_create_many",
    "increment_many",
    "insert_many",
    "insert_with",
    "link_many",
    "update_many",
    "upsert_many",
]
