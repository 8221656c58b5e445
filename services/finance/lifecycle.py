"""The lives of everything that finance owns, as tables of moves."""

from services.lifecycle import Lifecycle

RECEIVABLE = Lifecycle(
    "receivable",
    "draft",
    {
        ("draft", "enter"): "entered",
        ("entered", "check"): "checked",
        ("entered", "hold"): "duplicate_held",
        ("entered", "reject"): "rejected",
        ("entered", "withdraw"): "withdrawn",
        ("duplicate_held", "check"): "checked",
        ("duplicate_held", "reject"): "rejected",
        ("duplicate_held", "withdraw"): "withdrawn",
        ("checked", "request_confirmation"): "confirmation_requested",
        ("checked", "withdraw"): "withdrawn",
        ("confirmation_requested", "prepare"): "prepared",
        ("confirmation_requested", "refuse"): "refused",
        ("confirmation_requested", "withdraw"): "withdrawn",
        ("prepared", "prepare"): "prepared",  # the maker mends it before the checker signs
        ("prepared", "confirm"): "confirmed",
        ("prepared", "refuse"): "refused",
        ("prepared", "withdraw"): "withdrawn",
        ("refused", "correct"): "entered",
        ("refused", "withdraw"): "withdrawn",
        ("confirmed", "settle"): "settled",
    },
)

AUTHORISATION = Lifecycle(
    "authorisation",
    "granted",
    {("granted", "revoke"): "revoked", ("granted", "expire"): "expired"},
)

PRODUCT = Lifecycle("product", "published", {("published", "retire"): "retired"})

LIMIT = Lifecycle(
    "limit",
    "prepared",
    {
        ("prepared", "approve"): "approved",
        ("prepared", "reject"): "rejected",
        ("prepared", "withdraw"): "withdrawn",
        ("approved", "propose"): "changing",
        ("approved", "end"): "ended",
        ("changing", "approve"): "approved",
        ("changing", "reject"): "approved",  # as it was
        ("changing", "withdraw"): "approved",
        ("changing", "end"): "ended",
        ("ended", "propose"): "reopening",
        ("reopening", "approve"): "approved",
        ("reopening", "reject"): "ended",
        ("reopening", "withdraw"): "ended",
    },
)

APPLICATION = Lifecycle(
    "application",
    "draft",
    {
        ("draft", "submit"): "offering",
        ("offering", "open_to"): "offering",
        ("offering", "screen_out"): "offering",
        ("offering", "close_offers"): "selecting",
        ("offering", "decline"): "declined",
        ("offering", "withdraw"): "withdrawn",
        ("selecting", "open_to"): "selecting",
        ("selecting", "choose"): "securing",
        ("selecting", "withdraw"): "withdrawn",
        ("selecting", "expire"): "expired",
        ("securing", "make_ready"): "ready",
        ("securing", "withdraw"): "withdrawn",
        ("securing", "release"): "releasing",
        ("ready", "release"): "releasing",
        ("ready", "disburse"): "disbursed",
        ("releasing", "reselect"): "selecting",
        ("releasing", "withdraw"): "withdrawn",
        ("releasing", "expire"): "expired",
        ("disbursed", "close"): "closed",
    },
)

POSITION = Lifecycle(
    "position",
    "held",
    {
        ("held", "commit"): "committed",
        ("held", "release"): "released",
        ("committed", "file"): "filed",
        ("committed", "fund"): "funded",
        ("committed", "release"): "released",
        ("filed", "file"): "filed",  # searched again after prior claims were found
        ("filed", "notify"): "noticed",
        ("filed", "fund"): "funded",
        ("filed", "release"): "releasing",
        ("noticed", "acknowledge"): "acknowledged",
        ("noticed", "fund"): "funded",
        ("noticed", "release"): "releasing",
        ("acknowledged", "fund"): "funded",
        ("acknowledged", "release"): "releasing",
        ("releasing", "cancel"): "released",
        ("funded", "collect"): "funded",  # the debtor paid some of it to the bank
        ("funded", "settle"): "settled",
        # The loan ended before the debtor paid it all: it waits where it is filed or noticed.
        ("funded", "fall_short"): "short_paid",
        ("funded", "end_short"): "releasing",
        ("releasing", "fall_short"): "short_paid",
    },
)

OFFER = Lifecycle(
    "offer",
    "prepared",
    {
        ("prepared", "approve"): "sealed",
        ("prepared", "reject"): "rejected",  # back to the maker, who may prepare another
        ("prepared", "withdraw"): "withdrawn",
        ("prepared", "expire"): "expired",
        ("sealed", "withdraw"): "withdrawn",
        ("sealed", "open"): "visible",
        ("sealed", "lose"): "lost",  # the application was withdrawn: its terms stay sealed
        ("visible", "accept"): "accepted",
        ("visible", "lose"): "lost",
        ("visible", "expire"): "expired",
        ("accepted", "fulfil"): "fulfilled",
        ("accepted", "lapse"): "lapsed",
        ("accepted", "lose"): "lost",
        ("lost", "revive"): "visible",  # the accepted one lapsed and this one is still valid
    },
)

LOAN = Lifecycle(
    "loan",
    "created",
    {
        ("created", "instruct"): "instructed",
        ("instructed", "pay"): "active",
        ("instructed", "fail"): "failed",
        ("instructed", "lose_sight"): "unknown",
        ("unknown", "pay"): "active",
        ("unknown", "fail"): "failed",
        ("failed", "instruct"): "instructed",
        ("active", "fall_due"): "due",
        ("active", "repay_part"): "part_paid",
        ("active", "repay"): "paid",
        ("due", "fall_overdue"): "overdue",
        ("due", "repay_part"): "part_paid",
        ("due", "repay"): "paid",
        ("part_paid", "fall_overdue"): "overdue",
        ("part_paid", "repay_part"): "part_paid",
        ("part_paid", "repay"): "paid",
        ("overdue", "repay_part"): "overdue",
        ("overdue", "repay"): "paid",
    },
)

# States in which a position holds its amount of the receivable.
LIVE_POSITIONS = (
    "held", "committed", "filed", "noticed", "acknowledged", "funded", "releasing",
)  # fmt: skip
# States in which a receivable holds its part of the payables and of the invoice.
LIVE_RECEIVABLES = (
    "entered", "checked", "confirmation_requested", "prepared", "confirmed", "settled",
)  # fmt: skip
# States in which offers may reserve on a limit.
OPEN_LIMITS = ("approved", "changing")
# States in which a limit says how much may be lent: what is ended lets nothing more be reserved.
GRANTED_LIMITS = (*OPEN_LIMITS, "ended", "reopening")
# States of what never was a limit: it keeps no other of its subject out.
VOID_LIMITS = ("rejected", "withdrawn")
# States in which another sum waits for a second person.
CHANGING_LIMITS = ("changing", "reopening")
# States in which a bank's offer stands for its application: one at a time.
LIVE_OFFERS = ("prepared", "sealed", "visible", "accepted", "fulfilled")
