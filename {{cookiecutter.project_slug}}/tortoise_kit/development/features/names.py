"""Which names a new feature can have."""

import builtins
import io
import keyword
import re
import sys
import tokenize
from collections.abc import Iterator
from inspect import isclass

from tortoise.models import Model

from app.features import modules
from app.settings import Settings
from tortoise_kit.development.features.tools import ROOT, SKELETON, FeatureError
from tortoise_kit.development.features.words import Words

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*")
LONGEST = 24  # Postgres cuts the name of an index off at 63 characters, and lines are 120 wide


def singular_of(plural: str) -> str:
    """The plain singular: `categories` to `category`, `boxes` to `box`, `books` to `book`.

    Raises:
        FeatureError: It does not end like a plural.
    """
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x")):
        if plural.endswith(ending):
            return plural.removesuffix(ending) + instead
    if plural.endswith("s") and not plural.endswith("ss"):
        return plural.removesuffix("s")
    message = f"the singular of {plural!r} is not plain: give it by --item."
    raise FeatureError(message)


def words_for(plural: str, singular: str | None) -> Words:
    """The words of a feature of this name, which can be; its singular is the plain one when none is given.

    Raises:
        FeatureError: The names are unusable, or taken.
    """
    for reason in _unusable(plural):
        raise FeatureError(reason)
    words = Words(plural, singular_of(plural) if singular is None else singular)
    for reason in (*_unusable(words.singular), *_taken(words)):
        raise FeatureError(reason)
    return words


def _taken(words: Words) -> Iterator[str]:
    if words.singular == words.plural:
        yield f"{words.plural!r} is the plural and the singular: give another one by --item."
    for folder in ("app", "tests"):
        for path in (f"{folder}/{words.plural}", f"{folder}/{words.plural}.py"):
            if (ROOT / path).exists():
                yield f"{path} exists: choose another name."
    for model in _models():
        if words.model == model.__name__ or words.plural == model._meta.db_table:
            where = f"{model.__module__}.{model.__name__}"
            yield f"{where} has the name {words.model} or the table {words.plural}: choose another name."
    from app.main import API_PREFIX, create_app  # noqa: PLC0415 -- a tenth of every other command's start

    url = f"{API_PREFIX}/{words.path}"
    if any(f"{path}/".startswith(f"{url}/") for path in create_app(Settings()).openapi()["paths"]):
        yield f"{url} is a route of another feature: choose another name."


def _unusable(name: str) -> Iterator[str]:
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        yield f"{name!r} is no name: use a-z, 0-9 and single _ before a letter, at most {LONGEST} characters."
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in dir(builtins):
        yield f"{name!r} is a word of Python: choose another name."
    if name in sys.stdlib_module_names:
        yield f"{name!r} is a module of Python's own: choose another name."
    if name in _words_of_the_skeleton():
        yield f"{name!r} is a word that every feature's code uses for something else: choose another name."


def _words_of_the_skeleton() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in SKELETON.rglob("*.py")]
    tokens = (token for text in texts for token in tokenize.generate_tokens(io.StringIO(text).readline))
    return {token.string for token in tokens if token.type == tokenize.NAME}


def _models() -> Iterator[type[Model]]:
    for module in modules("models"):
        yield from (each for each in vars(module).values() if isclass(each) and issubclass(each, Model))
