"""Steps as rows: one for each thing, owner and step, written in the statement that writes views.

A row holds what its owner's document shows and nothing else; the operator's board reads the same
rows, of steps that the operator's own document tells of.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.contracts.envelope import Event
from services.days import end_of_day
from services.gateway.readmodel.audiences import OPERATOR, Audiences
from services.gateway.readmodel.steps.declared import Document, Owed, Step
from services.gateway.readmodel.steps.table import owed

Row = dict[str, Any]

# Other organisations that a thing is about, in the order in which people name them.
OTHERS = (
    "buyer_id", "supplier_id", "awarded_supplier_id", "seller_id", "debtor_id", "applicant_id",
    "debtor_ids", "borrower_id", "bank_id", "subject_id",
)  # fmt: skip
TITLES = ("title", "demand_title", "name")
AMOUNTS = (
    "proposed_fen",  # of a limit: what is to be approved, not what is granted now
    "amount_fen", "price_fen", "principal_fen", "confirmed_fen", "claimed_fen", "granted_fen",
    "budget_fen",
)  # fmt: skip

# What is not owed any more goes; what is still owed has been since the state began. The rows of a
# thing are written under its guard, as its views are.
WITH = """
    owed AS (
        SELECT * FROM json_to_recordset(CAST(:steps AS json)) AS row
            (kind text, id uuid, owner text, step text, role text, thread_id uuid, number text,
             title text, counterparts uuid[], amount_fen bigint, since timestamptz,
             due_at timestamptz, due_date date, about uuid, whole bigint, is_on_board boolean)
    ), over AS (
        DELETE FROM steps USING moved
        WHERE steps.kind = moved.kind AND steps.id = moved.id
          AND (steps.kind, steps.id, steps.owner, steps.step)
              NOT IN (SELECT kind, id, owner, step FROM owed)
    ), owing AS (
        INSERT INTO steps
            (kind, id, owner, step, role, thread_id, number, title, counterparts, amount_fen,
             since, due_at, due_date, about, whole, is_on_board)
        SELECT kind, id, owner, step, role, thread_id, number, title, counterparts, amount_fen,
               since, due_at, due_date, about, whole, is_on_board
        FROM owed
        ON CONFLICT (kind, id, owner, step) DO UPDATE SET
            title = excluded.title, counterparts = excluded.counterparts,
            amount_fen = excluded.amount_fen, due_at = excluded.due_at,
            due_date = excluded.due_date, whole = excluded.whole,
            is_on_board = excluded.is_on_board
        WHERE (steps.title, steps.counterparts, steps.amount_fen, steps.due_at, steps.whole,
               steps.is_on_board)
            IS DISTINCT FROM (excluded.title, excluded.counterparts, excluded.amount_fen,
               excluded.due_at, excluded.whole, excluded.is_on_board)
    )"""
DONE = """
    done AS (
        INSERT INTO step_parts (kind, id, owner, about, part)
        SELECT * FROM json_to_recordset(CAST(:parts AS json)) AS row
            (kind text, id uuid, owner text, about uuid, part bigint)
        ON CONFLICT (kind, id) DO UPDATE SET part = excluded.part
        WHERE step_parts.part <> excluded.part
    )"""


def rows(event: Event, shown: Audiences) -> list[Row]:
    """What a fact's state owes. `shown`: what each audience sees of it."""
    return rows_of(event.aggregate, event.data, shown)


def rows_of(kind: str, state: Document, shown: Mapping[str, Document]) -> list[Row]:
    """The same; only to those who see something of the thing."""
    found = owed(kind, state)
    if not found:
        return []
    board = _told_to_operator(kind, found, shown)
    return [
        _row(kind, state, each, shown[each.owner], _key(each) in board)
        for each in found
        if each.owner in shown
    ]


def _told_to_operator(
    kind: str, found: list[Owed], shown: Mapping[str, Document]
) -> set[tuple[str, str]]:
    """The steps of which its own document tells it; a document with a version tells all."""
    seen = shown.get(OPERATOR)
    if seen is None:
        return set()
    told = found if "sequence" in seen else owed(kind, seen)
    return {_key(each) for each in told if not each.step.is_sealed}


def _key(each: Owed) -> tuple[str, str]:
    return each.step.code, each.owner


def _row(kind: str, state: Document, each: Owed, seen: Document, is_on_board: bool) -> Row:
    """`seen`: what its owner sees."""
    step = each.step
    return {
        "kind": kind,
        "id": state["id"],
        "owner": each.owner,
        "step": step.code,
        "role": step.role,
        "thread_id": seen.get("thread_id"),
        "number": seen["number"],
        "title": _first(seen, TITLES),
        "counterparts": others(seen, each.party_id),
        "amount_fen": _first(seen, AMOUNTS),
        "since": state.get(step.began) or state["updated_at"],
        **clock(state.get(step.clock) if step.clock else None),
        **_reach(step, state),
        "is_on_board": is_on_board,
    }


def _reach(step: Step, state: Document) -> Row:
    """What it is about, where other things do it or lend it a clock."""
    filled, lent = step.filled, step.lent
    column = filled.about if filled else lent.of if lent else None
    whole = (state[filled.whole] if filled.whole else 1) if filled else None
    return {"about": state[column] if column else None, "whole": whole}


def clock(until: str | None) -> Row:
    """A day is over at its end in Shanghai, a moment at once."""
    if until is None or "T" in until:
        return {"due_at": until, "due_date": None}
    over = end_of_day(date.fromisoformat(until))
    return {"due_at": over.isoformat(), "due_date": until}


def others(seen: Document, party_id: str | None) -> list[str]:
    """The organisations that a document names besides the one that owes."""
    named: list[str] = []
    for column in OTHERS:
        value = seen.get(column)
        named += [value] if isinstance(value, str) else value or []
    return [id for id in dict.fromkeys(named) if id != party_id]


def _first(seen: Document, columns: Iterable[str]) -> Any:
    return next((seen[column] for column in columns if seen.get(column) is not None), None)
