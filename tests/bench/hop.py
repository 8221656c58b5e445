"""What travels the hop in the measurements, and the tables at both of its ends.

Our own path and the stock one carry the same facts between the same tables.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from psycopg2.extras import execute_values
from sqlalchemy import BigInteger, Engine, MetaData, Text, Uuid, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.contracts import demand as contract
from services.contracts.actor import Actor
from services.contracts.envelope import Event
from services.contracts.registry import events_of
from services.days import shanghai_date
from services.messaging import CopyRow, Ids, Transaction, keeper, messaging_tables
from services.messaging.migration import compress
from services.messaging.outbox import RELAY_CHANNEL
from services.orders.commands import demands
from services.orders.tables import Demand
from tests.bench.bed import CpuMeter

TYPES = events_of(contract.demand)
CREATED = contract.demand.event("created").name
BUYER = Actor(
    "0198c5f0-0000-7000-8000-0000000000aa", "0198c5f0-0000-7000-8000-0000000000ab",
    frozenset({"buyer.purchaser"}), frozenset({"demands:write"}),
)  # fmt: skip
COPIES = "demand_copies"
_APPLIED_AT = "timestamptz DEFAULT clock_timestamp()"
BUYER_NAME = "海淀精密机械有限公司"
_PARAGRAPH = (
    "采购五轴联动数控加工中心两台，用于航空结构件精密加工；定位精度不低于0.004毫米，主轴转速不低于"
    "一万八千转，含安装调试、操作培训与两年质保。投标人须具备同类设备供货业绩，交货地点为甲方指定厂区，"
    "验收按双方确认的技术协议执行，逾期交货按日计收违约金，付款按合同约定的节点办理。"
)
# As long as the notices of real buyers are, at the median.
ARGUMENTS: dict[str, Any] = {
    "kind": "order", "method": "tender", "title": "五轴联动数控加工中心采购",
    "text": _PARAGRAPH * 2, "category": "C3421", "region": "110108", "quantity": "2台",
    "budget": {"amount": "1234567.00", "currency": "CNY"},
    "quote_deadline_at": "2036-03-02T01:30:00+00:00", "delivery_due_date": "2036-05-06",
    "requirements": [{"name": "ISO 9001", "grade": "A"}, {"name": "同类业绩", "grade": "两项"}],
    "performance": "定位精度 0.004 mm；主轴 18000 rpm",
    "terms": {
        "nodes": [
            {"kind": "advance", "share_bp": 3000, "term_days": 10},
            {"kind": "acceptance", "share_bp": 6500, "term_days": 30},
            {"kind": "retention", "share_bp": 500, "term_days": 365},
        ],
        "inspection_days": 15, "inspection_is_condition": False, "pay_when_paid": False,
        "late_rate_bp": 5,
    },
}  # fmt: skip


class Base(DeclarativeBase):
    """The consumer's database."""


messaging_tables(Base.metadata)


class DemandCopy(CopyRow, Base):
    """What a service keeps of other services' demands."""

    __tablename__ = COPIES
    AGGREGATE = contract.demand

    number: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    buyer_id: Mapped[str] = mapped_column(Uuid(as_uuid=False))
    title: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    budget_fen: Mapped[int | None] = mapped_column(BigInteger)
    requirements: Mapped[list[Any] | None] = mapped_column(JSONB)
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


COPIED = tuple(column.name for column in DemandCopy.__table__.columns)
keep = keeper(DemandCopy)


def create(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    """The real command but for its look at the buyer."""
    text = {name: value for name, value in args.items() if name != "publish"}
    row = demands.new(
        tx, text, buyer_id=actor.party_id, buyer_name=BUYER_NAME, buyer_verified=True, origin="own"
    )
    tx.record(row, "created")


def act(tx: Transaction, event: Event) -> None:
    """An effect that must happen once: here a row of its own."""
    keep(tx, [event])


def facts(count: int) -> Iterator[Event]:
    """Created demands, each of a subject of its own."""
    ids, args = Ids(), contract.AmendDemand.schema.load(ARGUMENTS)
    now = datetime.now(UTC)
    for number in range(1, count + 1):
        id = ids.new()
        row = Demand(
            **args, id=id, number=f"QF-D-2036-{number:06d}", state="draft", sequence=1, version=1,
            created_at=now, updated_at=now, thread_id=id, buyer_id=BUYER.party_id,
            buyer_name=BUYER_NAME, buyer_verified=True, quote_count=0, capacity="unchecked",
            origin="own",
        )  # fmt: skip
        yield Event(
            id=ids.new(), type=CREATED, subject=id, sequence=1, occurred_at=now.isoformat(),
            business_date=shanghai_date(now).isoformat(), actor_party=BUYER.party_id,
            actor_user=BUYER.user_id, thread_id=id, data=contract.demand.schema.dump(row),
        )  # fmt: skip


def prepare(url: str, metadata: MetaData) -> Engine:
    """The tables in an empty database, and an engine of this process to look at them.

    The copies also say when each was applied: that costs both paths alike. The clock is read by
    the statement, and its transaction's commit follows at once.
    """
    engine = create_engine(url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        compress(connection)
    if metadata is Base.metadata:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {COPIES} ADD applied_at {_APPLIED_AT}"))
    return engine


def fill_outbox(producer: Engine, events: list[Event], meter: CpuMeter) -> datetime:
    """Commit the facts, all at once and without a producer's work; `meter` begins at the commit.

    Answers when that was.
    """
    rows = [(event.id, event.type, to_text(event)) for event in events]
    insert = "INSERT INTO outbox (event_id, type, envelope) VALUES %s"
    with producer.begin() as connection:
        cursor: Any = connection.connection.cursor()
        execute_values(cursor, insert, rows, page_size=500)
        connection.execute(text(f"NOTIFY {RELAY_CHANNEL}"))
        meter.begin()
        return datetime.now(UTC)


def to_text(event: Event) -> str:
    return json.dumps(event.to_json(), ensure_ascii=False)


def rows(engine: Engine, table: str) -> int:
    """How many there are."""
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def last_id(producer: Engine) -> int:
    """Of the outbox."""
    with producer.connect() as connection:
        return connection.execute(text("SELECT max(id) FROM outbox")).scalar_one()


def applied_at(consumer: Engine) -> dict[str, float]:
    """When each copy was made, seconds since 1970."""
    with consumer.connect() as connection:
        found = connection.execute(text(f"SELECT id, applied_at FROM {COPIES}"))
        return {str(id): at.timestamp() for id, at in found}
