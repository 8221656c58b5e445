"""Where it is wanted: the place of delivery or of the works before the seat of the buyer."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

from services.matching.reading import roles, vocabulary
from services.matching.reading.found import Found, bounded
from services.matching.reading.gazetteer import Place
from services.matching.reading.mentions import MENTIONS, Mention, mentions
from services.matching.reading.plain import Plain

NATIONWIDE = "全国"

TITLE_PPM = 720_000
TEXT_PPM = 560_000
SEAT_PPM = -250_000  # it is part of the name of somebody
PROVINCE_PPM = -60_000  # the less precise of two is the worse answer
AMBIGUOUS_PPM = -200_000

_SEAT_WITHIN = 14  # characters of the longest usual name between a place and 公司
_CLAUSE = re.compile(r"[,、。;:!?()\s]")
# Between a word and its place; a bracket may open: 交货地点:采购人指定地点(苏州市).
_BETWEEN = re.compile(r"[,、。;:!?)\s]")


def find(title: Plain, text: Plain) -> Iterator[Found]:
    """Candidates for `region`."""
    mentioned = [(plain, one) for plain in (title, text) for one in mentions(plain.text)]
    certain = {one.places[0].code for _, one in mentioned if len(one.places) == 1}
    for plain, one in mentioned:
        likely = _likely(one.places, certain)
        sure = _confidence(plain, one) + (AMBIGUOUS_PPM if len(likely) > 1 else 0)
        if len(likely[0].code) == 2:
            sure += PROVINCE_PPM
        name = likely[0].name if len(likely) == 1 else plain.text[one.start : one.end]
        yield Found("region", name, plain.source, one.start, one.end, bounded(sure))
    yield from _nationwide(text)


def _likely(places: tuple[Place, ...], certain: Iterable[str]) -> tuple[Place, ...]:
    """Of several of one name, those that lie in a place which the demand names besides."""
    if len(places) == 1:
        return places
    codes = tuple(certain)
    near = tuple(place for place in places if place.code.startswith(codes)) if codes else ()
    return near or places


def _confidence(plain: Plain, one: Mention) -> int:
    around = roles.context(plain.text, one.start, one.end)
    cue = roles.role("place").cue(around)
    if cue is not None and not _BETWEEN.search(cue.between.strip(":为在是 ")):
        return cue.confidence_ppm
    by_source = TITLE_PPM if plain.source == "title" else TEXT_PPM
    return by_source + (SEAT_PPM if _is_seat(plain.text, one.end) else 0)


def _is_seat(text: str, end: int) -> bool:
    following = _CLAUSE.split(text[end : end + _SEAT_WITHIN], maxsplit=1)[0]
    return _words("seat").search(following) is not None


@cache
def _words(name: str) -> re.Pattern[str]:
    return vocabulary.any_of(vocabulary.entry(name))


def _nationwide(text: Plain) -> Iterator[Found]:
    """全国 counts only where the text says that this is the place."""
    for found in islice(re.finditer(NATIONWIDE, text.text), MENTIONS):
        cue = roles.role("place").cue(roles.context(text.text, *found.span()))
        if cue is not None and not cue.between.strip(":为在是 "):
            yield Found("region", NATIONWIDE, text.source, *found.span(), cue.confidence_ppm)
