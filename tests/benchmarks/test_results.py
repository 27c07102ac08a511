import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from benchmarks.__main__ import cli
from benchmarks.compare.goals import CPU, GOALS, RATE, Goal, Of, Verdict, beside
from benchmarks.compare.plot import bars, drawn
from benchmarks.compare.regressions import IncomparableError, changes
from benchmarks.compare.results import Measure, Result, ResultError, Series, read, write
from benchmarks.compare.subjects import ASYNCPG, BARE, KEY, LIST, SERVICE, SQLALCHEMY
from benchmarks.compare.tables import show
from tests.benchmarks.made_up import of_another_form, result

SVG = "{http://www.w3.org/2000/svg}"


def written(folder: Path, found: Result) -> str:
    return str(write(found, folder))


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    latest = write(result(), tmp_path)

    assert read(latest) == result()


def test_each_run_adds_a_line_to_the_history_and_the_last_one_is_read(tmp_path: Path) -> None:
    write(result(), tmp_path)
    write(result(slower=2), tmp_path)

    history = tmp_path / "history.jsonl"

    assert len(history.read_text(encoding="utf-8").splitlines()) == 2
    assert read(history) == result(slower=2)


@pytest.mark.parametrize("text", ["", "[]", "{}", "no JSON", "null"])
def test_a_file_without_a_result_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ResultError, match=r"other\.json holds no result"):
        read(path)


def test_a_result_of_another_format_is_refused(tmp_path: Path) -> None:
    path = write(result(), tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 1}), encoding="utf-8")

    with pytest.raises(ResultError, match="format 1, and this command reads 2"):
        read(path)


def test_a_slower_machine_or_a_busy_round_is_no_regression() -> None:
    busy = result(machine=3, busy=(1, 1, 9, 1, 1, 1))

    assert all(each.worse == pytest.approx(0) for each in changes(result(), replace(busy, form=result().form)))


def test_a_slower_service_is_worse_in_cpu_and_over_http_and_not_in_memory() -> None:
    found = {each.what: each.worse for each in changes(result(), result(slower=1.5))}

    assert found.pop("resident memory") == pytest.approx(0)
    assert found == {name: pytest.approx(0.5) for name in found}
    assert set(found) == {
        f"{what}{subject}{where}"
        for subject in (LIST, KEY)
        for what, where in (("CPU of ", ""), ("time of ", " over HTTP"))
    }


def test_rates_of_rounds_under_a_second_are_not_compared() -> None:
    short = {**result().form, "seconds": 0.25}
    old, new = replace(result(), form=short), replace(result(slower=2), form=short)

    assert {each.what for each in changes(old, new)} == {f"CPU of {LIST}", f"CPU of {KEY}", "resident memory"}


def test_results_of_different_work_are_not_compared() -> None:
    with pytest.raises(IncomparableError, match="different work"):
        changes(result(), of_another_form())


@pytest.mark.parametrize(
    ("slower", "noise", "code"), [(1.0, "0", 0), (1.19, "0.2", 0), (1.21, "0.2", 1), (0.5, "0", 0)]
)
def test_the_command_fails_beyond_the_noise_alone(tmp_path: Path, slower: float, noise: str, code: int) -> None:
    old, new = written(tmp_path / "old", result()), written(tmp_path / "new", result(slower=slower))

    ended = CliRunner().invoke(cli, ["compare", old, new, "--noise", noise])

    assert ended.exit_code == code, ended.output
    assert ("Worse by more than" in ended.output) is bool(code)


def test_the_command_tells_a_wrong_file_from_a_regression(tmp_path: Path) -> None:
    ended = CliRunner().invoke(cli, ["compare", written(tmp_path, result()), str(tmp_path / "missing.json")])

    assert ended.exit_code == 2
    assert "missing.json holds no result" in ended.output


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"app CPU, {LIST}, to {SQLALCHEMY}", 1 / 6),
        (f"requests/s, {KEY}, to {SQLALCHEMY}", 6),
        (f"memory, 500 connections, to {SQLALCHEMY}", 0.5),
    ],
)
def test_a_goal_is_a_ratio_of_one_run(name: str, expected: float) -> None:
    [goal] = [each for each in GOALS if each.name == name]
    found = goal.found(result())

    assert found is not None
    assert found.median == pytest.approx(expected)
    assert goal.verdict(result()) is Verdict.MET


