"""How much is wanted, in the words of the text: 150台, 数量759, 500 units."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from services.matching.reading import roles, vocabulary
from services.matching.reading.found import Found, bounded
from services.matching.reading.numerals import ARABIC, HAN
from services.matching.reading.plain import Plain

QUANTITIES = 100  # of one text; more is a bill of quantities
LONGEST = 80  # characters, as in the contract of a demand

SEVERAL_PPM = -450_000  # each of many: a demand of several things has no one quantity
TOTAL_PPM = 100_000
NO_UNIT_PPM = -150_000
FAR_PPM = -150_000  # other words stand between the word and the number
NEAR = 12
_SPELLED = "一二两三四五六七八九十百"


def find(plain: Plain) -> Iterator[Found]:
    """Candidates for `quantity`."""
    judged = [
        (found, sure)
        for found in islice(_counted().finditer(plain.text), QUANTITIES)
        if (sure := _confidence(plain.text, found)) is not None
    ]
    several = SEVERAL_PPM if len({found[0] for found, _ in judged}) > 1 else 0
    for found, sure in judged:
        is_total = _totals().search(plain.text, max(0, found.start() - 6), found.start())
        adjusted = bounded(sure + (TOTAL_PPM if is_total else several))
        value = " ".join(plain.written[slice(*found.span())].split())[:LONGEST]
        yield Found("quantity", value, plain.source, *found.span(), adjusted)


def _confidence(text: str, found: re.Match[str]) -> int | None:
    around = roles.context(text, *found.span())
    cue = roles.role("quantity").cue(around)
    if cue is None:
        return None
    between = cue.between.strip(":为约共计 ")
    is_counted = "量" in cue.word or "计" in cue.word or "q" in cue.word
    unit = found["unit"]
    if (unit is None and (between or not is_counted)) or (unit in _measures() and not is_counted):
        return None  # a bare number or a measure is a quantity only where the word says so
    missing = NO_UNIT_PPM if unit is None else 0
    return cue.confidence_ppm + missing + (FAR_PPM if len(between) > NEAR else 0)


@cache
def _counted() -> re.Pattern[str]:
    """A number with the unit that it counts, or without one."""
    han, english = _alternatives("units"), _alternatives("english_units")
    spelled = rf"(?<![{HAN}第])[{_SPELLED}]{{1,4}}(?=\s?(?:{_alternatives('spelled_units')}))"
    return re.compile(
        rf"(?:{ARABIC}|{spelled})(?:\s?万)?\s?"
        rf"(?:(?P<unit>(?:{han})(?![0-9a-z²³])|(?:{english})(?![0-9a-z²³]))"
        r"|(?![0-9a-z万亿元年月日天时%.\-/:*×]))"
    )


def _alternatives(name: str) -> str:
    listed = sorted(vocabulary.entry(name), key=len, reverse=True)
    return "|".join(map(re.escape, listed))


@cache
def _measures() -> frozenset[str]:
    return frozenset(vocabulary.entry("measures"))


@cache
def _totals() -> re.Pattern[str]:
    return vocabulary.any_of(vocabulary.entry("total"))
