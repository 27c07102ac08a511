"""Many rows with one statement: inserted, upserted, updated, copied, deleted."""

from tortoise_kit.bulk.copy import copy_many
from tortoise_kit.bulk.delete import delete_in_batches
from tortoise_kit.bulk.write import insert_many, update_many

__all__ = [
    "copy_many",
    "delete_in_batches",
    "insert_many",
    "update_many",
]
