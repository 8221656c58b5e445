"""Suppliers and tenders as a folder tells of them: `suppliers.jsonl` and `tenders.jsonl`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from services.contracts.fields import TEXT_LENGTH, TITLE_LENGTH
from services.matching.evaluation.lines import Line, Unreadable, lines

SUPPLIERS, TENDERS = "suppliers.jsonl", "tenders.jsonl"
ID_LENGTH, PLACE_LENGTH = 120, 80
AWARDED = 3  # the grade of the winner; 2 was ranked first, 1 ranked after it, 0 not at all
GRADES = range(AWARDED + 1)


class Supplier(NamedTuple):
    """A supplier, by the name it has in the file."""

    id: str
    name: str
    qualifications: str
    text: str


class Tender(NamedTuple):
    """A demand of the past. `grades`: by place of the supplier among all, never 0."""

    id: str
    day: date
    title: str
    scope: str
    place: str
    price_fen: int | None
    grades: Mapping[int, int]


@dataclass
class Market:
    """All of the folder, tenders in order of time; `skipped`: lines and bids left out, by why."""

    suppliers: list[Supplier] = field(default_factory=list)
    tenders: list[Tender] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def before(self, day: date) -> Sequence[Tender]:
        return [tender for tender in self.tenders if tender.day < day]

    def since(self, day: date) -> Sequence[Tender]:
        return [tender for tender in self.tenders if tender.day >= day]


def read(folder: Path) -> Market:
    """The folder's market. Raises Unreadable, also where a file has nothing that can be used."""
    market = Market()
    places = _read_suppliers(folder / SUPPLIERS, market)
    _read_tenders(folder / TENDERS, market, places)
    market.tenders.sort(key=lambda tender: (tender.day, tender.id))
    return market


def _read_suppliers(path: Path, market: Market) -> dict[str, int]:
    """Answers the place of each by its id."""
    places: dict[str, int] = {}
    for line in lines(path):
        supplier = _supplier(line)
        if why := _wrong(supplier.id, supplier.name, places, "supplier"):
            market.skipped[why] += 1
        else:
            places[supplier.id] = len(places)
            market.suppliers.append(supplier)
    if not places:
        raise Unreadable(f"{path}: 0")
    return places


def _supplier(line: Line) -> Supplier:
    return Supplier(
        line.text("id", ID_LENGTH),
        line.text("name", TITLE_LENGTH),
        line.text("qualifications", TEXT_LENGTH),
        line.text("text", TEXT_LENGTH),
    )


def _read_tenders(path: Path, market: Market, places: Mapping[str, int]) -> None:
    known: set[str] = set()
    for line in lines(path):
        id, title = line.text("id", ID_LENGTH), _title(line)
        day = line.day("date")
        if why := _wrong(id, title, known, "tender"):
            market.skipped[why] += 1
        elif day is None:
            market.skipped["tender_without_date"] += 1
        else:
            known.add(id)
            market.tenders.append(_tender(line, id, day, title, _grades(line, market, places)))
    if not known:
        raise Unreadable(f"{path}: 0")


def _tender(line: Line, id: str, day: date, title: str, grades: Mapping[int, int]) -> Tender:
    scope, place = line.text("scope", TEXT_LENGTH), line.text("place", PLACE_LENGTH)
    return Tender(id, day, title, scope, place, line.fen("price"), grades)


def _title(line: Line) -> str:
    """A notice without one is called by how its scope begins."""
    return line.text("title", TITLE_LENGTH) or line.text("scope", TITLE_LENGTH)


def _wrong(id: str, name: str, known: Mapping[str, int] | set[str], what: str) -> str | None:
    """Why a line cannot be used; None when it can."""
    if not id:
        return f"{what}_without_id"
    if id in known:
        return f"{what}_twice"
    return None if name else f"{what}_without_name"


def _grades(line: Line, market: Market, places: Mapping[str, int]) -> dict[int, int]:
    """The best grade of each supplier; bids that name nobody known are counted, and left out."""
    bids = line.values.get("rel")
    found: dict[int, int] = {}
    for bid in bids if isinstance(bids, list) else ():
        read = _bid(bid)
        if read is None:
            market.skipped["bid_unreadable"] += 1
        elif read[0] not in places:
            market.skipped["bid_of_unknown_supplier"] += 1
        elif read[1]:
            place = places[read[0]]
            found[place] = max(read[1], found.get(place, 0))
    return found


def _bid(bid: object) -> tuple[str, int] | None:
    """Whose it is, and its grade; None for what is no bid."""
    if not isinstance(bid, dict):
        return None
    grade = bid.get("grade")
    if not isinstance(grade, int) or isinstance(grade, bool) or grade not in GRADES:
        return None
    return Line("", bid).text("supplier", ID_LENGTH), grade
