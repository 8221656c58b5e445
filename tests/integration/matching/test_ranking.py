"""From a published demand to the suppliers that are told, and why they are."""

import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, select, text

from services.contracts.demand import demand
from services.contracts.supply import (
    ArchiveSupply,
    ImportSuppliesCommand,
    ImportTrackRecordsCommand,
    match,
)
from services.matching import allocation, candidates, metrics
from services.matching.commands import imports, supplies
from services.matching.documents import STAMP
from services.matching.tables import Supply
from services.messaging import read_feed
from tests.desk import START
from tests.integration.matching.market import LATER
from tests.waiting import eventually

STATEMENTS_PER_DEMAND = 9


@pytest.fixture
def buyer(market):
    return market.party("岚航重型装备")


@pytest.fixture
def shop(market):
    return market.party("启航精密", region="330100")


@pytest.fixture
def gardener(market):
    return market.party("绿野园林")


def test_the_machine_shop_beats_the_gardener(market, buyer, shop, gardener):
    garden = market.supply(gardener, "厂区草坪养护与花坛加工", text="四季养护，叶片修剪")
    mill = market.supply(shop)
    state = market.demand(buyer, region="浙江省杭州市")
    told = market.publish(state)
    assert [event.type for event in told] == ["match.sent.v1"] * 2
    best = match.schema.load(told[0].data)
    assert (best["supply_id"], best["rank"], best["source"]) == (mill, 1, "machine")
    assert (best["supplier_name"], best["thread_id"]) == ("启航精密", state["id"])
    assert {"五轴", "叶轮"} <= set(best["terms"])
    assert sum(part["contribution_ppm"] for part in best["contributions"]) == best["score_ppm"]
    assert {one["constraint"]: one["verdict"] for one in best["verdicts"]}["region"] == "pass"
    assert best["weights_version"]
    other = told[1].data
    assert other["supply_id"] == garden
    assert other["score_ppm"] < best["score_ppm"]


def test_whom_a_constraint_excludes_is_not_told(market, buyer, shop):
    far = market.supply(shop, regions=["福建"])
    dear = market.supply(shop, price_min={"amount": "90000.00", "currency": "CNY"})
    slow = market.supply(shop, lead_time_days=60)
    full = market.supply(shop, capacity_declared=0)
    unqualified = market.supply(shop, kind="service", qualifications=[])
    kind = market.supply(shop, kind="fund")
    state = market.demand(
        buyer,
        region="浙江",
        budget_fen=1_000_000,
        delivery_due_date="2026-03-31",
        requirements=[{"name": "ISO9001质量管理体系认证", "grade": None}],
    )
    before = metrics.EXCLUDED.labels("qualification")._value.get()
    assert market.publish(state) == []
    assert market.matches(state["id"]) == []
    assert metrics.EXCLUDED.labels("qualification")._value.get() > before
    assert len({far, dear, slow, full, unqualified, kind}) == 6


def test_nobody_is_matched_with_itself(market, buyer):
    market.supply(buyer)
    assert market.publish(market.demand(buyer)) == []


def test_unknown_facts_exclude_nobody_and_an_unverified_name_is_matched(market, buyer, shop):
    market.supply(shop)
    (told,) = market.publish(market.demand(buyer, title="叶轮"))
    verdicts = {one["constraint"]: one["verdict"] for one in told.data["verdicts"]}
    assert verdicts["price"] == verdicts["qualification"] == verdicts["lead_time"] == "unknown"


def test_what_a_supply_does_not_state_is_unknown(market, buyer, shop):
    """Its own regions default to anywhere; what a public source leaves out is not known."""
    row = {"supplier_id": shop.party_id, "source_ref": "s1", "title": "钛合金叶轮五轴加工"}
    importing = ImportSuppliesCommand, imports.import_supplies, market.operator
    market.desk.execute(*importing, {"rows": [row | {"qualifications": []}]})
    market.supply(market.party("别家精密"))
    state = market.demand(buyer, region="浙江", requirements=[{"name": "ISO9001", "grade": None}])
    told = {event.data["supplier_name"]: event.data for event in market.publish(state)}
    assert verdicts(told["启航精密"], "region", "qualification") == ["unknown", "unknown"]
    assert verdicts(told["别家精密"], "region", "qualification") == ["pass", "unknown"]


