"""What the pages say, in Chinese and English."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import yaml

from services.contracts import badges, capabilities, kinds, places
from services.contracts.kinds import Names
from services.gateway.readmodel import listing

CHINESE, ENGLISH = "zh", "en"
LANGUAGES = {CHINESE: "zh-CN", ENGLISH: "en"}  # as HTML names them
LIST = Path(__file__).with_name("words.yaml")

WORDS: Mapping[str, Names] = MappingProxyType(
    {key: Names(*pair) for key, pair in yaml.safe_load(LIST.read_text(encoding="utf-8")).items()}
)
KINDS: Mapping[str, Names] = MappingProxyType(
    {code: kind.names for code, kind in kinds.DEMANDS.items()} | dict(kinds.SUPPLIES)
)
CAPABILITIES: Mapping[str, Names] = MappingProxyType(
    {node.code: Names(node.zh, node.en) for node in capabilities.CAPABILITIES}
)
GROUPS = tuple(node.code for node in capabilities.CAPABILITIES if node.is_group)
BADGES: Mapping[str, Names] = MappingProxyType(
    {tier.code: Names(tier.zh, tier.en) for tier in badges.TIERS}
)


class Words:
    """One language."""

    def __init__(self, language: str) -> None:
        self.language, self._place = language, tuple(LANGUAGES).index(language)

    def say(self, key: str, *values: object) -> str:
        """Raises KeyError for a key that is not in the list."""
        return WORDS[key][self._place].format(*values)

    def name(self, names: Mapping[str, Names], code: str) -> str:
        """What a code is called; a code of a later release stays as it is."""
        return names[code][self._place] if code in names else code

    def pick(self, names: Names) -> str:
        return names[self._place]

    def region(self, stated: str) -> str:
        """A code by its name; what is none as it was stated."""
        return places.said(stated)[self.language]

    def regions(self, stated: list[str]) -> str:
        return self.joined([self.region(one) for one in stated])

    def joined(self, parts: list[str]) -> str:
        """A list as a sentence has it."""
        return self.say("list_join").join(parts)


OF = {language: Words(language) for language in LANGUAGES}


def kinds_of_demands(said: Words) -> list[tuple[str, str]]:
    """To choose from: codes with their names."""
    return [(code, said.name(KINDS, code)) for code in kinds.DEMANDS]


def groups(said: Words) -> list[tuple[str, str]]:
    """The same of capability groups."""
    return [(code, said.name(CAPABILITIES, code)) for code in GROUPS]


def states(said: Words) -> list[tuple[str, str]]:
    """The same of what state a demand is in."""
    return [(state, said.say(f"states_{state}")) for state in listing.STATES]


def capability_names(said: Words, codes: list[str]) -> list[str]:
    """What capabilities are called."""
    return [said.name(CAPABILITIES, code) for code in codes]


def badge_names(said: Words, codes: list[str]) -> list[str]:
    """What badges are called."""
    return [said.name(BADGES, code) for code in codes]
