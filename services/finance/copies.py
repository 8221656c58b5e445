"""Keeps what other services' facts tell: each thing's newest state, in whatever order it came."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from services.contracts.envelope import Event
from services.finance.tables.base import Base
from services.finance.tables.copies import (
    ContractCopy,
    MandateCopy,
    PartyCopy,
    PayableCopy,
    UserCopy,
)
from services.messaging import Transaction


def _keeper(
    table: type[Base], *columns: str, **derived: Callable[[Event], Any]
) -> Callable[[Transaction, Sequence[Event]], None]:
    """A projection into `table`: `columns` as the fact names them, `derived` from the envelope."""

    def keep(tx: Transaction, events: Sequence[Event]) -> None:
        newest = {event.subject: event for event in sorted(events, key=lambda e: e.sequence)}
        rows = [_row(event) for _, event in sorted(newest.items())]  # one lock order for all
        statement = insert(table).values(rows)
        upsert = statement.on_conflict_do_update(
            index_elements=["id"],
            set_={name: statement.excluded[name] for name in rows[0] if name != "id"},
            where=table.__table__.c.sequence < statement.excluded.sequence,
        )
        tx.session.execute(upsert)

    def _row(event: Event) -> dict[str, Any]:
        state = event.load()
        copied = {name: state.get(name) for name in columns}
        derivations = {name: derive(event) for name, derive in derived.items()}
        return {"id": event.subject, "sequence": event.sequence, **copied, **derivations}

    return keep


keep_parties = _keeper(PartyCopy, "name", "capacities", "group_id", "verified_until")
# The keys stay as the fact's JSON: their instants are only compared with null.
keep_users = _keeper(
    UserCopy, "party_id", signing_keys=lambda event: event.data.get("signing_keys") or []
)
keep_mandates = _keeper(
    MandateCopy, "party_id", "user_id", "supplier_id", "contract_id", "limit_fen", "valid_until",
    "revoked_at",
)  # fmt: skip
keep_contracts = _keeper(
    ContractCopy, "number", "state", "kind", "buyer_id", "buyer_name", "supplier_id",
    "supplier_name", "amount_fen", "signed_at", thread_id=lambda event: event.thread_id,
)  # fmt: skip
keep_payables = _keeper(PayableCopy, "state", "contract_id", "amount_fen", "paid_fen", "due_date")
