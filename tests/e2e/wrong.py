"""What people and machines send by mistake or malice, each with the refusal that it must get."""

from dataclasses import dataclass, field
from typing import Any

HUGE = "9" * 14 + ".00"  # a hundred trillion yuan
UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Wrong:
    """A request and what it must be answered. `who`: buyer, stranger (another buyer), supplier,
    operator or nobody. `{demand}`, `{draft}`, `{contract}`... in the path are the scene's own ids.
    """

    name: str
    path: str
    body: Any
    status: int
    code: str
    who: str = "buyer"
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)


def yuan(amount: Any, currency: str = "CNY") -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def demand(**fields: Any) -> dict[str, Any]:
    return {"title": "合规的标题"} | fields


def quote(**fields: Any) -> dict[str, Any]:
    return {
        "demand_id": "{demand}", "price": yuan("100.00"), "delivery_days": 3,
        "valid_until": "2099-01-01",
    } | fields  # fmt: skip


def party(**fields: Any) -> dict[str, Any]:
    return {"name": "某公司", "capacities": ["supplier"]} | fields


CASES = (
    # The body as such
    Wrong("not JSON", "/demands", b"{", 400, "malformed_json"),
    Wrong("not UTF-8", "/demands", b'{"title": "\xff"}', 400, "malformed_json"),
    Wrong("a key twice", "/demands", b'{"title": "a", "title": "b"}', 400, "malformed_json"),
    Wrong("NaN", "/demands", b'{"title": NaN}', 400, "malformed_json"),
    Wrong("nested too deep", "/demands", b"[" * 100_000, 400, "malformed_json"),
    Wrong("an array", "/demands", [], 422, "invalid"),
    Wrong("null", "/demands", None, 422, "invalid"),
    Wrong("2 MB", "/demands", b'{"title": "' + b"x" * 2_000_000 + b'"}', 413, "body_too_large"),
    Wrong("a form", "/demands", b"title=x", 415, "unsupported_media_type",
          headers={"Content-Type": "application/x-www-form-urlencoded"}),
    # Texts
    Wrong("no title", "/demands", {}, 422, "invalid"),
    Wrong("a blank title", "/demands", demand(title="   "), 422, "invalid"),
    Wrong("a title of 10,000 characters", "/demands", demand(title="长" * 10_000), 422, "invalid"),
    Wrong("NUL", "/demands", demand(title="a\0b"), 422, "invalid"),
    Wrong("half a surrogate", "/demands", b'{"title": "\\ud83d"}', 422, "invalid"),
    Wrong("a number as title", "/demands", demand(title=7), 422, "invalid"),
    Wrong("an object as title", "/demands", demand(title={"a": 1}), 422, "invalid"),
    Wrong("an unknown field", "/demands", demand(price=1), 422, "invalid"),
    Wrong("an unknown kind", "/demands", demand(kind="🚀"), 422, "invalid"),
    Wrong("a facet of another kind", "/demands", demand(facets={"area_m2": {"min": 1}}), 422,
          "invalid"),
    Wrong("100 kB to be read", "/demands/read", {"text": "x" * 100_000}, 422, "invalid"),
    Wrong("half a surrogate to be read", "/demands/read", b'{"text": "\\ud83d"}', 422, "invalid"),
    Wrong("a text to be read by no buyer", "/demands/read", {"text": "预算5万元"}, 403, "no_scope",
          "operator"),
    # Amounts
    Wrong("a negative amount", "/demands", demand(budget=yuan("-1.00")), 422, "invalid"),
    Wrong("zero", "/demands", demand(budget=yuan("0.00")), 422, "invalid"),
    Wrong("too much", "/demands", demand(budget=yuan(HUGE)), 422, "invalid"),
    Wrong("three decimals", "/demands", demand(budget=yuan("1.001")), 422, "invalid"),
    Wrong("an exponent", "/demands", demand(budget=yuan("1e3")), 422, "invalid"),
    Wrong("full-width digits", "/demands", demand(budget=yuan("１００")), 422, "invalid"),
    Wrong("a number for an amount", "/demands", demand(budget=yuan(100)), 422, "invalid"),
    Wrong("a bare amount", "/demands", demand(budget="100.00"), 422, "invalid"),
    Wrong("another currency", "/demands", demand(budget=yuan("1.00", "USD")), 422, "invalid"),
    # Dates and terms
    Wrong("30 February", "/demands", demand(delivery_due_date="2026-02-30"), 422, "invalid"),
    Wrong("the year 9999", "/demands", demand(delivery_due_date="9999-01-01"), 422, "invalid"),
    Wrong("no time zone", "/demands", demand(quote_deadline_at="2099-01-01T00:00:00"), 422,
          "invalid"),
    Wrong("a share over the whole", "/demands", demand(terms={"nodes": [
        {"kind": "acceptance", "share_bp": 10_001, "term_days": 30}]}), 422, "invalid"),
    Wrong("true as a number", "/quotes", quote(delivery_days=True), 422, "invalid", "supplier"),
    # Ids
    Wrong("an unknown id", f"/demands/{UNKNOWN_ID}/publish", {}, 404, "not_found"),
    Wrong("not an id", "/demands/1%27%20OR%201=1/publish", {}, 404, "not_found"),
    Wrong("an emoji for an id", "/demands/%F0%9F%9A%80", None, 404, "not_found", method="GET"),
    Wrong("an unknown reference", "/quotes", quote(demand_id=UNKNOWN_ID), 404, "not_found",
          "supplier"),
    Wrong("a reference that is none", "/quotes", quote(demand_id="x"), 422, "invalid", "supplier"),
    # Someone else's
    Wrong("publish another's draft", "/demands/{draft}/publish", {}, 404, "not_found", "stranger"),
    Wrong("read another's draft", "/demands/{draft}", None, 404, "not_found", "stranger", "GET"),
    Wrong("cancel another's demand", "/demands/{demand}/cancel", {"reason_code": "no_need"}, 404,
          "not_found", "stranger"),
    Wrong("read another's contract", "/contracts/{contract}", None, 404, "not_found", "stranger",
          "GET"),
    Wrong("confirm another's claim", "/receivables/{receivable}/prepare", {}, 404, "not_found",
          "stranger's maker"),
    # Rights
    Wrong("no key", "/demands", demand(), 401, "unauthenticated", "nobody"),
    Wrong("a made-up key", "/demands", demand(), 401, "key_invalid", "nobody",
          headers={"Authorization": "Bearer qf_0000000000_x"}),
    Wrong("not this duty", "/demands/{demand}/award", {"quote_id": UNKNOWN_ID}, 403, "no_scope",
          "supplier"),
    Wrong("a buyer verifies itself", "/parties/{buyer}/verify", {"valid_until": "2099-01-01"}, 403,
          "no_scope"),
    # Credit codes
    Wrong("a wrong check digit", "/parties", party(credit_code="91110108QF0000017A"), 422,
          "credit_code_invalid", "operator"),
    Wrong("eighteen zeros", "/parties", party(credit_code="0" * 18), 422, "credit_code_invalid",
          "operator"),
    Wrong("too long a code", "/parties", party(credit_code="9" * 19), 422, "invalid", "operator"),
    Wrong("a code twice", "/parties", party(credit_code="{credit_code}"), 409, "credit_code_taken",
          "operator"),
    # States
    Wrong("publish twice", "/demands/{demand}/publish", {}, 409, "illegal_move"),
    Wrong("award to nobody", "/demands/{demand}/award", {"quote_id": UNKNOWN_ID}, 422,
          "quote_unknown"),
    Wrong("accept what is signed twice", "/contracts/{contract}/decline",
          {"reason_code": "other"}, 409, "illegal_move"),
    Wrong("sign again", "/contracts/{contract}/start-signing", {}, 409, "illegal_move"),
    # Headers and methods
    Wrong("no Idempotency-Key", "/demands", demand(), 400, "idempotency_key_required",
          headers={"Idempotency-Key": ""}),
    Wrong("an emoji key", "/demands", demand(), 400, "header_invalid",
          headers={"Idempotency-Key": "🚀".encode().decode("latin-1")}),
    Wrong("no If-Match", "/demands/{draft}/amend", demand(), 428, "version_required"),
    Wrong("a stale If-Match", "/demands/{draft}/amend", demand(), 412, "stale_version",
          headers={"If-Match": '"99"'}),
    Wrong("an If-Match that is none", "/demands/{draft}/amend", demand(), 400, "header_invalid",
          headers={"If-Match": "abc"}),
    Wrong("an unknown method", "/demands", None, 405, "method_not_allowed", method="DELETE"),
    Wrong("an unknown path", "/nothing", {}, 404, "not_found"),
    Wrong("an unknown parameter", "/demands?page=2", None, 422, "query_invalid", method="GET"),
    Wrong("a cursor that is none", "/demands?cursor=x", None, 422, "query_invalid", method="GET"),
    Wrong("a page too long", "/demands?limit=100000", None, 422, "query_invalid", method="GET"),
    Wrong("a feed from minus one", "/feed?after=-1", None, 422, "query_invalid", method="GET"),
)  # fmt: skip
