"""Whether all apps answer alike: otherwise their costs would be of different work."""

from typing import Any

from benchmarks.compare.subjects import Subject

CURSORS = ("next", "previous")  # twins make none
OF_ONE_ORDER = ("id", "created_at", "updated_at", "events")  # twins show no events


class DisagreementError(Exception):
    """Two apps that answer the same request in different ways."""


def check(subject: Subject, answers: dict[str, Any]) -> None:
    """Compare the answers of all apps with the first one's, as JSON, less what must differ.

    Raises:
        DisagreementError: An answer differs; it is named with the first member that does.
    """
    (first, expected), *others = [(name, comparable(subject, answer)) for name, answer in answers.items()]
    for name, answer in others:
        if (path := difference(expected, answer)) is not None:
            message = f"{name} answers {subject.name} in another way than {first}: look at {path or 'the whole'}."
            raise DisagreementError(message)


def comparable(subject: Subject, answer: Any) -> Any:
    """An answer without cursors, and a new order without what is its own."""
    left_out = OF_ONE_ORDER if subject.bodies else CURSORS
    return {name: value for name, value in answer.items() if name not in left_out}


def difference(one: Any, other: Any, path: str = "") -> str | None:
    """Where two JSON values first differ, such as `items.3.total`; None if they are equal."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs: Any = ((name, one[name], other[name]) for name in one)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = ((str(at), *both) for at, both in enumerate(zip(one, other, strict=True)))
    else:
        return None if one == other and type(one) is type(other) else path
    below = (difference(mine, its, f"{path}.{name}".lstrip(".")) for name, mine, its in pairs)
    return next((found for found in below if found is not None), None)
