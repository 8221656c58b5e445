"""Required qualifications 资质要求, and which of them may stand for one another 或."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from services.matching.reading import roles, vocabulary
from services.matching.reading.found import Found, bounded
from services.matching.reading.plain import Plain
from services.matching.reading.qualifications import Written, written
from services.matching.sides import Requirement

NAME_LENGTH, GRADE_LENGTH = 80, 20  # as in the contract of a demand
ASKED_WITHIN = 120  # characters: a list of five qualifications behind the word that asks
ALTERNATIVES = 10  # of one requirement

NOT_ASKED_PPM = -350_000  # no word of asking stands by it: the text may only mention it
OPTIONAL_PPM = -450_000  # it earns points
PERSONS_PPM = -450_000  # a person has to hold it, not the supplier
EITHER_PPM = -50_000

# Between two qualifications of which one is enough.
_EITHER = re.compile(
    r"\s?[)》]?\s?[,、]?\s?(?:或者?|/|or\s)\s?(?:同时)?(?:具备|具有|取得|持有)?\s?(?:有效的?)?[(《]?"
)
_LISTED = re.compile(rf"\s?[)》]?\s?、\s?[(《]?|{_EITHER.pattern}")


def find(plain: Plain) -> Iterator[Found]:
    """Candidates for `requirements`; unlike those of other fields they hold together."""
    for group in _groups(plain.text, written(plain.text)):
        sure, either = min(_confidence(plain.text, one) for one in group), _value(group)
        if sure > 0:
            sure += EITHER_PPM if len(either) > 1 else 0
            span = plain.source, group[0].start, group[-1].end
            yield Found("requirements", either, *span, bounded(sure))


def _value(group: list[Written]) -> tuple[Requirement, ...]:
    each = [
        Requirement(one.name.upper()[:NAME_LENGTH], grade and grade[:GRADE_LENGTH])
        for one in group
        for grade in ((one.grade, one.other) if one.other else (one.grade,))
    ]
    return tuple(dict.fromkeys(each))[:ALTERNATIVES]


def _groups(text: str, listed: list[Written]) -> Iterator[list[Written]]:
    """Those of which one is enough together, the others alone, in their order."""
    for run in _runs(text, listed):
        between = [text[one.end : after.start] for one, after in pairwise(run)]
        if any(map(_EITHER.fullmatch, between)) or _one_of(text, run):
            yield run
        else:
            yield from ([one] for one in run)


def _runs(text: str, listed: list[Written]) -> Iterator[list[Written]]:
    """Qualifications with nothing but 、 or 或 between them: in A、B或C one is enough."""
    run: list[Written] = []
    for one in listed:
        if run and not _LISTED.fullmatch(text[run[-1].end : one.start]):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _one_of(text: str, run: list[Written]) -> bool:
    """A、B之一."""
    return _words("any_of").match(text[run[-1].end :][:8].lstrip(") 等")) is not None


def _confidence(text: str, one: Written) -> int:
    """In millionths; 0 where the text says that it is not required, or only mentions a paper."""
    around = roles.context(text, one.start, one.end)
    near = around.clause + text[one.start : one.end] + around.after
    is_asked = _words("needed").search(_paragraph(text, one.start))
    if _words("waived").search(near) or not (is_asked or one.grade):
        return 0
    return (
        one.sure_ppm
        + (0 if is_asked else NOT_ASKED_PPM)
        + (OPTIONAL_PPM if _words("optional").search(near) else 0)
        + (PERSONS_PPM if _words("of_persons").search(around.sentence + near) else 0)
    )


def _paragraph(text: str, end: int) -> str:
    """What may ask for the qualification: 须具备以下资质:(1)…;(2)… asks for both."""
    return re.split(r"[。\n]", text[max(0, end - ASKED_WITHIN) : end])[-1]


@cache
def _words(name: str) -> re.Pattern[str]:
    return vocabulary.any_of(vocabulary.entry("requirement")[name])
