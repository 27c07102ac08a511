"""Results as tables for a terminal."""

from rich.console import Console
from rich.table import Table

from benchmarks.compare.goals import goals_of
from benchmarks.compare.regressions import Change
from benchmarks.compare.results import Measure, Result
from benchmarks.compare.spread import ratios, spread
from benchmarks.compare.subjects import SERVICE

WIDTH = 190
COLUMNS = (
    *(Measure.APP, Measure.POSTGRES, Measure.INSTRUCTIONS, Measure.STATEMENTS, Measure.BYTES),
    *(Measure.RATE, Measure.P50, Measure.P99, Measure.ERRORS),
)
OTHERS = (Measure.MEMORY, Measure.MEMORY_AFTER_LOGINS, Measure.TIME, Measure.BUFFERS)


def show(result: Result) -> None:
    """Print all medians, then the goals beside what was measured."""
    console = Console(width=WIDTH)
    for columns in (COLUMNS, OTHERS):
        console.print(_numbers(result, columns))
    console.print(_goals(result))
    for note in result.notes:
        console.print(note)


def _numbers(result: Result, wanted: tuple[Measure, ...]) -> Table:
    """A row for each subject and app, and a column for each measure that there is."""
    columns = [measure for measure in wanted if any(each.measure is measure for each in result.series)]
    compared = Measure.APP if Measure.APP in columns else None
    table = Table()
    for name in ("subject", "by", *columns, *(["service / this, app CPU"] if compared else [])):
        table.add_column(
            name, no_wrap=name in {"subject", "by"}, justify="left" if name in {"subject", "by"} else "right"
        )
    for subject, by in result.names():
        numbers = [result.median(measure, subject, by) for measure in columns]
        if any(number is not None for number in numbers):
            table.add_row(subject, by, *map(_short, numbers), *([_compared(result, subject, by)] if compared else []))
    return table


def _short(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:.1f}"  # noqa: PLR2004  # wide enough


def _compared(result: Result, subject: str, by: str) -> str:
    mine, its = (result.rounds(Measure.APP, subject, each) for each in (SERVICE, by))
    return str(spread(ratios(mine, its))) if mine and its and by != SERVICE else ""


def _goals(result: Result) -> Table:
    table = Table("goal: the service's", "bound", "measured", "")
    for goal in goals_of(result):
        found = goal.found(result)
        table.add_row(goal.name, goal.bounds(), "" if found is None else str(found), goal.verdict(result))
    return table


def show_changes(changes: list[Change], *, noise: float) -> None:
    """Print two results' ratios to the yardstick, and which of them got worse by more than the noise."""
    table = Table("service to asyncpg by hand", "old", "new", "change", "")
    for each in changes:
        verdict = "WORSE" if each.worse > noise else ""
        table.add_row(each.what, f"{each.old:.2f}", f"{each.new:.2f}", f"{each.worse:+.0%}", verdict)
    Console(width=WIDTH).print(table)
