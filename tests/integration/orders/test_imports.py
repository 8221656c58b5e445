"""Real notices of named buyers: published at once, unknown stays unknown."""

from datetime import timedelta
from typing import Any

from services.contracts.demand import ImportDemandsCommand
from services.messaging import Ids
from services.orders.commands.imports import import_demands
from tests.integration.orders.trade import DEADLINE, TERMS, Person, Trade, refused

OPERATOR = Person("运营机构", "operator.staff")


def notice(trade: Trade, ref: str, **changes: Any) -> dict[str, Any]:
    given = {
        "buyer_id": trade.buyer.id, "source_ref": ref, "published_on": "2026-02-27",
        "title": "泵站设备采购公告", "text": "采购潜水泵六台。",
    }  # fmt: skip
    return given | changes


def run(trade: Trade, *rows: dict[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    outcome = trade.desk.execute(
        ImportDemandsCommand, import_demands, OPERATOR.actor, {"rows": list(rows)}
    )
    return outcome.types, outcome.result["results"]


def test_a_notice_is_published_at_once_and_unknown_stays_null(trade: Trade) -> None:
    trade.knows(trade.buyer, verified_until=None, sequence=2)
    types, (result,) = run(trade, notice(trade, "notice-1"))
    assert types == ["demand.published.v1"]
    assert (result["index"], result["outcome"], result["reason"]) == (0, "imported", None)
    demand = trade.latest("demand", result["id"])
    assert (demand["origin"], demand["source_ref"]) == ("imported", "notice-1")
    assert (demand["state"], demand["buyer_verified"]) == ("published", False)
    assert demand["published_at"] == "2026-02-26T16:00:00+00:00"
    unknown = ("budget_fen", "quote_deadline_at", "requirements", "performance", "terms")
    assert [demand[name] for name in unknown] == [None] * 5
    assert trade.desk.deadlines() == {}


def test_the_same_notice_is_skipped_in_and_between_batches(trade: Trade) -> None:
    _, first = run(trade, notice(trade, "notice-1"), notice(trade, "notice-1"))
    types, again = run(trade, notice(trade, "notice-1"), notice(trade, "notice-2"))
    assert [row["outcome"] for row in first + again] == [
        "imported", "skipped", "skipped", "imported",
    ]  # fmt: skip
    assert {first[0]["id"], first[1]["id"], again[0]["id"]} == {first[0]["id"]}
    assert types == ["demand.published.v1"]


def test_a_row_that_fails_says_why_and_harms_no_other(trade: Trade) -> None:
    half = TERMS | {"nodes": TERMS["nodes"][:1]}
    _, rows = run(
        trade,
        notice(trade, "notice-1", buyer_id=Ids().new()),
        notice(trade, "notice-2", terms=half),
        notice(trade, "notice-3"),
    )
    assert [(row["outcome"], row["reason"]) for row in rows] == [
        ("failed", "party_unknown"), ("failed", "terms_shares"), ("imported", None),
    ]  # fmt: skip


def test_a_notice_is_not_from_the_future(trade: Trade) -> None:
    days = [trade.desk.clock.moment.date() + timedelta(days=ahead) for ahead in (1, 0)]
    types, rows = run(
        trade,
        *(notice(trade, f"notice-{day}", published_on=day.isoformat()) for day in days),
        notice(trade, "delivered long ago", delivery_due_date="2025-01-01"),
    )
    assert [(row["outcome"], row["reason"]) for row in rows] == [
        ("failed", "published_in_future"), ("imported", None), ("imported", None),
    ]  # fmt: skip
    assert types == ["demand.published.v1"] * 2


def test_a_notice_with_a_deadline_is_closed_by_it(trade: Trade) -> None:
    run(trade, notice(trade, "notice-1", quote_deadline_at=DEADLINE.isoformat()))
    assert trade.close().types == ["demand.closed", "demand.unsuccessful"]


def test_nobody_quotes_on_what_has_no_deadline_or_terms_here(trade: Trade) -> None:
    _, (result,) = run(trade, notice(trade, "notice-1"))
    trade.demand_id = result["id"]
    with refused("demand_not_open"):
        trade.seal()
