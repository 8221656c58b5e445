"""What the gateway owns (parties, people, access), and its read model of everything."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.contracts import joining
from services.contracts import party as contract
from services.contracts.webhook import webhook
from services.gateway import lifecycle
from services.gateway.joining_tables import joining_tables
from services.gateway.told_tables import personal_tables, webhook_tables
from services.messaging import AggregateRow, messaging_tables

Moment = DateTime(timezone=True)
Uid = Uuid(as_uuid=False)


class Base(DeclarativeBase):
    """The gateway's metadata."""


metadata = Base.metadata
messaging_tables(metadata)
DELIVERIES, ASKED_CALLS, OLD_SECRETS = webhook_tables(metadata)
NOTIFICATION_MARKS, PREFERENCES = personal_tables(metadata)
CONTENTS, CONTACTS = joining_tables(metadata)


class Party(AggregateRow, Base):
    """An organisation. One credit code, one party; names may repeat.

    But for the code of an application that was rejected: it is free again.
    """

    __tablename__ = "parties"
    __table_args__ = (
        Index(
            "parties_credit_code",
            "credit_code",
            unique=True,
            postgresql_where=text("state <> 'rejected'"),
        ),
        Index("parties_name", "name"),
        Index(
            "parties_joining",
            "state",
            postgresql_where=text("state IN ('applying', 'applied')"),
        ),
    )
    AGGREGATE = contract.party
    LIFECYCLE = lifecycle.PARTY
    REFUSALS: ClassVar = {"parties_credit_code": "credit_code_taken"}

    name: Mapped[str] = mapped_column(Text)
    credit_code: Mapped[str | None] = mapped_column(Text)
    capacities: Mapped[list[str]] = mapped_column(JSONB)
    nature: Mapped[str] = mapped_column(Text)
    fiscal_funded: Mapped[bool] = mapped_column(Boolean)
    size: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    industry: Mapped[str | None] = mapped_column(Text)
    tiers: Mapped[list[str]] = mapped_column(JSONB)
    group_id: Mapped[str | None] = mapped_column(Uid)
    verified_until: Mapped[date | None] = mapped_column(Date)
    reason_note: Mapped[str | None] = mapped_column(Text)
    apply_until: Mapped[datetime | None] = mapped_column(Moment)


class Document(AggregateRow, Base):
    """A file of an organisation; what is in it lies beside, by its digest."""

    __tablename__ = "documents"
    AGGREGATE = joining.document
    LIFECYCLE = lifecycle.DOCUMENT

    party_id: Mapped[str] = mapped_column(Uid, index=True)
    purpose: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(Text)


class User(AggregateRow, Base):
    """A person or a system of one organisation. `signing_keys` as the contract shows them.

    `lineage`: the duties of all through whose hands it came, of who added it and who gave it its
    first key, and of those who made these. No fact shows it: only `commands.four_eyes` asks.
    `is_first`: the operator added it; `commands.rights` asks.
    """

    __tablename__ = "users"
    AGGREGATE = contract.user
    LIFECYCLE = lifecycle.USER

    party_id: Mapped[str] = mapped_column(Uid, index=True)
    name: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(JSONB)
    lineage: Mapped[list[str]] = mapped_column(JSONB)
    is_first: Mapped[bool] = mapped_column(Boolean, server_default=false())
    signing_keys: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    can_sign_in: Mapped[bool] = mapped_column(Boolean, server_default=false())


