"""Quotes: sealed means sealed, one live quote each, late is late."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from services.contracts.demand import ReadSealedPrice
from services.contracts.money import as_money
from services.contracts.problems import Problem
from services.messaging import Ids
from services.orders.commands.quotes import seal_of
from services.orders.queries import sealed_price
from services.orders.tables import Quote
from tests.integration.orders.trade import DEADLINE, PRICE_FEN, Person, Trade, refused

REPLACEMENT = {
    "price": as_money(PRICE_FEN - 1), "delivery_days": 40, "valid_until": "2026-04-30",
}  # fmt: skip


def row(trade: Trade) -> Quote:
    with trade.desk.session() as session:
        found = session.get(Quote, trade.quote_id)
        assert found is not None
        return found


def test_a_sealed_quote_commits_to_a_price_that_no_fact_carries(trade: Trade) -> None:
    trade.publish()
    quote = trade.seal(match_id=trade.match())["quote.sealed"]
    assert quote["state"] == "sealed"
    assert (quote["price_fen"], quote["delivery_days"], quote["note"]) == (None, None, None)
    assert quote["supply_id"] == trade.supply_id
    assert quote["seal"] == seal_of(row(trade))


def test_a_number_does_not_say_how_many_were_sealed_before(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["70000007", "70000007", "00000003"])
    monkeypatch.setattr(Ids, "digits", lambda _, count: next(drawn)[:count])
    trade.publish()
    numbers = [trade.seal(each)["quote.sealed"]["number"] for each in (trade.supplier, trade.rival)]
    assert numbers == ["QF-Q-2026-70000007", "QF-Q-2026-00000003"]


def test_the_price_is_nowhere_before_the_opening(
    trade: Trade, caplog: pytest.LogCaptureFixture
) -> None:
    trade.publish()
    trade.seal()
    trade.do("replace_quote", trade.supplier, REPLACEMENT, id=trade.quote_id)
    with refused("quote_exists"):
        trade.seal()
    said = json.dumps([event.to_json() for event in trade.desk.events()]) + caplog.text
    for price_fen in (PRICE_FEN, PRICE_FEN - 1):
        assert str(price_fen) not in said
        assert as_money(price_fen)["amount"] not in said


def test_a_quote_that_never_opens_is_never_shown(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    trade.do("withdraw_quote", trade.supplier, id=trade.quote_id)
    trade.close()
    assert all(event.data.get("price_fen") is None for event in trade.desk.events())


def test_only_its_supplier_reads_a_sealed_price(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    answer = trade.desk.ask(ReadSealedPrice, sealed_price, trade.supplier.actor, id=trade.quote_id)
    assert answer["price_fen"] == PRICE_FEN
    assert answer["salt"] == row(trade).salt
    for person in (trade.buyer, trade.rival):
        with refused("not_found"):
            trade.desk.ask(ReadSealedPrice, sealed_price, person.actor, id=trade.quote_id)


def test_one_second_late_is_late_even_if_the_timer_is_down(trade: Trade) -> None:
    trade.publish()
    trade.desk.clock.moment = DEADLINE - timedelta(seconds=1)
    trade.seal()
    trade.desk.clock.moment = DEADLINE + timedelta(seconds=1)
    with refused("quote_deadline_passed"):
        trade.seal(trade.rival)
    with refused("quote_deadline_passed"):
        trade.do("replace_quote", trade.supplier, REPLACEMENT, id=trade.quote_id)
    with refused("quote_deadline_passed"):
        trade.do("withdraw_quote", trade.supplier, id=trade.quote_id)


def test_replacing_seals_anew(trade: Trade) -> None:
    trade.publish()
    before = trade.seal()["quote.sealed"]["seal"]
    replaced = trade.do("replace_quote", trade.supplier, REPLACEMENT, id=trade.quote_id)
    assert replaced.types == ["quote.replaced"]
    assert replaced["quote.replaced"]["seal"] != before
    assert row(trade).sealed_price_fen == PRICE_FEN - 1


def test_after_a_withdrawal_one_may_quote_again(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    assert trade.do("withdraw_quote", trade.supplier, id=trade.quote_id).types == [
        "quote.withdrawn"
    ]
    with refused("illegal_move"):
        trade.do("replace_quote", trade.supplier, REPLACEMENT, id=trade.quote_id)
    assert trade.seal().types == ["quote.sealed"]


@pytest.mark.parametrize("command", ["replace_quote", "withdraw_quote"])
def test_a_rivals_quote_is_not_there(trade: Trade, command: str) -> None:
    trade.publish()
    trade.seal()
    given = REPLACEMENT if command == "replace_quote" else {}
    with refused("not_found"):
        trade.do(command, trade.rival, given, id=trade.quote_id)


def test_who_may_quote(trade: Trade) -> None:
    trade.publish()
    with refused("own_demand"):
        trade.seal(trade.buyer)
    unverified = Person("未核验公司", "supplier.owner")
    trade.knows(unverified, verified_until=None)
    with refused("party_unverified"):
        trade.seal(unverified)
    with refused("party_unknown"):
        trade.seal(Person("无名", "supplier.owner"))


def test_a_draft_is_not_there_for_suppliers(trade: Trade) -> None:
    trade.draft()
    with refused("not_found"):
        trade.seal()


def test_a_cancelled_demand_takes_no_quotes(trade: Trade) -> None:
    trade.publish()
    trade.do("cancel_demand", trade.buyer, {"reason_code": "no_budget"}, id=trade.demand_id)
    with refused("demand_not_open"):
        trade.seal()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"match_id": Ids().new()}, "match_unknown"),
        ({"valid_until": "2026-03-03"}, "quote_validity_too_short"),
        ({"price": {"amount": "0.00", "currency": "CNY"}}, "invalid"),
        ({"demand_id": Ids().new()}, "not_found"),
    ],
)
def test_what_is_refused(trade: Trade, changes: dict[str, Any], code: str) -> None:
    trade.publish()
    with refused(code):
        trade.seal(**changes)


def test_a_match_counts_for_its_own_supplier_only(trade: Trade) -> None:
    trade.publish()
    match_id = trade.match()
    with refused("match_unknown"):
        trade.seal(trade.rival, match_id=match_id)


def test_ten_quotes_at_once_of_one_supplier_are_one(trade: Trade) -> None:
    trade.publish()

    def seal(_: int) -> str:
        try:
            return trade.seal().types[0]
        except Problem as problem:
            return problem.code

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = sorted(pool.map(seal, range(10)))
    assert answers == ["quote.sealed"] + ["quote_exists"] * 9


def test_the_database_itself_holds_one_live_quote(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    original = row(trade)
    values = {column.key: getattr(original, column.key) for column in Quote.__table__.columns}
    copy = Quote(**values | {"id": Ids().new(), "number": "QF-Q-2026-999999"})
    with (
        pytest.raises(IntegrityError, match="quotes_one_live"),
        trade.desk.sessionmaker.begin() as session,
    ):
        session.add(copy)
