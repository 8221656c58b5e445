"""What earlier deals 业绩 a supplier has to show: the clause that asks for them."""

import re
from collections.abc import Iterator
from functools import cache

from services.matching.reading import vocabulary
from services.matching.reading.found import Found
from services.matching.reading.plain import Plain

CLAUSES = 20  # of one text; a notice asks once, its scoring table some times more
LONGEST = 2_000  # characters of one clause; the longest seen has 600
SHORTEST = 8  # 业绩要求: and no more is an empty heading
LOOK_BACK = 200  # how far in front of 业绩 its sentence may begin

HEADED_PPM = 940_000  # 业绩要求: …
ASKED_PPM = 800_000  # 具备…业绩
MENTIONED_PPM = 350_000

_END = re.compile(r"[。;\n]|\.\s")
_HEADING = re.compile("业绩(?:及信誉)?(?:的)?要求")
_ASKED = re.compile(
    "具备|具有|须|应|提供|至少|不少于|不低于|完成|承接|must|shall|at least|required"
)
_NUMBERED = re.compile(r"\s?\(?[0-9一二三四五六七八九十]{1,2}(?:[.、)][0-9.]{0,6})+\s?")


def find(plain: Plain) -> Iterator[Found]:
    """Candidates for `performance`, in the words of the text."""
    reached, count = 0, 0
    for found in _words("performance").finditer(plain.text):
        if found.start() >= reached and count < CLAUSES:
            start, reached = _clause(plain.text, found)
            count += 1
            if sure := _confidence(plain.text[start:reached]):
                value = plain.written[start:reached]
                yield Found("performance", value, plain.source, start, reached, sure)


def _clause(text: str, found: re.Match[str]) -> tuple[int, int]:
    """The sentence around a word, without the number of its paragraph."""
    earliest = max(0, found.start() - LOOK_BACK)
    start = max(
        (end.end() for end in _END.finditer(text, earliest, found.start())), default=earliest
    )
    numbered = _NUMBERED.match(text, start, found.start())
    start = numbered.end() if numbered else start
    end = _END.search(text, found.end(), start + LONGEST)
    return start, end.start() if end else min(len(text), start + LONGEST)


def _confidence(clause: str) -> int:
    """In millionths; 0 where the clause says that nothing is asked, or says nothing."""
    if _words("performance_none").search(clause) or len(clause) < SHORTEST:
        return 0
    if _HEADING.search(clause):
        return HEADED_PPM
    return ASKED_PPM if _ASKED.search(clause) else MENTIONED_PPM


@cache
def _words(name: str) -> re.Pattern[str]:
    return vocabulary.any_of(vocabulary.entry(name))
