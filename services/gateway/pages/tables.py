"""What the page of statistics shows: rates, breakdowns and the bars of the months."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from services.gateway.pages import shown, words
from services.gateway.pages.words import Words
from services.gateway.readmodel.public_figures import MATCHES_ROUNDED_TO, Figures, Part

MONTHS = 12
ROWS = 12  # of a breakdown; the rest is one row
# A sum of fewer budgets is nearly one of them; each is on its demand's page, none needs a total.
SUMMED_FROM = 5
BAR_WIDTH, BAR_GAP, HEIGHT, LABELS = 44, 12, 160, 22


@dataclass(frozen=True)
class Rate:
    """One rate: what is divided by what."""

    key: str
    part: int
    whole: int

    @property
    def value(self) -> str:
        return shown.percent(self.part, self.whole)


@dataclass(frozen=True)
class Bar:
    """A column of the picture, from the top left."""

    x: int
    y: int
    height: int
    label: str
    count: int

    @property
    def middle(self) -> int:
        return self.x + BAR_WIDTH // 2


def of(known: Figures, language: str) -> dict[str, Any]:
    """All that the template is given."""
    said = words.OF[language]
    months = known.months[-MONTHS:]
    return {
        "figures": known,
        "rates": _rates(known.whole),
        "months": [(part.name or "", part) for part in reversed(months)],
        "industries": _named(_longest(known.industries), said),
        "regions": [(said.region(name), part) for name, part in _longest(known.regions)],
        "bars": _bars(months),
        "picture": (max(1, len(months)) * (BAR_WIDTH + BAR_GAP), HEIGHT + 2 * LABELS),
        "bar_width": BAR_WIDTH,
        "baseline": HEIGHT + LABELS,
        "summed_from": SUMMED_FROM,
        "rounded_to": MATCHES_ROUNDED_TO,
    }


def _rates(whole: Part) -> list[Rate]:
    return [
        Rate("award", whole.awarded, whole.settled),
        Rate("contract", whole.contracted, whole.awarded),
        Rate("priced", whole.priced, whole.demands),
    ]


def _longest(parts: Sequence[Part]) -> list[tuple[str, Part]]:
    """The first of them, those without a name, and all others as one; each with its name's key."""
    named = [part for part in parts if part.name is not None]
    rows = [(part.name or "", part) for part in named[:ROWS]]
    if len(named) > ROWS:
        rows.append(("others", _sum(named[ROWS:])))
    return rows + [("unknown", part) for part in parts if part.name is None]


def _named(rows: list[tuple[str, Part]], said: Words) -> list[tuple[str, Part]]:
    return [(said.name(words.CAPABILITIES, name), part) for name, part in rows]


def _sum(parts: Sequence[Part]) -> Part:
    counts = [each.name for each in fields(Part) if each.name != "name"]
    return Part(None, **{name: sum(getattr(part, name) for part in parts) for name in counts})


def _bars(months: Sequence[Part]) -> list[Bar]:
    most = max((part.demands for part in months), default=0) or 1
    heights = [part.demands * HEIGHT // most for part in months]
    return [
        Bar(
            place * (BAR_WIDTH + BAR_GAP) + BAR_GAP // 2,
            HEIGHT + LABELS - height,
            height,
            (part.name or "")[2:],
            part.demands,
        )
        for place, (part, height) in enumerate(zip(months, heights, strict=True))
    ]
