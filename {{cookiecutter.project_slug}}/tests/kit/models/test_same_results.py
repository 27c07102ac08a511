"""What queries find, count and reject: the same on both databases, where SQLite or Tortoise would differ."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import pytest
from pydantic import BaseModel
from tortoise.exceptions import DoesNotExist, FieldError, OperationalError, ValidationError
from tortoise.expressions import Case, F, Q, RawSQL, When
from tortoise.functions import Coalesce, Count, Length, Lower, Max, Sum, Upper
from tortoise.query_utils import Prefetch
from tortoise.queryset import QuerySet

from tests.kit.library import Author, Book, Kind, Loan, Shelf, library
from tortoise_kit.db.errors import RetryableTransactionError
from tortoise_kit.db.transactions import transaction, transactional
from tortoise_kit.sql.typed_rows import fetch_as

AT = datetime(2024, 5, 5, 10, 0, 30, tzinfo=UTC)
EAST = timezone(timedelta(hours=5))
ZERO: Any = Decimal(0)


async def fill() -> None:
    """Two authors with fees, texts that differ in case, and a column with and without a value."""
    ann = await Author.create(name="Ann", fee=Decimal("60.50"), born_at=AT)
    bob = await Author.create(name="bob", fee=Decimal("40.00"))
    await Loan.create(shelf=Shelf.OPEN, number=1, title="Apple", fee=Decimal("60.500"), author=ann, at=AT)
    await Loan.create(shelf=Shelf.OPEN, number=2, title="apple", fee=Decimal("0.100"), author=ann)
    await Loan.create(shelf=Shelf.OPEN, number=3, fee=Decimal("40.000"), author=bob, at=AT + timedelta(hours=1))
    await Book.create(title="a", author=ann, copies=2)
    await Book.create(title="b", author=ann, copies=5)


def loans(**filters: Any) -> QuerySet[Loan]:
    return Loan.filter(**filters).order_by("number")


def authors(**annotations: Any) -> QuerySet[Author]:
    return Author.annotate(**annotations).order_by("id")


FOUND: list[tuple[str, Callable[[], QuerySet[Any]], Sequence[int]]] = [
    ("a sum", lambda: authors(x=Sum("loans__fee")).filter(x__gt=Decimal(50)), [1]),
    ("a sum below", lambda: authors(x=Sum("loans__fee")).filter(x__lt=Decimal("50.5")), [2]),
    ("a sum among some", lambda: authors(x=Sum("loans__fee")).filter(x__in=[Decimal("60.6"), Decimal(1)]), [1]),
    ("a count", lambda: authors(x=Count("loans")).filter(x__gte=Decimal("1.5")), [1]),
    ("a length", lambda: loans().annotate(x=Length("title")).filter(x=Decimal(5)), [1, 2]),
    ("a fallback", lambda: loans().annotate(x=Coalesce("fee", 0)).filter(x__gt=Decimal(50)), [1]),
    ("the latest", lambda: authors(x=Max("loans__at")).filter(x__gt=(AT + timedelta(minutes=1)).astimezone(EAST)), [2]),
    ("a timestamp", lambda: loans(at=AT.astimezone(EAST)), [1]),
    ("a float", lambda: loans(fee=0.1), [2]),
    ("a float as a bound", lambda: loans(fee__lte=60.5), [1, 2, 3]),
    ("by case", lambda: loans(title__startswith="a"), [2]),
    ("by case within", lambda: loans(title__contains="ppl"), [1, 2]),
    ("by case, not", lambda: loans().exclude(title__endswith="PLE").filter(title__isnull=False), [1, 2]),
    ("in any case", lambda: loans(title__icontains="APP"), [1, 2]),
    ("not NULL", lambda: loans(at__not=None), [1, 3]),
    ("another value, or NULL", lambda: loans(at__not=AT), [2, 3]),
    ("no NULL of an annotation", lambda: loans().annotate(x=F("at")).filter(x__not=None), [1, 3]),
    ("NULL as the largest", lambda: Loan.all().order_by("at"), [1, 3, 2]),
    ("NULL as the largest, descending", lambda: Loan.all().order_by("-at", "number"), [2, 3, 1]),
    ("NULL of a relation", lambda: Author.all().order_by("born_at"), [1, 2]),
    ("NULL of an expression", lambda: loans().annotate(x=F("at")).order_by("-x", "number"), [2, 3, 1]),
]


@pytest.mark.parametrize(("query", "expected"), [each[1:] for each in FOUND], ids=[each[0] for each in FOUND])
async def test_a_query_finds_the_same_rows_inside_a_transaction_and_outside(
    empty_database_url: str, query: Callable[[], QuerySet[Any]], expected: Sequence[int]
) -> None:
    async with library(empty_database_url) as using:
        await fill()
        outside = [each.id for each in await query()]
        async with transaction(using=using):
            inside = [each.id for each in await query()]

    assert outside == inside == expected


async def test_updates_and_deletions_are_by_case_and_count_only_their_own_rows(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await fill()

        assert await Loan.filter(title__startswith="a").update(number=9) == 1
        assert await Loan.filter(title__contains="A").delete() == 1
        ann = await Author.get(name="Ann")
        await Book.filter(author=ann).update(author_id=None)
        await Loan.filter(author=ann).delete()
        assert await Author.filter(id=ann.id).delete() == 1


WRONG: list[Callable[[], Any]] = [
    lambda: Loan.filter(number=3.5),
    lambda: Loan.filter(number__lt=Decimal("3.5")),
    lambda: Loan.filter(number="three"),
    lambda: Loan.filter(open="maybe"),
    lambda: Loan.filter(open=7),
    lambda: Loan.all().update(open="false"),
    lambda: Loan.all().update(notes={"x": float("nan")}),
    lambda: Loan.all().update(notes=["\0"]),
    lambda: Loan.all().update(notes={"\ud800": 1}),
    lambda: Loan.create(shelf=Shelf.OPEN, number=7, notes=float("inf")),
    lambda: Loan.all().update(weight="nan"),
]


@pytest.mark.parametrize("query", WRONG)
async def test_a_value_that_is_not_of_its_column_is_rejected_by_name(
    empty_database_url: str, query: Callable[[], Awaitable[Any]]
) -> None:
    async with library(empty_database_url):
        await fill()

        with pytest.raises(ValidationError, match=r"^(number|open|notes|weight): "):
            await query()


MISFITS: list[tuple[str, Any, str]] = [
    *((name, F("title"), "has values of the kind") for name in ("code", "notes", "open", "scan", "weight", "at")),
    ("title", F("huge"), "the expression is a number"),
    ("title", Coalesce("huge", 1), "the expression is a number"),
    ("kind", F("number"), "has members of Kind"),
    ("kind", Case(When(number=1, then=F("copies")), default=None), "has members of Kind"),
    ("weight", Case(When(number=1, then=cast("Any", None)), default=None), "each value of the Case is None"),
    ("weight", Case(When(number=1, then=cast("Any", float("inf"))), default=None), "no finite number"),
]


@pytest.mark.parametrize(("name", "expression", "message"), MISFITS)
async def test_an_expression_of_another_kind_is_not_stored(
    empty_database_url: str, name: str, expression: Any, message: str
) -> None:
    async with library(empty_database_url):
        await fill()
        before = await Loan.all().values()

        with pytest.raises(FieldError, match=message):
            await Loan.filter(number=1).update(**{name: expression})
        assert await Loan.all().values() == before


CONSTANTS: list[tuple[str, Any, Any]] = [
    ("kind", 2, Kind.LONG),
    ("kind", 7, None),
    ("shelf", "closed", Shelf.CLOSED),
    ("shelf", "lost", None),
    ("number", 2.5, None),
    ("fee", 2.0005, Decimal("2.001")),
    ("notes", {"b": [1], "a": None}, {"a": None, "b": [1]}),
    ("takes", timedelta(hours=2), timedelta(hours=2)),
    ("code", "00000000-0000-0000-0000-000000000007", UUID(int=7)),
    ("scan", b"\0\xff", b"\0\xff"),
    ("open", "false", None),
]


@pytest.mark.parametrize(("name", "value", "stored"), CONSTANTS)
async def test_a_constant_of_an_expression_is_a_value_of_the_column(
    empty_database_url: str, name: str, value: Any, stored: Any
) -> None:
    async with library(empty_database_url):
        await fill()
        change = Loan.filter(number=1).update(**{name: Case(When(number=1, then=value), default=F(name))})

        if stored is None:
            with pytest.raises(ValidationError, match=f"^{name}: "):
                await change
        else:
            await change
            row = await Loan.get(**{name: stored})
            assert (row.id, getattr(row, name)) == (1, stored)


async def test_doubles_inside_an_expression_are_rounded_to_even(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await fill()
        await Loan.all().update(weight=2.5, fee=Decimal("2.5"))

        for expression in (Coalesce("weight", 1), Case(When(number=1, then=F("weight")), default=F("fee"))):
            await Loan.filter(number=1).update(copies=expression)
            assert (await Loan.get(number=1)).copies == 2
        await Loan.filter(number=1).update(copies=Coalesce("fee", 1))
        assert (await Loan.get(number=1)).copies == 3


COMPARED: list[tuple[Callable[[], QuerySet[Any]], str]] = [
    (lambda: loans().annotate(x=F("takes")).filter(x__gt=5), "^takes: "),
    (lambda: loans().annotate(x=Max("at")).filter(x__gt="yesterday"), "^at: "),
    (lambda: authors(x=Count("books")).filter(x="5"), "^x: the value, of type str, is no number"),
    (lambda: authors(x=Count("books")).filter(x__in=[1, True]), "^x__in: the value, of type bool, is no number"),
    (lambda: loans().annotate(x=Coalesce("at", AT)).filter(x__lt=5), "^x__lt: the value, of type int, is no timestamp"),
    (lambda: loans(at__year="2024"), "^at__year: the value, of type str, is no integer"),
]


@pytest.mark.parametrize(("query", "message"), COMPARED)
async def test_what_an_annotation_is_compared_with_is_of_its_kind(
    empty_database_url: str, query: Callable[[], QuerySet[Any]], message: str
) -> None:
    async with library(empty_database_url):
        with pytest.raises(ValidationError, match=message):
            await query()


KINDS: list[tuple[Callable[[], QuerySet[Any]], str]] = [
    (lambda: loans(at__icontains="2024"), "at__icontains searches a text, and timestamp values"),
    (lambda: loans().annotate(x=F("fee")).filter(x__startswith="6"), "x__startswith searches a text, and number"),
    (lambda: loans(number=F("title")), "number has values of the kind number, and the expression is a text"),
    (lambda: loans(author__name__gt=F("number")), "has values of the kind text, and the expression is a number"),
    (lambda: loans(title__year=2024), "title__year: text values have no year"),
    (lambda: loans(on__hour=3), "on__hour: date values have no hour"),
    (lambda: loans().annotate(x=Lower("number")), "Lower: it takes text, and no number"),
    (lambda: loans().annotate(x=Sum("kind")), "Sum: it takes duration or number, and no number of an enum"),
    (lambda: loans().annotate(x=Max("open")), "Max: it takes .*, and no boolean"),
    (lambda: loans().annotate(x=Coalesce("title", 0)), "Coalesce: its values are of number and text: use one kind"),
    (lambda: loans().annotate(x=F("weight") % 2), r"F\('weight'\) %: take the remainder of integers or decimals"),
    (lambda: Loan.all().order_by("notes"), "Loan.notes: JSON has another order on each database"),
    (lambda: Loan.all().order_by("-author__notes"), "Author.notes: JSON has another order on each database"),
]


@pytest.mark.parametrize(("query", "message"), KINDS)
async def test_what_the_databases_understand_differently_is_rejected_by_name(
    empty_database_url: str, query: Callable[[], QuerySet[Any]], message: str
) -> None:
    async with library(empty_database_url):
        with pytest.raises(FieldError, match=message):
            await query()


ELEMENTS: list[tuple[Any, Any]] = [
    ("text", "text"),
    (True, "true"),
    (1.50, "1.5"),
    (10**20, "100000000000000000000"),
    (None, None),
    ([1, {"bb": "é\n", "a": None}], '[1, {"a": null, "bb": "é\\n"}]'),
]


@pytest.mark.parametrize(("value", "text"), ELEMENTS)
async def test_an_element_of_json_is_the_same_text(empty_database_url: str, value: Any, text: Any) -> None:
    async with library(empty_database_url):
        for notes in ({"it's": [value]}, {"it's": {"0": value}}, [value], {}):
            await Author.create(name=str(len(str(notes))), notes=notes)
        rows = Author.annotate(x=F("notes__it's__0")).order_by("x", "id")

        assert await rows.values_list("x", flat=True) == [text, None, None, None]
        assert await rows.filter(x="text").count() == (text == "text")


async def test_equal_json_is_found_whatever_the_order_of_its_keys(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await Author.create(name="Ann", notes={"b": {"d": 1, "c": 2}, "a": 3})

        assert await Author.filter(notes={"a": 3, "b": {"c": 2, "d": 1}}).count() == 1


async def test_letters_beyond_ascii_and_sums_beyond_64_bits_differ_as_documented(empty_database_url: str) -> None:
    is_sqlite = empty_database_url.startswith("sqlite")
    async with library(empty_database_url):
        for number in (1, 2):
            await Loan.create(shelf=Shelf.OPEN, number=number, title="aé", huge=2**63 - 1)
        changed: Any = await loans().annotate(x=Upper("title")).values_list("x", flat=True)
        total: Any = Loan.annotate(x=Sum("huge")).values_list("x", flat=True)

        assert changed == ["Aé" if is_sqlite else "AÉ"] * 2
        if is_sqlite:
            with pytest.raises(OperationalError, match="does not fit"):
                await total
        else:
            assert await total == [2**64 - 2]


async def test_a_sum_of_durations_is_a_duration(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await fill()
        await Loan.all().update(takes=timedelta(hours=40))
        found = Loan.annotate(x=Sum("takes"))

        assert await found.values_list("x", flat=True) == [timedelta(hours=120)]
        assert await authors(x=Sum("loans__takes")).filter(x__gt=timedelta(hours=50)).count() == 1


async def test_json_of_marks_that_only_look_suspicious_is_stored(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await Author.create(name="Ann", notes={"NaN": "Infinity", "path": "\\u0000 \\ud800", "emoji": "😀"})

        assert (await Author.get()).notes == {"NaN": "Infinity", "path": "\\u0000 \\ud800", "emoji": "😀"}


async def test_an_unknown_name_in_quotes_is_no_text(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await fill()

        with pytest.raises(OperationalError):
            await Loan.annotate(x=RawSQL('"titel"')).filter(x="titel")
        some: Any = Case(When(Q(loans__number__gt=1), then=F("loans__fee")), default=ZERO)
        with pytest.raises(OperationalError):
            await Author.annotate(x=Sum(some)).values("x")


@pytest.mark.parametrize("change", [lambda rows: rows.delete(), lambda rows: rows.update(number=50)])
@pytest.mark.parametrize("part", [lambda rows: rows.limit(1), lambda rows: rows.offset(1)])
async def test_a_part_of_the_rows_that_match_is_not_changed(
    empty_database_url: str, change: Callable[[Any], Any], part: Callable[[Any], Any]
) -> None:
    async with library(empty_database_url):
        await fill()

        with pytest.raises(FieldError, match="not those of a limit or an offset"):
            await change(part(loans()))
        assert await Loan.filter(number__lt=50).count() == 3


async def test_saving_a_row_that_does_not_exist_is_an_error(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        deleted = await Author.create(name="Ann")
        await Author.all().delete()
        new = Author(name="Bob")
        tries = 0

        @transactional(using=using)
        async def create() -> None:
            nonlocal tries
            tries += 1
            await new.save()
            if tries == 1:
                raise RetryableTransactionError

        with pytest.raises(DoesNotExist):
            await deleted.save()
        with pytest.raises(DoesNotExist):
            await create()
        kept = await Author.create(name="Cem")
        await kept.save()  # unchanged, and there

    assert tries == 2


UNSAVED: list[Callable[[Author], Any]] = [
    lambda new: setattr(Book(title="a"), "author", new),
    lambda new: Book.create(title="a", author=new),
    lambda new: Book.all().update(author=new),
    lambda new: Book.filter(author=new),
    lambda new: Book.exclude(author=new),
]


@pytest.mark.parametrize("work", UNSAVED)
async def test_an_object_without_a_key_is_never_taken_for_null(
    empty_database_url: str, work: Callable[[Author], Any]
) -> None:
    async with library(empty_database_url):
        with pytest.raises(OperationalError, match=r"Book\.author: the Author is not saved|first call \.save"):
            await work(Author(name="new"))


MULTIPLIED: list[tuple[Callable[[], Any], str]] = [
    (lambda: Author.annotate(x=Count("books"), y=Count("loans")), r"Count\('books'\) takes each row once for .* loans"),
    (lambda: Author.annotate(x=Sum("fee")).filter(books__copies__gt=1), r"Sum\('fee'\) takes each row .* of books"),
    (
        lambda: Book.annotate(x=Count("author__loans")).filter(labels__text="x"),
        r"Count\('author__loans'\) .* of labels",
    ),
    (
        lambda: Author.annotate(x=F("fee") / Count("books__labels"), y=Count("books")),
        r"Count\('books'\) .* of books__l",
    ),
]


@pytest.mark.parametrize(("query", "message"), MULTIPLIED)
async def test_a_count_that_another_join_multiplies_is_rejected(
    empty_database_url: str, query: Callable[[], Any], message: str
) -> None:
    async with library(empty_database_url):
        with pytest.raises(FieldError, match=message):
            await query()


async def test_a_count_that_no_other_join_multiplies_is_right(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await fill()
        both = authors(x=Count("books", distinct=True), y=Count("loans", distinct=True))

        counted: Any = await both.values_list("x", "y")
        assert counted == [(2, 2), (0, 1)]
        for filters, count in (({"books__copies__gt": 2}, 1), ({"loans": 1}, 2)):
            [row] = await authors(x=Count("books")).filter(**filters).values("x")
            assert row["x"] == count


async def test_a_limit_of_a_prefetch_is_not_one_for_all_objects(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with pytest.raises(FieldError, match=r"Prefetch\('books'\): the limit or offset is one for all objects"):
            Author.all().prefetch_related(Prefetch("books", Book.all().limit(1)))


async def test_a_query_that_joins_its_own_table_in_vain_leaves_the_model_as_it_is(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await fill()

        with pytest.raises(FieldError, match="The query joins its own table, kit_books"):
            await Book.filter(author__books__copies__gt=2)
        assert await Book.filter(copies__gt=2).update(copies=3) == 1


GIVEN: list[tuple[str, Any]] = [
    *(("number", 3.5), ("number", "x"), ("open", "false"), ("open", 2)),
    *((name, 0) for name in ("at", "on", "code", "scan", "text", "shelf")),
    *(("takes", 5), ("fee", "x"), ("weight", {}), ("kind", 7), ("notes", "{"), ("title", b"x")),
]


@pytest.mark.parametrize(("name", "value"), GIVEN)
def test_an_object_takes_no_value_of_another_type(name: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=f"^{name}: the (value, of type|column cannot hold)"):
        Loan(**{name: value})


class Taken(BaseModel):
    takes: timedelta
    longest: timedelta | None = None


async def test_durations_of_reports_are_durations(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await Loan.create(shelf=Shelf.OPEN, number=1, takes=timedelta(days=2))
        sql = "SELECT takes, max(takes) AS longest FROM kit_loans WHERE at IS NULL OR at > {at} GROUP BY takes"

        of_query = await fetch_as(Taken, Loan.annotate(longest=F("takes")).values("takes", "longest"))
        of_sql = await fetch_as(Taken, sql, model=Loan, at=AT.astimezone(EAST))

    assert of_query == of_sql == [Taken(takes=timedelta(days=2), longest=timedelta(days=2))]
