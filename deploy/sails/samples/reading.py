"""Reading what real notices say. What cannot be read with confidence is None: unknown."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from services.days import SHANGHAI

CUT = "…（原文过长，已截断）"  # the mark of a text that was clipped
YUAN = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
MAX_QUALIFICATIONS = 30

_BUDGET = re.compile(r"([\d,]+(?:\.\d+)?)\s*(万|亿)?元")
_MOMENT = re.compile(
    r"(?P<year>20\d\d)[-年/](?P<month>\d{1,2})[-月/](?P<day>\d{1,2})日?"
    r"(?:\s*(?P<hour>\d{1,2})[:时](?:(?P<minute>\d{1,2})分?)?)?"
)
_GRADED = re.compile(
    r"([一-鿿A-Za-z][一-鿿A-Za-z0-9()、·.\-]{3,100}?)(?:资质)?\(?((?:特|[壹贰叁肆一二三四甲乙丙丁])级)"
)
# A name that ends so, before a grade, is one of the state's classes of qualification.
_CLASS = re.compile(
    r"(总承包|承包|监理|勘察|设计|施工|测绘|检测|治理|养护|规划|综合|专业|专项|工程|行业|类|\))$"
)
_LEAD = re.compile(r".*(?:颁发的|核发的|有效的|具备|具有|须为|持有|名称|公司-|资质[和及])")
_SEPARATOR = re.compile(r"[;；,，/。\n:：]|、(?![^()]*\))")


def clean(text: str, max_length: int) -> str:
    """Trimmed, without control characters and surrogates, clipped with a mark that says so."""
    kept = "".join(
        char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
    ).strip()
    return kept if len(kept) <= max_length else kept[: max_length - len(CUT)] + CUT


def budget_fen(text: str) -> int | None:
    """`12.5万元`, `245000.00元` as fen; None for anything else, and for nothing."""
    found = _BUDGET.fullmatch(text.strip())
    if not found:
        return None
    fen = Decimal(found[1].replace(",", "")) * YUAN[found[2] or ""] * 100
    return int(fen) if fen > 0 and fen == int(fen) else None


def deadline(text: str, published_on: date) -> datetime | None:
    """ISO, `2026年8月11日14时30分`, a day alone (its end), the end of a period; else None.

    One that lies before the notice itself has been misread or mistyped.
    """
    found = list(_MOMENT.finditer(text))
    rest = _MOMENT.sub("", text).strip(" 至到-—~")
    if not found or rest:
        return None
    moment = _moment(found[-1])
    return moment if moment and moment.date() >= published_on else None


def qualifications(text: str) -> list[dict[str, str]]:
    """Every graded qualification that a supplier's list names, each once."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for part in _SEPARATOR.split(unicodedata.normalize("NFKC", text)):
        for name, grade in _graded(part):
            found.setdefault((name, grade), {"name": name, "grade": grade})
    return list(found.values())[:MAX_QUALIFICATIONS]


def requirements(text: str) -> list[dict[str, str]] | None:
    """The graded qualifications that a notice demands, when all must be held; else None.

    Alternatives ("one or the other") and notices that name none cannot be written as a list of
    what everyone must hold: unknown.
    """
    sentences = re.split(r"[。;；\n]", unicodedata.normalize("NFKC", text))
    naming = [sentence for sentence in sentences if any(_graded(sentence))]
    if not naming or any("或" in sentence for sentence in naming):
        return None
    return qualifications("\n".join(naming))


def _graded(part: str) -> list[tuple[str, str]]:
    pairs = [(_named(name), grade) for name, grade in _GRADED.findall(part)]
    return [(name, grade) for name, grade in pairs if len(name) >= 4 and _CLASS.search(name)]


def _named(text: str) -> str:
    """The name itself, without what introduces it and without half a pair of brackets."""
    name = _LEAD.sub("", text).strip("、和及 ")
    return name if name.count("(") == name.count(")") else name.strip("()")


def _moment(found: re.Match[str]) -> datetime | None:
    part: dict[str, Any] = {name: int(value) for name, value in found.groupdict().items() if value}
    try:
        day = date(part["year"], part["month"], part["day"])
        if "hour" not in part:
            return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
        return datetime.combine(day, time(part["hour"], part.get("minute", 0)), SHANGHAI)
    except ValueError:
        return None
