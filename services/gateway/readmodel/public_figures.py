"""Figures of the programme: counts over what is public, and of the matches one rounded number.

Demands, their states and the supplies on offer can be counted by everybody, one page after the
other. That two have been matched is for them to know, so matches are counted all together alone and
rounded down: no count tells of one of them. What is sealed is counted nowhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.messaging import Prepared, Reader

MATCHES_ROUNDED_TO = 10
AWARDED = ("awarded", "contracting", "contracted", "fulfilled")
CONTRACTED = ("contracted", "fulfilled")
MOST = 500  # values of one breakdown; regions are as their buyers wrote them
FRESH_S = 60.0  # one look a minute at all entries, whoever asks


@dataclass(frozen=True)
class Part:
    """One month, industry or region, or all: demands, what became of them, supplies on offer.

    `priced`: how many of the demands state a budget, of which `amount_fen` is the sum; `settled`:
    how many are open no longer, of which so many are awarded or contracted.
    """

    name: str | None
    demands: int = 0
    priced: int = 0
    amount_fen: int = 0
    settled: int = 0
    awarded: int = 0
    contracted: int = 0
    supplies: int = 0
    suppliers: int = 0


@dataclass(frozen=True)
class Figures:
    """All of them at one moment. Months ascend, the others go by their number of demands."""

    whole: Part
    open: int
    matches: int
    months: Sequence[Part]
    industries: Sequence[Part]
    regions: Sequence[Part]


class Known:
    """The figures, looked up again when they are older than FRESH_S."""

    def __init__(
        self, reader: Reader, monotonic: Callable[[], float], fresh_s: float = FRESH_S
    ) -> None:
        self._reader, self._monotonic, self._fresh_s = reader, monotonic, fresh_s
        self._figures: Figures | None = None
        self._at_s = 0.0

    def figures(self) -> Figures:
        """As they were within the last FRESH_S."""
        now_s = self._monotonic()
        if self._figures is None or now_s - self._at_s >= self._fresh_s:
            self._at_s = now_s  # first: others take what there is, not a look of their own
            self._figures = read(self._reader)
        return self._figures


def read(reader: Reader) -> Figures:
    """Two looks at all entries and one at the matches."""
    parts: dict[tuple[str, str | None], dict[str, Any]] = {}
    for by, name, *counts in reader.rows(_DEMANDS, (list(AWARDED), list(CONTRACTED), MOST)):
        parts[by, name] = dict(zip(_DEMAND_COUNTS, map(int, counts), strict=True))  # a sum is long
    for by, name, *counts in reader.rows(_SUPPLIES, (MOST,)):
        parts.setdefault((by, name), {}).update(zip(_SUPPLY_COUNTS, counts, strict=True))
    open_ = parts.get(("all", None), {}).pop("open", 0)
    for part in parts.values():
        part.pop("open", None)
    row = reader.row(_MATCHES, ())
    matches = row[0] if row else 0
    return Figures(
        whole=Part(None, **parts.get(("all", None), {})),
        open=open_,
        matches=matches // MATCHES_ROUNDED_TO * MATCHES_ROUNDED_TO,
        months=sorted(_of(parts, "month"), key=lambda part: part.name or ""),
        industries=_of(parts, "industry"),
        regions=_of(parts, "region"),
    )


def _of(parts: dict[tuple[str, str | None], dict[str, Any]], by: str) -> list[Part]:
    found = [Part(name, **counts) for (kind, name), counts in parts.items() if kind == by]
    return sorted(found, key=lambda part: (-part.demands, -part.supplies, part.name or "~"))


_DEMAND_COUNTS = ("demands", "open", "priced", "amount_fen", "settled", "awarded", "contracted")
_SUPPLY_COUNTS = ("supplies", "suppliers")
_DEMANDS = Prepared(
    "figures_of_demands",
    ("text[]", "text[]", "int"),
    """
    SELECT CASE WHEN GROUPING(month) = 0 THEN 'month' WHEN GROUPING(industry) = 0 THEN 'industry'
                WHEN GROUPING(region) = 0 THEN 'region' ELSE 'all' END,
           COALESCE(month, industry, region),
           count(*), count(*) FILTER (WHERE state = 'published'),
           count(amount_fen), COALESCE(sum(amount_fen), 0),
           count(*) FILTER (WHERE state <> 'published'), count(*) FILTER (WHERE state = ANY($1)),
           count(*) FILTER (WHERE state = ANY($2))
    FROM (
        SELECT to_char(sort_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month, industry, region,
               state, amount_fen
        FROM public_entries WHERE kind = 'demand'
    ) AS demand
    GROUP BY GROUPING SETS ((month), (industry), (region), ())
    ORDER BY 1, 3 DESC LIMIT $3
    """,
)
_SUPPLIES = Prepared(
    "figures_of_supplies",
    ("int",),
    """
    SELECT CASE WHEN GROUPING(industry) = 0 THEN 'industry' WHEN GROUPING(region) = 0 THEN 'region'
                ELSE 'all' END,
           COALESCE(industry, region), count(*), count(DISTINCT owner_id)
    FROM public_entries WHERE kind = 'supply'
    GROUP BY GROUPING SETS ((industry), (region), ())
    ORDER BY 1, 3 DESC LIMIT $1
    """,
)
_MATCHES = Prepared("figures_of_matches", (), "SELECT count(*) FROM resources WHERE kind = 'match'")
