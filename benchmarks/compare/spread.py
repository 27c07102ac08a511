"""What some rounds say about a ratio: its median, and an interval that holds the true one with 95 % confidence.

A busy machine slows a whole round more than the apps in it differ, so numbers are only divided within a round. The
interval is between two of the sorted ratios, as many from each end, which is exact for any distribution: each ratio is
below the true median with probability 1/2, so how many are is binomial (J.-Y. Le Boudec, Performance Evaluation of
Computer and Communication Systems, 2010, theorem 2.1). Fewer than six rounds have no such interval.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Spread:
    """A median and its interval, which is unbounded where the rounds are too few."""

    median: float
    low: float = -math.inf
    high: float = math.inf

    def __str__(self) -> str:
        if math.isinf(self.high):
            return f"{_short(self.median)} (too few rounds)"
        bounds = "" if self.low == self.high else f" [{_short(self.low)}, {_short(self.high)}]"
        return _short(self.median) + bounds


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2f}"  # noqa: PLR2004  # where decimals say nothing


def outside(rounds: int) -> int:
    """How many sorted values lie outside the interval at each end; -1 if the rounds are too few for one."""
    tails = [2 * sum(math.comb(rounds, below) for below in range(each + 1)) / 2.0**rounds for each in range(rounds)]
    return sum(tail <= 1 - CONFIDENCE for tail in tails) - 1


def spread(values: Sequence[float]) -> Spread:
    """Of one value or more."""
    out = outside(len(values))
    if out < 0:
        return Spread(median(values))
    ordered = sorted(values)
    return Spread(median(values), ordered[out], ordered[-1 - out])


def ratios(mine: Sequence[float], its: Sequence[float]) -> list[float]:
    """Of the same rounds."""
    return [one / other for one, other in zip(mine, its, strict=True)]


def differences(mine: Sequence[float], its: Sequence[float]) -> list[float]:
    """Of the same rounds."""
    return [one - other for one, other in zip(mine, its, strict=True)]