@pytest.mark.parametrize(
    ("ratios", "verdict"),
    [
        ([0.9] * 6, Verdict.MET),
        ([0.9, 0.9, 0.9, 0.9, 0.9, 1.1], Verdict.UNKNOWN),  # six rounds: the interval reaches from end to end
        ([0.5, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 1.1], Verdict.MET),  # nine: one at each end is left out
        ([1.1] * 6, Verdict.MISSED),
        ([0.5] * 5, Verdict.UNKNOWN),
    ],
)
def test_a_goal_is_met_or_missed_only_by_the_bound_of_the_spread(ratios: list[float], verdict: Verdict) -> None:
    """Less is better for CPU; for requests per second the same is true the other way round."""
    measured = {Measure.APP: ratios, Measure.RATE: [1 / each for each in ratios]}
    series = [
        Series(measure, LIST, by, rounds if by == SERVICE else [1.0] * len(rounds))
        for measure, rounds in measured.items()
        for by in (SERVICE, ASYNCPG)
    ]
    found = replace(result(), series=series)

    assert beside(CPU, LIST, ASYNCPG, 1.0).verdict(found) is verdict
    assert beside(RATE, LIST, ASYNCPG, 1.0).verdict(found) is verdict


def test_what_is_counted_needs_no_rounds() -> None:
    deep, first = (Of((Measure.BUFFERS,), "page", by) for by in ("last", "first"))
    goal = Goal("buffers", deep, first, 2, at_most=True, how="difference")
    series = [Series(Measure.BUFFERS, "page", by, [blocks]) for by, blocks in (("last", 9.0), ("first", 8.0))]

    assert goal.verdict(replace(result(), series=series)) is Verdict.MET


def test_cpu_of_app_and_postgres_is_added_up_round_by_round() -> None:
    both = Of((Measure.APP, Measure.POSTGRES), LIST, SERVICE)
    one = Series(Measure.POSTGRES, LIST, SERVICE, [1, 2, 3, 4, 5, 6])

    assert both.rounds(result()) == []
    assert both.rounds(replace(result(), series=[*result().series, one])) == [101, 102, 103, 104, 105, 106]


def test_the_goals_of_the_project_are_all_there() -> None:
    assert sorted(each.name for each in GOALS) == sorted(
        [
            "app CPU, 50 orders, to SQLAlchemy",
            "app CPU, product by key, to SQLAlchemy",
            "requests/s, 50 orders, to SQLAlchemy",
            "requests/s, product by key, to SQLAlchemy",
            "requests/s, create an order, to SQLAlchemy",
            "requests/s, 50 orders, to asyncpg + orjson",
            "requests/s, product by key, to asyncpg + orjson",
            "requests/s, 20 products, to asyncpg + orjson",
            "requests/s, create an order, to asyncpg + orjson",
            "requests/s, 50 orders, to limit",
            "requests/s, product by key, 500 connections, to 32",
            "requests/s, product by key, 1000 connections, to 32",
            "errors, product by key, 1000 connections (difference to 32)",
            "CPU of app and Postgres, 50 orders, to asyncpg + orjson",
            "app CPU of all middlewares, µs, product by key (difference)",
            *(
                f"{what}, last page to page 1, page, {order} order{more}"
                for order in ("uniform", "heavily tied", "nullable", "mixed", "mixed, heavily tied")
                for what, more in (("time", ""), ("buffers", " (difference)"))
            ),
            "time, insert 10,000 rows by insert_many, to COPY, no keys",
            "memory, 500 connections, to SQLAlchemy",
            "memory after logins, 500 connections, to SQLAlchemy",
        ]
    )


def test_what_was_not_measured_is_neither_met_nor_missed(capsys: pytest.CaptureFixture[str]) -> None:
    [goal] = [each for each in GOALS if each.its.by == BARE]

    assert goal.verdict(result()) is Verdict.NOT_MEASURED

    show(result())
    printed = capsys.readouterr().out
    assert "not measured" in printed
    assert "Instructions are not counted." in printed


def test_the_picture_has_a_bar_for_each_number_as_long_as_its_share_of_the_longest() -> None:
    root = ET.fromstring(drawn(result()))  # noqa: S314  # our own

    widths = [float(each.get("width", "")) for each in root.iter(f"{SVG}rect") if each.get("height") == "14"]
    expected = [
        value / max(most for _, most in values) * 260
        for _, _, cpu, rate in bars(result())
        for values in (cpu, rate)
        for _, value in values
    ]

    assert len(widths) == 12
    assert widths == pytest.approx(expected, abs=0.06)


def test_the_same_result_is_drawn_as_the_same_bytes() -> None:
    assert drawn(result()) == drawn(result())
