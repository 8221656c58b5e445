"""Places that a text names: 江西省南昌市, 晋江分公司, Hangzhou; not 北京东路 nor 环保定制."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

import rjieba

from services.matching.reading import gazetteer, vocabulary
from services.matching.reading.gazetteer import Place

MENTIONS = 100  # places of one text; who names more serves a list of them

_SHORTEST_FULL = 3  # 新县 may also be the end of another word
_FULL = frozenset("省市区县旗州盟")
_EXCLUDED = re.compile("不含|不包括|除外|除")  # 中国境内(不含香港、澳门、台湾)
_EXCLUDED_WITHIN = 10
_AROUND = 6  # characters that tell where the words begin: the longest common words have four


class Mention(NamedTuple):
    """Places that a text may mean at [start:end)."""

    start: int
    end: int
    places: tuple[Place, ...]


def mentions(text: str) -> Iterator[Mention]:
    """Places in the order of the text; 江西省南昌市 is one."""
    last: Mention | None = None
    for one in _in_order(text)[:MENTIONS]:
        joined = _joined(last, one) if last else None
        if last and not joined:
            yield last
        last = joined or one
    if last:
        yield last


def _in_order(text: str) -> list[Mention]:
    return sorted([*islice(_names(text), MENTIONS), *_in_english(text)])


def _names(text: str) -> Iterator[Mention]:
    beginnings, reached = gazetteer.beginnings(), 0
    for found in _first_two().finditer(text):
        at = found.start()
        if at >= reached:
            for name in beginnings.get(text[at : at + 2], ()):
                if text.startswith(name, at) and (meant := _meant(text, at, name)):
                    reached = at + len(name)
                    yield Mention(at, reached, meant)
                    break


def _in_english(text: str) -> Iterator[Mention]:
    named = vocabulary.entry("english_places")
    known = (found for found in _english().finditer(text) if found[0] in named)
    for found in islice(known, MENTIONS):
        yield Mention(*found.span(), gazetteer.by_name()[named[found[0]]])


@cache
def _english() -> re.Pattern[str]:
    """Words that may be names, those of two words first."""
    listed = vocabulary.entry("english_places")
    special = [re.escape(name) for name in listed if not name.isalpha()]
    return re.compile("|".join([*special, "[a-z]+"]))


@cache
def _first_two() -> re.Pattern[str]:
    """Finds where a name may begin, by its first characters and by its second ones."""
    first, second = ("".join({name[at] for name in gazetteer.beginnings()}) for at in (0, 1))
    return re.compile(f"[{first}](?=[{second}])")


def _meant(text: str, at: int, name: str) -> tuple[Place, ...]:
    """The places that this name means here; none for 北京东路, 环保定制 and 不含台湾."""
    end = at + len(name)
    if _EXCLUDED.search(text[max(0, at - _EXCLUDED_WITHIN) : at]):
        return ()
    places = gazetteer.by_name().get(name)
    if places is None:
        return gazetteer.branches()[name] if _words("branch").match(text, end) else ()
    if name[-1] in _FULL and len(name) >= _SHORTEST_FULL:
        return places
    is_street = _words("street").match(text, end)
    return places if not is_street and _is_word(text, at, end) else ()


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether words end at both places: 保定 in 环保定制 is none."""
    offset = max(0, start - _AROUND)
    at, borders = offset, {offset}
    for word in rjieba.cut(text[offset : end + _AROUND]):
        at += len(word)
        borders.add(at)
    return {start, end} <= borders


def _joined(outer: Mention, inner: Mention) -> Mention | None:
    """Both as one, where the second lies in the first and follows it at once."""
    if inner.start - outer.end > 1:
        return None
    codes = tuple(place.code for place in outer.places)
    within = tuple(place for place in inner.places if place.code.startswith(codes))
    return Mention(outer.start, inner.end, within) if within else None


@cache
def _words(name: str) -> re.Pattern[str]:
    return vocabulary.any_of(vocabulary.entry(name))
