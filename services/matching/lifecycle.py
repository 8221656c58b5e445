"""The states of a supply, of a match and of a reservation, as tables of moves."""

from services.lifecycle import Lifecycle

SUPPLY = Lifecycle(
    "supply",
    "draft",
    {
        ("draft", "amend"): "draft",
        ("draft", "submit"): "verifying",
        ("draft", "import"): "active",  # a public source has been checked by its importer
        ("verifying", "activate"): "active",
        ("verifying", "reject"): "rejected",
        ("rejected", "amend"): "rejected",
        ("rejected", "submit"): "verifying",
        # What was checked is checked again. Other words are amended where it stands: no move.
        ("active", "amend"): "verifying",
        ("active", "expire"): "stale",
        ("stale", "amend"): "stale",
        ("stale", "refresh"): "verifying",
        ("draft", "archive"): "archived",
        ("verifying", "archive"): "archived",
        ("rejected", "archive"): "archived",
        ("active", "archive"): "archived",
        ("stale", "archive"): "archived",
    },
)
PUBLISHED = frozenset({"active", "stale"})  # its text has been read: another one is a version

# What a quote leads to, from wherever its match is: facts of a demand and of its quotes come on
# different queues and overtake each other, and a supplier may quote although its match had ended.
# Which quote counts is decided by the newest that was heard of, not here. `won` is the end: a
# quote is accepted at the signing, after which no award lapses and no demand is cancelled.
_TOLD = ("sent", "interested", "declined", "quoted", "expired", "withdrawn", "closed", "lost")
_BY_QUOTE = {
    **{(state, "quote"): "quoted" for state in _TOLD if state != "quoted"},
    **{(state, "win"): "won" for state in _TOLD},
    **{(state, "lose"): "lost" for state in _TOLD if state != "lost"},
}
MATCH = Lifecycle(
    "match",
    "proposed",
    _BY_QUOTE
    | {
        ("proposed", "send"): "sent",
        # A demand that is open again tells those who were told before.
        ("expired", "send"): "sent",
        ("closed", "send"): "sent",
        ("withdrawn", "send"): "sent",
        ("lost", "send"): "sent",
        # From the order hall 订单大厅: the supplier comes of its own accord.
        ("proposed", "enter"): "interested",
        ("sent", "enter"): "interested",
        ("declined", "enter"): "interested",
        ("expired", "enter"): "interested",
        ("closed", "enter"): "interested",
        ("withdrawn", "enter"): "interested",
        ("lost", "enter"): "interested",
        ("sent", "show_interest"): "interested",
        ("sent", "decline"): "declined",
        ("interested", "decline"): "declined",
        ("sent", "expire"): "expired",
        ("interested", "expire"): "expired",
        ("sent", "withdraw"): "withdrawn",
        ("interested", "withdraw"): "withdrawn",
        ("sent", "close"): "closed",
        ("interested", "close"): "closed",
        ("quoted", "close"): "closed",
    },
)

WAITING = frozenset({"sent", "interested"})  # for a quote; whatever else comes may still end it

RESERVATION = Lifecycle(
    "reservation",
    "open",
    {
        ("open", "reserve"): "reserved",
        ("open", "refuse"): "short",
        ("short", "reserve"): "reserved",
        ("short", "forget"): "open",  # the award came to nothing: the next one is told anew
        ("released", "reserve"): "reserved",  # awarded again after a lapse
        ("released", "refuse"): "short",
        ("reserved", "use"): "used",
        ("reserved", "release"): "released",
        ("used", "release"): "released",  # completed, or ended after signing
    },
)

IMPORT = Lifecycle(
    "import",
    "running",
    {("running", "finish"): "finished", ("running", "cancel"): "cancelled"},
)
