"""A list as a file: its rows, exact, harmless, and no more of them than a spreadsheet bears."""

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from services.contracts.registry import AGGREGATES
from services.days import shanghai_date
from services.gateway.edge import exports
from services.gateway.sheets import bounds
from services.gateway.sheets.columns import COLUMNS
from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand, a_fact

# In states in which the operator sees them.
SHOWN = {"quote": {"state": "opened"}, "offer": {"state": "visible"}}
TITLES = ("冲压模具", '=HYPERLINK("http://x","y")', "+1", "-2", "@sum", "\t=1", 'a,"b"\n换行')


@pytest.fixture(scope="module")
def buyer(gateway: Gateway) -> Caller:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    gateway.project(
        *(
            a_demand(
                buyer.party_id, title=title, budget_fen=None if n == 3 else 123_456_789_012_345 + n,
                published_at=f"2026-03-0{n + 1}T01:30:00+00:00",
            )
            for n, title in enumerate(TITLES)
        )
    )  # fmt: skip
    gateway.number_feed()
    return buyer


def rows_of(answer: Any) -> list[list[Any]]:
    """All lines of the file, its heading first."""
    body = answer.data
    if "csv" in answer.mimetype:
        assert body.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(body)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("apart", [False, True], ids=["here", "apart"])
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_file_is_the_list_row_for_row(
    buyer: Caller, format: str, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PAGE_ROWS", 2)
    if apart:
        monkeypatch.setattr(bounds, "SMALL_BYTES", 0)
    listed = buyer.gets("/demands?sort=amount&state=published")["items"]
    heading, *rows = rows_of(
        buyer.get(f"/demands/export?format={format}&sort=amount&state=published&lang=en")
    )
    assert heading == [column.en for column in COLUMNS["demand"]]
    assert [row[0] for row in rows] == [item["number"] for item in listed]
    budget = heading.index("Budget (CNY)")
    amounts = [item["budget"] and Decimal(item["budget"]["amount"]) for item in listed]
    assert [Decimal(str(row[budget])) if row[budget] else None for row in rows] == amounts
    assert len(rows) == len(TITLES)


def test_cells_are_exact_and_harmless(buyer: Caller) -> None:
    heading, *rows = rows_of(buyer.get("/demands/export?format=csv&lang=zh"))
    shown = {row[heading.index("标题")] for row in rows}
    assert shown == {
        "冲压模具", "'=HYPERLINK(\"http://x\",\"y\")", "'+1", "'-2", "'@sum", "'=1", 'a,"b"换行',
    }  # fmt: skip
    row = rows[-1]
    assert row[heading.index("预算（元）")] == "1234567890123.45"
    assert row[heading.index("发布时间")] == "2026-03-01 09:30:00"
    _, *cells = rows_of(buyer.get("/demands/export?format=xlsx&lang=zh"))
    assert cells[-1][heading.index("发布时间")] == datetime(2026, 3, 1, 9, 30)


def test_a_file_is_named_and_in_the_readers_language(buyer: Caller) -> None:
    answer = buyer.get("/demands/export", Accept_Language="zh-CN", Accept="*/*")
    assert answer.mimetype == exports.XLSX
    assert rows_of(answer)[0][0] == "编号"
    name = answer.headers["Content-Disposition"]
    assert name.startswith('attachment; filename="demands-20')
    assert "filename*=UTF-8''%E9%9C%80%E6%B1%82-20" in name
    assert rows_of(buyer.get("/demands/export?lang=en", Accept_Language="zh"))[0][0] == "Number"
    assert rows_of(answer)[1][1] == "报价中"
    assert rows_of(buyer.get("/demands/export?lang=en"))[1][1] == "Open for quotes"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_file_that_is_cut_says_so_in_its_last_line(
    buyer: Caller, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MAX_ROWS", 3)
    rows = rows_of(buyer.get(f"/demands/export?format={format}&lang=en"))
    assert len(rows) == 1 + 3 + 1
    assert rows[-1][0].startswith("Cut: the first 3 rows only.")


def test_whoever_sees_a_masked_document_gets_a_masked_row(gateway: Gateway) -> None:
    bank, applicant = gateway.someone("bank", "bank.maker"), gateway.someone("supplier")
    given = {"applicant_id": applicant.party_id, "applicant_name": "星河铸造", "opened_to": []}
    gateway.project(a_fact("application", "submitted", id=Ids().new(), **given))
    path = "/applications/export?format=csv&lang=en"
    heading, row = rows_of(bank.get(f"{path}&view=bank"))
    shown = dict(zip(heading, row, strict=True))
    assert (shown["Applicant"], shown["Amount (CNY)"]) == ("", "")
    assert shown["Amount band"] == "¥1 to 5 million"
    assert rows_of(bank.get(path)) == [heading]
    assert rows_of(applicant.get(path))[1][heading.index("Applicant")] == "星河铸造"


def test_what_is_owed_is_told_with_payee_contract_and_lateness(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    now = datetime.fromisoformat(buyer.gets("/clock")["now"])
    late, ahead = (shanghai_date(now + timedelta(days=days)).isoformat() for days in (-3, 3))
    given = {
        "buyer_id": buyer.party_id, "buyer_name": "中科重工", "supplier_name": "星河铸造",
        "contract_number": "QF-C-2026-000881", "amount_fen": 1_000_00, "late_interest_fen": 0,
    }  # fmt: skip
    financed, deal, claim = Ids().new(), Ids().new(), Ids().new()
    notice = {
        "arrived_at": "2026-03-02T01:30:00+00:00",
        "factor_name": "江南银行",
        "voucher_sha256": "0" * 64,
    }
    share: dict[str, Any] = {
        "debtor_id": buyer.party_id, "receivable_id": claim, "thread_id": deal,
        "amount_fen": 999_99, "settled_fen": 0,
    }  # fmt: skip
    gateway.project(
        a_fact(
            "receivable",
            "confirmed",
            id=claim,
            debtor_id=buyer.party_id,
            thread_id=deal,
            payable_ids=[financed],
        ),
        a_fact("position", "noticed", id=Ids().new(), state="noticed", notice=notice, **share),
        a_fact(
            "position",
            "released",
            id=Ids().new(),
            state="released",
            notice=notice | {"factor_name": "北方银行"},
            **share,
        ),
        a_fact(
            "payable", "overdue", id=financed, due_date=late, paid_fen=1, thread_id=deal, **given
        ),
        a_fact("payable", "running", id=Ids().new(), due_date=ahead, paid_fen=0, **given),
        a_fact("payable", "paid_late", id=Ids().new(), due_date=late, paid_fen=1_000_00, **given),
    )
    heading, *rows = rows_of(buyer.get("/payables/export?format=csv&lang=zh"))
    told = [dict(zip(heading, row, strict=True)) for row in rows]
    assert {(row["合同编号"], row["供应商"]) for row in told} == {("QF-C-2026-000881", "星河铸造")}
    shown = {(row["未付（元）"], row["逾期天数"], row["逾期利息（元）"]) for row in told}
    assert shown == {("999.99", "3", "0.00"), ("1000.00", "", "0.00"), ("0.00", "", "0.00")}
    assert [row["收款方"] for row in told if row["逾期天数"]] == ["江南银行"]
    assert {row["收款方"] for row in told if not row["逾期天数"]} == {"星河铸造"}


def test_loans_say_for_whom_and_what_is_left(gateway: Gateway) -> None:
    """As the page does: the application by its number, who borrows, whose debts secure it."""
    bank, borrower = gateway.someone("bank", "bank.maker"), gateway.someone("supplier")
    application_id = Ids().new()
    asked: dict[str, Any] = {
        "applicant_id": borrower.party_id, "opened_to": [bank.party_id],
        "number": "QF-A-2026-77", "debtor_names": ["华建重工", "北方机床"],
    }  # fmt: skip
    given: dict[str, Any] = {
        "bank_id": bank.party_id, "borrower_id": borrower.party_id, "principal_fen": 1_000_00,
        "application_id": application_id, "fee_fen": 5_00,
    }  # fmt: skip
    came = "2026-03-20T01:30:00+00:00"
    repayment = {"reference": "HK-1", "payer": "debtor", "received_at": came, "amount_fen": 300_00,
                 "interest_fen": 0, "principal_fen": 300_00, "surplus_fen": 0}  # fmt: skip
    gateway.project(
        a_fact("application", "ready", id=application_id, **asked),
        a_fact("loan", "part_paid", id=Ids().new(), state="part_paid", principal_paid_fen=300_00,
               repayments=[repayment], created_at="2026-03-02T01:30:00+00:00", **given),
        a_fact("loan", "paid", id=Ids().new(), state="paid", principal_paid_fen=1_000_00,
               repayments=[repayment], created_at="2026-03-01T01:30:00+00:00", **given),
        a_fact("loan", "instructed", id=Ids().new(), state="instructed", principal_paid_fen=0,
               repayments=[], created_at="2026-02-28T01:30:00+00:00", **given),
    )  # fmt: skip
    answer = bank.get("/loans/export?format=csv&lang=zh")
    heading, *rows = rows_of(answer)
    part_paid, paid, instructed = (dict(zip(heading, row, strict=True)) for row in rows)
    name = bank.gets(f"/parties/{borrower.party_id}")["name"]
    for row in (part_paid, paid, instructed):
        assert (row["融资申请"], row["借款人"], row["债务人"], row["费用（元）"]) == (
            "QF-A-2026-77", name, "华建重工、北方机床", "5.00",
        )  # fmt: skip
    assert (part_paid["未还本金（元）"], part_paid["结清时间"]) == ("700.00", "")
    assert (paid["未还本金（元）"], paid["结清时间"]) == ("0.00", "2026-03-20 09:30:00")
    assert instructed["未还本金（元）"] == ""
    today = bank.gets("/clock")["today"]
    assert f"loans-{today}.csv" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("kind", sorted(set(COLUMNS) & set(AGGREGATES)))
def test_every_kind_has_its_file(gateway: Gateway, kind: str) -> None:
    operator = gateway.operator
    past = AGGREGATES[kind].past[0]
    gateway.project(a_fact(kind, past, id=Ids().new(), **SHOWN.get(kind, {})))
    path = f"/{AGGREGATES[kind].path}/export?view=operator&format=csv&lang=en"
    heading, *rows = rows_of(operator.get(path))
    assert heading[:2] == ["Number", "State"]
    assert rows


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_whose_turn_it_is_as_a_file(gateway: Gateway, format: str) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    gateway.project(*(a_demand(buyer.party_id, past="closed", state="evaluating") for _ in "ab"))
    listed = buyer.gets("/steps?limit=200")["items"]
    heading, *rows = rows_of(buyer.get(f"/steps/export?format={format}&lang=zh"))
    assert heading[:3] == ["编号", "待办", "对象"]
    assert [row[0] for row in rows] == [step["number"] for step in listed]
    assert [row[1] for row in rows] == ["评审定标"] * 2
    assert {row[heading.index("责任角色")] for row in rows} == {"采购方"}
    named = buyer.get("/steps/export").headers["Content-Disposition"]
    assert named.startswith('attachment; filename="steps-20')
    assert problem_of(buyer.get("/steps/export?view=operator")) == (403, "no_view")


def test_the_audit_as_a_file_names_people_to_the_operator_alone(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    gateway.project(a_demand(buyer.party_id, actor=buyer.party_id, actor_user=buyer.user_id))
    gateway.number_feed()
    path = f"/audit/export?format=csv&party_id={buyer.party_id}&type=demand.published.v1&lang=zh"
    heading, row = rows_of(gateway.operator.get(path))
    shown = dict(zip(heading, row, strict=True))
    assert (shown["发生了什么"], shown["此后为"]) == ("发布需求", "报价中")
    assert (shown["办理人员"], shown["岗位"]) == ("张敏", "采购经办")
    heading, row = rows_of(gateway.someone("authority", "authority.reader").get(path))
    assert row[heading.index("办理人员")] == ""
    assert problem_of(buyer.get("/audit/export")) == (403, "no_scope")


def test_the_indicators_as_a_file_have_their_parts(gateway: Gateway, buyer: Caller) -> None:
    figures = gateway.operator.gets("/programme/dashboard")["items"]
    heading, *rows = rows_of(gateway.operator.get("/programme/dashboard/export?format=csv&lang=en"))
    told = [dict(zip(heading, row, strict=True)) for row in rows]
    assert [row["Indicator"] for row in told] == [one["id"] for one in figures]
    share = next(one for one in told if one["Indicator"] == "funnel.conversion")
    made = next(one for one in figures if one["id"] == "funnel.conversion")
    assert share["Unit"] == "%" and share["Meaning"] == made["definition_en"]
    assert (share["Numerator"], share["Denominator"]) == (
        str(made["numerator"]), str(made["denominator"]),
    )  # fmt: skip
    assert problem_of(buyer.get("/programme/dashboard/export")) == (403, "no_scope")


def test_regions_and_capacities_are_told_in_words(gateway: Gateway) -> None:
    gateway.organisation("海淀铸造", "supplier", region="110108")
    for language, capacity, region in (
        ("zh", "供应商", "北京市海淀区"),
        ("en", "Supplier", "Beijing 海淀区"),
    ):
        path = f"/parties/export?view=operator&format=csv&lang={language}"
        _, *rows = rows_of(gateway.operator.get(path))
        assert [capacity, region] in [[row[4], row[7]] for row in rows]


def test_what_cannot_be_exported_is_refused(buyer: Caller) -> None:
    for query in ("format=pdf", "lang=fr", "cursor=x", "limit=5", "q=x", "sort=x"):
        assert problem_of(buyer.get(f"/demands/export?{query}")) == (422, "query_invalid"), query
    assert problem_of(buyer.get("/users/export")) == (404, "not_found")
