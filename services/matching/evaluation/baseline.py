"""The yardstick fitted on the months before the split, and its rankings of the tenders since."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from services.matching.evaluation import logit
from services.matching.evaluation.arrays import Floats
from services.matching.evaluation.logit import Choice
from services.matching.evaluation.market import Market, Tender
from services.matching.evaluation.yardstick import FEATURES, Yardstick, districts

WARM_UP = 0.25  # of the tenders before the split: with hardly any history before them they mislead
CHOICES = 1_000  # the newest; five weights need no more, and each takes memory for every supplier

Tick = Callable[[int, int], None]


class NothingToFit(Exception):
    """No tender of the past has a bidder that is known: the yardstick learns nothing."""


class Baseline(NamedTuple):
    """`orders`: places of suppliers for each tender, best first, all of them."""

    weights: dict[str, float]
    orders: list[list[int]]


def baseline(
    market: Market, known: Sequence[Tender], judged: Sequence[Tender], tick: Tick
) -> Baseline:
    """Fit on `known` tenders, each seen with the history of its day; rank `judged` by all of it.

    Raises NothingToFit.
    """
    total = len(known) + len(judged)
    yardstick = Yardstick(market, districts(known))
    weights = logit.fit(_choices(yardstick, known, lambda done: tick(done, total)))
    orders = []
    for done, tender in enumerate(judged, len(known) + 1):
        orders.append(ranked(yardstick.features(tender) @ weights))
        tick(done, total)
    return Baseline(dict(zip(FEATURES, weights.tolist(), strict=True)), orders)


def ranked(scores: Floats) -> list[int]:
    """Places, the best first; equal scores in the order of the file."""
    order: list[int] = np.argsort(-scores, kind="stable").tolist()
    return order


def _choices(
    yardstick: Yardstick, known: Sequence[Tender], tick: Callable[[int], None]
) -> list[Choice]:
    """Of the known tenders that teach, by what was known before their day; all become history."""
    begin = max(int(len(known) * WARM_UP), len(known) - CHOICES)
    choices: list[Choice] = []
    for done, of_day in _by_day(known):
        teach = [one for number, one in of_day if number >= begin and one.grades]
        choices += [_choice(yardstick, tender) for tender in teach]
        for _, tender in of_day:
            yardstick.learn(tender)
        tick(done)
    if not choices:
        raise NothingToFit("no tender has a bidder that is known")
    return choices


def _by_day(known: Sequence[Tender]) -> Iterator[tuple[int, list[tuple[int, Tender]]]]:
    """The numbered tenders of each day, with how many there are up to its end."""
    for _, of_day in groupby(enumerate(known), key=lambda numbered: numbered[1].day):
        listed = list(of_day)
        yield listed[-1][0] + 1, listed


def _choice(yardstick: Yardstick, tender: Tender) -> Choice:
    features = yardstick.features(tender)
    gains = np.zeros(len(features))
    for place, grade in tender.grades.items():
        gains[place] = 2**grade - 1
    return Choice(features, gains / gains.sum())
