"""What is no document of a thing, as a row of a file: steps, entries of the audit, indicators."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.contracts.money import as_money, parse_amount
from services.contracts.words import DOCUMENT
from services.days import shanghai_date
from services.gateway.readmodel import definitions

Row = dict[str, Any]
Said = Mapping[str, str]

_PER_CENT, _WHOLE = 10_000, 1_000_000  # what millionths are counted in
_UNITS: Mapping[str, Said] = {
    "count": {"zh": "个", "en": "number"},
    "CNY": {"zh": "元", "en": "CNY"},
    "ppm": {"zh": "%", "en": "%"},
    "hours": {"zh": "小时", "en": "hours"},
    "seconds": {"zh": "秒", "en": "seconds"},
}
_PAID_OUT = ("active", "due", "part_paid", "overdue", "paid")
_COEFFICIENT: Said = {"zh": "系数（0 至 1）", "en": "coefficient (0 to 1)"}
_STEPS: Mapping[str, Said] = {
    step: {"zh": zh, "en": en} for step, (zh, en) in definitions.STEPS.items()
}
_REASONS: Mapping[str, Said] = {
    "under_three": {"zh": "少于 3", "en": "Fewer than 3"},
    "too_few": {"zh": "数量过少，不予显示", "en": "Too few to be told"},
    "beside_few": {"zh": "为保护相邻的少量数据，一并不显示", "en": "Withheld beside a few others"},
    "not_known_to_the_gateway": {"zh": "这里读不到", "en": "Not known here"},
}
# Of what the states are, by the first word of an indicator.
_KINDS = {"demands": "demand", "supplies": "supply", "matches": "match"}


def step(item: Mapping[str, Any]) -> Row:
    """Its last day, and the moment where it ends at one."""
    due = item["due"]
    is_day = due is None or len(due) == len("2026-03-02")
    rule = item["rule"]
    return {
        **item,
        "others": "、".join(item["counterparts"]),
        "due_day": due if is_day else shanghai_date(datetime.fromisoformat(due)).isoformat(),
        "due_at": None if is_day else due,
        "citation": rule and {"zh": rule["citation_zh"], "en": rule["citation_en"]},
    }


def payable(document: Mapping[str, Any], today: date) -> Row:
    """What is still owed of it, to whom, and for how many days it has been overdue."""
    left_fen = _fen(document["amount"]) - _fen(document.get("paid"))
    due = document.get("due_date")
    days = (today - date.fromisoformat(due)).days if due and left_fen else 0
    return {
        **document,
        "payee": "、".join(document["payees"]),
        "left": as_money(left_fen),
        "days_overdue": days if days > 0 else None,
    }


def loan(item: Mapping[str, Any]) -> Row:
    """With what its page says beside it: number and debtors of the application, what is left."""
    application = item["application"] or {}
    repaid = item.get("repayments") or []
    return {
        **item,
        "application_number": application.get("number"),
        "debtors": "、".join(application.get("debtor_names") or ()),
        "open": _left(item) if item["state"] in _PAID_OUT else None,
        "repaid_at": repaid[-1]["received_at"] if repaid and item["state"] == "paid" else None,
    }


def _left(item: Mapping[str, Any]) -> dict[str, str]:
    """Of the principal."""
    principal, paid = (Decimal(item[name]["amount"]) for name in ("principal", "principal_paid"))
    return {**item["principal"], "amount": str(principal - paid)}


def audited(entry: Mapping[str, Any]) -> Row:
    """Its states in the words of its kind."""
    words = DOCUMENT["states"].get(entry["kind"], {})
    return {**entry, **{name: _said(words, entry[name]) for name in ("state", "state_after")}}


def indicator(one: Mapping[str, Any]) -> Row:
    """Shares in per cent, all else as it is counted."""
    about, of = _KINDS.get(one["id"].partition(".")[0], ""), one["of"]
    return {
        **one,
        "definition": {"zh": one["definition_zh"], "en": one["definition_en"]},
        "kind": _said(DOCUMENT["codes"]["demand_kind"], of.get("kind")),
        "state": _said(DOCUMENT["states"].get(about, {}), of.get("state")),
        "step": _said(_STEPS, of.get("step")),
        "value": _value(one),
        "unit": _COEFFICIENT if one["id"] == "exposure.gini" else _UNITS[one["unit"]],
        "reason": _said(_REASONS, one["reason"]),
    }


def _fen(shown: Mapping[str, str] | None) -> int:
    return parse_amount(shown["amount"]) if shown else 0


def _said(words: Mapping[str, Said], code: str | None) -> Said | None:
    """What is not worded stays the code that it is."""
    return None if code is None else words.get(code, {"zh": code, "en": code})


def _value(one: Mapping[str, Any]) -> str | None:
    if one["value"] is None:
        return None
    value = Decimal(str(one["value"]))
    if one["unit"] == "ppm":
        value /= _WHOLE if one["id"] == "exposure.gini" else _PER_CENT
    return str(value)
