"""The programme's figures equal a slow count; the audit tells what the operator may know."""

import random
import statistics
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.gateway.readmodel.milestones import STEPS
from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand, a_fact

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
REGIONS = ("海淀园", "西城园", None)
# What a deal goes through: step, kind, past, state and, where it counts, its amount's name.
STORY = (
    ("matched", "match", "sent", "sent", None),
    ("quoted", "quote", "opened", "opened", None),
    ("awarded", "demand", "awarded", "awarded", None),
    ("contracted", "contract", "signed", "active", "amount_fen"),
    ("accepted", "delivery", "accepted", "accepted", "accepted_fen"),
    ("confirmed", "receivable", "confirmed", "confirmed", "confirmed_fen"),
    ("applied", "application", "submitted", "offering", "amount_fen"),
    ("offered", "offer", "visible", "visible", None),
    ("disbursed", "loan", "disbursed", "active", "principal_fen"),
    ("settled", "loan", "paid", "paid", "principal_fen"),
)


class World:
    """Deals that end anywhere, with their facts and what a slow reader counts of them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.facts: list[Event] = []
        self.deals = [self._deal() for _ in range(30)]

    def _deal(self) -> dict[str, Any]:
        rng, id = self.random, Ids().new()
        at = BEGIN + timedelta(hours=rng.randrange(24 * 20), minutes=rng.randrange(60))
        budget = rng.choice((None, rng.randrange(1, 10**9)))
        deal: dict[str, Any] = {
            "id": id, "published": at, "region": rng.choice(REGIONS), "budget": budget,
            "state": "published", "at": {"demand": at}, "amounts": {}, "matches": [],
        }  # fmt: skip
        self._tell("demand", "published", deal, at, "published", id=id)
        loan = Ids().new()
        for step, kind, past, state, amount in STORY[: rng.randrange(len(STORY) + 1)]:
            if step in ("matched", "awarded") and rng.random() < 0.2:
                continue  # some go another way
            at += timedelta(minutes=rng.randrange(1, 10_000))
            deal["at"][step] = at
            given: dict[str, Any] = {amount: rng.randrange(1, 10**9)} if amount else {}
            if step == "settled":
                given = {"principal_fen": deal["amounts"]["disbursed"]}
            if amount:
                deal["amounts"][step] = given[amount]
            if kind == "demand":
                deal["state"] = state
                self._tell(kind, past, deal, at, state, id=id, sequence=2)
                continue
            subject = loan if kind == "loan" else Ids().new()
            sequence = 2 if step == "settled" else 1
            self._tell(kind, past, deal, at, state, id=subject, sequence=sequence, **given)
            if kind == "match":  # a second one later: the first counts
                again = at + timedelta(hours=1)
                deal["matches"] = [at, again]
                self._tell(kind, past, deal, again, state, id=Ids().new())
        return deal

    def _tell(
        self, kind: str, past: str, deal: dict[str, Any], at: datetime, state: str, **given: Any
    ) -> None:
        if kind == "demand":
            given |= {"region": deal["region"], "budget_fen": deal["budget"],
                      "published_at": deal["published"].isoformat()}  # fmt: skip
        given |= {"state": state, "thread_id": deal["id"]}
        given |= {"occurred_at": at.isoformat(), "created_at": at.isoformat()}
        self.facts.append(a_fact(kind, past, **given))


def counted(deals: list[dict[str, Any]]) -> Iterator[tuple[tuple[str, Any], Any]]:
    """Every figure of the funnel, by what it is of: obviously right, and slow."""
    names = list(STEPS)
    for before, step in zip([names[0], *names], names, strict=False):
        at_step = [deal for deal in deals if step in deal["at"]]
        yield ("funnel.count", step), len(at_step)
        if step in ("demand", "matched", "quoted", "awarded"):
            budgets = [deal["budget"] for deal in at_step if deal["budget"] is not None]
            yield ("funnel.amount", step), yuan(sum(budgets)) if budgets else None
        elif step != "offered":
            yield ("funnel.amount", step), yuan(sum(d["amounts"].get(step, 0) for d in deals))
        if step == before:
            continue
        both = [deal for deal in at_step if before in deal["at"]]
        reached = sum(before in deal["at"] for deal in deals)
        yield ("funnel.conversion", step), (len(both), reached)
        hours = sorted((d["at"][step] - d["at"][before]).total_seconds() / 3600 for d in both)
        yield ("funnel.median_hours", step), statistics.median(hours) if hours else None
        yield ("funnel.p90_hours", step), interpolated(hours, 0.9)


def interpolated(values: list[float], share: float) -> float | None:
    if not values:
        return None
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def shown(page: dict[str, Any]) -> dict[tuple[str, Any], dict[str, Any]]:
    return {(one["id"], one["of"].get("step")): one for one in page["items"]}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_figures_are_those_of_a_slow_count(fresh_gateway: Gateway, seed: int) -> None:
    world = World(seed)
    facts = random.Random(seed).sample(world.facts, len(world.facts))  # in any order, some twice
    for start in range(0, len(facts), 17):
        fresh_gateway.project(*facts[start : start + 17])
        if start % 2:
            fresh_gateway.number_feed()
    fresh_gateway.project(*facts[:10])
    fresh_gateway.number_feed()
    for query, fits in (
        ("", lambda region, at: True),
        ("?region=海淀", lambda region, at: region == "海淀园"),
        ("?from=2026-03-05&to=2026-03-12", lambda region, at: _within(at, 5, 12)),
        (
            "?from=2026-03-05&to=2026-03-12&region=西城园",
            lambda region, at: region == "西城园" and _within(at, 5, 12),
        ),
        ("?from=2030-01-01", lambda region, at: False),
    ):
        deals = [deal for deal in world.deals if fits(deal["region"], deal["published"])]
        page = fresh_gateway.operator.gets(f"/programme/dashboard{query}")
        figures = shown(page)
        for key, expected in counted(deals):
            value = figures[key]["value"]
            if key[0] == "funnel.conversion":
                parts = (figures[key]["numerator"], figures[key]["denominator"])
                assert parts == expected, (query, key)
            elif isinstance(expected, float):
                assert value == pytest.approx(expected, abs=0.006), (query, key)
            else:
                assert value == expected, (query, key)
        sent = sum(fits(deal["region"], at) for deal in world.deals for at in deal["matches"])
        _check_states(page, deals, sent)


def _within(at: datetime, first: int, last: int) -> bool:
    day = (at + timedelta(hours=8)).date()
    return first <= day.day <= last and day.month == 3


def _check_states(page: dict[str, Any], deals: list[dict[str, Any]], sent: int) -> None:
    by_state: dict[str, int] = defaultdict(int)
    for deal in deals:
        by_state[deal["state"]] += 1
    told = {
        one["of"]["state"]: one for one in page["items"] if one["id"] == "demands.count_by_state"
    }
    assert {state: one["value"] for state, one in told.items()} == by_state
    assert all(one["denominator"] == len(deals) for one in told.values())
    (matches,) = (one["value"] for one in page["items"] if one["id"] == "matches.count")
    assert matches == sent


def test_the_page_does_without_matching_and_says_so(fresh_gateway: Gateway) -> None:
    fresh_gateway.owners.replies["exposure_match"] = Problem("unavailable")
    page = shown(fresh_gateway.operator.gets("/programme/dashboard"))
    gini = page["exposure.gini", None]
    assert (gini["value"], gini["reason"]) == (None, "unavailable")
    assert page["demands.count", None]["value"] == 0
    fresh_gateway.operator.gets("/programme/dashboard")
    assert [asked[1] for asked in fresh_gateway.owners.asked] == ["exposure_match"]


def test_exposure_is_matchings_and_health_the_operators(fresh_gateway: Gateway) -> None:
    answer = {"gini_ppm": 250_000, "largest_share_ppm": 70_000, "coverage_ppm": 500_000,
              "lists": 40, "suppliers": 20, "suppliers_listed": 10}  # fmt: skip
    fresh_gateway.owners.replies["exposure_match"] = {"answer": answer}
    page = shown(fresh_gateway.operator.gets("/programme/dashboard"))
    assert page["exposure.gini", None]["value"] == 250_000
    coverage = page["exposure.coverage", None]
    assert (coverage["numerator"], coverage["denominator"]) == (10, 20)
    assert page["health.dead_letters", None]["reason"] == "not_known_to_the_gateway"
    assert page["health.outbox_depth", None]["value"] > 0  # no relay runs here
    authority = fresh_gateway.someone("authority", "authority.reader")
    seen = shown(authority.gets("/programme/dashboard"))
    assert not [id for id, _ in seen if id.startswith("health.")]
    assert seen["exposure.gini", None]["value"] == 250_000


def test_what_is_overdue_is_counted_of_what_runs(fresh_gateway: Gateway) -> None:
    for state, amount in (("overdue", 100), ("running", 300), ("paid", 500)):
        fresh_gateway.project(
            a_fact("payable", "running", id=Ids().new(), state=state, amount_fen=amount)
        )
    for late in (True, False):
        given = {"state": "confirmation_requested", "confirmation_overdue": late}
        fresh_gateway.project(a_fact("receivable", "reminded", id=Ids().new(), **given))
    page = shown(fresh_gateway.operator.gets("/programme/dashboard"))
    payables, amount = page["overdue.payables", None], page["overdue.payables_amount", None]
    assert (payables["numerator"], payables["denominator"]) == (1, 2)
    assert (amount["numerator"], amount["denominator"]) == ("1.00", "4.00")
    late = page["overdue.confirmations", None]
    assert (late["numerator"], late["denominator"]) == (1, 2)
    authority = fresh_gateway.someone("authority", "authority.reader")
    few = shown(authority.gets("/programme/dashboard"))
    for id, reason in (
        ("overdue.payables", "under_three"), ("overdue.payables_amount", "too_few"),
        ("overdue.confirmations", "under_three"),
    ):  # fmt: skip
        one = few[id, None]
        assert (one["value"], one["numerator"], one["denominator"]) == (None, None, None)
        assert one["reason"] == reason


def test_an_authority_is_told_what_many_owe_late(fresh_gateway: Gateway) -> None:
    authority = fresh_gateway.someone("authority", "authority.reader")
    pairs = [(Ids().new(), Ids().new()) for _ in range(5)]

    def owed(state: str, until: int) -> Any:
        for debtor, supplier in pairs:
            given = {"buyer_id": debtor, "supplier_id": supplier, "amount_fen": 100}
            fresh_gateway.project(
                a_fact("payable", "running", id=Ids().new(), state=state, **given)
            )
        page = shown(authority.gets(f"/programme/dashboard?to={until}-12-31"))  # none is remembered
        return page["overdue.payables_amount", None]

    late = owed("overdue", 2030)
    assert (late["value"], late["denominator"]) == ("5.00", "5.00")
    late = owed("running", 2031)
    assert (late["value"], late["denominator"]) == ("5.00", "10.00")
    pairs = pairs[:1]
    assert owed("due", 2032)["denominator"] == "11.00"


@pytest.fixture(scope="module")
def told(gateway: Gateway) -> dict[str, Any]:
    """A demand's facts, a match's, and a sealed quote's, which only its supplier is told of."""
    buyer, supplier = gateway.someone("buyer"), gateway.someone("supplier", "supplier.owner")
    demand, quote = Ids().new(), Ids().new()
    published = a_demand(
        buyer.party_id, id=demand, title="稀土永磁电机", number="QF-D-2026-000555",
        occurred_at="2026-03-02T01:30:00+00:00",
    )  # fmt: skip
    amended = a_demand(
        buyer.party_id, id=demand, title="稀土永磁电机", number="QF-D-2026-000555", sequence=2,
        past="amended", occurred_at="2026-03-04T01:30:00+00:00",
    )  # fmt: skip
    sealed = a_fact(
        "quote", "sealed", id=quote, state="sealed", opened_at=None, thread_id=demand,
        supplier_id=supplier.party_id, number="QF-Q-2026-000556", actor=supplier.party_id,
    )  # fmt: skip
    gateway.project(published, amended, sealed)
    gateway.number_feed()
    return {"demand": demand, "quote": quote, "buyer": buyer, "supplier": supplier}


