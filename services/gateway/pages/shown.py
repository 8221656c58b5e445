"""Money, days and moments in the reader's words. Pure: what the time is comes in."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.contracts.kinds import DEMANDS, Facet
from services.contracts.money import format_amount
from services.days import SHANGHAI
from services.gateway.pages.words import CAPABILITIES, CHINESE, Words

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WAN_FEN, YI_FEN = 10_000 * 100, 100_000_000 * 100  # 万 and 亿, in fen
MILLION_FEN = 1_000_000 * 100


def money(fen: int) -> str:
    """To the fen, as the portal has it."""
    return _signed(format_amount(fen))


def amount(shown: Mapping[str, str]) -> str:
    """The same of money as documents have it."""
    return _signed(shown["amount"])


def _signed(plain: str) -> str:
    yuan, _, cents = plain.partition(".")
    return f"¥{int(yuan):,}.{cents:0<2}"


def large(words: Words, fen: int) -> str:
    """A sum to one decimal of 万元, 亿元 or a million, where it has as much."""
    if words.language != CHINESE:
        return f"CNY {_tenths(fen, MILLION_FEN)} m" if fen >= MILLION_FEN else money(fen)
    if fen >= YI_FEN:
        return f"{_tenths(fen, YI_FEN)} 亿元"
    return f"{_tenths(fen, WAN_FEN)} 万元" if fen >= WAN_FEN else money(fen)


def _tenths(fen: int, unit_fen: int) -> str:
    tenths = (fen * 10 * 2 + unit_fen) // (2 * unit_fen)  # half up
    return f"{tenths // 10:,}.{tenths % 10}"


def percent(part: int, whole: int) -> str:
    """To one decimal; of nothing there is none."""
    if not whole:
        return "–"
    tenths = (part * 1000 * 2 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10} %"


def day(words: Words, text: str) -> str:
    """`2026年3月5日` or `Mar 5, 2026`: as the portal has it."""
    found = date.fromisoformat(text)
    if words.language == CHINESE:
        return f"{found.year}年{found.month}月{found.day}日"
    return f"{MONTHS[found.month - 1]} {found.day}, {found.year}"


def moment(words: Words, text: str) -> str:
    """To the minute, in Beijing."""
    local = datetime.fromisoformat(text).astimezone(SHANGHAI)
    on = day(words, local.date().isoformat())
    if words.language == CHINESE:
        return f"{on} {local:%H:%M}"
    return f"{on}, {local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"


def closing(words: Words, deadline: str | None, now: datetime) -> str:
    """How long quotes are taken, by the days of the calendar in Beijing."""
    if deadline is None:
        return words.say("demand_no_deadline")
    until = datetime.fromisoformat(deadline)
    if until <= now:
        return words.say("closed")
    days = (until.astimezone(SHANGHAI).date() - now.astimezone(SHANGHAI).date()).days
    if days < 2:
        return words.say("closes_tomorrow" if days else "closes_today")
    return words.say("closes_days", days)


def span(words: Words, low: str | None, high: str | None) -> str:
    """From one to the other; one of them may be missing."""
    if low is None or high is None:
        return words.say("range_to", high) if low is None else words.say("range_from", low)
    return low if low == high else words.say("range", low, high)


def qualification(words: Words, held: Mapping[str, Any]) -> str:
    """With its grade."""
    grade = held.get("grade")
    return words.say("grade", held["name"], grade) if grade else str(held["name"])


def requirement(words: Words, asked: Mapping[str, Any]) -> str:
    """With what would do as well."""
    each = [asked, *(asked.get("alternatives") or ())]
    return words.say("or").join(qualification(words, one) for one in each)


def facets(words: Words, kind: str, stated: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """Name, value and whether it is hard, of what a demand of this kind states."""
    known = DEMANDS[kind].facets if kind in DEMANDS else ()
    return [
        (words.pick(facet.names), _facet(words, facet, stated[facet.name]), facet.is_hard)
        for facet in known
        if stated.get(facet.name) is not None
    ]


def _facet(words: Words, facet: Facet, value: Any) -> str:
    if facet.type == "codes":
        return words.joined([words.name(facet.codes, code) for code in value])
    if facet.type == "capabilities":
        return words.joined([words.name(CAPABILITIES, code) for code in value])
    if facet.type == "flag":
        return words.say("flag_yes" if value else "flag_no")
    if facet.type == "day":
        return words.say("on_or_before", day(words, value))
    unit = f" {words.pick(facet.unit)}" if facet.unit else ""
    low, high = (_end(facet, value.get(end)) for end in ("min", "max"))
    return span(words, low, high) + unit if low or high else ""


def _end(facet: Facet, value: Any) -> str | None:
    if value is None:
        return None
    return amount(value) if facet.type == "money" else f"{value:,}"
