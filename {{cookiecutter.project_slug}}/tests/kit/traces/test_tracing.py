import pytest

from tortoise_kit.traces import Tracing, TracingError, tracing

HERE = "http://127.0.0.1:4318"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*tracing.ENDPOINTS, *tracing.SUPPORTED, *tracing.HEADERS, "OTEL_SDK_DISABLED", tracing.SAMPLER):
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


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"OTEL_TRACES_SAMPLER": "parentbased_traceidration"}, r"is 'parentbased_traceidration'; it can be always_on"),
        ({"OTEL_TRACES_SAMPLER": "traceidratio"}, "OTEL_TRACES_SAMPLER_ARG is ''; .* a number from 0 to 1"),
        ({"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "10%"}, "ARG is '10%'"),
        ({"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "10"}, "ARG is '10'"),
    ],
)
def test_a_mistyped_sampler_is_an_error_and_does_not_sample_everything(
    variables: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {ENDPOINT: HERE, **variables}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(TracingError, match=reason):
        Tracing.is_configured()


@pytest.mark.parametrize("name", tracing.HEADERS)
@pytest.mark.parametrize("headers", ["authorization:s3cret", "a=b,s3cret", "a=b,authorization s3cret=x", "=s3cret"])
def test_mistyped_headers_are_an_error_without_the_key(
    name: str, headers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, HERE)
    monkeypatch.setenv(name, headers)

    with pytest.raises(TracingError, match=f"^{name} must be NAME=VALUE") as raised:
        Tracing.is_configured()

    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("headers", ["a=b", "authorization=Bearer k%3D, x-key = v==,", "authorization=Bearer s3cret"])
def test_headers_for_a_collector_are_accepted(headers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, HERE)
    monkeypatch.setenv(tracing.HEADERS[0], headers)

    assert Tracing.is_configured()


def test_without_the_dependency_group_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, HERE)
    monkeypatch.setattr(tracing, "PACKAGES", ("opentelemetry.not_installed",))

    with pytest.raises(TracingError, match=f"{ENDPOINT} is set.*`uv sync --group otel` installs it"):
        Tracing(service="shop")
