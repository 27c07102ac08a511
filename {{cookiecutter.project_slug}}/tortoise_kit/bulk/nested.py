"""An object and those that refer to it, inserted together.

On Postgres it is one statement for any number of models: a WITH that has an INSERT for each, all but the first of which
take the key that the first one generates. On SQLite it is a statement for each model in one transaction, and so it is
on Postgres where a model has an array, or a key is given that the database would generate.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.fields.relational import BackwardFKRelation, BackwardOneToOneRelation
from tortoise.models import Model
from tortoise.transactions import in_transaction

from tortoise_kit.bulk.objects import by_given_fields, require_unsaved, set_columns
from tortoise_kit.bulk.rows import BulkError, rows_of_objects
from tortoise_kit.bulk.statements import TEXTS, insert_unnested, is_postgres, types_of
from tortoise_kit.bulk.write import BATCH_SIZE, insert_many
from tortoise_kit.models.prefetched import set_prefetched
from tortoise_kit.sql.identifiers import column_list, insert_into, qualified, writing_connection
from tortoise_kit.sql.parsing import quoted, renumbered
from tortoise_kit.upstream.tortoise import mark_saved


class Insert(NamedTuple):
    """What one INSERT depends on.

    Attributes:
        model: Its model.
        names: The fields that its rows have values for.
        reference: The field that is to have what the database fills in for the first INSERT's row; empty for none.
        target: The field that it is filled in for, as a rule the key.
        is_one: Whether there is one row, whose values are parameters; those of several are an array for each field.
    """

    model: type[Model]
    names: tuple[str, ...]
    reference: str = ""
    target: str = ""
    is_one: bool = True

    @property
    def filled_in(self) -> list[str]:
        """The columns that the database fills in."""
        columns = self.model._meta.fields_db_projection
        return [column for name, column in columns.items() if name not in {*self.names, self.reference}]


class Relation(NamedTuple):
    """The objects of one relation.

    Attributes:
        model: Their model.
        reference: The field by which they refer to their owner, such as `order_id`.
        target: The field that it refers to.
        objects: Unsaved instances.
    """

    model: type[Model]
    reference: str
    target: str
    objects: list[Model]

    def refer_to(self, owner: Model) -> None:
        """Let the objects refer to an owner that has what they refer to."""
        value = getattr(owner, self.target)
        for each in self.objects:
            setattr(each, self.reference, value)


async def insert_with[M: Model](owner: M, /, **related: Iterable[Model]) -> M:
    """Insert an object together with those that refer to it, all or none; on Postgres by one statement.

        order = Order(customer_id=7, total=19)
        await insert_with(order, items=[OrderItem(product_id=3, quantity=2)], events=[OrderEvent(kind="placed")])

    Each object then has its key and what the database filled in, and refers to `owner`, whose relations have these
    objects as if `prefetch_related` had read them. Returns `owner`.

    Args:
        owner: An unsaved instance.
        related: By relation to many, its unsaved objects; there may be none.

    Raises:
        BulkError: An object is saved already, or is not of the relation's model.
        IntegrityError: A row violates a constraint.
        TypeError: The model has no such relation, or it is no foreign key's other end.
    """
    model = type(owner)
    relations = {name: _relation(model, name, objects) for name, objects in related.items()}
    require_unsaved(model, [owner])
    name = writing_connection(model)
    db = get_connection(name)
    inserts = await _inserts(owner, relations.values())
    if is_postgres(db) and all(_fits(insert, objects) for insert, objects in inserts):
        await _insert_at_once(db, inserts)
    else:
        async with in_transaction(name):
            await insert_many([owner])
            for each in relations.values():
                each.refer_to(owner)
                await insert_many(each.objects)
    for name, each in relations.items():
        each.refer_to(owner)
        set_prefetched(owner, name, each.objects)
    return owner


def _relation(model: type[Model], name: str, given: Iterable[Model]) -> Relation:
    field: Any = model._meta.fields_map.get(name)
    if not isinstance(field, BackwardFKRelation) or isinstance(field, BackwardOneToOneRelation):
        message = f"{model.__name__}.{name} is not the other end of a foreign key."
        raise TypeError(message)
    related, objects = field.related_model, list(given)
    if other := next((each for each in objects if type(each) is not related), None):
        message = f"{model.__name__}.{name} has {related.__name__} objects, not {type(other).__name__}."
        raise BulkError(message)
    require_unsaved(related, objects)
    return Relation(related, field.relation_field, field.to_field_instance.model_field_name, objects)


async def _inserts(owner: Model, relations: Iterable[Relation]) -> list[tuple[Insert, Sequence[Model]]]:
    """What is to be inserted, the owner first: objects of one model that leave out other fields are apart."""
    [known] = await by_given_fields(type(owner), [owner])
    found: list[tuple[Insert, Sequence[Model]]] = [(Insert(type(owner), known), [owner])]
    for each in relations:
        waits = each.target not in known
        if not waits:
            each.refer_to(owner)
        for given, group in (await by_given_fields(each.model, each.objects)).items():
            names = tuple(name for name in given if not (waits and name == each.reference))
            reference = (each.reference, each.target) if waits else ("", "")
            found.append((Insert(each.model, names, *reference, len(group) == 1), group))
    return found


def _fits(insert: Insert, objects: Sequence[Model]) -> bool:
    """Whether the values are arrays of fields, the result is arrays of columns, and generated keys are generated."""
    meta = insert.model._meta
    gives_key = meta.pk.generated and meta.pk_attr in insert.names
    return bool(insert.names) and len(objects) <= BATCH_SIZE and not gives_key and not _has_arrays(insert.model)


@lru_cache(maxsize=TEXTS)
def _has_arrays(model: type[Model]) -> bool:
    return any(kind.endswith("[]") for kind in types_of(model, tuple(model._meta.fields_db_projection)))


async def _insert_at_once(db: BaseDBAsyncClient, inserts: Sequence[tuple[Insert, Sequence[Model]]]) -> None:
    parameters: list[Any] = []
    for insert, objects in inserts:
        values: list[Any] = rows_of_objects(insert.model, insert.names, objects).values
        parameters += [value for [value] in values] if insert.is_one else values
    _, [found] = await db.execute_query(_text(tuple([insert for insert, _ in inserts])), parameters)
    returned = iter(found.values())
    for insert, objects in inserts:
        columns = insert.filled_in
        for each, row in zip(objects, zip(*(next(returned) for _ in columns), strict=True), strict=False):
            set_columns(each, dict(zip(columns, row, strict=True)))
        mark_saved(objects)


@lru_cache(maxsize=TEXTS)
def _text(inserts: tuple[Insert, ...]) -> str:
    """One row: for each INSERT and each column that it fills in, an array of the values in the order of its rows."""
    owner = inserts[0].model._meta.fields_db_projection
    before = accumulate((len(insert.names) for insert in inserts), initial=0)
    parts, arrays = [], []
    for number, (insert, start) in enumerate(zip(inserts, before, strict=False)):
        meta, name, more = insert.model._meta, quoted(f"new{number}"), None
        if insert.reference:
            key = f'(SELECT {quoted(owner[insert.target])} FROM "new0")'  # noqa: S608  # names of fields
            more = (meta.fields_db_projection[insert.reference], key)
        text = _insert_one(insert, more) if insert.is_one else insert_unnested(insert.model, insert.names, more)
        text = renumbered(text, start)
        parts.append(f"{name} AS ({text} RETURNING {column_list(insert.filled_in or [meta.db_pk_column])})")
        arrays += [f"ARRAY(SELECT {quoted(column)} FROM {name})" for column in insert.filled_in]  # noqa: S608
    return f"WITH {', '.join(parts)} SELECT {', '.join(arrays or ['1'])}"


def _insert_one(insert: Insert, more: tuple[str, str] | None) -> str:
    meta = insert.model._meta
    columns = [meta.fields_db_projection[name] for name in insert.names]
    values = [f"${number}" for number in range(1, len(columns) + 1)]
    if more:
        columns, values = [*columns, more[0]], [*values, more[1]]
    return insert_into(qualified(meta.schema, meta.db_table), columns, f"({', '.join(values)})")
