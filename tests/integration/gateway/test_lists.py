"""What desks ask of lists: filters, search, order, counts; and that none of it tells more."""

from typing import Any

import pytest
from alembic import command

from services.contracts.registry import AGGREGATES
from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand, a_fact

WRITTEN = (
    """SELECT kind, id, audience, due_at, amount_fen, facet, region, title, words, parties
       FROM views ORDER BY 1, 2, 3""",
    """SELECT kind, id, sort_at, audiences, words, parties, facet, marks
       FROM searched ORDER BY kind, id, audiences""",
    "SELECT * FROM milestones ORDER BY 1",
)
TITLES = ("高速冲床维修", "冷链仓储服务", "高压水泵 DN50", "机器人焊接工作站")

GIVEN = (
    ("order", "published", 50_000_00, 4),
    ("service", "evaluating", 40_000_50, 3),
    ("order", "cancelled", 30_000_00, 2),
    ("lab", "published", None, None),
)


@pytest.fixture(scope="module")
def buyer(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


@pytest.fixture(scope="module")
def bank(gateway: Gateway) -> Caller:
    return gateway.someone("bank", "bank.maker")


@pytest.fixture(scope="module")
def demands(gateway: Gateway, buyer: Caller) -> list[str]:
    """Four of one buyer, the younger ones cheaper and due sooner; the last states neither."""
    facts = []
    for n, title in enumerate(TITLES):
        kind, state, budget_fen, due = GIVEN[n]
        fact = a_demand(
            buyer.party_id, title=title, number=f"QF-D-2026-00071{n}", state=state,
            buyer_name="东华机械", published_at=f"2026-03-0{n + 1}T01:30:00+00:00",
            budget_fen=budget_fen, quote_deadline_at=due and f"2026-04-0{due}T01:00:00+00:00",
        )  # fmt: skip
        fact.data["kind"] = kind
        facts.append(fact)
    gateway.project(*facts)
    gateway.number_feed()
    return [fact.subject for fact in facts]


def found(caller: Caller, path: str) -> list[str]:
    return [item["id"] for item in caller.gets(path)["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [3, 2, 1, 0]),
        ("state=published,cancelled", [3, 2, 0]),
        ("q=冲床", [0]),
        ("q=高速", [0]),
        ("q=%E9%AB%98%E5%8E%8B dn", [2]),  # two words, any case
        ("q=东华", [3, 2, 1, 0]),
        ("q=东华 焊接", [3]),
        ("q=速冲修", []),
        ("q=50%25", []),  # nothing is a wildcard
        ("q=冲__", []),
        ("q=QF-D-2026-000712", [2]),
        ("q=qf-d-2026-00071", [3, 2, 1, 0]),
        ("q=qf-d", [3, 2, 1, 0]),
        ("q=000712", []),  # a number is known by how it begins
        ("kind=order", [2, 0]),
        ("kind=order&state=published&q=冲床", [0]),
        ("from=2026-03-02&to=2026-03-03", [2, 1]),
        ("amount_from=40000.50", [1, 0]),
        ("amount_to=40000.5", [2, 1]),
        ("amount_from=30000&amount_to=30000", [2]),
        ("due_from=2026-04-03", [1, 0]),
        ("due_to=2026-04-03", [2, 1]),
        ("sort=due", [2, 1, 0, 3]),
        ("sort=amount", [0, 1, 2, 3]),
        ("sort=amount&q=东华&state=published", [0, 3]),
        ("sort=due&kind=order", [2, 0]),
    ],
)
def test_a_list_is_what_was_asked_for_and_so_is_its_count(
    buyer: Caller, demands: list[str], query: str, expected: list[int]
) -> None:
    ids = found(buyer, f"/demands?{query}")
    assert [demands.index(id) for id in ids] == expected
    counted = buyer.gets(f"/demands/count?{query}") if "sort" not in query else None
    if counted is not None:
        assert (counted["total"], counted["is_more"]) == (len(expected), False)
        assert sum(counted["by_state"].values()) == len(expected)


@pytest.mark.parametrize("sort", ["newest", "due", "amount"])
@pytest.mark.parametrize("more", ["", "&q=冲压模具", "&state=published,cancelled"])
def test_pages_follow_each_other_though_others_come_between(
    gateway: Gateway, sort: str, more: str
) -> None:
    """With ties in everything but the id, and a new first one while somebody turns the page."""
    buyer = gateway.someone("buyer", "buyer.purchaser")

    def one(n: int, **changes: Any) -> str:
        fact = a_demand(
            buyer.party_id, title="冲压模具", published_at="2026-03-05T01:30:00+00:00",
            budget_fen=[100, 200, None][n % 3], quote_deadline_at=None, **changes,
        )  # fmt: skip
        gateway.project(fact)
        gateway.number_feed()
        return fact.subject

    known = [one(n) for n in range(7)]
    whole = found(buyer, f"/demands?sort={sort}{more}")
    assert sorted(whole) == sorted(known)
    seen: list[str] = []
    cursor = ""
    while True:
        page = buyer.gets(f"/demands?sort={sort}{more}&limit=2{cursor}")
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
        one(0, id=None)
    kept = [id for id in seen if id in known]
    assert kept == whole
    assert len(seen) == len(set(seen))


def test_a_search_finds_what_a_thing_is_called_now(gateway: Gateway, buyer: Caller) -> None:
    id = Ids().new()
    gateway.project(a_demand(buyer.party_id, id=id, title="涡轮叶片"))
    gateway.number_feed()
    gateway.project(a_demand(buyer.party_id, id=id, title="齿轮箱体", sequence=2))
    gateway.number_feed()
    assert (found(buyer, "/demands?q=涡轮"), found(buyer, "/demands?q=齿轮箱")) == ([], [id])
    hidden = a_demand(buyer.party_id, id=id, title="齿轮箱体", sequence=3, published_at=None)
    gateway.project(hidden)
    gateway.number_feed()
    assert found(buyer, "/demands?view=public&q=齿轮箱") == []
    assert found(buyer, "/demands?q=齿轮箱") == [id]


def test_by_a_counterpart_its_documents_are_found(gateway: Gateway, buyer: Caller) -> None:
    supplier, rival = gateway.someone("supplier"), gateway.someone("supplier")
    ids = {}
    for who in (supplier, rival):
        ids[who.party_id] = Ids().new()
        parties = {"buyer_id": buyer.party_id, "supplier_id": who.party_id}
        gateway.project(a_fact("contract", "signed", id=ids[who.party_id], **parties))
    gateway.number_feed()
    path = f"/contracts?counterpart_id={supplier.party_id}"
    assert found(buyer, path) == [ids[supplier.party_id]]
    assert found(rival, path) == []


def test_what_refers_to_a_contract_is_found_by_its_number(gateway: Gateway, buyer: Caller) -> None:
    ids = [Ids().new() for _ in range(2)]
    for n, id in enumerate(ids, 1):
        gateway.project(
            a_fact(
                "payable", "running", id=id, thread_id=Ids().new(), buyer_id=buyer.party_id,
                number=f"QF-P-2026-00055{n}", contract_number=f"QF-C-2026-00077{n}",
            )
        )  # fmt: skip
    gateway.number_feed()
    assert found(buyer, "/payables?q=QF-C-2026-000772") == [ids[1]]
    assert found(buyer, "/payables?q=QF-P-2026-000551") == [ids[0]]
    assert sorted(found(buyer, "/payables?q=qf-c-2026-00077")) == sorted(ids)  # typed so far
    assert found(buyer, "/payables?q=QF-C-2026-000779") == []


@pytest.fixture(scope="module")
def application(gateway: Gateway) -> dict[str, Any]:
    """One that the bank is not shown: it sees a band and a term."""
    applicant, debtor = gateway.someone("supplier"), gateway.someone("buyer")
    given = {
        "id": Ids().new(), "applicant_id": applicant.party_id, "applicant_name": "星河精密铸造",
        "debtor_ids": [debtor.party_id], "debtor_names": ["北方重工"], "amount_fen": 600_000_077,
        "opened_to": [], "number": "QF-A-2026-000881", "bank_id": None, "purpose": "补充流动资金",
    }  # fmt: skip
    gateway.project(a_fact("application", "submitted", state="offering", **given))
    other = {**given, "id": Ids().new(), "amount_fen": 700_000_000, "number": "QF-A-2026-000882"}
    gateway.project(a_fact("application", "submitted", state="offering", **other))
    gateway.number_feed()
    return given


HIDDEN = (
    "q=星河", "q=铸造", "q=北方重工", "q=流动资金", "amount_from=0", "amount_to=10000000000000",
    "amount_from=6000000.77&amount_to=6000000.77", "counterpart_id={applicant_id}",
    "counterpart_id={debtor_ids[0]}",
)  # fmt: skip


@pytest.mark.parametrize("query", HIDDEN)
def test_no_filter_finds_what_a_teaser_hides(
    bank: Caller, application: dict[str, Any], query: str
) -> None:
    asked = query.format(**application)
    assert found(bank, f"/applications?view=bank&{asked}") == []
    assert bank.gets(f"/applications/count?view=bank&{asked}")["total"] == 0


def test_what_a_teaser_shows_is_found_and_its_order_tells_no_amount(
    gateway: Gateway, bank: Caller, application: dict[str, Any]
) -> None:
    assert found(bank, "/applications?view=bank&q=QF-A-2026-000881") == [application["id"]]
    by_amount = found(bank, "/applications?view=bank&sort=amount")
    assert by_amount == sorted(by_amount, reverse=True)  # by the ids, which are no secret
    owner = "SELECT words FROM searched WHERE id = :id AND 'role:bank' = ANY(audiences)"
    assert gateway.rows(owner, id=application["id"]) == [("qf-a-2026-000881",)]


def test_a_filter_never_finds_a_sealed_price(gateway: Gateway, buyer: Caller) -> None:
    """While it is sealed its supplier alone knows of it; the operator never sees its price."""
    supplier, id = gateway.someone("supplier", "supplier.owner"), Ids().new()
    given = {"id": id, "buyer_id": buyer.party_id, "supplier_id": supplier.party_id}
    gateway.project(
        a_fact("quote", "sealed", state="sealed", opened_at=None, price_fen=None, **given)
    )
    gateway.number_feed()
    asked = f"/quotes?amount_from=0&counterpart_id={supplier.party_id}"
    assert found(buyer, asked) == found(gateway.operator, asked + "&view=operator") == []
    gateway.project(
        a_fact("quote", "opened", state="opened", sequence=2, price_fen=1_000_00, **given)
    )
    gateway.number_feed()
    assert found(buyer, asked) == [id]
    assert found(gateway.operator, asked + "&view=operator") == []
    assert found(gateway.operator, f"/quotes?view=operator&counterpart_id={supplier.party_id}") == [
        id
    ]


@pytest.mark.parametrize(
    "query",
    [
        "q=高", "q=", "q=%00%00", "q=" + "长" * 61, "q=a b", "q=aa bb cc dd ee ff",
        "state=" + ",".join(f"s{n}" for n in range(21)), "state=%00", "kind=product",
        "from=2026-13-01", "from=2026-03-02&to=2026-03-01", "due_to=20260301", "amount_from=-1",
        "amount_from=1e9", "amount_from=2&amount_to=1", "amount_to=99999999999999.99",
        "sort=price", "sort=due&cursor=WyIyMDI2LTAzLTAyVDAxOjMwOjA1KzAwOjAwIiwgIiJd",
        "counterpart_id=x", "from=", "limit=0",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(buyer: Caller, query: str) -> None:
    assert problem_of(buyer.get(f"/demands?{query}")) == (422, "query_invalid")


def test_a_cursor_is_of_its_own_order(buyer: Caller, demands: list[str]) -> None:
    page = buyer.gets("/demands?sort=due&limit=1")
    wrong = buyer.get(f"/demands?sort=amount&limit=1&cursor={page['next']}")
    assert problem_of(wrong) == (422, "query_invalid")


def test_kinds_without_a_due_or_an_amount_have_no_such_filter(buyer: Caller) -> None:
    for query in ("due_from=2026-03-01", "amount_to=1", "kind=order", "sort=due"):
        assert problem_of(buyer.get(f"/matches?{query}")) == (422, "query_invalid"), query


def test_what_was_shown_before_is_gone_through_once(fresh_gateway: Gateway) -> None:
    """The migration, back and forth over what there is, leaves the same columns, marks, steps."""
    buyer = fresh_gateway.someone("buyer", "buyer.purchaser")
    for kind in AGGREGATES:
        if kind != "clock":
            past = AGGREGATES[kind].past[-1]
            given = {"id": Ids().new(), "thread_id": Ids().new(), "state": "active"}
            fresh_gateway.project(a_fact(kind, past, **given))
    fresh_gateway.project(a_demand(buyer.party_id, budget_fen=123, title="涡轮 叶片"))
    fresh_gateway.number_feed()
    before = [fresh_gateway.rows(query) for query in WRITTEN]

    config = fresh_gateway.migrations()
    command.downgrade(config, "gateway_0008")
    command.upgrade(config, "gateway_0014")
    with fresh_gateway.engine.begin() as connection:  # as it was marked before the last of them
        connection.exec_driver_sql("UPDATE searched SET marks = '{}' WHERE words ~ '\\nqf-'")
        connection.exec_driver_sql("ALTER TABLE searched DROP COLUMN sort_at")
    command.upgrade(config, "head")

    assert all(before)
    assert [fresh_gateway.rows(query) for query in WRITTEN] == before
