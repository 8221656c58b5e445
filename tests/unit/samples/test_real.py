"""Real data, where a folder of it is given: every row is what the imports take."""

import os
from datetime import date
from pathlib import Path

import pytest

from deploy.sails.samples.real import RealData, batches, order, record
from services.contracts.demand import ImportedDemand
from services.contracts.party import RegisterParty
from services.contracts.supply import ImportedSupply, RecordsOfSupply

PARTY = "0198c5f0-0000-7000-8000-000000000001"
FOLDER = os.environ.get("SAILS_DATA")


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
    for row in real.track_records():
        assert RecordsOfSupply().load(row)["source_ref"] in refs
        days = [item["date"] for item in row["track_record"]]
        assert days == sorted(days)


def test_a_history_ends_before_its_day(real):
    day = date(2025, 9, 1)
    rows = list(real.track_records(before=day))
    assert rows
    assert all(item["date"] < day.isoformat() for row in rows for item in row["track_record"])


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
