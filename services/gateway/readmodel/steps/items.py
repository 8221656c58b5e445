"""One step as the API shows it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from services.contracts import citations
from services.contracts.actor import Actor
from services.contracts.money import CURRENCY, format_amount
from services.days import shanghai_date
from services.gateway.readmodel import audiences
from services.gateway.readmodel.rendering import API, to_text
from services.gateway.readmodel.steps.declared import duties
from services.gateway.readmodel.steps.table import BY_CODE, KIND_OF

Document = dict[str, Any]

KNOWN = 5_000  # steps of days: a hundred and fifty days of all
KNOWN_TEXTS = 2_000  # ten pages of the longest; some 5 MB
_YES_NO = ("false", "true")
_PATHS = {code: API + step.command.path if step.command else None for code, step in BY_CODE.items()}


class Row(NamedTuple):
    """As the statements give it, all but the amount as text. A page tells `names` alone."""

    kind: str
    id: str
    owner: str
    step: str
    role: str
    thread_id: str | None
    number: str
    title: str | None
    amount_fen: int | None
    since: str
    due_at: str | None
    due_date: str | None
    owner_name: str | None
    urgent_at: str
    counterparts: tuple[str, ...]
    names: tuple[str, ...]  # of `counterparts`, each in its place

    @classmethod
    def of(cls, given: Sequence[Any]) -> "Row":
        """From what the driver gives, whose arrays are lists."""
        *values, counterparts, names = given
        return cls._make((*values, tuple(counterparts), tuple(names)))

    @property
    def party_id(self) -> str | None:
        """Of the organisation that owes it; None: whoever has the role."""
        kind, _, party_id = self.owner.partition(":")
        return party_id if kind == "party" else None


def every(rows: Iterable[Row], actor: Actor, now: datetime) -> list[str]:
    """Each as JSON. `may`: it is the caller's organisation's, and the key in hand allows it."""
    mine, today = frozenset(audiences.mine(actor)), shanghai_date(now)

    def text(row: Row) -> str:
        is_overdue = row.due_at is not None and _moment(row.due_at) <= now
        may = row.owner in mine and BY_CODE[row.step].scope in actor.scopes
        return _text_of(row, today, is_overdue, may)

    return list(map(text, rows))


@lru_cache(KNOWN_TEXTS)
def _text_of(row: Row, today: date, is_overdue: bool, may: bool) -> str:
    """By hand, and what many have in common made once: a page of 200 took twice as long."""
    since = _moment(row.since)
    day, party_id = shanghai_date(since), row.party_id
    return (
        f'{{"id":"{row.id}.{row.step}.{party_id or row.role}","resource_id":"{row.id}",'
        f'"number":{_text(row.number)},"thread_id":{_text(row.thread_id)},'
        f'"title":{_text(row.title)},'
        f'"counterparts":[{",".join(_text(name) for name in row.names if name)}],'
        f'"amount":{_amount(row.amount_fen)},"since":"{since.isoformat()}",'
        f'"days":{max(0, (today - day).days)},"due":{_until(row)},'
        f'"is_overdue":{_YES_NO[is_overdue]},'
        f'"owner":{{"party_id":{_text(party_id)},"name":{_text(row.owner_name)},'
        f'"role":"{row.role}"}},"command":{_text(path(row.step, row.id))},'
        f'"may":{_YES_NO[may]},{_common(row.step, row.role, day)}}}'
    )


@lru_cache(KNOWN)
def _common(code: str, role: str, since: date) -> str:
    """What a step says whatever it is about: members of its object, ready to be sent."""
    step = BY_CODE[code]
    said = {
        "kind": KIND_OF[code],
        "step": code,
        "rule": rule(step.rule, since),
        "scope": step.scope,
        "duties": list(duties(step.scope, role)),
    }
    return to_text(said)[1:-1]


def _text(value: str | None) -> str:
    return "null" if value is None else quoted(value)


def _amount(fen: int | None) -> str:
    """As `as_money` has it."""
    if fen is None:
        return "null"
    return f'{{"amount":"{format_amount(fen)}","currency":"{CURRENCY}"}}'


def _until(row: Row) -> str:
    """The last day, or the moment until when."""
    if row.due_date is not None:
        return f'"{row.due_date}"'
    return "null" if row.due_at is None else f'"{_moment(row.due_at).isoformat()}"'


_moment = lru_cache(KNOWN)(datetime.fromisoformat)


def rule(id: str | None, on: date) -> Document | None:
    """With its citation as it was in force on that day."""
    if id is None:
        return None
    cited = citations.at(id, on)
    return {"id": id, "citation_zh": cited.zh, "citation_en": cited.en}


def path(code: str, id: str) -> str | None:
    """Where to POST what does it."""
    template = _PATHS[code]
    return None if template is None else template.replace("{id}", id)