class ApiKey(AggregateRow, Base):
    """A key: found by its prefix, proved by the SHA-256 of its 256 random bits."""

    __tablename__ = "api_keys"
    AGGREGATE = contract.api_key
    LIFECYCLE = lifecycle.API_KEY

    party_id: Mapped[str] = mapped_column(Uid, index=True)
    user_id: Mapped[str] = mapped_column(Uid, index=True)
    prefix: Mapped[str] = mapped_column(Text, unique=True)
    secret_sha256: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(JSONB)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Mandate(AggregateRow, Base):
    """Who of a buyer may confirm which claims, up to what amount, until when."""

    __tablename__ = "mandates"
    AGGREGATE = contract.mandate
    LIFECYCLE = lifecycle.MANDATE

    party_id: Mapped[str] = mapped_column(Uid, index=True)
    user_id: Mapped[str] = mapped_column(Uid)
    supplier_id: Mapped[str | None] = mapped_column(Uid)
    contract_id: Mapped[str | None] = mapped_column(Uid)
    limit_fen: Mapped[int] = mapped_column(BigInteger)
    valid_until: Mapped[date] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Webhook(AggregateRow, Base):
    """Where a party's facts go, and how far they have gone.

    `secret` signs, so it cannot be a hash; it is in no fact, document or log. `user_id` is who
    registered or last enabled it, `capacities` those of that person's duties: it is told what that
    person could read, and ends with the person's last key. `due_at` (real time)
    is when the sender looks next: it is the back-off, and the lease of the sender at work.
    `last_success_at` (real time) is of the last call that was answered 2xx.
    """

    __tablename__ = "webhooks"
    AGGREGATE = webhook
    LIFECYCLE = lifecycle.WEBHOOK

    party_id: Mapped[str] = mapped_column(Uid, index=True)
    user_id: Mapped[str | None] = mapped_column(Uid, index=True)
    url: Mapped[str] = mapped_column(Text)
    event_types: Mapped[list[str]] = mapped_column(JSONB)
    capacities: Mapped[list[str]] = mapped_column(JSONB)
    secret: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(Integer)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    rotated_at: Mapped[datetime | None] = mapped_column(Moment)
    last_success_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())


class ClockSetting(AggregateRow, Base):
    """How far business time runs ahead: one row, and only in a demonstration."""

    __tablename__ = "clock_settings"
    AGGREGATE = contract.clock
    LIFECYCLE = lifecycle.CLOCK

    offset_s: Mapped[int] = mapped_column(BigInteger)


# Whose a signing key is, over all organisations: one person's, also after it was revoked.
SIGNING_KEYS = Table(
    "signing_keys",
    metadata,
    Column("public_key", Text, primary_key=True),
    Column("user_id", Uid, nullable=False),
)


# By what a person signs in; `login` in small letters, `password_hash` as argon2id writes it.
LOGINS = Table(
    "logins",
    metadata,
    Column("user_id", Uid, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
)
# At most one of a person: the newest, until it is used.
INVITATIONS = Table(
    "invitations",
    metadata,
    Column("user_id", Uid, primary_key=True),
    Column("code_sha256", Text, nullable=False, unique=True),
    Column("ends_at", Moment, nullable=False, index=True),
)
# Who is signed in. Times are real ones: a demonstration that skips a month signs nobody out.
# `roles` are the duties at sign-in: with other ones a session is over.
SESSIONS = Table(
    "sessions",
    metadata,
    Column("secret_sha256", Text, primary_key=True),
    Column("user_id", Uid, nullable=False, index=True),
    Column("roles", JSONB, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False, index=True),
    Column("seen_at", Moment, nullable=False),
)
# Whose a name at an OpenID Connect issuer is; and attempts to sign in there, by the digest of their
# state, with what the answer must match.
OIDC_LINKS = Table(
    "oidc_links",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("user_id", Uid, nullable=False, index=True),
)
OIDC_ATTEMPTS = Table(
    "oidc_attempts",
    metadata,
    Column("state_sha256", Text, primary_key=True),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("user_id", Uid),
    Column("ends_at", Moment, nullable=False, index=True),
)
# Wrong passwords in a row. `subject` is a digest: people type passwords where the login belongs.
SIGN_IN_FAILURES = Table(
    "sign_in_failures",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False, index=True),
)


