"""What matching is measured against: five features of a linear score, made apart from it.

Text by BM25 of all that a supplier says and has done, the share of its deals in the demand's
districts, the share of its kind of work, the logarithm of its bids, the share of them it won.
Nothing is retrieved, nothing constrained: every supplier is scored.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from services.matching import regions
from services.matching.evaluation.arrays import Floats
from services.matching.evaluation.bm25 import Documents
from services.matching.evaluation.market import AWARDED, Market, Tender
from services.matching.words import first_words, words

FEATURES = ("text", "district", "work_type", "bids", "win_rate")
WORDS = 120  # different words of a demand; more of them gained nothing
HALF_TEXT = 20.0  # the BM25 score that counts half
FULL_BIDS = 50  # bids from which more count no more
HALF_LIFE_DAYS = 180  # what a deal of half a year ago counts against one of today
# What a supplier without history has of a share, as if it had one deal.
PRIOR_DISTRICT, PRIOR_WORK_TYPE = 0.1, 0.3
# Names seen less often may be misread; one that every fourth tender has is where all of them are.
LEAST_SEEN, MOST_SHARE, DISTRICTS = 5, 0.25, 60
_REFERENCE = date(2025, 1, 1)  # any: weights of a century on either side are still numbers


class Yardstick:
    """Every supplier with what the tenders learned so far say of it."""

    def __init__(self, market: Market, named: Iterable[str]) -> None:
        """`named`: the districts that it tells apart."""
        everybody = len(market.suppliers)
        self.districts = tuple(named)
        self._texts = Documents(everybody)
        for place, one in enumerate(market.suppliers):
            self._texts.add(place, words("\n".join((one.name, one.text, one.qualifications))))
        self._bids, self._won, self._weight = (np.zeros(everybody) for _ in range(3))
        self._marked: dict[str, Floats] = defaultdict(lambda: np.zeros(everybody))

    def learn(self, tender: Tender) -> None:
        """From now on it is history."""
        title, marks = words(tender.title), [work_type(tender.title), *self._named(tender)]
        weight = 1 / _age(tender.day)
        for place, grade in tender.grades.items():
            self._texts.add(place, title)
            self._bids[place] += 1
            self._won[place] += grade == AWARDED
            self._weight[place] += weight
            for mark in marks:
                self._marked[mark][place] += weight

    def features(self, tender: Tender) -> Floats:
        """A row of FEATURES, each 0 to 1, for every supplier."""
        text = self._texts.scores(first_words(tender.title, tender.scope, limit=WORDS))
        rows = [
            text / (text + HALF_TEXT),
            self._share(tender, self._named(tender), PRIOR_DISTRICT),
            self._share(tender, [work_type(tender.title)], PRIOR_WORK_TYPE),
            np.minimum(np.log1p(self._bids) / math.log1p(FULL_BIDS), 1),
            (self._won + 1) / (self._bids + 4),
        ]
        return np.stack(rows, axis=1)

    def _share(self, tender: Tender, marks: list[str], prior: float) -> Floats:
        """Of each supplier's deals, the later ones counting more, those with one of the marks."""
        fading = _age(tender.day)
        marked = sum((self._marked[mark] for mark in marks), np.zeros(len(self._bids)))
        return np.minimum((marked * fading + prior) / (self._weight * fading + 1), 1)

    def _named(self, tender: Tender) -> list[str]:
        said = tender.title + tender.place
        return [name for name in self.districts if name in said]


def districts(tenders: Iterable[Tender]) -> list[str]:
    """The districts that these tenders tell apart, the commonest first."""
    known = list(tenders)
    seen = Counter(name for one in known for name in sorted(_districts_of(one.place)))
    most = MOST_SHARE * len(known)
    return [name for name, times in seen.most_common(DISTRICTS) if LEAST_SEEN <= times <= most]


def work_type(title: str) -> str:
    """The kind of work that the title names."""
    lower = title.lower()
    return next(
        (name for name, listed in _work_types() if any(word in lower for word in listed)), "works"
    )


def _age(day: date) -> float:
    """What is left of a weight by that day of one that counts fully on a day of reference."""
    return float(0.5 ** ((day - _REFERENCE).days / HALF_LIFE_DAYS))


def _districts_of(place: str) -> set[str]:
    """Autonomous counties go by their first two characters, as people call them."""
    names = regions.read(place).names
    return {name[:2] if name.endswith("族") else name for name in names}


@cache
def _work_types() -> tuple[tuple[str, tuple[str, ...]], ...]:
    entries = yaml.safe_load(Path(__file__).with_name("work_types.yaml").read_text("utf-8"))
    return tuple((entry["type"], tuple(entry["words"])) for entry in entries)
