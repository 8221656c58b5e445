"""Real notices and suppliers, from a folder that the caller names, as bodies of the imports.

Real names come without a credit code and stay unverified: no code is ever made up for them. A
field that cannot be read with confidence stays null: unknown. Nothing of the folder is kept here.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, TypeVar

from deploy.sails.samples import reading
from services.client import money

Body = dict[str, Any]
Item = TypeVar("Item")
BATCH_ROWS = 100  # rows of one import: well under the contract's 200, answered within a second
RECORDS = 200  # deals kept per supplier, the contract's bound; the newest count
TITLE, TEXT, REGION, PLACE, RECORD_TITLE = 200, 20_000, 40, 80, 300  # the contract's bounds
METHODS = {"招标": "tender", "询比": "inquiry", "竞价": "auction", "谈判": "negotiation"}
# What each line of a file has; it may have more.
ORDER = (
    "id", "buyer", "title", "region", "date", "category", "content", "budget", "deadline",
    "qualification", "performance",
)  # fmt: skip
SUPPLIER = ("id", "name", "qualifications")
TENDER = ("id", "title", "place", "date", "price", "rel")
WON = 3  # the grade of the bidder that was awarded


@dataclass(frozen=True)
class Day:
    """A day with orders, as `orders` gives them, and the track record known by then.

    `track_records`: rows of `/supplies/import-records`, since the day with orders before.
    """

    date: date
    track_records: list[Body]
    orders: list[tuple[str, Body]]


@dataclass(frozen=True)
class RealData:
    """A folder with `enterprise_orders/orders.jsonl` and `tenders_awards/*.jsonl`."""

    folder: Path

    def checked(self) -> "RealData":
        """Itself, once all of it was read: bad data are better found before anything is started.

        Raises OSError for a file that is not there, ValueError, KeyError or TypeError for what is
        not as it should be.
        """
        self.buyers(), self.suppliers(), list(self.supplies()), self.days()
        return self

    def buyers(self) -> list[Body]:
        """Each buyer once, as a row of `POST /parties/import`."""
        names = dict.fromkeys(line["buyer"] for line in self._orders())
        return [{"name": reading.clean(name, TITLE), "capacities": ["buyer"]} for name in names]

    def suppliers(self) -> list[Body]:
        """Each supplier, as a row of `POST /parties/import`, in the order of `supplies`."""
        lines = self._suppliers()
        return [
            {"name": reading.clean(line["name"], TITLE), "capacities": ["supplier"]}
            for line in lines
        ]

    def orders(self) -> Iterator[tuple[str, Body]]:
        """(name of the buyer, row of `POST /demands/import` without `buyer_id`), oldest first."""
        for line in sorted(self._orders(), key=lambda line: (line["date"], line["id"])):
            yield reading.clean(line["buyer"], TITLE), order(line)

    def supplies(self) -> Iterator[tuple[str, Body]]:
        """(name of the supplier, row of `POST /supplies/import` without `supplier_id`)."""
        for line in self._suppliers():
            name = reading.clean(line["name"], TITLE)
            yield name, supply(line)

    def first_day(self) -> date:
        """Of anything in the folder."""
        lines = [*self._orders(), *self._tenders()]
        return min(date.fromisoformat(line["date"]) for line in lines)

    def days(self) -> list[Day]:
        """Every day with orders, oldest first; a history never knows its own day or its future."""
        orders: dict[str, list[tuple[str, Body]]] = {}
        for buyer, body in self.orders():
            orders.setdefault(body["published_on"], []).append((buyer, body))
        tenders = sorted(self._tenders(), key=lambda line: (line["date"], line["id"]))
        days = []
        for day in sorted(orders):
            known = list(takewhile(lambda line: line["date"] < day, tenders))  # noqa: B023  used here
            tenders = tenders[len(known) :]
            days.append(Day(date.fromisoformat(day), _deals(known), orders[day]))
        return days

    def _orders(self) -> list[Body]:
        return _lines(self.folder / "enterprise_orders" / "orders.jsonl", ORDER)

    def _suppliers(self) -> list[Body]:
        return _lines(self.folder / "tenders_awards" / "suppliers.jsonl", SUPPLIER)

    def _tenders(self) -> list[Body]:
        return _lines(self.folder / "tenders_awards" / "tenders.jsonl", TENDER)


def order(line: Body) -> Body:
    """One notice as a row of the import of demands."""
    published_on = date.fromisoformat(line["date"])
    fen = reading.budget_fen(line["budget"])
    closes_at = reading.deadline(line["deadline"], published_on)
    return {
        "source_ref": line["id"],
        "published_on": line["date"],
        "kind": "order",
        "method": next(
            (method for word, method in METHODS.items() if word in line["category"]), "inquiry"
        ),
        "title": reading.clean(line["title"], TITLE),
        "text": reading.clean(line["content"], TEXT),
        "region": reading.clean(line["region"], REGION) or None,
        "budget": None if fen is None else money(fen),
        "quote_deadline_at": closes_at.isoformat() if closes_at else None,
        "requirements": reading.requirements(line["qualification"]),
        "performance": reading.clean(line["performance"], TEXT) or None,
    }


def supply(line: Body) -> Body:
    """One supplier as a row of the import of supplies."""
    return {
        "source_ref": line["id"],
        "kind": "service",
        "title": reading.clean(line["name"], TITLE),
        "text": reading.clean(line["qualifications"], TEXT),
        "qualifications": reading.qualifications(line["qualifications"]),
    }


def record(tender: Body, bid: Body) -> Body:
    """What one tender says of one bidder; the price is the winner's."""
    won = bid["grade"] == WON
    fen = reading.budget_fen(f"{tender['price']}元") if won else None
    return {
        "title": reading.clean(tender["title"], RECORD_TITLE),
        "place": reading.clean(tender["place"], PLACE) or None,
        "date": tender["date"],
        "amount": None if fen is None else money(fen),
        "outcome": "won" if won else "bid",
    }


def batches(rows: Iterable[Item], size: int = BATCH_ROWS) -> Iterator[list[Item]]:
    """The rows in lists of at most `size`."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


def _deals(tenders: Iterable[Body]) -> list[Body]:
    """Rows of the import of track records: what these tenders say of each supplier, in order."""
    deals: dict[str, list[Body]] = {}
    for tender in tenders:
        for bid in tender["rel"]:
            deals.setdefault(bid["supplier"], []).append(record(tender, bid))
    return [
        {"source_ref": source_ref, "track_record": found[-RECORDS:]}
        for source_ref, found in deals.items()
    ]


def _lines(path: Path, fields: tuple[str, ...]) -> list[Body]:
    """Raises OSError; ValueError naming the file, and the line without these fields."""
    with path.open(encoding="utf-8") as file:
        lines = [
            _read(f"{path}:{number}", line, fields)
            for number, line in enumerate(file, 1)
            if line.strip()
        ]
    if not lines:
        raise ValueError(f"{path}: 0")
    return lines


def _read(place: str, line: str, fields: tuple[str, ...]) -> Body:
    try:
        read: Body = json.loads(line)
        missing = [name for name in fields if name not in read]
    except (ValueError, TypeError) as wrong:
        raise ValueError(f"{place}: {wrong}") from wrong
    if missing:
        raise ValueError(f"{place}: {', '.join(missing)}")
    return read
