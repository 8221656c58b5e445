"""Capabilities: what demands ask for and supplies offer, as codes that compare.

Two levels, a group and its leaves; `capabilities.yaml` holds the nodes and their words.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.contracts.phrases import Found, Phrases, fold
from services.contracts.taxonomy import CAPABILITIES, STAMP, Capability, group_of

__all__ = [
    "CAPABILITIES", "FULL_PPM", "KIN_PPM", "STAMP", "Capability", "Recognised", "by_code",
    "children", "closeness_ppm", "named", "parent", "path", "recognise",
]  # fmt: skip

FULL_PPM = 1_000_000
# Two leaves of one group, or a group and its leaf. Of 804 public awards, the winner had bid in the
# same leaf before 5.7 times as often as the other suppliers had, only in others of the group 0.63
# times, in neither 0.31 times: ln(0.63 / 0.31) is a quarter of ln(5.7 / 0.31).
KIN_PPM = 250_000
LIMIT = 5  # capabilities told of a text: what one order can be about

# How sure one hit makes: by the length of the phrase, a Chinese character weighing three letters.
LETTER_PPM = 50_000
CHARACTER_LETTERS = 3
LEAST_PPM, MOST_PPM = 200_000, 650_000
# ... and by its place: a title says what is wanted, what follows says it with much around it.
TITLE_LENGTH = 80  # characters; callers put the title first, on a line of its own
OPENING_LENGTH = 400
OPENING_SHARE, REST_SHARE = 2, 5  # the parts of a hit that count beyond the title: 1/2, 1/5
GROUP_SHARE = 2  # the words of a group are general
HEAD_SHARE = 3  # the doubt that is left of what the title asks for: surer than any other one hit


class Recognised(NamedTuple):
    """A capability that a text is about, and `text[start:end]`, the words that say so most.

    `confidence_ppm` grows with every hit and puts codes in order; it is no share of right guesses.
    """

    code: str
    confidence_ppm: int
    start: int
    end: int


_BY_CODE: Mapping[str, Capability] = MappingProxyType({node.code: node for node in CAPABILITIES})
_CALLED: Mapping[str, Capability] = MappingProxyType(
    {word: node for node in CAPABILITIES for word in node.words}
)
_PHRASES = Phrases(word for node in CAPABILITIES for word in node.words)
_NAMED: Mapping[str, str] = MappingProxyType(
    {fold(word): node.code for node in CAPABILITIES for word in (*node.words, node.code)}
)


def by_code(code: str) -> Capability:
    """Raises KeyError for a code that is not of the taxonomy."""
    return _BY_CODE[code]


def parent(code: str) -> Capability | None:
    """The group of a leaf; None of a group. Raises KeyError for an unknown code."""
    node = by_code(code)
    return None if node.is_group else by_code(node.group)


def children(code: str) -> tuple[Capability, ...]:
    """The leaves of a group, in the order of the taxonomy; of a leaf none."""
    return tuple(node for node in CAPABILITIES if node.group == code and not node.is_group)


def path(code: str) -> tuple[Capability, ...]:
    """From the group to the node. Raises KeyError for an unknown code."""
    above = parent(code)
    return (by_code(code),) if above is None else (above, by_code(code))


def named(value: str) -> str | None:
    """The code for what a person gave as a category: a code, a name or a synonym; else None."""
    return _NAMED.get(" ".join(fold(value).split()))


def closeness_ppm(a: str, b: str) -> int:
    """How near two capabilities are: FULL_PPM the same, KIN_PPM in one group, else 0."""
    if a == b:
        return FULL_PPM
    return KIN_PPM if group_of(a) == group_of(b) else 0


def recognise(text: str, limit: int = LIMIT) -> list[Recognised]:
    """What a text is about, surest first; nothing where no known word stands in it.

    The first line, up to TITLE_LENGTH, is taken for its title. A group is told only where none of
    its leaves is. Spans are of the text as given. A caller that simplifies traditional characters
    one by one does so before, and spans stay right. Time grows in proportion to the text.
    """
    hits = list(_PHRASES.find(text))
    found = _told(_weighed(hits, text))
    leaves = {group_of(each.code) for each in found if not by_code(each.code).is_group}
    told = [each for each in found if each.code not in leaves]
    return sorted(told, key=_surest_first)[: max(limit, 0)]


def _surest_first(each: Recognised) -> tuple[int, bool, int]:
    return -each.confidence_ppm, by_code(each.code).is_group, each.start


def _weighed(hits: list[Found], text: str) -> Iterator[Recognised]:
    """Each hit with what it alone is worth."""
    title_end = _title_end(text)
    head = _head(hits, title_end)
    for hit in hits:
        node = _CALLED[hit.phrase]
        worth = _worth(hit, title_end) // (GROUP_SHARE if node.is_group else 1)
        worth = FULL_PPM - (FULL_PPM - worth) // HEAD_SHARE if hit is head else worth
        yield Recognised(node.code, worth, hit.start, hit.end)


def _title_end(text: str) -> int:
    line_end = text.find("\n", 0, TITLE_LENGTH)
    return TITLE_LENGTH if line_end < 0 else line_end


def _head(hits: list[Found], title_end: int) -> Found | None:
    """What a title asks for: said last in Chinese (supervision of a bridge), first in English.

    Where that is a general word ("works"), the leaf nearest to it that it can be about.
    """
    in_title = [hit for hit in hits if hit.end <= title_end]
    if not in_title:
        return None
    end = 0 if all(hit.phrase.isascii() for hit in in_title) else -1
    leaves = [hit for hit in in_title if not _CALLED[hit.phrase].is_group]
    group = _CALLED[in_title[end].phrase].group
    kin = [hit for hit in leaves if _CALLED[hit.phrase].group == group]
    return (kin or leaves or in_title)[end]


def _worth(hit: Found, title_end: int) -> int:
    letters = sum(1 if each.isascii() else CHARACTER_LETTERS for each in hit.phrase)
    worth = max(LEAST_PPM, min(MOST_PPM, letters * LETTER_PPM))
    if hit.end <= title_end:
        return worth
    return worth // (OPENING_SHARE if hit.end <= OPENING_LENGTH else REST_SHARE)


def _told(hits: Iterator[Recognised]) -> list[Recognised]:
    """One for each code: independent hits add up, the strongest is quoted."""
    strongest: dict[str, Recognised] = {}
    doubt_ppm: defaultdict[str, int] = defaultdict(lambda: FULL_PPM)
    for hit in hits:
        doubt_ppm[hit.code] = doubt_ppm[hit.code] * (FULL_PPM - hit.confidence_ppm) // FULL_PPM
        if hit.code not in strongest or hit.confidence_ppm > strongest[hit.code].confidence_ppm:
            strongest[hit.code] = hit
    return [
        hit._replace(confidence_ppm=FULL_PPM - doubt_ppm[code]) for code, hit in strongest.items()
    ]
