"""What there is to say of a verdict, in Chinese and English: made where somebody is shown it.

A fact carries a constraint, the variant of its note, if it has several, and values; half of a
match would be words otherwise, in every place that it passes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.contracts import reasons
from services.contracts.kinds import BY_CODE, DEMANDS, SUPPLIES

NOTE_LENGTH = 200  # of a note in each language, and of each of its values

# By constraint, then by variant ("" where a fact names none). A value that is empty is put as the
# word after it says.
NOTES: dict[str, dict[str, tuple[str, str]]] = {
    "kind": {"": ("供给类型 {0}，需求类型 {1}", "supply kind {0}, demand kind {1}")},
    "counterparty": {
        "": ("供需双方为不同机构", "two different organisations"),
        "same": ("供方就是需方", "the supplier is the buyer"),
    },
    "active": {
        "": ("供给有效", "the supply is active"),
        "not": ("供给未生效或已归档", "the supply is not active"),
    },
    "verified": {
        "": ("供方核验有效至 {0}", "supplier verified until {0}"),
        "expired": ("供方核验已于 {0} 到期", "verified until {0}"),
        "not": ("供方尚未核验", "the supplier is not verified yet"),
    },
    "region": {
        "": ("需求地区 {0}，服务地区 {1}", "wanted in {0}, serves {1}"),
        "unknown": ("服务地区未知", "regions served unknown"),
        "read": ("需求未写明地区，正文提到 {0}（需方未确认），服务地区 {1}",
                 "region not stated; the text names {0}, not confirmed by the buyer; serves {1}"),
    },
    "qualification": {
        "": ("具备所需资质", "all required are held"),
        "lacks": ("缺少资质：{0}", "lacks: {0}"),
        "check": ("资质待核对：{0}", "to check: {0}"),
        "none": ("无资质要求", "none required"),
        "unknown": ("需求的资质要求未知", "requirements unknown"),
        "read": ("需求未列资质，正文提到：{0}（需方未确认）",
                 "requirements not stated; the text names, not confirmed by the buyer: {0}"),
        "read_held": ("需求未列资质，正文提到的均具备：{0}（需方未确认）",
                      "requirements not stated; all that the text names are held: {0}"),
    },
    "price": {
        "": ("起价 {0} 元，预算 {1} 元", "from CNY {0}, budget CNY {1}"),
        "unknown": ("预算或起价未知", "budget or lowest price unknown"),
        "read": ("起价 {0} 元，正文提到预算 {1} 元（需方未确认）",
                 "from CNY {0}; the text names a budget of CNY {1}, not confirmed by the buyer"),
    },
    # How much of it is the supplier's to know: a buyer would see how busy it is.
    "capacity": {
        "": ("已申报产能", "capacity declared"),  # in facts from before, which had the number
        "free": ("有剩余产能", "has free capacity"),
        "none": ("产能已满", "no free capacity"),
        "unknown": ("未申报产能", "capacity not declared"),
    },
    "lead_time": {
        "": ("最早 {0} 可交付，要求 {1}", "ready on {0} at the earliest, due on {1}"),
        "unknown": ("交期未知", "lead time or due date unknown"),
        "read": ("最早 {0} 可交付，正文提到 {1}（需方未确认）",
                 "ready on {0} at the earliest; the text names {1}, not confirmed by the buyer"),
    },
    # Their value is a list of facets by their codes; an order has none, and no such verdict.
    "facets": {
        "": ("符合所列条件：{0}", "as asked for: {0}"),
        "lacks": ("不符合：{0}", "not as asked for: {0}"),
        "check": ("待核对：{0}", "to check: {0}"),
    },
    "preferences": {
        "": ("符合偏好：{0}", "as preferred: {0}"),
        "unmet": ("与偏好不同：{0}", "other than preferred: {0}"),
        "check": ("偏好待核对：{0}", "preferred, to check: {0}"),
    },
}  # fmt: skip
_EMPTY = {"region": (("未知", "不限"), ("unknown", "anywhere"))}
_OF_FACETS = frozenset({"facets", "preferences"})
SEPARATOR = "、"  # between the codes of facets, and between the names of anything


def words(constraint: str, variant: str, values: Sequence[str]) -> tuple[str, str]:
    """In Chinese and English. Raises KeyError for a note that nobody knows."""
    zh, en = NOTES[constraint][variant]
    if not values:
        return zh, en
    instead_zh, instead_en = _EMPTY.get(constraint, (values, values))
    values_zh, values_en = (values, values)
    if constraint in _OF_FACETS:
        values_zh, values_en = _named(values[0])
    elif constraint == "kind":
        values_zh, values_en = _kinds(*values)
    return _put(zh, values_zh, instead_zh), _put(en, values_en, instead_en)


def _kinds(supply: str, demand: str) -> tuple[list[str], list[str]]:
    """Both by their names; of a release to come, as they are."""
    offered = SUPPLIES.get(supply, (supply, supply))
    asked = DEMANDS[demand].names if demand in DEMANDS else (demand, demand)
    zh, en = zip(offered, asked, strict=True)
    return list(zh), [name.lower() for name in en]


def _named(codes: str) -> tuple[list[str], list[str]]:
    """Facets by their names; of a release to come, as they are."""
    each = [
        BY_CODE[code].names if code in BY_CODE else (code, code) for code in codes.split(SEPARATOR)
    ]
    zh, en = zip(*each, strict=True)
    return [SEPARATOR.join(zh)], [", ".join(en)]


def worded(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the notes of its verdicts, if it has any, and its codes in words."""
    if "verdicts" not in document:
        return document
    verdicts = [_worded(verdict) for verdict in document["verdicts"]]
    return document | {"verdicts": verdicts} | reasons.in_words(document)


def _worded(verdict: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: verdict[name] for name in ("constraint", "verdict")}
    if "note_zh" in verdict:  # of a fact from before notes had values
        return said | {"note_zh": verdict["note_zh"], "note_en": verdict["note_en"]}
    variants = NOTES.get(verdict["constraint"], {})
    if (variant := verdict.get("note", "")) not in variants:
        return said  # of a release to come
    zh, en = words(verdict["constraint"], variant, verdict.get("given", ()))
    return said | {"note_zh": zh, "note_en": en}


def _put(words: str, values: Sequence[str], instead: Sequence[str]) -> str:
    each = (value or other for value, other in zip(values, instead, strict=True))
    return words.format(*each)[:NOTE_LENGTH]
