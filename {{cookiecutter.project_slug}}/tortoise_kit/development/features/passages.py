"""Passages of texts that are about features, between two comments, so that they go when one of those goes.

<!-- with catalog, orders -->          # with catalog, orders
Whatever is said of them.              what: is configured
<!-- end with -->                      # end with
"""

import re
from collections.abc import Iterator
from pathlib import Path

from tortoise_kit.development.features.tools import ROOT

TEXTS = ("*.md", "docs/*.md", "*.yaml", "*.yml", ".*.yml")
PASSAGE = re.compile(
    r"^(?P<mark><!--|#) with (?P<names>[a-z0-9_, ]+?)(?: -->)?\n.*?^(?P=mark) end with(?: -->)?\n\n?",
    re.MULTILINE | re.DOTALL,
)


def changed_texts(gone: set[str]) -> Iterator[tuple[Path, str]]:
    """The texts that have a passage about one of these features, without it."""
    for path in sorted({path for pattern in TEXTS for path in ROOT.glob(pattern)}):
        text = path.read_text(encoding="utf-8")
        if (left := without_passages(text, gone)) != text:
            yield path, left


def without_passages(text: str, gone: set[str]) -> str:
    """The text without the passages about one of these features, and the blank line after each."""
    return PASSAGE.sub(lambda found: "" if gone & set(found["names"].split(", ")) else found[0], text)
