"""Both databases find the rows that Python finds, for any search."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tortoise.context import TortoiseContext
from tortoise.models import Model

from tests.kit.conftest import empty
from tests.kit.specimens import Specimen, specimen, store
from tortoise_kit.models.search import WORD_CHARACTERS, WORDS_MAX, SearchField, matching, searchable, words
from tortoise_kit.sql.compiled import cached

each_run = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
NAUGHTY = ["'", '"', "\\", "&", "|", "!", "(", ")", ":*", "<->", "%", "_", "*", "--", ";", "$1", "?", "{column}", "[]"]
plain = st.lists(st.sampled_from(["a", "ab", "abc", "b", "ba", "12", "1", "é"]), max_size=5).map(" ".join)
naughty = st.lists(st.sampled_from(["ab", "b", "12", *NAUGHTY]), max_size=8).map("".join)
texts = plain | naughty | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Red, red LAMP!", ["red", "lamp"]),
        ("Café CAFÉ Cafe\u0301 cafe", ["cafe"]),
        ("Straße STRASSE \ufb01ne \uff21\uff22\uff23", ["strasse", "fine", "abc"]),
        ("USB-C 3.5mm snake_case", ["usb", "c", "3", "5mm", "snake", "case"]),
        ("лампа ЛАМПА 灯", ["лампа", "灯"]),
        ("!?& -- ''", []),
        ("", []),
    ],
)
def test_words_are_normalised_runs_of_letters_and_digits(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_long_words_and_long_texts_are_truncated() -> None:
    assert words("x" * 10_000) == ["x" * WORD_CHARACTERS]
    assert len(words(" ".join(str(number) for number in range(WORDS_MAX * 2)))) == WORDS_MAX


@pytest.mark.parametrize("text", ["", " ", "!?", "'", "%", "_"])
def test_text_without_a_word_is_no_condition(text: str) -> None:
    assert matching("story", text) is None


def expected(stored: list[str], text: str) -> list[int]:
    """Which of the texts have all words, the last one as a beginning."""
    *whole, last = text.replace("'", " ").replace("&", " ").split()
    return [
        at
        for at, row in enumerate(map(words, stored))
        if set(whole) <= set(row) and any(word.startswith(last) for word in row)
    ]


async def found(stored: list[str], text: str) -> list[int]:
    await empty()
    await store(specimen(at, story=searchable(row)) for at, row in enumerate(stored))
    condition = matching("story", text)
    assert condition is not None
    return [row.id for row in await Specimen.filter(condition).order_by("id")]


@each_run
@given(st.lists(plain | naughty, max_size=6), st.lists(st.sampled_from(["a", "ab", "b", "12", "'", "&"]), min_size=1))
@example(["a b", "ab", "b a"], ["a", "b"])
@example(["ab", "abc", "a b"], ["ab"])
async def test_a_search_finds_what_python_finds(
    shared_tables: TortoiseContext, stored: list[str], parts: list[str]
) -> None:
    text = " ".join([*parts, "a"])

    with shared_tables:
        assert await found(stored, text) == expected(stored, text)


@each_run
@given(st.lists(texts, max_size=4), texts)
async def test_any_text_is_harmless_and_finds_its_own_row(
    shared_tables: TortoiseContext, stored: list[str], text: str
) -> None:
    if not words(text):
        return
    with shared_tables:
        assert len(stored) in await found([*stored, text], text)


async def test_operators_and_wildcards_have_no_meaning_in_a_search(tables: TortoiseContext) -> None:
    with tables:
        for text in ("a | b", "!b a", "a & !b", "b:* a", "a%", "(a", "'a", 'a"', "a\\"):
            stored = ["a", "b", "a b"]
            wanted = [2] if "b" in text else [0, 2]
            assert await found(stored, text) == wanted, text


async def test_searches_for_other_words_share_their_sql(tables: TortoiseContext) -> None:
    with tables:
        found = [cached(Specimen.filter(one)) for one in (matching("story", "a"), matching("story", "b c")) if one]

        assert [statement and statement[1] for statement in found] == [["a"], ["b c"]]
        assert len({statement and statement[0] for statement in found}) == 1


class Note(Model):
    """Has no table."""

    title = "Red lamp"
    text = "A LAMP, in red & blue"


def test_a_search_field_holds_the_words_of_an_objects_columns() -> None:
    field = SearchField(of=("title", "text"))

    assert field.to_db_value("", Note.__new__(Note)) == "red lamp a in blue"
    assert field.to_db_value("as it is", Note) == "as it is"
