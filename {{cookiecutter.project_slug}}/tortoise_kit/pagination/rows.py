"""Reading the rows of a list from any place, in either direction."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import F
from tortoise.queryset import QuerySet

from tortoise_kit.pagination.cursor import Codec, Place
from tortoise_kit.pagination.order import Key, OrderError
from tortoise_kit.pagination.range_scan import part_of, walk
from tortoise_kit.pagination.ranges import segments
from tortoise_kit.sql.compiled import Statement, known_statement
from tortoise_kit.sql.select import selected


class RepeatedRowError(RuntimeError):
    """The queryset has a row several times, so that its pages would never end."""


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a list has: exactly `count`, or, if `capped`, more than that."""

    count: int
    capped: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a list, to be read from any place in either direction."""

    queryset: QuerySet[Any]
    codec: Codec
    fields: tuple[str, ...]

    def check(self, limit: int) -> None:
        """Refuse what cannot be paged.

        Raises:
            OrderError: The queryset or the limit is at fault.
        """
        if complaint := self._complaint(limit):
            message = f"A queryset of {self.queryset.model.__name__} cannot be paged {complaint}."
            raise OrderError(message)

    async def read(self, place: Place | None, count: int, *, backwards: bool) -> list[Any]:
        """Up to `count` rows from `place` on, the one there included."""
        keys = [key.flipped() for key in self.codec.keys] if backwards else self.codec.keys
        ordered = self._ordered(keys)
        if place is None:
            return list((await self.fetch(ordered.limit(count))).values())
        # Projected rows are Tortoise's to select, segment by segment.
        if not self.fields and (statement := walk(ordered, keys, place.values, count)):
            return list((await self.run(statement)).values())
        found: dict[Any, Any] = {}
        for segment in segments(keys, place.values):
            part = part_of(ordered, segment, count - len(found))
            for pk, row in (await self.fetch(part)).items():
                found.setdefault(pk, row)  # its key may have changed between two statements: the first time counts
            if len(found) >= count:
                break
        return list(found.values())

    def place(self, row: Any) -> Place:
        """Where a row stands."""
        return self.codec.place(self.values(row))

    def is_at(self, row: Any, place: Place) -> bool:
        """Whether that is where the row stands; NaN, which differs from itself, is compared as text."""
        values = self.values(row)
        return tuple(values) == place.values or self.codec.place(values).text == place.text

    def values(self, row: Any) -> list[Any]:
        """A row's keys."""
        if self.fields:
            return [row[hidden(at)] for at in range(len(self.codec.keys))]
        return [_value(row, at, key) for at, key in enumerate(self.codec.keys)]

    async def finish(self, rows: list[Any]) -> None:
        """Fetch what the queryset prefetches, for the rows of the page alone; drop the keys that were not asked for."""
        if self.fields:
            for row in rows:
                for at in range(len(self.codec.keys)):
                    del row[hidden(at)]
        wanted = self.queryset
        if not rows or not (wanted._prefetch_map or wanted._prefetch_queries):
            return
        db = wanted._choose_db()
        executor = db.executor_class(
            model=wanted.model,
            db=db,
            prefetch_map=copy(wanted._prefetch_map),
            prefetch_queries=copy(wanted._prefetch_queries),
        )
        await executor._execute_prefetch_queries(rows)

    def _ordered(self, keys: Sequence[Key]) -> QuerySet[Any]:
        query = self.queryset._clone()
        query._prefetch_map, query._prefetch_queries = {}, {}
        query._orderings = [(key.name, key.direction) for key in keys]
        related = {hidden(at): F(key.name) for at, key in enumerate(self.codec.keys) if key.related}
        return query.annotate(**related) if related and not self.fields else query

    async def fetch(self, query: QuerySet[Any]) -> dict[Any, Any]:
        """The rows of a queryset, by their primary key."""
        if self.fields:
            names = {hidden(at): key.name for at, key in enumerate(self.codec.keys)}
            rows: list[Any] = list(await query.values(*self.fields, **names))
            return self.once({row[hidden(len(names) - 1)]: row for row in rows}, of=len(rows))
        if statement := known_statement(query):
            return await self.run(statement)
        rows = await query
        return self.once({row.pk: row for row in rows}, of=len(rows))

    async def run(self, statement: Statement) -> dict[Any, Any]:
        """The rows of a statement that selects whole models, by their primary key."""
        rows = await selected(self.queryset, statement)
        return self.once({row.pk: row for row in rows}, of=len(rows))

    def once(self, found: dict[Any, Any], *, of: int) -> dict[Any, Any]:
        """The rows of one statement by their primary key, if each of them came once.

        Raises:
            RepeatedRowError: There were more rows than keys.
        """
        if len(found) < of:
            model = self.queryset.model.__name__
            message = (
                f"The queryset has rows of {model} several times, so its pages would never end. Filter "
                "by a relation with id__in=Subquery(...) instead of joining it, or add distinct()."
            )
            raise RepeatedRowError(message)
        return found

    def _complaint(self, limit: int) -> str | None:
        queryset = self.queryset
        if limit < 1:
            return f"in pages of {limit} rows: a page has at least 1"
        if queryset._limit is not None or queryset._offset is not None:
            return "when it has a limit or an offset of its own: give neither"
        if queryset._orderings:
            return "when it is sorted already: drop order_by(), and give the order to the pager"
        if queryset._group_bys:
            return "when it is grouped: its rows have no primary key"
        loaded = queryset._fields_for_select
        missing = [key.name for key in self.codec.keys if loaded and key.field and not key.related]
        missing = [name for name in missing if name not in loaded]
        return f"when only() leaves out its keys {', '.join(missing)}: name them there" if missing else None


def _value(row: Any, position: int, key: Key) -> Any:
    if key.field is None or not key.related:
        return getattr(row, key.name)
    return key.field.to_python_value(getattr(row, hidden(position)))  # an annotation is the driver's own value


def hidden(position: int) -> str:
    """The name of a key that is selected on top of what was asked for."""
    return f"_key{position}"


async def count_up_to(queryset: QuerySet[Any], most: int) -> Total:
    """Count the rows, but no further than `most`: a count of all is as slow as the list is long."""
    rows = queryset.limit(most + 1).values_list(queryset.model._meta.pk_attr, flat=True)
    rows._choose_db_if_not_chosen()
    rows._make_query()
    matching, values = rows.query.get_parameterized_sql()
    [counted] = await rows._db.execute_query_dict(f"SELECT COUNT(*) AS rows FROM ({matching}) AS matching", values)  # noqa: S608
    return Total(min(counted["rows"], most), capped=counted["rows"] > most)
