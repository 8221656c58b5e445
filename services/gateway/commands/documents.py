"""Keep and remove files of an organisation, such as its licence."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.contracts.actor import Actor
from services.contracts.joining import MAX_DOCUMENTS
from services.contracts.problems import Problem
from services.gateway.tables import CONTACTS, CONTENTS, Document, Party
from services.lifecycle import IllegalMove
from services.messaging import Transaction

Arguments = dict[str, Any]

# Removed ones too: each leaves facts for good, and strangers may add some.
MOST_EVER = 10 * MAX_DOCUMENTS


def add(actor: Actor, tx: Transaction, args: Arguments, *, content: bytes) -> Document:
    """`content` is what the digest is of. Raises Problem document_known, too_many."""
    party = tx.load(Party, actor.party_id)  # locked: of two at once one is counted first
    if party.state == "rejected":
        raise IllegalMove("party", party.state, "add_document")
    own = select(Document.sha256, Document.state).where(Document.party_id == party.id)
    ever = tx.session.execute(own).all()
    digests = [sha256 for sha256, state in ever if state == "kept"]
    if args["sha256"] in digests:
        raise Problem("document_known")
    if len(digests) >= MAX_DOCUMENTS:
        raise Problem("too_many", limit=MAX_DOCUMENTS)
    if len(ever) >= MOST_EVER:
        raise Problem("too_many", limit=MOST_EVER)
    document = tx.new(Document, party_id=party.id, **args)
    tx.record(document, "added")
    # It goes when the rest of what is kept of the party goes.
    ends_at = select(CONTACTS.c.ends_at).where(CONTACTS.c.party_id == party.id).scalar_subquery()
    row = {"party_id": party.id, "sha256": args["sha256"], "content": content, "ends_at": ends_at}
    tx.session.execute(insert(CONTENTS).values(row))
    return document


def remove(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """What is in it is gone at once. Raises Problem("document_under_review")."""
    document = tx.load(Document, id, of=("party_id",))
    if tx.load(Party, document.party_id).state == "applied":
        raise Problem("document_under_review")
    tx.move(document, "remove", "removed")
    own = CONTENTS.c.party_id == document.party_id, CONTENTS.c.sha256 == document.sha256
    tx.session.execute(delete(CONTENTS).where(*own))


def content(session: Any, party_id: str, sha256: str) -> bytes:
    """What is in it. Raises Problem("not_found") where it is kept no more."""
    own = CONTENTS.c.party_id == party_id, CONTENTS.c.sha256 == sha256
    found = session.scalar(select(CONTENTS.c.content).where(*own))
    if found is None:
        raise Problem("not_found")
    return bytes(found)
