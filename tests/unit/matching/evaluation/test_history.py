"""Suppliers as matching knows them on the day of the split."""

from datetime import date

from services.contracts.supply import supply as aggregate
from services.matching import facts
from services.matching.evaluation import history, market
from services.matching.sides import Holding
from tests.unit.matching.evaluation.folders import SPLIT, SUPPLIERS, a_tender, written


def holdings(text):
    return [{"name": text[:-2], "grade": text[-2:]}] if text.endswith("级") else []


def states(folder, split=SPLIT, **files):
    found = market.read(written(folder, **files))
    return found, history.supply_states(found, found.before(split), holdings)


def test_a_supplier_is_known_by_the_deals_before_the_split(tmp_path):
    _, found = states(tmp_path)
    records = found[0]["track_record"]
    assert [one["date"] for one in records] == [
        "2026-01-04",
        "2026-01-18",
        "2026-02-04",
        "2026-02-18",
    ]
    assert records[0] == {
        "title": "乡道沥青路面修补（1月）\n破损路面铣刨重铺沥青",
        "buyer": None,
        "place": "白鹭县河口镇",
        "date": "2026-01-04",
        "amount_fen": 36_500_000,
        "outcome": "won",
    }
    gardened = [one["outcome"] for one in found[2]["track_record"]]
    assert (gardened.count("won"), gardened.count("bid")) == (4, 12)


def test_a_state_is_what_the_contract_says_of_an_imported_supply(tmp_path):
    _, found = states(tmp_path)
    loaded = aggregate.schema.load(found[0])
    assert (loaded["origin"], loaded["kind"], loaded["state"]) == ("imported", "service", "active")
    offered, sequence = facts.stated(found[0])
    assert offered.qualifications == (Holding("公路工程施工总承包", "贰级"),)
    assert (offered.regions, offered.is_active, sequence) == (None, True, 1)
    assert facts.stated(found[2])[0].qualifications is None  # an empty text is silent
    assert found[3]["text"] == "停车场收费系统开发"
    assert history.place_of(found[4]["id"]) == 4


def test_a_supplier_that_the_contract_refuses_is_counted(tmp_path):
    unseen = {"id": "x", "name": "\u200b"}
    found, listed = states(tmp_path, suppliers=[unseen, *SUPPLIERS])
    assert found.skipped["supplier_refused"] == 1
    assert [history.place_of(state["id"]) for state in listed] == [1, 2, 3, 4, 5]


def test_a_tender_is_wanted_with_what_it_says_and_no_more(tmp_path):
    tender = a_tender("t", "pave", "补路", "2026-03-02", scope="沥青", place="白鹭县", price="")
    found = market.read(written(tmp_path, tenders=[tender])).tenders[0]
    wanted = facts.wanted(history.demand_state(found))
    assert (wanted.title, wanted.text, wanted.region) == ("补路", "沥青", "白鹭县")
    assert (wanted.budget_fen, wanted.delivery_due_date, wanted.requirements) == (None, None, None)
    assert history.is_fit(found)
    assert not history.is_fit(found._replace(title="\u200b"))


def test_of_very_many_deals_the_newest_are_kept(tmp_path):
    many = [a_tender(f"t{n:03}", "pave", f"补路{n}", "2026-01-05") for n in range(250)]
    _, found = states(tmp_path, tenders=many)
    kept = found[0]["track_record"]
    assert (len(kept), kept[-1]["title"]) == (200, "补路249")
    assert date.fromisoformat(kept[0]["date"]) < SPLIT
