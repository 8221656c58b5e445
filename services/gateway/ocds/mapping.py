"""From the public view of a demand to an OCDS 1.1 release. Pure.

What the public view keeps back is kept back here: that a demand was awarded shows in its status,
to whom in nothing. So there are no `awards` and no `contracts`, and `tender` names no tenderers.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.contracts import capabilities

Node = dict[str, Any]

LANGUAGE = "zh"
# 统一社会信用代码 in the register of organisation lists (org-id.guide), where it is called
# Unified Social Credit Identifier; CN-USCC, which others write, is not in it.
CREDIT_CODES = "CN-USCI"
ITEM = "1"  # a demand is one thing, whatever its text lists
# Our taxonomy is in no codelist; the standard's list of schemes is open.
CAPABILITIES, INDUSTRIES = "x_thousand-sails-capability", "x_GB/T 4754-2017"
STATUS = {
    "published": "active", "evaluating": "active", "awarded": "complete",
    "contracting": "complete", "contracted": "complete", "fulfilled": "complete",
    "unsuccessful": "unsuccessful", "cancelled": "cancelled",
}  # fmt: skip
# Everybody who has a supply may enter a published demand from the hall, except where the buyer
# negotiates with those it asked, or with one.
METHOD = {
    "tender": "open", "inquiry": "open", "auction": "open", "negotiation": "limited",
    "direct": "direct",
}  # fmt: skip
METHOD_ZH = {
    "tender": "招标", "inquiry": "询比", "auction": "竞价", "negotiation": "谈判",
    "direct": "直接采购",
}  # fmt: skip


def ocid_of(prefix: str, number: str) -> str:
    """The contracting process of a demand."""
    return f"{prefix}-{number}"


def number_of(prefix: str, ocid: str) -> str | None:
    """The demand's number; None for another publisher's process."""
    number = ocid.removeprefix(f"{prefix}-")
    return None if number == ocid else number


def release(
    prefix: str, demand: Mapping[str, Any], buyer: Mapping[str, Any], etag: str, changed_at: str
) -> Node:
    """What is known now, changed last at `changed_at`; `etag` is of the public document.

    `buyer`: the public document of the party, {} where there is none.
    """
    ocid = ocid_of(prefix, demand["number"])
    party = _party(demand, buyer)
    return {
        "ocid": ocid,
        "id": f"{ocid}-{etag.strip(chr(34))[:12]}",
        "date": changed_at,
        "tag": _tags(demand),
        "language": LANGUAGE,
        "initiationType": "tender",
        "parties": [party],
        "buyer": _reference(party),
        **_planning(demand),
        "tender": _tender(demand, party),
    }


def _tags(demand: Mapping[str, Any]) -> list[str]:
    if demand["state"] == "cancelled":
        return ["tenderCancellation"]
    changed = demand.get("version", 1) > 1 or demand["state"] != "published"
    return ["tenderUpdate" if changed else "tender"]


def _party(demand: Mapping[str, Any], buyer: Mapping[str, Any]) -> Node:
    name, code = demand.get("buyer_name") or buyer.get("name") or "", buyer.get("credit_code")
    known = f"{CREDIT_CODES}-{code}" if code else buyer.get("number") or demand["buyer_id"]
    found: Node = {"id": known, "roles": ["buyer", "procuringEntity"]}
    if name:
        found["name"] = name
    if code:
        found["identifier"] = {"scheme": CREDIT_CODES, "id": code, "legalName": name}
    if buyer.get("region"):
        found["address"] = {"region": buyer["region"], "countryName": "中国"}
    return found


def _reference(party: Node) -> Node:
    return {name: party[name] for name in ("id", "name") if name in party}


def _planning(demand: Mapping[str, Any]) -> Node:
    budget = demand.get("budget")
    return {"planning": {"budget": {"amount": _value(budget)}}} if budget else {}


def _tender(demand: Mapping[str, Any], party: Node) -> Node:
    found: Node = {
        "id": demand["id"],
        "title": demand["title"],
        "description": demand.get("text") or None,
        "status": STATUS.get(demand["state"]),
        "procuringEntity": _reference(party),
        "procurementMethod": METHOD.get(demand["method"]),
        "procurementMethodDetails": METHOD_ZH.get(demand["method"]),
        "submissionMethod": ["electronicSubmission"],
        "value": _value(demand["budget"]) if demand.get("budget") else None,
        "tenderPeriod": _period(demand.get("published_at"), demand.get("quote_deadline_at")),
        "contractPeriod": _until(demand.get("delivery_due_date")),
        "eligibilityCriteria": _eligibility(demand),
        "items": [_item(demand)],
    }
    return {name: value for name, value in found.items() if value is not None}


def _item(demand: Mapping[str, Any]) -> Node:
    """What is wanted; the quantity is free text, so it stands in the description."""
    said = [demand["title"], demand.get("quantity")]
    found: Node = {"id": ITEM, "description": "；".join(text for text in said if text)}
    code = capabilities.named(demand.get("category") or "")  # the buyer's own word, no guess
    if code is not None:
        node = capabilities.by_code(code)
        found["classification"] = {"scheme": CAPABILITIES, "id": code, "description": node.zh}
        found["additionalClassifications"] = [
            {"scheme": INDUSTRIES, "id": industry} for industry in node.gbt4754
        ]
    return found


def _eligibility(demand: Mapping[str, Any]) -> str | None:
    asked = [
        " 或 ".join(
            f"{one['name']}（{one['grade']}）" if one.get("grade") else str(one["name"])
            for one in (requirement, *(requirement.get("alternatives") or ()))
        )
        for requirement in demand.get("requirements") or ()
    ]
    return "；".join(asked) or None


def _period(start: str | None, end: str | None) -> Node | None:
    found = {"startDate": start, "endDate": end}
    return {name: moment for name, moment in found.items() if moment} or None


def _until(day: str | None) -> Node | None:
    """The end of the day in Beijing."""
    return {"endDate": f"{day}T23:59:59+08:00"} if day else None


def _value(money: Mapping[str, str]) -> Node:
    """The standard wants a number of JSON: written out, two decimals of 10^13 yuan come back."""
    amount = Decimal(money["amount"])
    is_whole = amount == amount.to_integral_value()
    return {"amount": int(amount) if is_whole else float(amount), "currency": money["currency"]}
