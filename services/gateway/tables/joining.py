"""What is kept of who asks to be let in beside the aggregates: in no fact, for a while only."""

from sqlalchemy import Column, LargeBinary, Table, Text

from services.gateway.tables.base import Moment, Uid, metadata

# Contents of documents, by their digest within a party; and how to reach who has asked. Within a
# party, because what two of them hold alike must go with the one without the other. `ends_at` is
# real time; null: as long as the party is there.
CONTENTS = Table(
    "document_contents",
    metadata,
    Column("party_id", Uid, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("ends_at", Moment, index=True),
)
CONTACTS = Table(
    "contacts",
    metadata,
    Column("party_id", Uid, primary_key=True),
    Column("person_name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("ends_at", Moment, index=True),
)
