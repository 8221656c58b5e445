"""The pages of the site: each reads what it shows, and a template says it."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from werkzeug.wrappers import Response

from services.gateway.edge.application import Serve
from services.gateway.edge.intake import Call
from services.gateway.ocds.mapping import ocid_of
from services.gateway.pages import answers, asked, tables
from services.gateway.pages.asked import Asked
from services.gateway.readmodel import directory, entries, listing, moment, public_figures
from services.gateway.readmodel.listing import Wanted
from services.messaging import Clock, Reader

NEWEST = 6  # demands on the first page
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,40}")

Page = Callable[[Call, Asked], Response]


class Pages:
    """One per process; its actions are those of the route table that are not of the API."""

    def __init__(
        self,
        reader: Reader,
        clock: Clock,
        ocds_prefix: str,
        *,
        fresh_s: float = public_figures.FRESH_S,
    ) -> None:
        self._reader, self._clock, self._prefix = reader, clock, ocds_prefix
        self._figures = public_figures.Known(reader, time.monotonic, fresh_s)

    def actions(self) -> Mapping[str, Serve]:
        """By the action of its route, what answers it."""
        found: dict[str, Page] = {
            "home": self._home,
            "hall": self._hall,
            "hall_demand": self._demand,
            "suppliers": self._suppliers,
            "supplier": self._supplier,
            "statistics": self._statistics,
        }
        return {action: _read_first(page) for action, page in found.items()}

    def _home(self, call: Call, given: Asked) -> Response:
        newest = listing.demands(self._reader, Wanted(states="open"), NEWEST)
        return answers.page(
            call.request, given, "home.html",
            newest=newest.cards, figures=self._figures.figures(), now=self._now(),
        )  # fmt: skip

    def _hall(self, call: Call, given: Asked) -> Response:
        wanted = given.wanted("open")
        found = listing.demands(self._reader, wanted)
        closed = 0  # how many there are of those that take no more quotes, where no other is
        if wanted.states == "open" and not found.total:
            closed = listing.demands(
                self._reader, replace(wanted, states="closed", until=None), 1
            ).total
        return answers.page(
            call.request, given, "hall.html", found=found, closed=closed, now=self._now()
        )

    def _demand(self, call: Call, given: Asked) -> Response:
        number = call.id or ""
        demand = listing.demand(self._reader, number) if _NUMBER.fullmatch(number) else None
        if demand is None:
            return self._missing(call, given)
        industry = entries.industry_of(demand)
        return answers.page(
            call.request, given, "demand.html",
            demand=demand, industry=industry, now=self._now(),
            ocid=ocid_of(self._prefix, number),
        )  # fmt: skip

    def _suppliers(self, call: Call, given: Asked) -> Response:
        found = directory.suppliers(self._reader, given.wanted())
        return answers.page(call.request, given, "suppliers.html", found=found)

    def _supplier(self, call: Call, given: Asked) -> Response:
        number = call.id or ""
        party = directory.supplier(self._reader, number) if _NUMBER.fullmatch(number) else None
        if party is None:
            return self._missing(call, given)
        return answers.page(call.request, given, "supplier.html", party=party)

    def _statistics(self, call: Call, given: Asked) -> Response:
        known = self._figures.figures()
        return answers.page(
            call.request, given, "statistics.html", **tables.of(known, given.language)
        )

    def _missing(self, call: Call, given: Asked) -> Response:
        return answers.page(call.request, given, "missing.html", 404)

    def _now(self) -> datetime:
        """Business time, by which quotes are taken."""
        return moment.now(self._reader, self._clock)


def _read_first(page: Page) -> Serve:
    return lambda call: page(call, asked.read(call.request))