def types(caller: Caller, query: str) -> list[str]:
    return [item["type"] for item in caller.gets(f"/audit?{query}")["items"]]


def test_the_audit_is_newest_first_and_found_by_what_is_known(
    gateway: Gateway, told: dict[str, Any]
) -> None:
    both = ["demand.amended.v1", "demand.published.v1"]
    operator, buyer = gateway.operator, told["buyer"].party_id
    for query in ("q=永磁", "q=QF-D-2026-000555", f"thread_id={told['demand']}"):
        assert types(operator, query) == both, query
    assert types(operator, f"party_id={buyer}&type=demand.published.v1") == both[1:]
    assert types(operator, "q=永磁&from=2026-03-03") == both[:1]
    assert types(operator, "q=永磁&to=2026-03-03") == both[1:]
    page = operator.gets("/audit?q=永磁&limit=1")
    assert types(operator, f"q=永磁&limit=1&cursor={page['next']}") == both[1:]
    (entry,) = page["items"]
    assert (entry["number"], entry["actor"]["party_id"]) == ("QF-D-2026-000555", buyer)


def test_the_audit_tells_the_state_that_a_fact_left_beside_the_present_one(
    gateway: Gateway,
) -> None:
    buyer, id = gateway.someone("buyer", "buyer.purchaser"), Ids().new()
    gateway.project(a_demand(buyer.party_id, id=id))
    gateway.project(
        a_demand(buyer.party_id, id=id, past="cancelled", sequence=2, state="cancelled")
    )
    gateway.number_feed()
    told = gateway.operator.gets(f"/audit?thread_id={id}")["items"]
    states = {item["type"]: (item["state_after"], item["state"]) for item in told}
    assert states == {
        "demand.published.v1": ("published", "cancelled"),
        "demand.cancelled.v1": ("cancelled", "cancelled"),
    }


