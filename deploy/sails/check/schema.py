"""What the schema itself makes impossible, and whether the schema still does.

A statement about rows that a constraint refuses could never fail. What can fail is the schema: a
constraint that was dropped by hand, or never came with a migration. So that is what is asked here.
"""

from dataclasses import dataclass
from typing import NamedTuple

from deploy.sails.check.entry import Check
from deploy.sails.database import SERVICES


class Guard(NamedTuple):
    """What refuses the rows: `kind` as PostgreSQL calls it, CONSTRAINT, INDEX or TRIGGER."""

    kind: str
    table: str
    name: str


@dataclass(frozen=True)
class Guarantee:
    """A statement that holds as long as its guards are there."""

    name: str
    service: str
    zh: str
    en: str
    guards: tuple[Guard, ...]

    def check(self) -> Check:
        """One row for each guard that is missing, not valid or switched off."""
        wanted = ", ".join(f"('{guard.table}', '{guard.name}')" for guard in self.guards)
        return Check(self.name, self.service, self.zh, self.en, _MISSING.format(wanted=wanted))


# Of a constraint trigger there is a row in `pg_constraint` even while it is switched off.
_MISSING = """
SELECT of_table, guard FROM (VALUES {wanted}) AS wanted (of_table, guard)
WHERE NOT EXISTS (
    SELECT FROM pg_constraint WHERE conrelid = to_regclass(of_table) AND conname = guard
       AND convalidated AND contype <> 't')
AND NOT EXISTS (
    SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE indrelid = to_regclass(of_table) AND relname = guard AND indisunique AND indisvalid)
AND NOT EXISTS (
    SELECT FROM pg_trigger WHERE tgrelid = to_regclass(of_table) AND tgname = guard
       AND tgenabled <> 'D')
"""


def _of_every(service: str) -> tuple[Guarantee, ...]:
    return (
        Guarantee(
            "positions_once", service, "事实编号不重复", "No two facts share a position",
            (Guard("CONSTRAINT", "outbox", "outbox_position_key"),),
        ),
        Guarantee(
            "inbox_unique", service, "每个事实每个处理者只计一次",
            "No handler has taken a fact into account twice",
            (Guard("CONSTRAINT", "inbox", "inbox_pkey"),),
        ),
    )  # fmt: skip


GUARANTEES = (
    *(guarantee for service in SERVICES for guarantee in _of_every(service)),
    Guarantee(
        "paid_within_payable", "orders", "已付金额不超过应付款，付清的才算已付",
        "What counts as paid does not exceed the payable, and paid are those paid in full",
        (Guard("CONSTRAINT", "payables", "payables_paid"),
         Guard("CONSTRAINT", "payables", "payables_settled")),
    ),
    Guarantee(
        "matches_once", "matching", "同一需求与供给最多一个匹配",
        "A demand and a supply have one match",
        (Guard("CONSTRAINT", "matches", "matches_demand_id_supply_id"),),
    ),
    Guarantee(
        "capacity_sums", "matching", "空闲、占用与使用的产能之和等于申报产能",
        "Free, reserved and used capacity sum to what was declared",
        (Guard("CONSTRAINT", "supplies", "supplies_capacity"),
         Guard("CONSTRAINT", "supplies", "supplies_signs")),
    ),
    Guarantee(
        "items_once", "matching", "同一机构在用的供给货号不重复",
        "No two supplies in use of an organisation share an item code",
        (Guard("INDEX", "supplies", "supplies_item_code"),),
    ),
    Guarantee(
        "imports_add_up", "matching", "导入文件的行数等于导入、跳过与失败之和",
        "What is done of a file was imported, skipped or failed, and one runs at a time",
        (Guard("CONSTRAINT", "imports", "imports_counts"),
         Guard("INDEX", "imports", "imports_running")),
    ),
    Guarantee(
        "allocated_within_confirmed", "finance", "占用金额不超过确权金额减去折让",
        "What is allocated or repaid does not exceed confirmed less credit notes",
        (Guard("CONSTRAINT", "receivables", "ck_receivables_allocated"),),
    ),
    Guarantee(
        "settled_within_share", "finance", "融资份额的回款不超过份额，结清的份额全部收回",
        "No more is received of a share than it is, and all of those that are settled",
        (Guard("CONSTRAINT", "positions", "ck_positions_settled"),
         Guard("CONSTRAINT", "positions", "ck_positions_settled_whole")),
    ),
    Guarantee(
        "invoice_once", "finance", "每张发票被占用的金额不超过发票总额",
        "No invoice is claimed beyond its total",
        (Guard("CONSTRAINT", "invoices", "ck_invoices_allocated"),),
    ),
    Guarantee(
        "limits_hold", "finance", "占用与使用的额度不超过授信额度",
        "Limits reserved and used do not exceed what was granted",
        (Guard("CONSTRAINT", "limits", "ck_limits_granted"),),
    ),
    Guarantee(
        "one_offer_accepted", "finance", "每份申请最多接受一个报价",
        "At most one offer of an application is accepted",
        (Guard("INDEX", "offers", "uq_offers_accepted"),),
    ),
    Guarantee(
        "entries_balance", "finance", "每笔分录借贷平衡，入账后不可更改",
        "The postings of every entry sum to zero, and nothing booked changes",
        tuple(
            Guard("TRIGGER", table, name)
            for table in ("journal_entries", "postings")
            for name in ("entry_balances", "append_only")
        ),
    ),
)  # fmt: skip
CHECKS = tuple(guarantee.check() for guarantee in GUARANTEES)
