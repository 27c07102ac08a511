"""A feature's name, and that of one item, in every spelling of the skeleton."""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Words:
    """What a feature is about, and one of them, as `price_lists` and `price_list`."""

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
            "tortoise_kit.development.features.skeleton.paper_clips": f"app.{self.plural}",
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

    def spelled(self, text: str) -> str:
        """Text of the skeleton, about this feature instead; all words at once, since one may hold another."""
        words = "|".join(map(re.escape, sorted(self._spellings, key=len, reverse=True)))
        return re.sub(words, lambda found: self._spellings[found[0]], text)
