"""Which new names belong to which old ones, as far as the evidence goes.

Tables and columns are matched by the same rules. A name that stays is evidence, and so is the model or field that it
belongs to; where the two contradict each other, the one that looks as before decides. What is still open is a question
for a person: a wrong guess would move rows to another model.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

type Compare = Callable[[str, str], bool]
type Edges = set[tuple[str, str]]


@dataclass(frozen=True)
class Matches:
    """New names by old ones, and the old names that may belong to several.

    Attributes:
        pairs: The best match, also of names that are in `unsure`.
        unsure: The new names that each of these old ones may have.
    """

    pairs: dict[str, str]
    unsure: dict[str, list[str]]

    @property
    def origins(self) -> dict[str, str]:
        """Old names by new ones."""
        return {new: old for old, new in self.pairs.items()}


def match(
    evidence: Mapping[str, Collection[str]], decided: Mapping[str, str], *, same: Compare, kept: Compare
) -> Matches:
    """Match old names to new ones.

    Args:
        evidence: For each new name, the old names that it may have had.
        decided: New names by old ones, as a person said.
        same: Whether something old and something new differ in nothing but the name.
        kept: Whether everything of the old one is in the new one.
    """
    taken = set(decided.values())
    edges = {(a, b) for b, olds in evidence.items() for a in olds if a not in decided and b not in taken}
    pairs = dict(decided)
    while found := _unique(edges) or _unique({edge for edge in edges if same(*edge)}):
        pairs |= found
        edges = {(a, b) for a, b in edges if a not in found and b not in found.values()}
    unsure = _neighbours(edges)
    pairs |= {a: a for a, b in edges if a == b}
    return Matches(pairs, unsure | _rivals(pairs, evidence, decided, same, kept))


def _unique(edges: Edges) -> dict[str, str]:
    """The edges whose ends have no other edge."""
    olds, news = [a for a, _ in edges], [b for _, b in edges]
    return {a: b for a, b in sorted(edges) if olds.count(a) == news.count(b) == 1}


def _neighbours(edges: Edges) -> dict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for a, b in sorted(edges):
        found[a].append(b)
    return dict(found)


def _rivals(
    pairs: Mapping[str, str], news: Collection[str], decided: Mapping[str, str], same: Compare, kept: Compare
) -> dict[str, list[str]]:
    """Matches of which one side changed, where something else in the new models looks like the old one did."""
    settled = {b for a, b in pairs.items() if a in decided or kept(a, b)}
    changed = {a: b for a, b in pairs.items() if b not in settled}
    rivals = {a: [n for n in news if n != b and n not in settled and same(a, n)] for a, b in changed.items()}
    return {a: [changed[a], *names] for a, names in rivals.items() if names}
