import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, TraceState, set_span_in_context
from tortoise.connection import get_connection

from tests.kit.library import Author, library
from tortoise_kit.db.errors import ConstraintViolation
from tortoise_kit.db.transactions import transaction
from tortoise_kit.development.testing import CANARY, Exchange
from tortoise_kit.http.query_watch import StatementSpansMiddleware
from tortoise_kit.sql.recording import watched_by
from tortoise_kit.traces.otlp import ExporterWithoutValues
from tortoise_kit.traces.statements import StatementSpans, operation_and_table


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('SELECT "id" FROM "orders" WHERE "id"=?', ("SELECT", "orders")),
        ('select count(*) from only public."orders" o', ("SELECT", "orders")),
        ("SELECT ?", ("SELECT", "")),
        ('SELECT "a" IS DISTINCT FROM "b" FROM (SELECT * FROM "orders") x', ("SELECT", "orders")),
        ('SELECT * FROM jsonb_array_elements(?) JOIN "tags" ON TRUE', ("SELECT", "")),
        ('INSERT INTO "orders" ("id") VALUES (?) ON CONFLICT ("id") DO UPDATE SET "id"=?', ("INSERT", "orders")),
        ('UPDATE "orders" SET "status"=? FROM "users"', ("UPDATE", "orders")),
        ('DELETE FROM "orders" WHERE "id" IN (SELECT "id" FROM "users")', ("DELETE", "orders")),
        ('COPY "orders"', ("COPY", "orders")),
        ('WITH "found" AS (SELECT * FROM "users") DELETE FROM "orders"', ("DELETE", "orders")),
        ('WITH RECURSIVE "tree" AS (SELECT * FROM "categories") SELECT * FROM "tree"', ("SELECT", "categories")),
        ("BEGIN ISOLATION LEVEL REPEATABLE READ", ("BEGIN", "")),
        ("", ("", "")),
    ],
)
def test_a_statement_is_named_by_its_operation_and_its_table(text: str, expected: tuple[str, str]) -> None:
    assert operation_and_table(text) == expected


def tracing() -> tuple[TracerProvider, InMemorySpanExporter]:
    provider, kept = TracerProvider(sampler=ALWAYS_ON), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(ExporterWithoutValues(kept)))
    return provider, kept


def all_of(span: ReadableSpan) -> str:
    return f"{span.to_json()} {span.context.trace_state if span.context else ''}"


async def test_a_failed_statement_is_traced_with_its_type_and_without_its_message(empty_database_url: str) -> None:
    provider, kept = tracing()
    async with library(empty_database_url) as using:
        dialect = get_connection(using).capabilities.dialect
        with watched_by(StatementSpans(provider.get_tracer("test"), dialect)):
            await Author.create(name=CANARY)
            with pytest.raises(ConstraintViolation):
                async with transaction(using=using):
                    await Author.create(name=CANARY)

    names = [span.name for span in kept.get_finished_spans()]
    assert names == ["INSERT kit_authors", "BEGIN", "INSERT kit_authors", "ROLLBACK"]
    inserted, _, failed, _ = kept.get_finished_spans()
    attributes = dict(failed.attributes or {})
    assert inserted.status.is_unset
    assert not failed.status.is_ok
    assert (attributes.get("db.response.status_code"), str(attributes["error.type"]).rpartition(".")[2]) in {
        ("23505", "UniqueViolationError"),
        (None, "IntegrityError"),
    }
    assert attributes["db.system.name"] == {"postgres": "postgresql", "sqlite": "sqlite"}[dialect]
    assert [CANARY in all_of(span) for span in kept.get_finished_spans()] == [False] * 4


def test_what_leaves_the_process_has_nothing_that_a_client_wrote() -> None:
    provider, kept = tracing()
    client = SpanContext(1, 2, is_remote=True, trace_flags=TraceFlags(1), trace_state=TraceState([("a", CANARY)]))
    attributes = dict.fromkeys(("url.query", "url.path", "url.full", "server.address", "user_agent.original"), CANARY)
    tracer, parent = provider.get_tracer("test"), set_span_in_context(NonRecordingSpan(client))
    with (
        pytest.raises(ValueError, match=CANARY),
        tracer.start_as_current_span("price", parent, attributes={**attributes, "http.route": "/prices"}),
    ):
        raise ValueError(CANARY)

    [span] = kept.get_finished_spans()
    assert CANARY not in all_of(span)
    assert dict(span.attributes or {}) == {"http.route": "/prices"}
    assert [dict(event.attributes or {})["exception.type"] for event in span.events] == ["ValueError"]
    assert (span.context.trace_id if span.context else 0, span.status.is_ok) == (1, False)


@pytest.mark.parametrize("sampled", [True, False])
async def test_statements_of_a_request_that_is_not_sampled_are_not_traced(
    empty_database_url: str, *, sampled: bool
) -> None:
    provider, kept = tracing()
    tracer = provider.get_tracer("test")
    outer = tracer if sampled else TracerProvider(sampler=ALWAYS_OFF).get_tracer("test")

    async def app(*_: object) -> None:
        await Author.all().count()

    async with library(empty_database_url, name="default"):
        with outer.start_as_current_span("GET /authors"):
            await Exchange().run(StatementSpansMiddleware(app, tracer=tracer))

    spans = {span.name: span for span in kept.get_finished_spans()}
    assert set(spans) == ({"GET /authors", "SELECT kit_authors"} if sampled else set())
    if sampled:
        assert spans["SELECT kit_authors"].parent == spans["GET /authors"].context