def test_who_acted_is_told_to_the_operator_and_no_authority(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    system = gateway.someone("supplier")
    acts = {"actor": buyer.party_id, "actor_user": buyer.user_id}
    gateway.project(a_demand(buyer.party_id, **acts), a_demand(system.party_id))
    gateway.number_feed()
    authority = gateway.someone("authority", "authority.reader")

    def person(reader: Caller, party_id: str) -> Any:
        asked = f"/audit?party_id={party_id}&type=demand.published.v1"
        (entry,) = reader.gets(asked)["items"]
        return entry["person"]

    assert person(gateway.operator, buyer.party_id) == {
        "id": buyer.user_id, "name": "张敏", "roles": ["buyer.purchaser"],
    }  # fmt: skip
    assert person(gateway.operator, system.party_id) is None  # no person of ours
    assert person(authority, buyer.party_id) is None


def test_the_audit_has_no_more_than_the_operators_view(
    gateway: Gateway, told: dict[str, Any]
) -> None:
    text = gateway.operator.get(f"/audit?thread_id={told['demand']}&limit=200").text
    assert told["quote"] not in text
    assert "QF-Q-2026-000556" not in text
    assert types(gateway.operator, "q=QF-Q-2026-000556") == []
    assert types(gateway.operator, f"party_id={told['supplier'].party_id}&q=QF-Q-2026-000556") == []
    told_operator = "SELECT count(*) FROM feed WHERE audience = 'role:operator'"
    seen, cursor = 0, ""
    while cursor is not None:
        page = gateway.operator.gets(f"/audit?limit=200{cursor and f'&cursor={cursor}'}")
        seen, cursor = seen + len(page["items"]), page["next"]
    assert [(seen,)] == gateway.rows(told_operator)


def test_an_authority_reads_public_things_figures_and_the_audit_but_nothing_of_people(
    gateway: Gateway, told: dict[str, Any]
) -> None:
    gateway.number_feed()
    authority = gateway.someone("authority", "authority.reader")
    gateway.number_feed()
    assert authority.gets(f"/demands/{told['demand']}")["title"] == "稀土永磁电机"
    assert types(authority, "q=永磁") == ["demand.amended.v1", "demand.published.v1"]
    kinds = {item["kind"] for item in authority.gets("/audit?limit=200")["items"]}
    assert kinds.isdisjoint({"user", "api_key", "mandate", "webhook"})
    assert "user" in {item["kind"] for item in gateway.operator.gets("/audit?limit=200")["items"]}
    assert problem_of(authority.get("/demands?view=operator")) == (403, "no_view")
    assert problem_of(authority.send("GET", "/metrics")) == (403, "no_scope")
    for path in ("/audit", "/programme/dashboard"):
        assert problem_of(told["buyer"].get(path)) == (403, "no_scope")


@pytest.mark.parametrize(
    "path",
    ["/audit?q=x", "/audit?type=x", "/audit?cursor=x", "/audit?party_id=1", "/audit?limit=201",
     "/audit?cursor=WyIyMDI2LTAzLTAyVDAxOjMwOjA1KzAwOjAwIiwgLTFd", "/audit?view=operator",
     "/programme/dashboard?from=x", "/programme/dashboard?from=2026-02-02&to=2026-01-01",
     "/programme/dashboard?region=%00", "/programme/dashboard?region=" + "长" * 41],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(gateway: Gateway, path: str) -> None:
    assert problem_of(gateway.operator.get(path)) == (422, "query_invalid")


def deals_of(gateway: Gateway, pairs: list[tuple[str, str]]) -> None:
    """A contract in force for each of these pairs, worth CNY 1; each of a demand of its own."""
    for buyer, supplier in pairs:
        demand = a_demand(buyer, budget_fen=100)
        given = {"thread_id": demand.subject, "buyer_id": buyer, "supplier_id": supplier}
        active = {"state": "active", "amount_fen": 100}
        signed = a_fact("contract", "signed", id=Ids().new(), **active, **given)
        sent = a_fact("match", "sent", id=Ids().new(), state="sent", **given)
        gateway.project(demand, sent, signed)
    gateway.number_feed()


def test_an_authority_is_told_no_sum_of_few_parties(fresh_gateway: Gateway) -> None:
    authority = fresh_gateway.someone("authority", "authority.reader")
    buyers, suppliers = ([Ids().new() for _ in range(3)] for _ in "ab")

    def contracted(reader: Caller, until: int) -> tuple[Any, Any]:
        page = shown(reader.gets(f"/programme/dashboard?to={until}-12-31"))  # none is remembered
        one, budgets = (page["funnel.amount", step] for step in ("contracted", "matched"))
        assert (one["value"], one["reason"]) == (budgets["value"], budgets["reason"])
        return one["value"], one["reason"]

    deals_of(fresh_gateway, [(buyers[0], one) for one in suppliers] * 2)
    assert contracted(fresh_gateway.operator, 2030) == ("6.00", None)
    assert contracted(authority, 2030) == (None, "too_few")  # six deals, but all of one buyer
    deals_of(fresh_gateway, [(buyers[1], suppliers[0]), (buyers[2], suppliers[0])])
    assert contracted(authority, 2031) == ("8.00", None)


def test_an_authority_is_told_no_count_under_three(fresh_gateway: Gateway) -> None:
    authority = fresh_gateway.someone("authority", "authority.reader")
    buyer, supplier = Ids().new(), Ids().new()
    deals_of(fresh_gateway, [(buyer, supplier)] * 2)
    for state, count in (("active", 7), ("verifying", 4), ("rejected", 1)):
        for _ in range(count):
            given = {"id": Ids().new(), "state": state, "supplier_id": supplier}
            fresh_gateway.project(a_fact("supply", "submitted", **given))
    whole, page = (
        one.gets("/programme/dashboard")["items"] for one in (fresh_gateway.operator, authority)
    )
    assert shown({"items": whole})["funnel.count", "contracted"]["value"] == 2
    seen = shown({"items": page})
    for id in ("funnel.count", "funnel.conversion", "funnel.median_hours"):
        assert (seen[id, "contracted"]["value"], seen[id, "contracted"]["reason"]) == (
            None, "under_three",
        )  # fmt: skip
    assert seen["demands.count", None]["value"] == 2  # public, as the hall is
    assert seen["funnel.amount", "demand"]["value"] == "2.00"
    assert seen["funnel.amount", "matched"]["reason"] == "too_few"
    assert seen["matches.count", None]["reason"] == "under_three"  # what its only part is
    supplies = {
        one["of"]["state"]: (one["value"], one["reason"])
        for one in page
        if one["id"] == "supplies.count_by_state"
    }
    # What is left of the total would tell the one that was rejected.
    assert supplies == {
        "active": (7, None), "verifying": (None, "beside_few"), "rejected": (None, "under_three"),
    }  # fmt: skip


def test_an_authoritys_period_is_of_whole_months(fresh_gateway: Gateway) -> None:
    authority = fresh_gateway.someone("authority", "authority.reader")
    asked = "/programme/dashboard?from=2026-03-05&to=2026-04-02"
    days = {"from": "2026-03-05", "to": "2026-04-02"}
    assert fresh_gateway.operator.gets(asked)["period"] == days
    assert authority.gets(asked)["period"] == {"from": "2026-03-01", "to": "2026-04-30"}
    whole = authority.gets("/programme/dashboard")["period"]
    assert whole == {"from": None, "to": None}
