import pytest

from tortoise_kit.traces import Tracing, TracingError, tracing

HERE = "http://127.0.0.1:4318"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*tracing.ENDPOINTS, *tracing.SUPPORTED, "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "configured"),
    [
        ({}, False),
        ({ENDPOINT: ""}, False),
        ({ENDPOINT: HERE}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": HERE}, True),
        ({ENDPOINT: HERE, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, True),
        ({ENDPOINT: HERE, "OTEL_TRACES_EXPORTER": "none"}, False),
        ({ENDPOINT: HERE, "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_a_collector_is_configured_by_opentelemetrys_own_variables(
    variables: dict[str, str], *, configured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert Tracing.is_configured() is configured


def test_without_a_collector_fastapi_traces_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    made = Tracing(service="shop")

    assert made.tracer is None
    assert [made.telemetry[key] for key in ("tracing", "metrics", "logs", "auto_configure")] == [False] * 4


@pytest.mark.parametrize(
    ("name", "value", "supported"),
    [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf"), ("OTEL_TRACES_EXPORTER", "console", "otlp")],
)
def test_what_is_not_supported_is_an_error(
    name: str, value: str, supported: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, HERE)
    monkeypatch.setenv(name, value)

    with pytest.raises(TracingError, match=f"{name} is '{value}', and only {supported} is supported"):
        Tracing(service="shop")


def test_without_the_dependency_group_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, HERE)
    monkeypatch.setattr(tracing, "PACKAGES", ("opentelemetry.not_installed",))

    with pytest.raises(TracingError, match=f"{ENDPOINT} is set.*`uv sync --group otel` installs it"):
        Tracing(service="shop")