def _told() -> tuple[Column[Any], ...]:
    """A fact as one audience is told of it.

    `actor_user` is shown to nobody: whoever acted is not notified of it.
    """
    return (
        Column("event_id", Uid, nullable=False),
        Column("audience", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("resource_id", Uid, nullable=False),
        Column("sequence", BigInteger),
        Column("thread_id", Uid),
        Column("occurred_at", Moment, nullable=False),
        Column("business_date", Date, nullable=False),
        Column("actor_party", Uid),
        Column("actor_name", Text),
        Column("actor_user", Text),
    )


# The guard of every resource of the platform: its newest sequence that has been projected, and the
# one before it, which only the statement that raises it can know for certain.
RESOURCES = Table(
    "resources",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Uid, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("raised_from", BigInteger, nullable=False, server_default="0"),
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sort_at", Moment, nullable=False),
)

# The final JSON, one row per audience. `thread_id` only where that audience's document has it;
# `sequence` is for the guard and the checker, a reader gets `etag`.
VIEWS = Table(
    "views",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Uid, primary_key=True),
    Column("audience", Text, primary_key=True),
    Column("shown_at", Moment, nullable=False, server_default=func.now()),
    Column("sequence", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("sort_at", Moment, nullable=False),
    Column("thread_id", Uid),
    Column("etag", Text, nullable=False),
    Column("document", Text, nullable=False),
    # By which lists are filtered and sorted, from that very document (`readmodel.extracts`).
    Column("due_at", Moment),
    Column("amount_fen", BigInteger),
    Column("facet", Text),
    Column("region", Text),
    # By which it is searched for, once the relay has marked it.
    Column("words", Text),
    Column("parties", ARRAY(Uid)),
)
Index("views_listed", VIEWS.c.audience, VIEWS.c.kind, VIEWS.c.sort_at.desc(), VIEWS.c.id.desc())
Index(
    "views_by_state", VIEWS.c.audience, VIEWS.c.kind, VIEWS.c.state, VIEWS.c.sort_at.desc(),
    VIEWS.c.id.desc(),
)  # fmt: skip
Index(
    "views_of_thread",
    VIEWS.c.thread_id,
    VIEWS.c.audience,
    postgresql_where=VIEWS.c.thread_id.is_not(None),
)
Index(
    "views_by_due", VIEWS.c.audience, VIEWS.c.kind, VIEWS.c.due_at, VIEWS.c.id,
    postgresql_where=VIEWS.c.due_at.is_not(None),
)  # fmt: skip
Index(
    "views_by_amount", VIEWS.c.audience, VIEWS.c.kind, VIEWS.c.amount_fen.desc(),
    VIEWS.c.id.desc(), postgresql_where=VIEWS.c.amount_fen.is_not(None),
)  # fmt: skip
# What the programme's page counts, of the operator's rows alone, without a look at documents.
Index(
    "views_counted", VIEWS.c.kind, VIEWS.c.state, VIEWS.c.sort_at,
    postgresql_include=["id", "thread_id", "amount_fen", "facet", "region"],
    postgresql_where=VIEWS.c.audience == "role:operator",
)  # fmt: skip

# What the public pages find and list: a row per public document of the kinds that have a page, made
# of that document alone. `terms` are the words of a search and the filters; `card` is the JSON of a
# line in a list; the other columns are for filters and statistics. `changed_at`: when the public
# document, which `etag` names, last became another one.
PUBLIC_ENTRIES = Table(
    "public_entries",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Uid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("owner_id", Uid),
    Column("state", Text, nullable=False),
    Column("sort_at", Moment, nullable=False),
    Column("open_until", Moment),
    Column("industry", Text),
    Column("region", Text),
    Column("amount_fen", BigInteger),
    Column("terms", ARRAY(Text), nullable=False),
    Column("card", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
Index("public_entries_number", PUBLIC_ENTRIES.c.number, PUBLIC_ENTRIES.c.kind)
Index(
    "public_entries_listed", PUBLIC_ENTRIES.c.kind, PUBLIC_ENTRIES.c.sort_at.desc(),
    PUBLIC_ENTRIES.c.id.desc(),
)  # fmt: skip
Index(
    "public_entries_by_state", PUBLIC_ENTRIES.c.kind, PUBLIC_ENTRIES.c.state,
    PUBLIC_ENTRIES.c.sort_at.desc(), PUBLIC_ENTRIES.c.id.desc(),
)  # fmt: skip
Index("public_entries_terms", PUBLIC_ENTRIES.c.terms, postgresql_using="gin")
Index(
    "public_entries_of_owner", PUBLIC_ENTRIES.c.owner_id, PUBLIC_ENTRIES.c.sort_at.desc(),
    postgresql_where=PUBLIC_ENTRIES.c.kind == "supply",
)  # fmt: skip

# By what a resource is found, once for all audiences that see the same words of it. `marks` stand
# for these audiences, the parties and every two characters (`readmodel.marks`).
SEARCHED = Table(
    "searched",
    metadata,
    Column("id", Uid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("audiences", ARRAY(Text), nullable=False),
    Column("words", Text, nullable=False),
    Column("parties", ARRAY(Uid), nullable=False),
    Column("facet", Text),
    Column("marks", ARRAY(BigInteger), nullable=False),
)
Index("searched_id", SEARCHED.c.id)
# What has been written of late is looked through one by one, up to a megabyte.
Index(
    "searched_marks", SEARCHED.c.marks, postgresql_using="gin",
    postgresql_with={"gin_pending_list_limit": 1024},
)  # fmt: skip

# Every fact once per audience. Readers go by `position` and never skip a transaction that committed
# late, because a row enters with its position, which the relay gives after commit: until then it
# waits. `sequence` is null where the audience's document is masked or gone.
FEED = Table(
    "feed",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    *_told(),
    UniqueConstraint("event_id", "audience", name="feed_once"),
)
Index("feed_read", FEED.c.audience, FEED.c.position)
Index("feed_by_type", FEED.c.audience, FEED.c.type, FEED.c.position)
# What was told and has no position yet, oldest first; a fact may wait here twice. It is looked for
# by the fact and by the thread, whatever waits while no relay is there.
FEED_WAITING = Table(
    "feed_waiting",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    *_told(),
)
Index("feed_waiting_event_id", FEED_WAITING.c.event_id)
Index(
    "feed_waiting_of_thread",
    FEED_WAITING.c.thread_id,
    postgresql_where=FEED_WAITING.c.thread_id.is_not(None),
)
# Who owes the next step of what (`readmodel.steps`): one row for each thing, owner and step. The
# owner is an audience. `urgent_at` orders them whatever the time is: by when each was or is due, or
# since when it waits. Other things do the `whole` of some, each a part of it.
STEPS = Table(
    "steps",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Uid, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("thread_id", Uid),
    Column("number", Text, nullable=False),
    Column("title", Text),
    Column("counterparts", ARRAY(Uid), nullable=False),
    Column("amount_fen", BigInteger),
    Column("since", Moment, nullable=False),
    Column("due_at", Moment),
    Column("due_date", Date),
    Column(
        "urgent_at", Moment, Computed("coalesce(due_at, since)", persisted=True), nullable=False
    ),
    Column("about", Uid),
    Column("whole", BigInteger),
    Column("is_on_board", Boolean, nullable=False),
)
Index("steps_owed", STEPS.c.owner, STEPS.c.step, STEPS.c.urgent_at, STEPS.c.id)
Index(
    "steps_on_board", STEPS.c.step, STEPS.c.urgent_at, STEPS.c.id, STEPS.c.owner,
    postgresql_where=STEPS.c.is_on_board,
)  # fmt: skip
STEP_PARTS = Table(
    "step_parts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Uid, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("about", Uid, nullable=False),
    Column("part", BigInteger, nullable=False),
)
Index("step_parts_of", STEP_PARTS.c.about, STEP_PARTS.c.owner)
# At most one row: by which version of the table of steps all rows were made (`steps.refill`).
STEPS_MADE = Table(
    "steps_made",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("version", Integer, nullable=False),
)
# At most one row: up to which position the feed may lack old news (`readmodel.horizon`).
FEED_HORIZON = Table(
    "feed_horizon",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
Index(
    "feed_of_thread",
    FEED.c.thread_id,
    FEED.c.audience,
    postgresql_where=FEED.c.thread_id.is_not(None),
)
# What the operator searches, newest first; other audiences' rows need not be found like that.
_AUDITED = FEED.c.audience == "role:operator"
Index("feed_audited", FEED.c.occurred_at.desc(), FEED.c.position.desc(), postgresql_where=_AUDITED)
Index(
    "feed_audited_party", FEED.c.actor_party, FEED.c.occurred_at.desc(), postgresql_where=_AUDITED
)
Index("feed_audited_thing", FEED.c.resource_id, postgresql_where=_AUDITED)
# When a deal first came to each step of the programme's funnel (`readmodel.milestones`).
MILESTONES = Table(
    "milestones",
    metadata,
    Column("thread_id", Uid, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("first_at", Moment, nullable=False),
)
