"""What everybody is shown: guards, documents per audience, and by what they are found."""

from sqlalchemy import BigInteger, Column, Index, Table, Text, func
from sqlalchemy.dialects.postgresql import ARRAY

from services.gateway.tables.base import Moment, Uid, metadata

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
    Column("title", Text),  # of a demand, as the steps of its deal are called
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
# By which a page of steps is told the titles of its deals, without a look at their documents.
Index(
    "views_titled", VIEWS.c.id, VIEWS.c.audience, postgresql_include=["title"],
    postgresql_where=VIEWS.c.kind == "demand",
)  # fmt: skip
Index(
    "views_by_due", VIEWS.c.audience, VIEWS.c.kind, VIEWS.c.due_at, VIEWS.c.id,
    postgresql_where=VIEWS.c.due_at.is_not(None),
)  # fmt: skip
Index(
    "views_by_amount", VIEWS.c.audience, VIEWS.c.kind, VIEWS.c.amount_fen.desc(),
    VIEWS.c.id.desc(), postgresql_where=VIEWS.c.amount_fen.is_not(None),
)  # fmt: skip
# What the programme's page counts, of the operator's rows alone, without a look at documents. It
# has the order of `views_by_state`, as whose smaller copy it is taken for the operator's lists.
Index(
    "views_counted", VIEWS.c.kind, VIEWS.c.state, VIEWS.c.sort_at, VIEWS.c.id,
    postgresql_include=["thread_id", "amount_fen", "facet", "region"],
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
    Column("sort_at", Moment, nullable=False),
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
