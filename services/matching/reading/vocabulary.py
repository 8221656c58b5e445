"""The words by which a text says what a value is, from `vocabulary.yaml`."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("vocabulary.yaml")
_NOTHING = re.compile(r"(?!)")
_PPM = 1000  # the file counts in thousandths


@cache
def _entries() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def entry(name: str) -> Any:
    """One part of the vocabulary, as it is written there."""
    return _entries()[name]


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of these words, the longest that stands at a place; in English, whole words."""
    listed = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_whole, listed))) if listed else _NOTHING


def confidences(words: Mapping[str, int]) -> dict[str, int]:
    """Words with how sure they make, in millionths."""
    return {word: thousandths * _PPM for word, thousandths in words.items()}


def _whole(word: str) -> str:
    """The letter stands before what must not precede it, so that a search can skip to letters."""
    first, rest = re.escape(word[0]), re.escape(word[1:])
    left = f"{first}(?<![a-z].)" if _is_letter(word[0]) else first
    return left + rest + (r"(?![a-z])" if _is_letter(word[-1]) else "")


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()
