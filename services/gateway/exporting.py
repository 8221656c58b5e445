"""Lists, whose turn it is, the audit and the programme's figures as files."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from werkzeug.wrappers import Response

from services.contracts.actor import Actor
from services.contracts.declare import Aggregate
from services.days import shanghai_date
from services.gateway.edge import exports, filters, steps
from services.gateway.edge.intake import Call, Parameters
from services.gateway.readmodel import audiences, audit, borrowing, lists, payees
from services.gateway.readmodel.places import Place
from services.gateway.readmodel.rendering import to_text
from services.gateway.readmodel.steps import reading
from services.gateway.sheets import rows
from services.messaging import Reader

Serve = Callable[[Actor, Call], Response]
Row = dict[str, Any]


class Exporting:
    """One per process. `now` is business time; `figures` are the indicators as the actor may read.

    Raises Problem.
    """

    def __init__(
        self,
        reader: Reader,
        now: Callable[[], datetime],
        figures: Callable[[Actor, Parameters], list[Row]],
    ) -> None:
        self._reader, self._now, self._figures = reader, now, figures

    def actions(self) -> dict[str, Serve]:
        """By the route table's names."""
        return {
            "export": self._list,
            "steps_export": self._steps,
            "audit_export": self._audit,
            "dashboard_export": self._dashboard,
        }

    def _list(self, actor: Actor, call: Call) -> Response:
        assert isinstance(call.route.target, Aggregate)  # noqa: S101  the table gives it
        kind = call.route.target.name
        given = call.parameters(*filters.known(kind), "sort", *exports.ASKED)
        asked, order = filters.asked(actor, kind, given), filters.sort(kind, given)
        today = self._today()

        def page(limit: int, after: Place | None) -> tuple[list[str], Place | None]:
            found, following = lists.page(self._reader, asked, order, limit, after)
            if kind == "payable":
                return self._owed(actor, found, today), following
            return self._lent(actor, found) if kind == "loan" else found, following

        return exports.answer(call, given, kind, exports.turned(page), today)

    def _owed(self, actor: Actor, found: list[str], today: date) -> list[str]:
        mine = audiences.mine(actor)
        told = payees.with_payees(self._reader, mine, [json.loads(text) for text in found])
        return _texts(rows.payable(one, today) for one in told)

    def _lent(self, actor: Actor, found: list[str]) -> list[str]:
        mine = audiences.mine(actor)
        named = borrowing.with_names(self._reader, mine, [json.loads(text) for text in found])
        return _texts(map(rows.loan, named))

    def _today(self) -> date:
        return shanghai_date(self._now())

    def _steps(self, actor: Actor, call: Call) -> Response:
        given = call.parameters(*steps.FILTERS, *exports.ASKED)
        asked = steps.asked(actor, given, self._now())

        def page(limit: int, after: str | None) -> tuple[list[str], str | None]:
            place = reading.Place.read(after) if after else None
            items, following = reading.page(self._reader, actor, asked, limit, place)
            return _texts(rows.step(json.loads(item)) for item in items), following

        return exports.answer(call, given, "step", exports.turned(page), self._today())

    def _audit(self, actor: Actor, call: Call) -> Response:
        given = call.parameters(*filters.AUDIT, *exports.ASKED)
        asked = filters.audited(actor, given)

        def page(limit: int, after: str | None) -> tuple[list[str], str | None]:
            place = audit.read_cursor(after) if after else None
            entries, following = audit.page(self._reader, asked.going_on(place), limit)
            return _texts(map(rows.audited, entries)), following

        return exports.answer(call, given, "audit", exports.turned(page), self._today())

    def _dashboard(self, actor: Actor, call: Call) -> Response:
        given = call.parameters(*filters.PERIOD, *exports.ASKED)
        found = _texts(map(rows.indicator, self._figures(actor, given)))
        return exports.answer(call, given, "indicator", [found], self._today())


def _texts(found: Iterable[Row]) -> list[str]:
    return [to_text(one) for one in found]
