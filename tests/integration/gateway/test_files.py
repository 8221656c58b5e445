"""Files over HTTP: read by their content type, passed on as rows, refused with a reason."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from services.gateway.edge.files import XLSX
from services.gateway.sheets import bounds
from services.messaging import Ids
from tests.integration.gateway.api_client import API, Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_fact
from tests.unit.gateway.workbooks import xlsx

CSV = "货号,供给名称\nA-1,叶轮加工\n".encode("gbk")


@pytest.fixture(scope="module")
def supplier(gateway: Gateway) -> Caller:
    return gateway.someone("supplier", "supplier.owner")


def upload(
    caller: Caller, body: bytes, media: str = "text/csv", path: str = "/imports", **headers: Any
) -> TestResponse:
    own = {"Idempotency-Key": Ids().new(), **headers}
    return caller.send("POST", API + path, data=body, content_type=media, headers=own)


def stated(caller: Caller, past: str = "started", **changes: Any) -> Any:
    given = {"id": Ids().new(), "party_id": caller.party_id, "state": "running", "rows_total": 1}
    return a_fact("import", past, **given | changes)


@pytest.mark.parametrize(
    ("body", "media", "format"),
    [
        (CSV, "text/csv; charset=gbk", "csv"),
        (xlsx(("A-1", "叶轮加工"), headings=("货号", "供给名称")), XLSX, "xlsx"),
        ('{"item_code":"A-1","title":"叶轮加工"}'.encode(), "application/x-ndjson", "jsonl"),
    ],
    ids=["csv", "xlsx", "jsonl"],
)
def test_a_file_becomes_rows_and_its_import_is_there_to_follow(
    gateway: Gateway, supplier: Caller, body: bytes, media: str, format: str
) -> None:
    fact = stated(supplier)
    gateway.owners.state("create_import", fact)
    answer = upload(supplier, body, media)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"{API}/imports/{fact.subject}"
    _, _, payload = gateway.owners.asked[-1]
    line = 1 if format == "jsonl" else 2
    assert payload["arguments"] == {
        "format": format,
        "rows": f'{{"line":{line},"given":{{"item_code":"A-1","title":"叶轮加工"}}}}',
    }
    assert supplier.gets(f"/imports/{fact.subject}")["rows_total"] == 1


def test_progress_is_told_to_whose_file_it_is(gateway: Gateway, supplier: Caller) -> None:
    other, start = gateway.someone("supplier", "supplier.owner"), gateway.number_feed()
    fact = stated(supplier)
    done = {"sequence": 2, "rows_done": 1, "state": "finished"}
    gateway.project(fact, stated(supplier, "finished", id=fact.subject, **done))
    gateway.number_feed()
    told = supplier.gets(f"/feed?after={start}")["items"]
    assert [item["type"] for item in told] == ["import.started.v1", "import.finished.v1"]
    assert told[1]["document"]["rows_done"] == 1
    assert other.gets(f"/feed?after={start}")["items"] == []
    assert problem_of(other.get(f"/imports/{fact.subject}")) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "media", "refused"),
    [
        (CSV, "text/plain", (415, "file_type_unknown")),
        (b"", "text/csv", (422, "file_empty")),
        (CSV, XLSX, (422, "file_unreadable")),
        (b"a,b\n1,2\n", "text/csv", (422, "heading_unknown")),
        (b"x" * (bounds.FILE_BYTES + 1), "text/csv", (413, "body_too_large")),
    ],
)
def test_what_is_no_sheet_of_supplies_is_refused(
    gateway: Gateway, supplier: Caller, body: bytes, media: str, refused: tuple[int, str]
) -> None:
    asked = len(gateway.owners.asked)
    assert problem_of(upload(supplier, body, media)) == refused
    assert len(gateway.owners.asked) == asked


def test_a_packed_body_and_a_missing_key_are_refused(supplier: Caller) -> None:
    packed = upload(supplier, CSV, **{"Content-Encoding": "gzip"})
    assert problem_of(packed) == (415, "encoding_unsupported")
    keyless = upload(supplier, CSV, **{"Idempotency-Key": None})
    assert problem_of(keyless) == (400, "idempotency_key_required")


def test_public_suppliers_are_the_programmes(gateway: Gateway, supplier: Caller) -> None:
    path = "/imports/public"
    assert problem_of(upload(supplier, CSV, path=path)) == (403, "no_scope")
    assert problem_of(upload(gateway.operator, CSV, path=path)) == (422, "heading_unknown")
    assert problem_of(upload(gateway.operator, CSV)) == (403, "no_scope")


def test_rows_are_asked_for_by_the_page(gateway: Gateway, supplier: Caller) -> None:
    page = {"items": [{"line": 3, "outcome": "failed", "code": "row_malformed"}], "next": None}
    gateway.owners.replies["rows_import"] = {"answer": page}
    id = Ids().new()
    assert supplier.gets(f"/imports/{id}/rows?after=2&limit=10&outcome=failed") == page
    _, _, payload = gateway.owners.asked[-1]
    assert payload["arguments"] == {"after": 2, "limit": 10, "outcome": "failed"}
    for query, code in (
        ("after=x", "query_invalid"), ("limit=0", "invalid"), ("limit=201", "invalid"),
        ("outcome=lost", "invalid"), ("colour=red", "query_invalid"),
    ):  # fmt: skip
        assert problem_of(supplier.get(f"/imports/{id}/rows?{query}")) == (422, code)


@pytest.mark.parametrize(("query", "first"), [("", "货号 / Item code"), ("?target=public", None)])
def test_the_template_is_a_workbook(supplier: Caller, query: str, first: str | None) -> None:

    answer = supplier.get(f"/imports/template{query}")
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    page = load_workbook(io.BytesIO(answer.data)).active
    headings, example = ([cell.value for cell in row] for row in page.iter_rows(max_row=2))
    assert headings[0] == (first or "来源编号 / Source reference") and example[0] == "示例-001"
    assert problem_of(supplier.get("/imports/template?target=x")) == (422, "query_invalid")