def test_the_same_fact_twice_and_a_second_one_tell_nobody_twice(market, buyer, shop):
    market.supply(shop)
    state = market.demand(buyer)
    assert len(market.publish(state)) == 1
    assert market.publish(state, "published", sequence=2) == []
    assert market.publish(state | {"version": 2}, "amended", sequence=3) == []
    assert len(market.matches(state["id"])) == 1


def test_exposure_is_capped_per_demand_and_the_rest_say_why(market, buyer):
    for n in range(allocation.NOTICES_PER_DEMAND + 4):
        market.supply(market.party(f"精密{n}号"))
    state = market.demand(buyer)
    told = market.publish(state)
    assert len(told) == allocation.NOTICES_PER_DEMAND
    withheld = market.withheld(state["id"])
    assert {one["reason_code"] for one in withheld} == {allocation.OVER_DEMAND_CAP}
    assert [one["rank"] for one in withheld] == [11, 12, 13, 14]
    assert len(market.matches(state["id"])) == len(told)  # of the others there is no match


def test_a_supplier_is_told_once_of_a_demand_whatever_it_offers(market, buyer, shop):
    first, second = market.supply(shop), market.supply(shop)
    state = market.demand(buyer)
    (told,) = market.publish(state)
    (other,) = market.withheld(state["id"])
    assert {told.data["supply_id"], other["supply_id"]} == {first, second}
    assert other["reason_code"] == allocation.SAME_SUPPLIER


def test_a_supplier_with_too_many_open_notices_is_spared(market, buyer, shop, monkeypatch):
    monkeypatch.setattr(allocation, "OPEN_NOTICES_PER_SUPPLIER", 2)
    market.supply(shop)
    states = [market.demand(buyer) for _ in range(3)]
    told = [len(market.publish(state)) for state in states]
    assert told == [1, 1, 0]
    (spared,) = market.withheld(states[2]["id"])
    assert spared["reason_code"] == allocation.OVER_SUPPLIER_CAP
    market.decline(shop, market.matches(states[0]["id"])[0].id)
    (told_later,) = market.publish(states[2] | {"version": 2}, "amended", sequence=3)
    assert told_later.data["supply_id"] == spared["supply_id"]
    assert market.withheld(states[2]["id"]) == []


def test_a_notice_that_was_never_answered_does_not_spare_it_for_ever(
    market, buyer, shop, monkeypatch
):
    monkeypatch.setattr(allocation, "OPEN_NOTICES_PER_SUPPLIER", 1)
    market.supply(shop)
    open_ended = {"quote_deadline_at": None}
    assert len(market.publish(market.demand(buyer, **open_ended))) == 1
    assert market.publish(market.demand(buyer, **open_ended)) == []
    market.desk.clock.advance(days=31)
    assert len(market.publish(market.demand(buyer, **open_ended))) == 1


def test_an_index_of_another_database_is_not_believed(market, buyer, shop, tmp_path):
    market.supply(shop)
    market.follow()
    market.retrieval.close()
    mark = tmp_path / "index" / STAMP / "mark.json"
    mark.write_text(mark.read_text().replace('"event_id": "', '"event_id": "0'))
    with market.desk.session() as session:
        market.retrieval.open(tmp_path / "index", session)
    assert len(market.publish(market.demand(buyer))) == 1


def test_an_amended_demand_withdraws_whom_it_excludes_now(market, buyer, shop, gardener):
    market.supply(shop, regions=["浙江"])
    market.supply(gardener, "叶轮五轴加工", regions=["福建"])
    state = market.demand(buyer)
    assert len(market.publish(state)) == 2
    withdrawn, kept = market.publish(state | {"region": "浙江"}, "amended", sequence=3)
    assert (kept.past, kept.data["supplier_id"]) == ("refreshed", shop.party_id)
    assert verdicts(kept.data, "region") == ["pass"]
    assert withdrawn.type == "match.withdrawn.v1"
    assert withdrawn.data["supplier_id"] == gardener.party_id
    assert withdrawn.data["reason_code"] == "constraint_failed"


def test_an_amendment_holds_nothing_against_the_hall_that_entering_did_not(market, buyer, shop):
    far = market.supply(shop, regions=["福建"])
    state = market.demand(buyer, region="浙江")
    assert market.publish(state) == []
    entered = market.enter(shop, state["id"], far)
    (shown,) = market.publish(state | {"region": "江西", "version": 2}, "amended", sequence=3)
    assert (shown.type, shown.data["state"]) == ("match.refreshed.v1", "interested")
    assert (shown.subject, verdicts(shown.data, "region")) == (entered["id"], ["fail"])
    (withdrawn,) = market.publish(state | {"kind": "lab", "version": 3}, "amended", sequence=4)
    assert (withdrawn.type, withdrawn.subject) == ("match.withdrawn.v1", entered["id"])


