"""What banks lend on in general, and up to how much: owned by finance."""

from marshmallow import fields

from services.contracts.declare import Aggregate
from services.contracts.fields import (
    Arguments,
    Code,
    Count,
    Fen,
    Flag,
    Id,
    Money,
    Part,
    State,
    Text,
    Timestamp,
    listed,
)
from services.contracts.reasons import LimitEnded, LimitRejected
from services.contracts.roles import READ

SECURITIES = ("assignment_disclosed", "assignment_undisclosed", "pledge", "none")
DAY_COUNTS = ("ACT/360", "ACT/365")
PRODUCT_KINDS = ("receivable", "data_chain")  # 应收账款融资; 数据链融资: no guarantee, capped


class ProductState(State):
    """A bank's financing product 融资产品 with the criteria it wants applied before it is asked."""

    bank_id = Id(required=True)
    bank_name = Text()
    kind = Code(*PRODUCT_KINDS)
    name = Text(required=True)
    security = Code(*SECURITIES)
    recourse = Flag()
    advance_rate_bp = Count(1, 10_000)  # 融资比例, of the confirmed amount
    min_fen = Fen()
    max_fen = Fen()
    max_term_days = Count(1, 3650)
    grace_days = Count(0, 90)
    day_count = Code(*DAY_COUNTS)


class PublishProduct(Arguments):
    kind = Code(*PRODUCT_KINDS, load_default="receivable")
    name = Text(required=True)
    security = Code(*SECURITIES, load_default="assignment_disclosed")
    recourse = Flag(load_default=False)
    advance_rate_bp = Count(1, 10_000, required=True)
    min_fen = Money(required=True, data_key="min")
    max_fen = Money(required=True, data_key="max")
    max_term_days = Count(1, 3650, required=True)
    grace_days = Count(0, 90, load_default=5)
    day_count = Code(*DAY_COUNTS, load_default="ACT/360")


product = Aggregate("product", "finance", "F", ProductState, ("published", "retired"))
PublishProductCommand = product.command("create", PublishProduct, scope="products:write")
RetireProduct = product.command("retire", scope="products:write")


class LimitState(State):
    """A credit limit 授信额度 of a bank: reserved + used never exceed granted.

    `proposed_fen`: the sum that waits for a second person to take the place of `granted_fen`.
    `reason_code` is that of the last decision, `ended_code` why nothing more is reserved on it: it
    stays until the limit is open again, whatever is refused meanwhile.
    """

    bank_id = Id(required=True)
    scope = Code("debtor", "group", "borrower", "product", "total")
    subject_id = Id(allow_none=True)  # null for the total
    granted_fen = Fen(required=True)
    reserved_fen = Fen()
    used_fen = Fen()
    prepared_by = Text(60)
    approved_by = Text(60, allow_none=True)
    proposed_fen = Fen(allow_none=True)
    proposed_by = Text(60, allow_none=True)
    reason_note = Text(500, allow_none=True)  # the free words beside `reason_code`
    ended_code = Text(60, allow_none=True)
    ended_note = Text(500, allow_none=True)


class PrepareLimit(Arguments):
    scope = Code("debtor", "group", "borrower", "product", "total", required=True)
    subject_id = Id(load_default=None, allow_none=True)
    granted_fen = Money(required=True, data_key="granted")


class ProposeLimit(Arguments):
    """Another sum, not below what offers and loans have taken; of an ended limit: to reopen it."""

    granted_fen = Money(required=True, data_key="granted")


# What people decide of a limit; it is `changed` by what offers and loans take of it.
DECISIONS = ("prepared", "approved", "rejected", "proposed", "withdrawn", "ended")


class LimitDecision(Part):
    """What one person did to a limit. `from_fen`: what was in force until then, null where nothing
    was; `to_fen`: the sum that it was about, null where the limit was ended.
    """

    decision = Code(*DECISIONS)
    decided_at = Timestamp()
    user_id = Text(60)
    from_fen = Fen(allow_none=True)
    to_fen = Fen(allow_none=True)
    reason_code = Text(60, allow_none=True)
    reason_note = Text(500, allow_none=True)


class LimitHistory(Part):
    """The oldest first."""

    decisions = listed(fields.Nested(LimitDecision))


limit = Aggregate("limit", "finance", "G", LimitState, (*DECISIONS, "changed"))
PrepareLimitCommand = limit.command("create", PrepareLimit, scope="limits:prepare")
ApproveLimit = limit.command("approve", scope="limits:approve")
RejectLimit = limit.command("reject", LimitRejected, scope="limits:approve")
ProposeLimitCommand = limit.command("propose", ProposeLimit, scope="limits:prepare")
WithdrawLimit = limit.command("withdraw", scope="limits:prepare")
EndLimit = limit.command("end", LimitEnded, scope="limits:approve")
ReadLimitHistory = limit.query("history", LimitHistory, scope=READ)
