"""Real data, where a folder of it is given: every row is what the imports take."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from deploy.sails.demo.real_market import NoRealData, clock_offset_s
from deploy.sails.samples.real import ORDER, RealData, batches, order, record
from services.contracts.demand import ImportedDemand
from services.contracts.party import RegisterParty
from services.contracts.supply_texts import ImportedSupply, RecordsOfSupply

PARTY = "0198c5f0-0000-7000-8000-000000000001"
FOLDER = os.environ.get("SAILS_DATA")
ORDERS = "enterprise_orders/orders.jsonl"
SUPPLIERS = "tenders_awards/suppliers.jsonl"
TENDERS = "tenders_awards/tenders.jsonl"
FILES = (ORDERS, SUPPLIERS, TENDERS)


@pytest.fixture
def made_up(tmp_path):
    """A small folder: two days with orders, and a tender before each and on the first."""
    order = dict.fromkeys(ORDER, "") | {"buyer": "某采购方", "category": "询比公告"}
    bid = {"supplier": "s1", "grade": 3}
    tender = {"title": "管网改造", "place": "示例市", "price": "815000.00", "rel": [bid]}
    lines = {
        ORDERS: [order | {"id": day, "date": day} for day in ("2026-01-05", "2026-01-07")],
        SUPPLIERS: [{"id": "s1", "name": "某供应商", "qualifications": ""}],
        TENDERS: [
            tender | {"id": day, "date": day} for day in ("2026-01-06", "2026-01-04", "2026-01-05")
        ],
    }
    for name, objects in lines.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(map(json.dumps, objects)))
    return tmp_path


@pytest.fixture
def real():
    if not FOLDER:
        pytest.skip("SAILS_DATA names no folder of real data")
    return RealData(Path(FOLDER))


def test_parties_are_rows_of_the_import_without_a_code(real):
    for row in [*real.buyers(), *real.suppliers()]:
        assert RegisterParty().load(row)["credit_code"] is None


def test_orders_are_rows_of_the_import_oldest_first(real):
    loaded = [ImportedDemand().load(row | {"buyer_id": PARTY}) for _, row in real.orders()]
    days = [row["published_on"] for row in loaded]
    assert days == sorted(days)
    assert len({row["source_ref"] for row in loaded}) == len(loaded) > 0
    known = [row for row in loaded if row["quote_deadline_at"]]
    assert 0 < len(known) < len(loaded)  # some are unknown, and stay so
    assert all(row["quote_deadline_at"].date() >= row["published_on"] for row in known)


def test_supplies_and_records_are_rows_of_the_imports(real):
    supplies = [ImportedSupply().load(row | {"supplier_id": PARTY}) for _, row in real.supplies()]
    refs = {row["source_ref"] for row in supplies}
    for row in (row for day in real.days() for row in day.track_records):
        assert RecordsOfSupply().load(row)["source_ref"] in refs
        days = [item["date"] for item in row["track_record"]]
        assert days == sorted(days)


def test_a_history_ends_before_its_day(made_up):
    days = RealData(made_up).days()
    assert [day.date.isoformat() for day in days] == ["2026-01-05", "2026-01-07"]
    known = [
        [item["date"] for row in day.track_records for item in row["track_record"]] for day in days
    ]
    assert known == [["2026-01-04"], ["2026-01-05", "2026-01-06"]]


def test_data_that_are_whole_are_read(made_up):
    assert RealData(made_up).checked().first_day() == date(2026, 1, 4)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("content", "said"),
    [("", ": 0"), ('{"id": 1}\n{oops', ":1: "), ("\n[]\n", ":2: "), (None, "")],
    ids=["empty", "malformed", "no object", "missing"],
)
def test_data_that_cannot_be_read_say_where(made_up, name, content, said):
    path = made_up / name
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(NoRealData) as failed:
        clock_offset_s(made_up)
    assert f"{path}{said}" in str(failed.value)


def test_what_a_notice_does_not_say_is_unknown():
    row = order(
        {
            "id": "n1",
            "buyer": "某采购方",
            "title": "设备维保",
            "region": "",
            "date": "2026-08-01",
            "category": "询比公告",
            "content": "",
            "budget": "",
            "deadline": "公告未明确列示",
            "qualification": "",
            "performance": "",
        }
    )
    unknown = ("region", "budget", "quote_deadline_at", "requirements", "performance")
    assert [row[name] for name in unknown] == [None] * len(unknown)
    assert row["method"] == "inquiry"
    ImportedDemand().load(row | {"buyer_id": PARTY})


def test_only_the_winner_has_an_amount():
    tender = {"title": "管网改造", "place": "示例市", "date": "2025-05-01", "price": "815000.00"}
    won, bid = record(tender, {"grade": 3}), record(tender, {"grade": 1})
    assert (won["outcome"], won["amount"]["amount"]) == ("won", "815000.00")
    assert (bid["outcome"], bid["amount"]) == ("bid", None)


def test_batches_are_bounded_and_whole():
    assert [len(batch) for batch in batches(range(250))] == [100, 100, 50]