def test_after_an_amendment_no_two_matches_have_one_rank(market, buyer, shop):
    mill = market.supply(shop)
    state = market.demand(buyer)
    (first,) = market.publish(state)
    better = market.supply(
        market.party("更优精密"), "钛合金叶轮五轴联动加工", text="钛合金叶轮五轴加工"
    )
    amended = state | {"text": "需要五轴联动加工，钛合金叶轮。", "version": 2}
    facts = {event.data["supply_id"]: event for event in market.publish(amended, "amended", 3)}
    ranks = [facts[id].data["rank"] for id in (better, mill)]
    assert (ranks, first.data["rank"]) == ([1, 2], 1)
    assert (facts[better].past, facts[mill].past) == ("sent", "refreshed")


def test_a_demand_past_its_deadline_is_not_sent_although_the_timer_is_late(market, buyer, shop):
    market.supply(shop)
    state = market.demand(buyer)
    market.desk.clock.advance(days=7)
    assert market.publish(state) == []


def test_a_demand_that_has_closed_meanwhile_is_not_sent(market, buyer, shop):
    market.supply(shop)
    state = market.demand(buyer)
    market.moves_on(state, "closed", 3, state="evaluating")
    assert market.publish(state, sequence=2) == []


def test_facts_that_cannot_be_taken_in_make_the_process_not_ready(market, shop):
    market.supply(shop)
    market.number()
    page = [_last(market)]
    damaged = [page[0]._replace(event=replace(page[0].event, data={"id": "?", "state": "active"}))]
    with pytest.raises(KeyError):
        market.retrieval.follow(damaged)
    assert "not taken in" in market.retrieval.not_ready()
    market.retrieval.follow(page)
    assert market.retrieval.not_ready() is None


def test_a_supply_that_was_archived_is_not_proposed(market, buyer, shop):
    id = market.supply(shop)
    market.follow()
    market.desk.execute(ArchiveSupply, supplies.archive, shop, id=id)
    market.number()  # committed and numbered, but the index has not heard of it
    market.retrieval.follow([_last(market)])
    assert market.publish(market.demand(buyer)) == []


def test_a_supply_that_is_archived_while_it_is_ranked_is_not_sent(market, buyer, shop):
    id = market.supply(shop)
    state = market.demand(buyer)
    told = []
    with market.desk.session() as archiving:
        archiving.execute(text("UPDATE supplies SET state = 'archived' WHERE id = :id"), {"id": id})
        opening = threading.Thread(target=lambda: told.extend(market.publish(state)))
        opening.start()
        eventually(lambda: not opening.is_alive() or _waits_for_a_row(market))
        archiving.commit()
        opening.join()
    assert told == []


def test_a_ranking_waits_for_supplies_committed_before(market, buyer, shop):
    """The tail is late: the ranking waits for it rather than miss the supply."""
    market.supply(shop)
    late = threading.Thread(target=lambda: (time.sleep(0.2), market.follow()))
    late.start()
    state = market.demand(buyer)
    fact = market.fact(demand, "published", state, 2)
    told = market.opens(fact)
    late.join()
    assert [event.type for event in told] == ["match.sent.v1"]


def test_when_the_feed_stands_still_it_goes_on_and_says_so(market, buyer, shop, monkeypatch):
    monkeypatch.setattr("services.matching.retrieval.CATCH_UP_S", 0.05)
    market.supply(shop)
    behind = metrics.INDEX_BEHIND._value.get()
    fact = market.fact(demand, "published", market.demand(buyer), 2)
    assert market.opens(fact) == []
    assert metrics.INDEX_BEHIND._value.get() == behind + 1


def test_the_ranking_is_the_same_after_a_rebuild(market, buyer, shop, gardener, tmp_path):
    market.supply(shop)
    market.supply(gardener, "叶轮修剪与五轴绿墙")
    before = market.publish(market.demand(buyer))
    market.retrieval.close()
    with market.desk.session() as session:
        market.retrieval.open(tmp_path / "another", session)
    after = market.publish(market.demand(buyer))

    def seen(events):
        return [(event.data["supply_id"], event.data["score_ppm"]) for event in events]

    assert seen(after) == seen(before)


