"""What a new feature is called, in every spelling, and which names there cannot be."""

import builtins
import io
import keyword
import re
import sys
import tokenize
from collections.abc import Iterator
from functools import cached_property
from inspect import isclass

from tortoise.models import Model

from app.cli.feature.tools import ROOT, FeatureError
from app.features import modules
from app.main import API_PREFIX, create_app
from app.settings import Settings

SKELETON = ROOT / "skeleton"
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


class Words:
    """A feature's name and that of one item, as `price_lists` and `price_list`, for every place of the skeleton."""

    def __init__(self, plural: str, singular: str) -> None:
        self.plural = plural
        self.singular = singular

    @property
    def prose(self) -> str:
        """As in a sentence: `price lists`."""
        return self.plural.replace("_", " ")

    @property
    def path(self) -> str:
        """As in a URL: `price-lists`."""
        return self.plural.replace("_", "-")

    @property
    def model(self) -> str:
        """As a class: `PriceList`."""
        return "".join(part.capitalize() for part in self.singular.split("_"))

    @cached_property
    def _spellings(self) -> dict[str, str]:
        one = self.singular.replace("_", " ")
        return {
            "skeleton.paper_clips": f"app.{self.plural}",
            "skeleton.tests": f"tests.{self.plural}",
            "PaperClip": self.model,
            "PAPER_CLIPS": self.plural.upper(),
            "PAPER_CLIP": self.singular.upper(),
            "paper_clips": self.plural,
            "paper_clip": self.singular,
            "paper-clips": self.path,
            "paper clips": self.prose,
            "Paper clips": self.prose.capitalize(),
            "paper clip": one,
            "Paper clip": one.capitalize(),
        }

    def spelled(self, text: str) -> str:
        """Text of the skeleton, about this feature instead; all words at once, since one may hold another."""
        words = "|".join(map(re.escape, sorted(self._spellings, key=len, reverse=True)))
        return re.sub(words, lambda found: self._spellings[found[0]], text)

    def check(self) -> None:
        """Refuse what could not work, before anything is written.

        Raises:
            FeatureError: Names that are unusable, or taken.
        """
        for reason in (*_unusable(self.plural), *_unusable(self.singular), *self._taken()):
            raise FeatureError(reason)

    def _taken(self) -> Iterator[str]:
        if self.singular == self.plural:
            yield f"{self.plural!r} is the plural and the singular: give another one by --item."
        for folder in ("app", "tests"):
            for path in (f"{folder}/{self.plural}", f"{folder}/{self.plural}.py"):
                if (ROOT / path).exists():
                    yield f"{path} exists: choose another name."
        for model in _models():
            if self.model == model.__name__ or self.plural == model._meta.db_table:
                where = f"{model.__module__}.{model.__name__}"
                yield f"{where} has the name {self.model} or the table {self.plural}: choose another name."
        if any(
            f"{each}/".startswith(f"{API_PREFIX}/{self.path}/") for each in create_app(Settings()).openapi()["paths"]
        ):
            yield f"{API_PREFIX}/{self.path} is a route of another feature: choose another name."


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
