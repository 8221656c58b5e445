"""Imports: row by row, the same row once."""

import pytest

from services.contracts.problems import Problem
from services.contracts.supply import ImportSuppliesCommand, ImportTrackRecordsCommand
from services.matching.commands import imports

DEAL = {
    "title": "航空泵轴磨削",
    "place": "宜昌市夷陵区",
    "date": "2025-05-01",
    "amount": {"amount": "815000.00", "currency": "CNY"},
    "outcome": "won",
}


def import_supplies(market, *rows):
    return market.desk.execute(
        ImportSuppliesCommand, imports.import_supplies, market.operator, {"rows": list(rows)}
    )


def import_records(market, *rows):
    return market.desk.execute(
        ImportTrackRecordsCommand, imports.import_records, market.operator, {"rows": list(rows)}
    )


def a_row(supplier, source_ref, **changes):
    stated = {"supplier_id": supplier.party_id, "source_ref": source_ref, "title": "叶轮加工"}
    return stated | changes


def outcomes(outcome):
    return [(row["outcome"], row["reason"]) for row in outcome.result["results"]]


def test_imported_supplies_are_active_at_once_even_of_an_unverified_name(market):
    shop = market.party("真实名称有限公司", verified=False)
    outcome = import_supplies(market, a_row(shop, "s1", track_record=[DEAL]))
    assert outcome.types == ["supply.activated.v1"]
    assert outcome.data["origin"] == "imported"
    assert outcome.data["supplier_verified"] is False
    (result,) = outcome.result["results"]
    supply = market.get_supply(result["id"])
    assert (result["index"], result["number"]) == (0, supply.number)
    assert (supply.state, len(supply.track_record)) == ("active", 1)
    assert supply.track_record[0]["amount_fen"] == 81_500_000


def test_the_same_source_is_skipped_and_a_bad_row_harms_no_neighbour(market):
    shop = market.party("真实名称有限公司")
    unknown = {"supplier_id": market.desk.ids.new()}
    clash = {
        "price_min": {"amount": "2.00", "currency": "CNY"},
        "price_max": {"amount": "1.00", "currency": "CNY"},
    }
    outcome = import_supplies(
        market, a_row(shop, "s1"), a_row(shop, "s1"), a_row(shop, "s2") | unknown,
        a_row(shop, "s3", **clash), a_row(shop, "s4"),
    )  # fmt: skip
    assert outcomes(outcome) == [
        ("imported", None),
        ("skipped", "source_ref_known"),
        ("failed", "party_unknown"),
        ("failed", "price_range"),
        ("imported", None),
    ]
    again = import_supplies(market, a_row(shop, "s1"), a_row(shop, "s4"))
    assert outcomes(again) == [("skipped", "source_ref_known")] * 2
    assert again.events == []


def test_track_record_is_appended_once_and_bounded(market):
    shop = market.party("真实名称有限公司")
    import_supplies(market, a_row(shop, "s1"))
    row = {"source_ref": "s1", "track_record": [DEAL, DEAL | {"outcome": "bid"}]}
    first = import_records(market, row, {"source_ref": "nobody", "track_record": [DEAL]})
    assert outcomes(first) == [("imported", None), ("failed", "supply_unknown")]
    assert first.types == ["supply.recorded.v1"]
    assert outcomes(import_records(market, row)) == [("skipped", "records_known")]
    newer = [DEAL | {"title": f"泵轴{n}", "date": "2025-06-01"} for n in range(200)]
    last = import_records(market, {"source_ref": "s1", "track_record": newer})
    titles = {record["title"] for record in last.data["track_record"]}
    assert (len(titles), DEAL["title"] in titles) == (200, False)  # the oldest give way


def test_a_row_of_the_wrong_shape_refuses_the_whole_batch(market):
    shop = market.party("真实名称有限公司")
    with pytest.raises(Problem) as refused:
        import_supplies(market, a_row(shop, "s1"), {"source_ref": "s2"})
    assert refused.value.code == "invalid"
    assert market.desk.events() == []
