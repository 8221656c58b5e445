"""Real orders and suppliers, replayed day by day at a clock of their own dates."""

import time
from collections import Counter
from datetime import UTC, datetime
from datetime import time as day_time
from pathlib import Path
from typing import Any

from deploy.sails.demo.imports import bring_in
from deploy.sails.demo.narrator import Storyteller
from deploy.sails.demo.person import Document
from deploy.sails.demo.stage import Stage
from deploy.sails.demo.words import word
from deploy.sails.problem import Problem
from deploy.sails.samples.real import Day, RealData, batches
from services.days import SHANGHAI

Body = dict[str, Any]
OPENING = day_time(9, tzinfo=SHANGHAI)
MATCHING_S = 0.5  # for one order, while facts of others are on their way too
PACE_S = 0.2
SHOWN_ORDERS, SHOWN_MATCHES, SHOWN_TERMS = 3, 3, 5


class NoRealData(Problem):
    """The folder has not the files that real data come in; the text names the first missing."""


def clock_offset_s(data: Path | None) -> int:
    """How far ahead of real time (back, if negative) the story starts: at the data's first day.

    Raises NoRealData.
    """
    if data is None:
        return 0
    try:
        first = datetime.combine(RealData(data).first_day(), OPENING)
    except OSError as missing:
        raise NoRealData(str(missing.filename)) from missing
    return int((first - datetime.now(UTC)).total_seconds())


def replay(stage: Stage, data: Path, tell: Storyteller) -> None:
    """Import everybody, then what happened on each day; show what was matched, and why."""
    real = RealData(data)
    tell.chapter("chapter-real")
    importer = Importer(stage, tell)
    rows = [*real.buyers(), *real.suppliers()]
    ids = importer.parties(rows)
    tell.says("unverified", count=len(ids))
    importer.supplies(real, ids)
    importer.days(real.days(), ids)
    importer.tell_skipped()
    _show_best(stage, tell)


class Importer:
    """Brings rows in by the import commands, and counts what they say of each row."""

    def __init__(self, stage: Stage, tell: Storyteller) -> None:
        self.stage, self.tell = stage, tell
        self.skipped: Counter[str] = Counter()

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
        """The clock comes to each day, then its deals and its orders become known."""
        with self.tell.bar("load-orders", sum(len(day.orders) for day in days)) as done:
            for day in days:
                self._reach(day)
                for batch in batches(day.track_records):
                    self._import("/supplies/import-records", batch)
                orders = [body | {"buyer_id": ids[buyer]} for buyer, body in day.orders]
                for batch in batches(orders):
                    results = self._import("/demands/import", batch)
                    self._let_match([one["id"] for one in results if one["id"]])
                    done(len(batch))

    def tell_skipped(self) -> None:
        """Nothing is left out in silence."""
        if self.skipped:
            reasons = ", ".join(f"{reason} {count}" for reason, count in self.skipped.items())
            self.tell.says("skipped", count=self.skipped.total(), reasons=reasons)

    def _reach(self, day: Day) -> None:
        """To the opening of the day; the story's own start is on the first one already."""
        opens_at = datetime.combine(day.date, OPENING)
        if datetime.fromisoformat(self.stage.operator.get("/clock")["now"]) < opens_at:
            self.stage.operator.post("/clock/advance", {"at": opens_at.isoformat()})

    def _let_match(self, demand_ids: list[str]) -> None:
        """Orders are matched one after the other: once the last one is, the day may end.

        An order that nobody answers leaves no trace, so the wait is bounded and no failure.
        """
        give_up_at_s = time.monotonic() + MATCHING_S * len(demand_ids)
        while demand_ids and time.monotonic() < give_up_at_s:
            query = {"view": "operator", "thread_id": demand_ids[-1], "limit": 1}
            if self.stage.operator.get("/matches", **query)["items"]:
                return
            time.sleep(PACE_S)

    def _import(self, path: str, rows: list[Body]) -> list[Document]:
        results = bring_in(self.stage.operator, path, rows)
        self.skipped.update(one["reason"] for one in results if one["outcome"] == "failed")
        return results


def _show_best(stage: Stage, tell: Storyteller) -> None:
    """A few of the youngest orders with their best matches and the reasons."""
    shown = 0
    for demand in stage.operator.items("/demands", view="operator", state="published"):
        matches = stage.operator.items("/matches", view="operator", thread_id=demand["id"])
        best = sorted((m for m in matches if m["rank"] is not None), key=lambda m: m["rank"])
        if len(best) >= SHOWN_MATCHES:
            tell.says("best-matches", title=demand["title"])
            for match in best[:SHOWN_MATCHES]:
                _show(match, tell)
            shown += 1
        if shown == SHOWN_ORDERS:
            return


def _show(match: Document, tell: Storyteller) -> None:
    """Name and score, what the score is made of, and the verdicts that are no part of it."""
    terms = "、".join(match["terms"][:SHOWN_TERMS])
    score = f"{match['score_ppm'] / 10_000:.1f}%"
    tell.says("one-match", rank=match["rank"], supplier=match["supplier_name"], score=score,
              terms=terms)  # fmt: skip
    parts = [
        f"{part['feature']} {part['contribution_ppm'] / 10_000:.1f}%"
        for part in match["contributions"]
        if part["contribution_ppm"]
    ]
    tell.says("reasons", parts=" + ".join(parts))
    verdicts = [
        f"{verdict['constraint']} {word('verdict-' + verdict['verdict'])}"
        for verdict in match["verdicts"]
    ]
    tell.says("verdicts", parts=", ".join(verdicts))
