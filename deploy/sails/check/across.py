"""What must hold between databases: the read model is what owners own, and ends are followed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from deploy.sails.check import queues
from deploy.sails.check.databases import Databases
from deploy.sails.check.entry import Check, Violation, violation
from deploy.sails.check.messaging import TABLE_OF
from services.contracts.registry import AGGREGATES

Row = tuple[Any, ...]

# Who sees each aggregate in whatever state it is: the columns of its owner's table that name them.
# Spelled out here on purpose: the checker does not ask the code that it checks.
SEEN_BY: dict[str, tuple[str, ...]] = {
    "party": ("id",),
    "user": ("party_id",),
    "api_key": ("party_id",),
    "mandate": ("party_id",),
    "webhook": ("party_id",),
    "document": ("party_id",),
    "demand": ("buyer_id",),
    "quote": ("supplier_id",),
    "contract": ("buyer_id", "supplier_id"),
    "delivery": ("buyer_id", "supplier_id"),
    "payable": ("buyer_id", "supplier_id"),
    "supply": ("supplier_id",),
    "import": ("party_id",),
    "match": ("buyer_id", "supplier_id"),
    "receivable": ("seller_id", "debtor_id"),
    "authorisation": ("grantor_id",),
    "position": ("seller_id",),
    "product": ("bank_id",),
    "limit": ("bank_id",),
    "application": ("applicant_id",),
    "offer": ("bank_id",),
    "loan": ("bank_id", "borrower_id"),
}
SEEN = Check(
    "parties_see_their_own", "gateway", "各方都看得到与自己有关的对象",
    "Every party sees what it is a party to", "", passing=True,
)  # fmt: skip
FREED = Check(
    "ended_demands_hold_nothing", "matching", "已结束的需求不再占用产能",
    "A demand that has ended holds no capacity", "", passing=True,
)  # fmt: skip
PAID_BY_CLAIMS = Check(
    "claims_pay_what_was_received", "orders", "经应收账款冲抵的应付款不超过资金方从债务人的实收",
    "Claims have paid no more of the payables than banks received from the debtor", "",
    passing=True,
)  # fmt: skip
HEARD = Check(
    "facts_acted_on", "broker", "每个已发出的事实都被该处理它的服务记下",
    "Every published fact was taken into account by all who act on it", "", passing=True,
)  # fmt: skip

_ENDED = "state IN ('fulfilled', 'unsuccessful', 'cancelled')"


def _shown(name: str) -> Check:
    return Check(
        f"{name}_shown", "gateway", f"{name}：读模型与所有者一致",
        f"The read model has each {name} as its owner does", "", passing=True,
    )  # fmt: skip


SHOWN = {name: _shown(name) for name in AGGREGATES}
CHECKS = (*SHOWN.values(), SEEN, FREED, PAID_BY_CLAIMS, HEARD)


def violations(databases: Databases) -> Iterator[Violation]:
    """What of `CHECKS` does not hold."""
    for check, rows in _asked(databases):
        if rows:
            yield violation(check, rows)


def _asked(databases: Databases) -> Iterator[tuple[Check, list[Row]]]:
    shown = _resources(databases)
    for name, check in SHOWN.items():
        yield check, list(_differences(_owned(databases, name), shown.get(name, {})))
    yield SEEN, list(_unseen(databases))
    yield FREED, _held_for_nothing(databases)
    yield PAID_BY_CLAIMS, list(_paid_from_nothing(databases))
    yield HEARD, list(_unheard(databases))


def _resources(databases: Databases) -> dict[str, dict[str, Row]]:
    shown: dict[str, dict[str, Row]] = {}
    statement = "SELECT kind, id, sequence, state FROM resources"
    for kind, id_, sequence, state in databases.all_rows("gateway", statement):
        shown.setdefault(kind, {})[id_] = (sequence, state)
    return shown


def _owned(databases: Databases, name: str) -> dict[str, Row]:
    statement = f"SELECT id, sequence, state FROM {TABLE_OF[name]} WHERE sequence > 0"  # noqa: S608  own names
    rows = databases.all_rows(AGGREGATES[name].service, statement)
    return {id_: (sequence, state) for id_, sequence, state in rows}


def _differences(owned: dict[str, Row], shown: dict[str, Row]) -> Iterator[Row]:
    for id_ in owned.keys() | shown.keys():
        if owned.get(id_) != shown.get(id_):
            yield id_, owned.get(id_), shown.get(id_)


def _unseen(databases: Databases) -> Iterator[Row]:
    """(kind, id, party) of everything that one of its parties has no view of."""
    views = "SELECT kind, id, substr(audience, 7) FROM views WHERE audience LIKE 'party:%'"
    seen = set(databases.all_rows("gateway", views))
    for name, columns in SEEN_BY.items():
        for column in columns:
            statement = f"SELECT id, {column} FROM {TABLE_OF[name]} WHERE sequence > 0"  # noqa: S608  own names
            for id_, party in databases.all_rows(AGGREGATES[name].service, statement):
                if (name, id_, party) not in seen:
                    yield name, id_, party


def _held_for_nothing(databases: Databases) -> list[Row]:
    """(demand, its state, supply) of capacity held for a demand that has come to an end."""
    ended = dict(databases.all_rows("orders", f"SELECT id, state FROM demands WHERE {_ENDED}"))  # noqa: S608  a constant
    held: Iterable[Row] = databases.all_rows(
        "matching",
        "SELECT demand_id, supply_id FROM reservations WHERE state IN ('reserved', 'used')",
    )
    return [(demand, ended[demand], supply) for demand, supply in held if demand in ended]


def _paid_from_nothing(databases: Databases) -> Iterator[Row]:
    """(claim, paid of its payables, received of it in fen); payments name their claim first."""
    received = dict(databases.all_rows("finance", "SELECT number, settled_fen FROM receivables"))
    statement = (
        "SELECT split_part(reference, ' ', 1), sum(amount_fen) FROM payments"
        " WHERE reference LIKE 'QF-R-% %' GROUP BY 1"
    )
    for number, paid_fen in databases.all_rows("orders", statement):
        if paid_fen > received.get(number, 0):
            yield number, paid_fen, received.get(number)


def _unheard(databases: Databases) -> Iterator[Row]:
    """(queue, fact, type) of what was published and is in no inbox of a handler that acts on it.

    Since the handler's oldest note: before it the handler may not have been there, and its notes
    are forgotten after a while. A dead letter is among them until it is replayed.
    """
    for queue, (publisher, types) in queues.ACTING.items():
        noted = _noted(databases, queue)
        since = min(noted.values(), default=None)
        for id_, type_, recorded_at in _published(databases, publisher, types) if since else ():
            if recorded_at >= since and id_ not in noted:
                yield queue, id_, type_


def _noted(databases: Databases, queue: str) -> dict[str, datetime]:
    statement = f"SELECT event_id, handled_at FROM inbox WHERE handler = '{queue}'"  # noqa: S608  own names
    return dict(databases.all_rows(queue.partition(".")[0], statement))


def _published(databases: Databases, service: str, types: Iterable[str]) -> list[Row]:
    wanted = ", ".join(f"'{type_}'" for type_ in types)
    statement = "SELECT event_id, type, recorded_at FROM outbox WHERE position IS NOT NULL"
    return databases.all_rows(service, f"{statement} AND type IN ({wanted})")
