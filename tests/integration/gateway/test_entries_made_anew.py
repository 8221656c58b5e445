"""A database from before has the entries of all that everybody sees, once it is migrated."""

from alembic import command

from services.messaging import Ids
from tests.integration.gateway.api_client import Gateway
from tests.integration.gateway.facts import a_demand, a_fact

BEFORE = "gateway_0007"
ENTRIES = (
    "SELECT kind, CAST(id AS text), number, CAST(owner_id AS text), state, sort_at, open_until,"
    " industry, region, amount_fen, terms, card, etag FROM public_entries ORDER BY kind, id"
)


def test_entries_are_made_of_the_documents_that_there_are(fresh_gateway: Gateway) -> None:
    buyer = fresh_gateway.organisation("穗城水务集团", "buyer")["id"]
    shown = {"awarded_supplier_id": None, "facets": None, "kind": "order"}
    fresh_gateway.project(
        a_demand(buyer, number="D1", category="软件开发", budget_fen=None, **shown),
        a_demand(buyer, number="D2", past="created", state="draft", published_at=None, **shown),
        a_fact("supply", "activated", id=Ids().new(), state="active", facets=None),
        a_fact("supply", "archived", id=Ids().new(), state="archived", facets=None),
    )
    written = fresh_gateway.rows(ENTRIES)
    assert [row[0] for row in written].count("demand") == 1 and len(written) >= 4

    config = fresh_gateway.migrations()
    command.downgrade(config, BEFORE)
    command.upgrade(config, "head")

    assert fresh_gateway.rows(ENTRIES) == written