def test_the_columns_agree_with_the_rows_whatever_happens(market, buyer, shop, gardener, tmp_path):
    """As the feed has told of them, and as a process that starts has them from its index."""
    row = {"supplier_id": shop.party_id, "source_ref": "s1", "title": "叶轮", "regions": ["浙江"]}
    deal = {"title": "泵轴", "place": "江苏省南京市", "date": None, "outcome": "delivered"}
    held = [{"name": "ISO9001", "grade": "壹级", "expires_on": "2027-01-01"}]
    importing = ImportSuppliesCommand, imports.import_supplies, market.operator
    market.desk.execute(*importing, {"rows": [row | {"qualifications": held}]})
    market.desk.execute(*importing, {"rows": [row | {"source_ref": "s2", "regions": []}]})
    records = {"rows": [{"source_ref": "s1", "track_record": [deal]}]}
    recording = ImportTrackRecordsCommand, imports.import_records, market.operator
    market.desk.execute(*recording, records)
    mill = market.supply(shop, capacity_declared=2, lead_time_days=9, categories=["数控加工"])
    gone = market.supply(gardener)
    market.desk.execute(ArchiveSupply, supplies.archive, gardener, id=gone)
    state = market.demand(buyer)
    market.publish(state)
    winner = {"awarded_supplier_id": shop.party_id, "awarded_supply_id": mill}
    market.moves_on(state, "awarded", 3, state="awarded", **winner)
    market.follow()
    heard = market.retrieval.columns
    with market.desk.session() as session:
        active = list(session.scalars(select(Supply.id).where(Supply.state == "active")))
        rows = [candidates.offered(session, id, START.date()) for id in active]
        market.retrieval.close()
        market.retrieval.open(tmp_path / "index", session)
        started = market.retrieval.columns
        market.retrieval.close()
        market.retrieval.open(tmp_path / "another", session)
    assert len(rows) == 3
    for columns in (heard, started, market.retrieval.columns):
        stated = [replace(one, verified_until=None) for one in rows]
        assert [columns.offered(one.id) for one in rows] == stated
        assert [columns.profile(id) for id in active] == [heard.profile(id) for id in active]
        assert len(columns) == len(rows)
    assert market.retrieval.columns.offered(mill).capacity_free == 1


@pytest.mark.parametrize("text", ["", "。，！", 'AND OR NOT + - " * ?', "🚢" * 500, "字" * 20_000])
def test_garbage_in_a_demand_breaks_nothing(market, buyer, shop, text):
    market.supply(shop)
    assert market.publish(market.demand(buyer, title="！？", text=text)) == []
    assert len(market.publish(market.demand(buyer, title="叶轮", text=text))) == 1


def test_a_demand_takes_a_bounded_number_of_statements(market, buyer):
    """Whatever the number of candidates: each statement is a round trip of every ranking."""
    for n in range(allocation.NOTICES_PER_DEMAND + 4):
        market.supply(market.party(f"精密{n}号"))
    market.publish(market.demand(buyer))
    market.follow()
    fact = market.fact(demand, "published", market.demand(buyer), 2)
    with counting(market.desk.engine) as statements:
        told = market.opens(fact)
    reading_back = 2  # by `desk.act`, what was stated before and after
    assert len(told) == allocation.NOTICES_PER_DEMAND
    assert len(statements) - reading_back <= STATEMENTS_PER_DEMAND, statements


def test_matches_of_a_reopened_demand_are_sent_again(market, buyer, shop):
    market.supply(shop)
    state = market.demand(buyer)
    (first,) = market.publish(state)
    market.moves_on(state, "closed", 3, state="evaluating")
    market.moves_on(state, "unsuccessful", 4, state="unsuccessful")
    reopened = state | {"quote_deadline_at": LATER}
    (again,) = market.publish(reopened, "reopened", sequence=5)
    assert (again.type, again.subject) == ("match.sent.v1", first.subject)
    assert again.sequence > first.sequence


@contextmanager
def counting(engine):
    statements = []

    def note(connection, cursor, statement, *_):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def verdicts(match, *constraints):
    found = {one["constraint"]: one["verdict"] for one in match["verdicts"]}
    return [found[constraint] for constraint in constraints]


def _waits_for_a_row(market):
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
    with market.desk.session() as session:
        return session.scalar(text(waiting + " AND wait_event_type = 'Lock'"))


def _last(market):
    with market.desk.session() as session:
        return read_feed(session, 0)[-1]
