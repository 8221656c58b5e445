"""What tables, the programme's page and the audit ask; each by single reads of its own."""

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from werkzeug.wrappers import Response

from services.contracts.actor import Actor
from services.contracts.declare import Aggregate
from services.contracts.exposure import ReadExposure
from services.contracts.problems import Problem
from services.days import end_of_day, shanghai_date, start_of_day
from services.gateway.calls import Calls
from services.gateway.edge import filters
from services.gateway.edge.intake import Call, Parameters
from services.gateway.exporting import Exporting
from services.gateway.memory import Memory
from services.gateway.readmodel import (
    audit,
    disclosure,
    indicators,
    lists,
    moment,
    programme,
    reads,
)
from services.gateway.readmodel.figures import Period
from services.gateway.readmodel.narrowing import Filters
from services.gateway.readmodel.places import NEWEST, Place
from services.gateway.readmodel.reads import Cursor
from services.gateway.readmodel.rendering import JSON, page_of, to_text
from services.messaging import Clock, Reader

PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
# Everybody at the programme's page sees the same figures; so old they may be.
FIGURES_KEPT_S = 2.0
# Nothing that is asked of matching changes within half a minute so that anybody would see it; when
# it is down the page does not ask again with every look.
EXPOSURE_KEPT_S = 30.0
EXPOSURE_PATIENCE_S = 0.5
LISTS = 500  # the newest, as matching counts them by default
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
HEALTH = "metrics:read"

Serve = Callable[[Actor, Call], Response]


class Desk:
    """One per process. Raises Problem."""

    def __init__(self, clock: Clock, reader: Reader, calls: Calls) -> None:
        self._clock, self._reader, self._calls = clock, reader, calls
        self._figures = Memory(FIGURES_KEPT_S)
        self._exposure = Memory(EXPOSURE_KEPT_S)
        self._sides = Memory(FIGURES_KEPT_S)

    def actions(self) -> dict[str, Serve]:
        """By the route table's names."""
        return {
            "list": self._list,
            "count": self._count,
            "audit": self._audit,
            "dashboard": self._dashboard,
            **Exporting(self._reader, self._now, self._figures_of).actions(),
        }

    def _list(self, actor: Actor, call: Call) -> Response:
        kind = _kind(call)
        given = call.parameters(*filters.known(kind), *filters.PAGED)
        asked, order = filters.asked(actor, kind, given), filters.sort(kind, given)
        limit = given.count("limit", reads.PAGE_ITEMS, 1, reads.MAX_PAGE_ITEMS)
        place = filters.place(given, order)
        if asked.is_plain and order is NEWEST:
            texts, after = self._plain(asked, limit, place)
        else:
            texts, next_place = lists.page(self._reader, asked, order, limit, place)
            after = next_place.write() if next_place else None
        return answered(page_of(texts, after))

    def _plain(
        self, asked: Filters, limit: int, place: Place | None
    ) -> tuple[list[str], str | None]:
        """By statements that are prepared: most lists are asked for like that."""
        return reads.page(
            self._reader,
            asked.kind,
            asked.audience,
            state=asked.states[0] if asked.states else None,
            thread_id=asked.thread_id,
            limit=limit,
            cursor=Cursor(datetime.fromisoformat(place.key), place.id) if place else None,
        )

    def _count(self, actor: Actor, call: Call) -> Response:
        kind = _kind(call)
        given = call.parameters(*filters.known(kind))
        return answered(to_text(lists.count(self._reader, filters.asked(actor, kind, given))))

    def _audit(self, actor: Actor, call: Call) -> Response:
        given = call.parameters(*filters.AUDIT, "cursor", "limit")
        asked = filters.audited(actor, given).going_on(_audit_cursor(given))
        limit = given.count("limit", audit.PAGE_ITEMS, 1, audit.MAX_PAGE_ITEMS)
        entries, after = audit.page(self._reader, asked, limit)
        return answered(to_text({"items": entries, "next": after}))

    def _dashboard(self, actor: Actor, call: Call) -> Response:
        period = _period(actor, call.parameters(*filters.PERIOD))
        as_of, items = self._indicators(actor, period)
        return answered(to_text({"as_of": as_of, "period": _days(period), "items": items}))

    def _figures_of(self, actor: Actor, given: Parameters) -> list[indicators.Indicator]:
        _, items = self._indicators(actor, _period(actor, given))
        return items

    def _indicators(self, actor: Actor, period: Period) -> tuple[str, list[indicators.Indicator]]:
        """As of when, and all that the actor may read."""
        found = self._figures.recall(period, lambda: self._counted(period))
        exposure = self._exposure.recall("exposure", self._exposed)
        items = [*found["items"], *exposure]
        if not _is_operator(actor):
            parties = self._sides.recall(period, lambda: disclosure.sides(self._reader, period))
            items = disclosure.for_others(items, parties)
        if HEALTH in actor.scopes:
            items += indicators.of_health(programme.backlog(self._reader), found["as_of"])
        return found["as_of"], items

    def _counted(self, period: Period) -> dict[str, Any]:
        as_of = self._now()
        figures = programme.figures(self._reader, period)
        return {"as_of": as_of.isoformat(), "items": indicators.of_programme(figures, as_of)}

    def _exposed(self) -> list[indicators.Indicator]:
        as_of, answer, reason = self._now().isoformat(), None, None
        try:
            answer = self._calls.ask_soon(ReadExposure, {"lists": LISTS}, EXPOSURE_PATIENCE_S)
        except Problem as problem:
            reason = problem.code
        return indicators.of_exposure(answer, reason, as_of)

    def _now(self) -> datetime:
        return moment.now(self._reader, self._clock)


def answered(text: str) -> Response:
    """JSON for the caller alone."""
    return Response(text, headers=PRIVATE, mimetype=JSON)


def _kind(call: Call) -> str:
    assert isinstance(call.route.target, Aggregate)  # noqa: S101  the table gives it
    return call.route.target.name


def _audit_cursor(given: Parameters) -> tuple[datetime, int] | None:
    text = given.text("cursor")
    try:
        return None if text is None else audit.read_cursor(text)
    except ValueError:
        raise given.refuse("cursor", "Not a valid cursor.") from None


def _is_operator(actor: Actor) -> bool:
    return "operator" in actor.capacities


def _period(actor: Actor, given: Parameters) -> Period:
    """An authority's is of whole months: of two that differ by a day the day could be told."""
    begins, ends = filters.days(given, "from", "to")
    region = given.text("region") or ""
    if len(region) > programme.MAX_REGION or not filters.is_storable(region):
        raise given.refuse("region", "String does not match expected pattern.")
    if not _is_operator(actor):
        begins = begins and start_of_day(shanghai_date(begins).replace(day=1))
        ends = ends and end_of_day(_last_of_month(_last_day(ends)))
    is_all = begins is None and ends is None
    return Period(begins or FIRST, ends or LAST, region, is_all)


def _days(period: Period) -> dict[str, str | None]:
    """Its first and last day, where it has one."""
    begins, ends = shanghai_date(period.begins), _last_day(period.ends)
    return {
        "from": None if period.begins == FIRST else begins.isoformat(),
        "to": None if period.ends == LAST else ends.isoformat(),
    }


def _last_day(ends: datetime) -> date:
    """The one whose end that is."""
    return shanghai_date(ends - timedelta(microseconds=1))


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
