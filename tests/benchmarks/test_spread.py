import random
from statistics import median

import pytest

from benchmarks.compare.spread import outside, ratios, spread


@pytest.mark.parametrize(
    ("rounds", "at_each_end"), [(1, -1), (5, -1), (6, 0), (8, 0), (9, 1), (12, 2), (15, 3), (20, 5)]
)
def test_the_interval_leaves_out_as_many_values_as_the_published_table(rounds: int, at_each_end: int) -> None:
    """J.-Y. Le Boudec, Performance Evaluation of Computer and Communication Systems, appendix A."""
    assert outside(rounds) == at_each_end


def test_the_interval_holds_the_true_median_19_times_of_20() -> None:
    rng = random.Random(0)  # noqa: S311  # no secret
    drawn = [spread([rng.lognormvariate(0, 1) for _ in range(9)]) for _ in range(2000)]  # its median is 1

    held = sum(each.low <= 1 <= each.high for each in drawn) / len(drawn)

    assert 0.95 <= held <= 0.98  # 0.961, as nine values allow


def test_a_busy_round_changes_both_numbers_and_not_their_ratio() -> None:
    busy = [1.0, 7.0, 2.0, 1.5, 30.0, 1.0]

    found = spread(ratios([each * 2 for each in busy], busy))

    assert (found.median, found.low, found.high) == (2, 2, 2)


def test_too_few_rounds_have_a_median_and_no_interval() -> None:
    found = spread([1.0, 2.0, 4.0])

    assert found.median == median([1.0, 2.0, 4.0])
    assert str(found) == "2.00 (too few rounds)"
    assert (found.low, found.high) == (float("-inf"), float("inf"))


def test_an_interval_is_written_behind_its_median() -> None:
    assert str(spread([1.0, 2.0, 3.0, 4.0, 5.0, 60.0])) == "3.50 [1.00, 60]"
