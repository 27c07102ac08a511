"""The picture in docs/benchmarks.md: how long a page takes, by how deep it lies."""

from pathlib import Path

from matplotlib import rcParams
from matplotlib.figure import Figure

from benchmarks.paging.results import Result

COLOURS = {"lists": "#0b7285", "keyset": "#66d9e8", "OFFSET": "#c92a2a", "sqlakeyset": "#868e96"}
LABELS = {"lists": "keyset, to JSON", "keyset": "keyset, to models", "OFFSET": "OFFSET, to models"}
ORDER = "uniform"


def draw(results: list[Result], rows: int, page_size: int, target: Path) -> None:
    """Write an SVG with one panel for each database."""
    rcParams.update({"svg.hashsalt": "paging", "svg.fonttype": "none", "font.family": "sans-serif"})
    databases = list(dict.fromkeys(result.database for result in results))
    figure = Figure(figsize=(4.4 * len(databases), 3.4), layout="constrained")
    panels = figure.subplots(1, len(databases), sharey=True, squeeze=False)[0]
    for panel, database in zip(panels, databases, strict=True):
        for pager, colour in COLOURS.items():
            points = sorted(
                (each.page, each.milliseconds)
                for each in results
                if (each.database, each.pager, each.order, each.backwards) == (database, pager, ORDER, False)
            )
            if points:
                panel.plot(
                    *zip(*points, strict=True), label=LABELS.get(pager, pager), color=colour, marker="o", markersize=3
                )
        panel.set(xscale="log", yscale="log", title=database, xlabel="page")
        panel.grid(visible=True, which="major", alpha=0.3)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("milliseconds a page")
    panels[0].legend(frameon=False)
    figure.suptitle(f"Pages of {page_size} of {rows:,} rows, by creation time and id")
    figure.savefig(target, metadata={"Date": None})
