"""The states of a supply, of a match and of a reservation, as tables of moves."""

from services.lifecycle import Lifecycle

SUPPLY = Lifecycle(
    "supply",
    "draft",
    {
        ("draft", "submit"): "verifying",
        ("draft", "import"): "active",  # a public source has been checked by its importer
        ("verifying", "activate"): "active",
        ("verifying", "reject"): "rejected",
        ("rejected", "submit"): "verifying",
        ("draft", "archive"): "archived",
        ("verifying", "archive"): "archived",
        ("rejected", "archive"): "archived",
        ("active", "archive"): "archived",
    },
)

# Facts of a demand and of its quotes come on different queues and may overtake each other, so the
# moves that a quote causes are allowed wherever a later fact of the demand may have led first.
MATCH = Lifecycle(
    "match",
    "proposed",
    {
        ("proposed", "send"): "sent",
        ("proposed", "close"): "closed",
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
        ("sent", "quote"): "quoted",
        ("interested", "quote"): "quoted",
        ("declined", "quote"): "quoted",
        ("withdrawn", "quote"): "quoted",
        ("expired", "quote"): "quoted",
        ("sent", "expire"): "expired",
        ("interested", "expire"): "expired",
        ("sent", "withdraw"): "withdrawn",
        ("interested", "withdraw"): "withdrawn",
        ("quoted", "withdraw"): "withdrawn",
        ("sent", "close"): "closed",
        ("interested", "close"): "closed",
        ("quoted", "close"): "closed",
        ("won", "close"): "closed",  # cancelled before the signature
        ("sent", "win"): "won",
        ("interested", "win"): "won",
        ("expired", "win"): "won",
        ("closed", "win"): "won",
        ("quoted", "win"): "won",
        ("sent", "lose"): "lost",
        ("interested", "lose"): "lost",
        ("expired", "lose"): "lost",
        ("closed", "lose"): "lost",
        ("quoted", "lose"): "lost",
        ("won", "lose"): "lost",  # the award lapsed in silence
    },
)

RESERVATION = Lifecycle(
    "reservation",
    "open",
    {
        ("open", "reserve"): "reserved",
        ("open", "refuse"): "short",
        ("short", "reserve"): "reserved",
        ("released", "reserve"): "reserved",  # awarded again after a lapse
        ("released", "refuse"): "short",
        ("reserved", "use"): "used",
        ("reserved", "release"): "released",
        ("used", "release"): "released",  # completed, or ended after signing
    },
)
