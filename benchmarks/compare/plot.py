"""The picture of a result: bars of app CPU and of requests per second, as SVG that needs no library."""

from collections.abc import Iterator
from html import escape

from benchmarks.compare.results import Measure, Result
from benchmarks.compare.subjects import BARE, SERVICE, SUBJECTS

PANEL_WIDTH, LABEL_WIDTH, BAR_WIDTH = 520, 170, 260
BAR_HEIGHT, GAP, HEADING = 14, 4, 34
KNOWN = {subject.name for subject in SUBJECTS}
OURS, OTHERS = "#0b7285", "#868e96"

type Bars = list[tuple[str, float]]


def bars(result: Result) -> Iterator[tuple[str, str, Bars, Bars]]:
    """For each subject: its name, its method, and who has which CPU and which rate."""
    names = [name for name in dict.fromkeys(by for subject, by in result.names() if subject in KNOWN) if name != BARE]
    for subject in SUBJECTS:
        cpu, rate = (
            [(name, result.median(measure, subject.name, name)) for name in names]
            for measure in (Measure.APP, Measure.RATE)
        )
        if _known(cpu):
            yield subject.name, subject.method, _known(cpu), _known(rate)


def _known(values: list[tuple[str, float | None]]) -> Bars:
    return [(name, value) for name, value in values if value is not None]


def drawn(result: Result) -> str:
    """An SVG with a row for each subject: CPU on the left, where short is good, rates on the right."""
    parts, top = [], HEADING
    for name, method, cpu, rate in bars(result):
        left = _panel(f"{name} ({method}): app CPU, µs a request", cpu, 0, top)
        right = _panel(f"{name}: requests per second", rate, PANEL_WIDTH, top) if rate else ()
        parts += [*left, *right]
        top += HEADING + max(len(cpu), len(rate)) * (BAR_HEIGHT + GAP)
    title = escape(", ".join(f"{key} {value}" for key, value in result.form.items()))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * PANEL_WIDTH}" height="{top}" '
        f'font-family="sans-serif" font-size="11">\n<rect width="100%" height="100%" fill="white"/>\n'
        f'<text x="8" y="18" font-size="13">{title}</text>\n{body}\n</svg>\n'
    )


def _panel(title: str, values: Bars, left: int, top: int) -> Iterator[str]:
    most = max((value for _, value in values), default=1) or 1
    yield f'<text x="{left + 8}" y="{top + 14}" font-weight="bold">{escape(title)}</text>'
    for at, (name, value) in enumerate(values):
        y = top + 22 + at * (BAR_HEIGHT + GAP)
        width, start = value / most * BAR_WIDTH, left + LABEL_WIDTH
        yield f'<text x="{start - 6}" y="{y + 11}" text-anchor="end">{escape(name)}</text>'
        colour = OURS if name == SERVICE else OTHERS
        yield f'<rect x="{start}" y="{y}" width="{width:.1f}" height="{BAR_HEIGHT}" fill="{colour}"/>'
        yield f'<text x="{start + width + 5:.1f}" y="{y + 11}">{value:,.0f}</text>'
