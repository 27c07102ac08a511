"""Results as tables for a terminal."""

from rich.console import Console
from rich.table import Table

from benchmarks.compare.goals import goals_of, value_of
from benchmarks.compare.regressions import Change
from benchmarks.compare.results import Result

WIDTH = 120


def show(result: Result) -> None:
    """Print all numbers, then the goals beside what was measured."""
    console = Console(width=WIDTH)
    console.print(_numbers(result))
    console.print(_goals(result))


def _numbers(result: Result) -> Table:
    table = Table("subject", "by", "CPU µs", "requests/s", "p50 ms", "p99 ms", "errors")
    loads = {(each.subject, each.entrant): each for each in result.load}
    for cpu in result.cpu:
        load = loads.get((cpu.subject, cpu.entrant))
        over_http = ["", "", "", ""]
        if load:
            times = (f"{load.requests_per_second:,.0f}", f"{load.p50:.1f}", f"{load.p99:.1f}")
            over_http = [*times, str(load.errors)]
        table.add_row(cpu.subject, cpu.entrant, f"{cpu.microseconds:,.0f}", *over_http)
    for memory in result.memory:
        table.add_row(f"{memory.connections} connections", memory.entrant, f"{memory.mebibytes:.0f} MiB")
    return table


def _goals(result: Result) -> Table:
    table = Table("goal: service to", "subject", "of", "bound", "measured", "")
    for goal in goals_of(result):
        value = value_of(goal, result)
        measured = ("", "not measured") if value is None else (f"{value:.2f}", _verdict(reached=goal.reached(value)))
        bound = f"{'≤' if goal.at_most else '≥'} {goal.bound:.2f}"
        table.add_row(goal.twin, goal.subject, goal.kind, bound, *measured)
    return table


def _verdict(*, reached: bool) -> str:
    return "reached" if reached else "MISSED"


def show_changes(changes: list[Change], *, noise: float) -> None:
    """Print two results' ratios to the yardstick, and which of them got worse by more than the noise."""
    table = Table("service to asyncpg by hand", "old", "new", "change", "")
    for each in changes:
        verdict = "WORSE" if each.worse > noise else ""
        table.add_row(each.what, f"{each.old:.2f}", f"{each.new:.2f}", f"{each.worse:+.0%}", verdict)
    Console(width=WIDTH).print(table)
