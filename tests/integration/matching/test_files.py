"""A file of supplies, from the first row to the last, whatever happens in between."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.contracts.importing import (
    COLUMN_LENGTH,
    ROW_ERRORS,
    CancelImport,
    PageOfRows,
    RowsOfImport,
    StartImport,
    StartPublicImport,
)
from services.contracts.problems import Problem
from services.contracts.supply import ArchiveSupply, SubmitSupply
from services.matching import results
from services.matching.commands import files, own_rows, supplies
from services.matching.import_tables import Import, ImportRow
from services.matching.tables import Supply

CLASH = {
    "price_min": {"amount": "2.00", "currency": "CNY"},
    "price_max": {"amount": "1.00", "currency": "CNY"},
}


@pytest.fixture
def shop(market):
    return market.party("启航精密")


def a_row(line, code, **given):
    return {"line": line, "given": {"item_code": code, "title": f"叶轮{code}"} | given}


def lines(rows):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def start(market, actor, *rows, public=False):
    declared, handler = (
        (StartPublicImport, files.create_public) if public else (StartImport, files.create)
    )
    body = {"format": "xlsx", "rows": lines(rows)}
    return market.desk.execute(declared, handler, actor, body).id


def work_off(market, id):
    """What the timer does, until there is nothing more to do; the facts of imports."""
    stated = []
    while ("import", id, "work_off") in market.desk.deadlines():
        stated += market.desk.meet(files.work_off, "import", id, "work_off")
    return [event for event in stated if event.type.startswith("import.")]


def imported(market, actor, *rows, **how):
    id = start(market, actor, *rows, **how)
    work_off(market, id)
    return id


def asked(market, actor, id, **given):
    return market.desk.ask(RowsOfImport, results.rows, actor, given, id=id)


def outcomes(market, actor, id):
    return [(row["outcome"], row["code"]) for row in asked(market, actor, id)["items"]]


def kept(market, actor):
    with market.desk.session() as session:
        query = select(Supply).where(Supply.supplier_id == actor.party_id)
        return {row.item_code: row for row in session.scalars(query)}


def state(market, id):
    with market.desk.session() as session:
        row = session.get_one(Import, id)
        return row.state, row.rows_total, row.imported, row.skipped, row.failed


def test_a_bad_row_fails_by_itself_and_says_in_which_column(market, shop):
    id = start(
        market, shop, a_row(2, "A-1"), a_row(3, "A-2", lead_time_days="三十"),
        a_row(4, "A-3", **CLASH), a_row(5, "A-1"), {"line": 6, "given": {"title": "无货号"}},
        {"line": 7, "fault": "row_malformed"}, a_row(9, "A-4"),
    )  # fmt: skip
    (finished,) = work_off(market, id)
    assert (finished.type, finished.data["state"]) == ("import.finished.v1", "finished")
    assert state(market, id) == ("finished", 7, 2, 0, 5)
    rows = asked(market, shop, id)["items"]
    assert [(row["line"], row["code"], row["column"]) for row in rows] == [
        (2, None, None),
        (3, "row_invalid", "lead_time_days"),
        (4, "price_range", "price_max"),
        (5, "item_code_twice", "item_code"),
        (6, "item_code_missing", "item_code"),
        (7, "row_malformed", None),
        (9, None, None),
    ]
    assert rows[1]["message_zh"] == "该列的值不符合要求：必须是整数。"
    assert rows[1]["message_en"] == "The value is not valid: Not a valid integer."
    assert {code: row.state for code, row in kept(market, shop).items()} == {
        "A-1": "draft", "A-4": "draft",
    }  # fmt: skip
    assert rows[0]["supply_id"] == kept(market, shop)["A-1"].id


def test_a_row_tells_all_that_is_wrong_with_it(market, shop):
    odd = {"x" * 100: 1, "lead_time_days": "三十", "capacity_declared": -1}
    graded = {"qualifications": [{"name": "质量管理体系认证"}, {"name": ""}]}
    many = {f"column {number}": 1 for number in range(2 * ROW_ERRORS)}
    id = imported(market, shop, a_row(2, "A-1", **odd, **graded), a_row(3, "A-2", **many))
    first, second = asked(market, shop, id)["items"]
    told = {error["pointer"]: error["message_zh"] for error in first["errors"]}
    assert told == {
        "/lead_time_days": "必须是整数。",
        "/capacity_declared": "必须在 0 到 1000000000 之间。",
        "/qualifications/1/name": "长度必须在 1 到 120 之间。",
        "/" + "x" * 100: "没有这个字段。",
    }
    assert first["message_zh"].endswith(first["errors"][0]["message_zh"])
    assert first["errors"][0]["pointer"].startswith(f"/{first['column']}")
    assert len(second["errors"]) == ROW_ERRORS
    alone = imported(market, shop, a_row(2, "A-1", **{"y" * 100: 1}))
    answer = asked(market, shop, alone)
    assert answer["items"][0]["column"] == "y" * COLUMN_LENGTH
    assert PageOfRows().validate(answer) == {}


def test_facets_are_of_the_kind_that_a_supply_is(market, shop):
    area = {"facets": {"area_m2": {"min": 800, "max": 1200}}}
    imported(market, shop, a_row(2, "A-1", kind="space", **area))
    id = imported(market, shop, a_row(2, "A-1", facets={"area_m2": {"min": 900}}))
    assert outcomes(market, shop, id) == [("imported", "item_updated")]
    assert kept(market, shop)["A-1"].facets == {"area_m2": {"min": 900}}
    imported(market, shop, a_row(2, "A-1", kind="patent"))
    now = kept(market, shop)["A-1"]
    assert (now.kind, now.facets) == ("patent", None)
    (amended,) = [event for event in market.desk.events() if event.data.get("kind") == "patent"]
    assert (amended.past, amended.data["facets"]) == ("amended", None)


def test_the_same_file_twice_changes_nothing(market, shop):
    rows = [a_row(line, f"A-{line}", capability_codes=["works.bridge"]) for line in range(2, 6)]
    imported(market, shop, *rows)
    known = len(market.desk.events())
    again = imported(market, shop, *rows)
    assert outcomes(market, shop, again) == [("skipped", "item_unchanged")] * 4
    assert {event.aggregate for event in market.desk.events()[known:]} == {"import"}


def test_another_file_amends_what_it_gives_and_leaves_the_rest(market, shop):
    price = {"amount": "10.00", "currency": "CNY"}
    imported(market, shop, a_row(2, "A-1", text="五轴联动", price_min=price), a_row(3, "A-2"))
    market.desk.execute(SubmitSupply, supplies.submit, shop, id=kept(market, shop)["A-2"].id)
    id = imported(
        market, shop, a_row(2, "A-1", lead_time_days=9), a_row(3, "A-2", lead_time_days=9),
        a_row(4, "A-3"),
    )  # fmt: skip
    assert outcomes(market, shop, id) == [
        ("imported", "item_updated"),
        ("failed", "illegal_move"),  # it is being looked at
        ("imported", None),
    ]
    known = kept(market, shop)
    assert (known["A-1"].text, known["A-1"].price_min_fen) == ("五轴联动", 1_000)
    assert known["A-1"].lead_time_days == 9


def test_what_was_archived_is_imported_anew(market, shop):
    imported(market, shop, a_row(2, "A-1"))
    market.desk.execute(ArchiveSupply, supplies.archive, shop, id=kept(market, shop)["A-1"].id)
    assert outcomes(market, shop, imported(market, shop, a_row(2, "A-1"))) == [("imported", None)]


def test_two_suppliers_have_the_same_codes_and_see_their_own_rows(market, shop):
    other = market.party("别家")
    mine, theirs = (imported(market, who, a_row(2, "A-1")) for who in (shop, other))
    assert outcomes(market, shop, mine) == outcomes(market, other, theirs) == [("imported", None)]
    assert kept(market, shop)["A-1"].id != kept(market, other)["A-1"].id
    with pytest.raises(Problem) as refused:
        asked(market, shop, theirs)
    assert refused.value.code == "not_found"


def test_progress_is_stated_with_every_batch(market, shop):
    total = 2 * files.BATCH_ROWS + 1
    id = start(market, shop, *(a_row(line, f"A-{line}") for line in range(2, total + 2)))
    facts = work_off(market, id)
    assert [fact.past for fact in facts] == ["advanced", "advanced", "finished"]
    assert [fact.data["rows_done"] for fact in facts] == [50, 100, total]
    page = asked(market, shop, id, limit=100)
    assert (len(page["items"]), page["next"]) == (100, 101)
    assert asked(market, shop, id, after=page["next"])["next"] is None
    assert asked(market, shop, id, outcome="failed")["items"] == []


def test_a_process_that_dies_in_a_batch_has_done_nothing_of_it(market, shop, monkeypatch):
    id = start(market, shop, *(a_row(line, f"A-{line}") for line in range(2, 102)))
    market.desk.meet(files.work_off, "import", id, "work_off")
    with monkeypatch.context() as broken:
        broken.setattr(own_rows.Shelf, "_draft", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            market.desk.meet(files.work_off, "import", id, "work_off")
    assert state(market, id) == ("running", 100, 50, 0, 0)
    work_off(market, id)
    assert state(market, id) == ("finished", 100, 100, 0, 0)
    created = [event.subject for event in market.desk.events() if event.past == "created"]
    assert len(created) == len(set(created)) == len(kept(market, shop)) == 100


def test_two_timers_at_once_take_each_row_once(market, shop):
    id = start(market, shop, *(a_row(line, f"A-{line}") for line in range(2, 202)))

    def turn(_):
        while ("import", id, "work_off") in market.desk.deadlines():
            try:
                market.desk.meet(files.work_off, "import", id, "work_off")
            except AssertionError:  # it is in the other's hands
                continue

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(turn, range(2)))
    assert state(market, id) == ("finished", 200, 200, 0, 0)
    assert len(kept(market, shop)) == 200


def test_one_file_of_an_organisation_at_a_time(market, shop):
    first = start(market, shop, a_row(2, "A-1"))
    with pytest.raises(Problem) as refused:
        start(market, shop, a_row(2, "A-2"))
    assert refused.value.code == "import_running"
    start(market, market.party("别家"), a_row(2, "A-1"))
    work_off(market, first)
    start(market, shop, a_row(2, "A-2"))


def test_a_wrong_file_is_cancelled_and_makes_room_for_the_right_one(market, shop):
    id = start(market, shop, *(a_row(line, f"A-{line}") for line in range(2, 102)))
    market.desk.meet(files.work_off, "import", id, "work_off")
    with pytest.raises(Problem) as refused:
        market.desk.execute(CancelImport, files.cancel, market.party("别家"), id=id)
    assert refused.value.code == "not_found"
    cancelled = market.desk.execute(CancelImport, files.cancel, shop, id=id)
    assert cancelled.types == ["import.cancelled.v1"]
    assert (cancelled.data["state"], cancelled.data["rows_done"]) == ("cancelled", 50)
    assert work_off(market, id) == []
    assert asked(market, shop, id, after=51)["items"][0]["outcome"] is None
    imported(market, shop, a_row(2, "B-1"))
    assert len(kept(market, shop)) == 51


def test_more_than_an_organisation_may_keep_fails_row_by_row(market, shop, monkeypatch):
    monkeypatch.setattr(supplies, "SUPPLIES_PER_PARTY", 2)
    id = imported(market, shop, *(a_row(line, f"A-{line}") for line in range(2, 5)))
    assert outcomes(market, shop, id)[-1] == ("failed", "supplies_full")
    assert len(kept(market, shop)) == 2


def test_public_suppliers_are_on_offer_at_once(market, shop):
    public = {"supplier_id": shop.party_id, "title": "叶轮加工"}
    rows = [
        {"line": 2, "given": public | {"source_ref": "s1"}},
        {"line": 3, "given": public | {"source_ref": "s1"}},
        {"line": 4, "given": public | {"source_ref": "s2", "supplier_id": market.desk.ids.new()}},
        {"line": 5, "given": {"source_ref": "s3"}},
        {"line": 6, "given": public | {"source_ref": "s4"} | CLASH},
    ]
    id = imported(market, market.operator, *rows, public=True)
    assert outcomes(market, market.operator, id) == [
        ("imported", None),
        ("skipped", "source_ref_known"),
        ("failed", "party_unknown"),
        ("failed", "row_invalid"),
        ("failed", "price_range"),
    ]
    row, *_, last = asked(market, market.operator, id)["items"]
    assert last["column"] == "price_max"
    assert market.get_supply(row["supply_id"]).state == "active"
    again = imported(market, market.operator, rows[0], public=True)
    assert outcomes(market, market.operator, again) == [("skipped", "source_ref_known")]


def test_rows_are_forgotten_after_a_month_and_the_counts_stay(market, shop):
    id = imported(market, shop, a_row(2, "A-1"))
    market.desk.clock.advance(days=files.ROWS_KEPT / timedelta(days=1))
    assert market.desk.meet(files.forget_rows, "import", id, "forget_rows") == []
    with market.desk.session() as session:
        assert session.scalar(select(func.count()).select_from(ImportRow)) == 0
    assert state(market, id) == ("finished", 1, 1, 0, 0)
    assert asked(market, shop, id) == {"items": [], "next": None}
