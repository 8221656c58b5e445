"""What is answered of a text: candidates with their words, and a draft to begin with."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from services.contracts import capabilities
from services.contracts.characters import says_something
from services.contracts.fields import TEXT_LENGTH
from services.days import shanghai_date
from services.matching.reading import Found, Guess, Reading, read
from services.matching.reading.found import CANDIDATES, FIELDS
from services.matching.reading.sureness import is_sure, proposed
from services.matching.script import simplified
from services.matching.sides import Requirement

Document = dict[str, Any]

# Under these names drafts give what the reader calls otherwise: at the edge fen are money.
NAMES = {"budget_fen": "budget"}
# What a draft takes as it is read; of the others there is more to say.
_AS_READ = ("category", "region", "quantity", "budget_fen", "performance")


def answer(title: str, text: str, now: datetime, pause: Callable[[], object]) -> Document:
    """`DemandReading` of the contract. What is over by `now` is no part of the draft.

    `pause` is called now and then: a long text takes longer than others should wait.
    """
    found, written = _read(title, text, now, pause), {"title": title, "text": text}
    read_of = {
        NAMES.get(field, field): [_candidate(one, written) for one in getattr(found, field)]
        for field in FIELDS
    }
    return {"read": read_of, "draft": _draft(found, title, text, now), "is_whole": found.is_whole}


def _read(title: str, text: str, now: datetime, pause: Callable[[], object]) -> Reading:
    return read(title, text, shanghai_date(now), _capabilities, pause)


def _capabilities(title: str) -> list[Guess]:
    """One for one simplified: places stay the same."""
    found = capabilities.recognise(simplified(title), CANDIDATES)
    return [Guess(one.code, one.start, one.end, one.confidence_ppm) for one in found]


def _candidate(one: Found, written: dict[str, str]) -> Document:
    where = {"source": one.source, "start": one.start, "end": one.end}
    said = {"words": written[one.source][one.start : one.end], "confidence_ppm": one.confidence_ppm}
    return where | said | _value(one)


def _value(one: Found) -> Document:
    if one.field == "budget_fen":
        return {"value_fen": one.value}
    if one.field == "requirements":
        return {"value": _requirement(one.value)}
    if one.field == "category":
        node = capabilities.by_code(str(one.value))
        return {"value": node.code, "zh": node.zh, "en": node.en}
    return {"value": one.value}


def _requirement(either: Any) -> Document:
    """The first, and those that would do as well."""
    first, *others = map(_qualification, either)
    return first | {"alternatives": others} if others else first


def _qualification(one: Requirement) -> Document:
    return {"name": one.name, "grade": one.grade}


def _draft(found: Reading, title: str, text: str, now: datetime) -> Document:
    """Nothing that its buyer could not publish: an unknown field is better than a wrong one."""
    drafted = {field: proposed(found, field) for field in _AS_READ}
    closes_at, due = (proposed(found, name) for name in ("quote_deadline_at", "delivery_due_date"))
    drafted |= {
        "title": title.strip() if says_something(title) else None,
        "text": _kept(text.strip()),
        "quote_deadline_at": closes_at if closes_at and closes_at > now else None,
        "delivery_due_date": due if due and due >= shanghai_date(now) else None,
        "requirements": _required(found.requirements) or None,
    }
    return {name: value for name, value in drafted.items() if value is not None}


def _kept(text: str) -> str | None:
    """An empty one is kept, too; not one that is too long, or of which nothing is seen."""
    is_fit = len(text) <= TEXT_LENGTH and (not text or says_something(text))
    return text if is_fit else None


def _required(candidates: Iterable[Found]) -> list[Document]:
    return [_requirement(one.value) for one in candidates if is_sure(one)]
