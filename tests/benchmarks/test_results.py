import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from benchmarks.__main__ import cli
from benchmarks.compare.goals import GOALS, Goal, value_of
from benchmarks.compare.plot import bars, drawn
from benchmarks.compare.regressions import IncomparableError, changes
from benchmarks.compare.results import Result, ResultError, read, write
from benchmarks.compare.subjects import BARE, KEY, LIST, SQLALCHEMY
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
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 0}), encoding="utf-8")

    with pytest.raises(ResultError, match="format 0, and this command reads 1"):
        read(path)


def test_a_slower_machine_is_no_regression() -> None:
    assert all(each.worse == pytest.approx(0) for each in changes(result(), result(machine=3)))


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
    ("kind", "subject", "twin", "expected"),
    [("CPU", LIST, SQLALCHEMY, 1 / 6), ("requests/s", KEY, SQLALCHEMY, 6), ("memory", "", SQLALCHEMY, 0.5)],
)
def test_a_goal_is_a_ratio_of_one_run(kind: str, subject: str, twin: str, expected: float) -> None:
    [goal] = [each for each in GOALS if (each.kind, each.subject, each.twin) == (kind, subject, twin)]

    assert value_of(goal, result()) == pytest.approx(expected)


def test_a_goal_is_reached_on_its_side_of_the_bound() -> None:
    least = Goal("requests/s", LIST, SQLALCHEMY, 5, at_most=False)
    most = Goal("CPU", LIST, SQLALCHEMY, 0.5, at_most=True)

    assert [least.reached(4.9), least.reached(5)] == [False, True]
    assert [most.reached(0.5), most.reached(0.51)] == [True, False]


def test_what_was_not_measured_is_neither_reached_nor_missed(capsys: pytest.CaptureFixture[str]) -> None:
    [goal] = [each for each in GOALS if each.twin == BARE]

    assert value_of(goal, result()) is None

    show(result())
    assert "not measured" in capsys.readouterr().out


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
