"""The states of a demand, a quote, a contract, a delivery and a payable, and the moves between.

A move that is absent is refused. Who may make it is each command's business; the timer's verbs
are those that no command carries.
"""

from services.lifecycle import Lifecycle

DEMAND = Lifecycle(
    "demand",
    "draft",
    {
        ("draft", "amend"): "draft",
        ("draft", "publish"): "published",
        ("draft", "cancel"): "cancelled",
        ("published", "amend"): "published",
        ("published", "close"): "evaluating",
        ("published", "cancel"): "cancelled",
        ("evaluating", "award"): "awarded",
        ("evaluating", "fail"): "unsuccessful",
        ("evaluating", "cancel"): "cancelled",
        ("awarded", "confirm_award"): "contracting",
        ("awarded", "lapse_award"): "evaluating",
        ("awarded", "cancel"): "cancelled",
        ("contracting", "contract"): "contracted",
        ("contracting", "lapse_award"): "evaluating",  # declined or never signed
        ("contracting", "cancel"): "cancelled",
        ("contracted", "fulfil"): "fulfilled",
        ("unsuccessful", "reopen"): "published",
        ("unsuccessful", "cancel"): "cancelled",
    },
)

QUOTE = Lifecycle(
    "quote",
    "draft",
    {
        ("draft", "seal"): "sealed",
        ("sealed", "replace"): "sealed",
        ("sealed", "withdraw"): "withdrawn",
        ("sealed", "invalidate"): "invalidated",
        ("sealed", "open"): "opened",
        ("sealed", "expire"): "expired",  # its validity ended before the opening: never shown
        ("opened", "accept"): "accepted",
        ("opened", "reject"): "rejected",
        ("opened", "expire"): "expired",
    },
)

CONTRACT = Lifecycle(
    "contract",
    "draft",
    {
        ("draft", "clear"): "cleared",
        ("draft", "block"): "blocked",
        ("cleared", "revise"): "draft",
        ("blocked", "revise"): "draft",
        ("cleared", "start_signing"): "signing",
        ("signing", "sign"): "signing",
        ("signing", "activate"): "active",
        ("signing", "expire"): "expired",
        # A party that will not go on says so at any time before the last signature.
        ("cleared", "decline"): "declined",
        ("blocked", "decline"): "declined",
        ("signing", "decline"): "declined",
        ("active", "complete"): "completed",
    },
)

DELIVERY = Lifecycle(
    "delivery",
    "shipped",
    {
        ("shipped", "arrive"): "delivered",
        ("delivered", "accept"): "accepted",
        ("delivered", "accept_part"): "part_accepted",
        ("delivered", "reject"): "rejected",
        ("delivered", "deem_conforming"): "deemed_conforming",
        ("delivered", "overrun_inspection"): "inspection_overdue",
        # The payment clock runs already; a late word of acceptance is still welcome.
        ("inspection_overdue", "accept"): "accepted",
        ("rejected", "redeliver"): "shipped",
    },
)

PAYABLE = Lifecycle(
    "payable",
    "scheduled",
    {
        ("scheduled", "start"): "running",
        ("scheduled", "report_payment"): "scheduled",  # what the buyer says pays nothing
        ("running", "report_payment"): "running",
        ("due", "report_payment"): "due",
        ("part_paid", "report_payment"): "part_paid",
        ("overdue", "report_payment"): "overdue",
        ("scheduled", "pay"): "paid",
        ("scheduled", "pay_part"): "scheduled",  # the rest still waits for its start date
        ("running", "stop"): "scheduled",  # the delivery that started it was rejected
        ("running", "fall_due"): "due",
        ("running", "pay"): "paid",
        ("running", "pay_part"): "part_paid",
        ("due", "stop"): "scheduled",
        ("due", "become_overdue"): "overdue",
        ("due", "pay"): "paid",
        ("due", "pay_part"): "part_paid",
        ("part_paid", "stop"): "scheduled",
        ("part_paid", "become_overdue"): "overdue",
        ("part_paid", "pay"): "paid",
        ("part_paid", "pay_part"): "part_paid",
        ("overdue", "pay"): "paid",  # paid in time, recorded late
        ("overdue", "pay_part"): "overdue",
        ("overdue", "pay_late"): "paid_late",
    },
)
