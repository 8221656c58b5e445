"""Claims that were confirmed before somebody listened are told once more by an upgrade."""

from alembic import command
from alembic.config import Config

from deploy.sails.check.messaging import of_aggregate, of_every
from deploy.sails.migrate import chains
from tests.integration.finance.deal import PAYABLE_FEN, Deal

BEFORE = "0007"


def test_a_confirmed_claim_is_told_with_what_is_confirmed_and_no_other_is(deal: Deal) -> None:
    confirmed = deal.until_confirmed()
    payable_id = deal.owe()
    deal.enter(payable_ids=[payable_id], invoice=deal.invoice("26112000000012345679"))
    before = deal.desk.events()

    _upgrade_again(deal)

    [fact] = deal.desk.events()[len(before) :]
    assert (fact.type, fact.actor_user) == ("receivable.allocated.v1", "system:finance")
    assert (fact.subject, fact.sequence) == (confirmed["id"], confirmed["sequence"] + 1)
    assert fact.data == confirmed | {"sequence": fact.sequence}
    assert fact.load()["confirmed_fen"] == PAYABLE_FEN
    assert fact.id not in {event.id for event in before} and fact.moment.tzinfo is not None
    told = {check.name: check for check in (*of_every("finance"), of_aggregate("receivable"))}
    for name in ("sequences_without_gap", "receivable_as_told"):
        assert deal.sql(told[name].sql) == []
    deal.submit(confirmed["id"], deal.authorise())  # it goes on from there


def _upgrade_again(deal: Deal) -> None:
    config = Config()
    config.set_main_option("script_location", str(chains()["finance"]))
    url = deal.desk.engine.url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.downgrade(config, BEFORE)
    command.upgrade(config, "head")
