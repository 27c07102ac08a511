"""Lists as a client walks them, by their links alone."""

import re
from collections.abc import Sequence

from httpx import AsyncClient, Response


def links(answer: Response) -> dict[str, str]:
    return {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("link", ""))}


async def walk(client: AsyncClient, url: str, rel: str) -> list[Response]:
    """Every answer from `url` on, by its links alone."""
    answers = [await client.get(url)]
    while following := links(answers[-1]).get(rel):
        assert len(answers) < 200, "a walk without an end"
        answers.append(await client.get(following))
    assert all(answer.status_code == 200 for answer in answers)
    return answers


def ids(answers: Sequence[Response]) -> list[list[int]]:
    return [[item["id"] for item in answer.json()["items"]] for answer in answers]
