"""Combinations of answers that together hold every pair."""

from allpairspy import AllPairs

from tests.rendering import Answer

OPTIONS: dict[str, list[Answer]] = {
    "license": ["MIT", "Apache-2.0", "BSD-3-Clause", "Proprietary"],
    "python_version": ["3.13", "3.12", "3.14", "3.15"],
    "ci": ["github", "gitlab", "none"],
    "container_files": [True, False],
    "kit_tests": [False, True],
    "benchmarks": [False, True],
    "author_name": ["", "Ada Lovelace"],
    "author_email": ["", "ada@example.org"],
}
PAIRS: list[dict[str, Answer]] = [
    dict(zip(OPTIONS, combination, strict=True)) for combination in AllPairs(list(OPTIONS.values()))
]
