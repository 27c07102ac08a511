"""Whether all apps answer alike: otherwise their costs would be of different work."""

from typing import Any

from benchmarks.compare.subjects import Subject


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
    """An answer without the members in which right ones differ, such as a cursor or the key of a new row."""
    if isinstance(answer, dict):
        return {name: comparable(subject, value) for name, value in answer.items() if name not in subject.left_out}
    return [comparable(subject, each) for each in answer] if isinstance(answer, list) else answer


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
