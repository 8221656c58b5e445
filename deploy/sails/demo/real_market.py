"""Real orders and suppliers, replayed day by day at a clock of their own dates."""

from collections import Counter
from datetime import UTC, datetime
from datetime import time as day_time
from pathlib import Path
from typing import Any

from deploy.sails.demo import best_matches
from deploy.sails.demo.imports import bring_in
from deploy.sails.demo.matched import is_matched, unanswered
from deploy.sails.demo.narrator import Storyteller
from deploy.sails.demo.person import Document
from deploy.sails.demo.stage import Stage
from deploy.sails.problem import Problem
from deploy.sails.samples.real import Day, RealData, batches
from services.days import SHANGHAI

Body = dict[str, Any]
OPENING = day_time(9, tzinfo=SHANGHAI)


class NoRealData(Problem):
    """The folder has not what real data come in; the text names the file, and the line if any."""


def clock_offset_s(data: Path | None) -> int:
    """How far ahead of real time (back, if negative) the story starts: at the data's first day.

    Raises NoRealData.
    """
    if data is None:
        return 0
    try:
        first = datetime.combine(RealData(data).checked().first_day(), OPENING)
    except OSError as missing:
        raise NoRealData(str(missing.filename)) from missing
    except (ValueError, KeyError, TypeError) as wrong:
        raise NoRealData(str(wrong)) from wrong
    return int((first - datetime.now(UTC)).total_seconds())


def replay(stage: Stage, data: Path, tell: Storyteller) -> None:
    """Import everybody, then what happened on each day; show what was matched, and why."""
    real = RealData(data)
    tell.chapter("chapter-real")
    importer = Importer(stage, tell)
    rows = [*real.buyers(), *real.suppliers()]
    ids = importer.parties(rows)
    tell.says("unverified", count=_unverified(stage, ids))
    importer.supplies(real, ids)
    importer.days(real.days(), ids)
    importer.tell_left_out()
    best_matches.show(stage.operator, tell)


def _unverified(stage: Stage, ids: dict[str, str]) -> int:
    """How many of these the platform holds for unverified."""
    known = set(ids.values())
    parties = stage.operator.items("/parties", view="operator")
    return sum(1 for one in parties if one["id"] in known and one["verified_until"] is None)


class Importer:
    """Brings rows in by the import commands, and counts what they say of each row."""

    def __init__(self, stage: Stage, tell: Storyteller) -> None:
        self.stage, self.tell = stage, tell
        self.skipped: Counter[str] = Counter()
        self.unmatched: list[str] = []  # when their day ended

    def parties(self, rows: list[Body]) -> dict[str, str]:
        """Every name once; answers their ids."""
        ids: dict[str, str] = {}
        with self.tell.bar("load-parties", len(rows)) as done:
            for batch in batches(rows):
                results = self._import("/parties/import", batch)
                ids |= {row["name"]: one["id"] for row, one in zip(batch, results, strict=True)}
                done(len(batch))
        return ids

    def supplies(self, real: RealData, ids: dict[str, str]) -> None:
        """What each supplier says it is qualified for."""
        rows = [body | {"supplier_id": ids[name]} for name, body in real.supplies()]
        with self.tell.bar("load-suppliers", len(rows)) as done:
            for batch in batches(rows):
                self._import("/supplies/import", batch)
                done(len(batch))

    def days(self, days: list[Day], ids: dict[str, str]) -> None:
        """The clock comes to each day, then its deals and its orders become known.

        A day ends when its orders are matched: they must not know what the next one says.
        """
        with self.tell.bar("load-orders", sum(len(day.orders) for day in days)) as done:
            for day in days:
                self._reach(day)
                for batch in batches(day.track_records):
                    self._import("/supplies/import-records", batch)
                orders = [body | {"buyer_id": ids[buyer]} for buyer, body in day.orders]
                ids_of_day: list[str] = []
                for batch in batches(orders):
                    results = self._import("/demands/import", batch)
                    ids_of_day += [one["id"] for one in results if one["id"]]
                    done(len(batch))
                self.unmatched += unanswered(self.stage.operator, ids_of_day)

    def tell_left_out(self) -> None:
        """Nothing is left out in silence."""
        if self.skipped:
            reasons = ", ".join(f"{reason} {count}" for reason, count in self.skipped.items())
            self.tell.says("skipped", count=self.skipped.total(), reasons=reasons)
        late = sum(is_matched(self.stage.operator, id) for id in self.unmatched)
        if never := len(self.unmatched) - late:
            self.tell.says("unmatched", count=never)
        if late:
            self.tell.says("matched-late", count=late)

    def _reach(self, day: Day) -> None:
        """To the opening of the day; the story's own start is on the first one already."""
        opens_at = datetime.combine(day.date, OPENING)
        if datetime.fromisoformat(self.stage.operator.get("/clock")["now"]) < opens_at:
            self.stage.operator.post("/clock/advance", {"at": opens_at.isoformat()})

    def _import(self, path: str, rows: list[Body]) -> list[Document]:
        results = bring_in(self.stage.operator, path, rows)
        self.skipped.update(one["reason"] for one in results if one["outcome"] == "failed")
        return results
