"""New weights from what became of tenders up to a day, beside the present ones on later months."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from services.matching import fitting, scoring
from services.matching.evaluation import market, report
from services.matching.evaluation.baseline import NothingToFit
from services.matching.evaluation.history import Holdings
from services.matching.evaluation.report import Comparison
from services.matching.evaluation.run import FIT, JUDGE, READ, Tick
from services.matching.evaluation.walk import Seen, walk
from services.matching.scoring import Weights

DECIDED = ("home", "required")  # notices do not tell of them: their weights stay as they are
WARM_UP = 0.25  # of the tenders before: with hardly any history before them they mislead
CHOICES = 2_000  # the newest; each takes memory for its five hundred candidates


class Refit(NamedTuple):
    """`weights`: a new version with the present shape; `fitted`: on so many tenders.

    `compared`: on `judged` later tenders, the new weights against the present ones; empty where
    there are none.
    """

    weights: Weights
    entry: str
    fitted: int
    judged: int
    compared: dict[str, Comparison]


def refit(folder: Path, until: date, holdings: Holdings, tick: Tick) -> Refit:
    """Fit on tenders before `until`, compare on those from it on; each by the history of its day.

    Raises Unreadable, NothingToFit.
    """
    tick(READ, 0, 1)
    found = market.read(folder)
    tick(READ, 1, 1)
    known, later = found.before(until), found.since(until)
    begin = max(int(len(known) * WARM_UP), len(known) - CHOICES)
    choices = list(walk(found, known, begin, holdings, partial(tick, FIT)))
    weights = _fitted(choices, until)
    whole = [*known, *later]
    judged = list(walk(found, whole, len(known), holdings, partial(tick, JUDGE)))
    compared = _compared(judged, weights) if judged else {}
    return Refit(weights, _entry(weights, choices), len(choices), len(judged), compared)


def next_version(version: str, until: date) -> str:
    """After `2026-2` comes `2026-3`, or the first of a later year."""
    year, _, number = version.partition("-")
    return f"{until.year}-1" if until.year > int(year) else f"{year}-{int(number) + 1}"


def _fitted(choices: Sequence[Seen], until: date) -> Weights:
    """Raises NothingToFit."""
    present = scoring.current_weights()
    taught = [fitting.Choice(one.values_ppm, one.gains) for one in choices]
    try:
        raw = fitting.fit(taught)
    except ValueError as nothing:
        raise NothingToFit(str(nothing)) from nothing
    kept = {name: present.weights_ppm[name] for name in DECIDED}
    version = next_version(present.version, until)
    return Weights(version, fitting.weights_ppm(raw, kept), present.shape)


def _compared(judged: Sequence[Seen], weights: Weights) -> dict[str, Comparison]:
    tenders = [one.tender for one in judged]
    ours, theirs = (
        report.values([_order(one, by) for one in judged], tenders)
        for by in (weights, scoring.current_weights())
    )
    return report.compare(ours, theirs)


def _order(seen: Seen, weights: Weights) -> list[int]:
    """Places, best first; equal scores in the order of the file."""
    scores = scoring.scores(seen.values_ppm, weights)
    order: list[int] = seen.places[np.lexsort((seen.places, -scores))].tolist()
    return order


def _entry(weights: Weights, choices: Sequence[Seen]) -> str:
    """As `weights.yaml` has it."""
    days = [one.tender.day for one in choices]
    decided = " and ".join(f"`{name}`" for name in DECIDED)
    lines = [
        f"# Fitted on {len(choices):,} tenders of {min(days)} to {max(days)}, each by what was"
        " known on its day;",
        f"# {decided} are decided.",
        f'- version: "{weights.version}"',
        "  weights_ppm:",
        *(f"    {name}: {ppm}" for name, ppm in weights.weights_ppm.items()),
        "  shape:",
        *(f"    {name}: {value}" for name, value in weights.shape.items()),
    ]
    return "\n".join(lines) + "\n"
