"""The names of a feature: which can be used, and how the skeleton spells them."""

import ast
import builtins
import keyword
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from inspect import isclass
from pathlib import Path

from tortoise.models import Model

from tortoise_kit.development.features.project import PACKAGE, FeatureError, Project

SKELETON = Path(__file__).parent / "skeleton"
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*")
LONGEST = 24  # characters: Postgres cuts names of indexes off at 63, and lines are 120 wide
WRITTEN = {"chosen", "conditions", "filters", "found", "owner", "visible"}  # in the code of some columns
ENDINGS = (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"))


@dataclass(frozen=True)
class Words:
    """A feature's name and the name of one item, such as `price_lists` and `price_list`."""

    plural: str
    singular: str

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
            "tortoise_kit.development.features.skeleton.paper_clips": f"{PACKAGE}.{self.plural}",
            "tortoise_kit.development.features.skeleton.tests": f"tests.{self.plural}",
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

    def spell(self, text: str) -> str:
        """A text of the skeleton about this feature; all words at once, since one may contain another."""
        words = "|".join(map(re.escape, sorted(self._spellings, key=len, reverse=True)))
        return re.sub(words, lambda found: self._spellings[found[0]], text)


def words_for(project: Project, plural: str, singular: str | None) -> Words:
    """The words of a new feature; without `singular` it is derived from the plural.

    Raises:
        FeatureError: A name cannot be used, or is taken.
    """
    for reason in _unusable(plural):
        raise FeatureError(reason)
    words = Words(plural, singular_of(plural) if singular is None else singular)
    for reason in (*_unusable(words.singular), *_taken(project, words)):
        raise FeatureError(reason)
    return words


def singular_of(plural: str) -> str:
    """The regular singular: `categories` to `category`, `boxes` to `box`, `books` to `book`.

    Raises:
        FeatureError: The name does not end like a plural.
    """
    for ending, instead in ENDINGS:
        if plural.endswith(ending):
            return plural.removesuffix(ending) + instead
    if plural.endswith("s") and not plural.endswith("ss"):
        return plural.removesuffix("s")
    message = f"the singular of {plural!r} is not obvious: add --item SINGULAR."
    raise FeatureError(message)


def _unusable(name: str) -> Iterator[str]:
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        yield (
            f"{name!r} is not a usable name: use a-z, 0-9 and single _ followed by a letter, "
            f"at most {LONGEST} characters."
        )
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in dir(builtins):
        yield f"{name!r} is a keyword or builtin of Python: choose another name."
    if name in sys.stdlib_module_names:
        yield f"{name!r} is a module of Python's standard library: choose another name."
    if name in _words_of_the_skeleton():
        yield f"{name!r} already means something else in the code of every feature: choose another name."


def _words_of_the_skeleton() -> set[str]:
    """What the code of a feature binds or reads; keywords and attributes, such as `tags=`, hide nothing."""
    nodes = [node for path in SKELETON.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    names |= {node.name.rpartition(".")[2] for node in nodes if isinstance(node, ast.alias)}
    return names | WRITTEN


def _taken(project: Project, words: Words) -> Iterator[str]:
    if words.singular == words.plural:
        yield f"{words.plural!r} is both plural and singular: add another --item."
    for folder in project.folders(words.plural):
        for path in (folder, folder.with_suffix(".py")):
            if path.exists():
                yield f"{project.relative(path)} exists: choose another name."
    for model in models_of(project):
        if words.model == model.__name__ or words.plural == model._meta.db_table:
            where = f"{model.__module__}.{model.__name__}"
            yield f"{where} has the name {words.model} or the table {words.plural}: choose another name."
    url = f"/{words.path}"
    if any(f"{path}/".startswith(f"{url}/") for path in project.api_paths()):
        yield f"{url} is a route of another feature: choose another name."


def models_of(project: Project) -> Iterator[type[Model]]:
    """The models of all features."""
    for name in (f"{PACKAGE}.{feature}.models" for feature in project.features()):
        if find_spec(name):
            yield from (
                each for each in vars(import_module(name)).values() if isclass(each) and issubclass(each, Model)
            )
