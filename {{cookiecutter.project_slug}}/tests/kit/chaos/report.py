"""What the scenarios measured: figures of both engines beside the bar that ours must hold."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.kit.chaos.engines import OURS, Engine


@dataclass(frozen=True)
class Figure:
    """One number of one scenario on one engine; without a bar it is for information."""

    scenario: str
    engine: str
    name: str
    value: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def bar(self) -> str:
        """The bar as shown."""
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return "" if self.at_least is None else f">= {self.at_least:g}"

    @property
    def holds(self) -> bool:
        """Whether the number is on the right side of its bar."""
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )


@dataclass
class Report:
    """All figures of a run."""

    figures: list[Figure] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """One JSON object a line."""
        lines = [json.dumps({**asdict(figure), "holds": figure.holds}) + "\n" for figure in self.figures]
        path.write_text("".join(lines), encoding="utf-8")

    def show(self, console: Console) -> None:
        """A table: one line for each figure, the engines side by side."""
        engines = list(dict.fromkeys(figure.engine for figure in self.figures))
        table = Table("scenario", "figure", *engines, "bar for ours")
        rows: dict[tuple[str, str], dict[str, Figure]] = {}
        for figure in self.figures:
            rows.setdefault((figure.scenario, figure.name), {})[figure.engine] = figure
        for (scenario, name), found in rows.items():
            numbers = [f"{found[engine].value:.4g}" if engine in found else "" for engine in engines]
            table.add_row(scenario, name, *numbers, next(iter(found.values())).bar)
        console.print(table)


@dataclass(frozen=True)
class Scenario:
    """One scenario on one engine, while it runs.

    Attributes:
        unawaited: Errors that reached only the event loop because nobody awaits them, such as one of a task's callback.
    """

    name: str
    engine: Engine
    report: Report
    unawaited: list[dict[str, Any]] = field(default_factory=list)

    def record(self, name: str, value: float, *, at_most: float | None = None, at_least: float | None = None) -> None:
        """Keep a figure, and with it the bar for ours."""
        self.report.figures.append(
            Figure(self.name, self.engine.name, name, round(value, 4), at_most=at_most, at_least=at_least)
        )

    def assert_bars(self) -> None:
        """Every figure of ours holds its bar; stock may be as it is."""
        self.record("broken tasks that nobody awaited", len(self.unawaited), at_most=0)
        own = [each for each in self.report.figures if (each.scenario, each.engine) == (self.name, self.engine.name)]
        broken = [f"{each.name}: {each.value:g}, not {each.bar}" for each in own if not each.holds]
        assert self.engine is not OURS or not broken, "; ".join(broken)
