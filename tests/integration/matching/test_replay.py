"""`sails matching replay` at a real database: scores come out again, or it says whose do not."""

import pytest
from sqlalchemy import text

from deploy.sails import replay
from deploy.sails.check.command import CannotCheck
from deploy.sails.database import SERVICES
from services.settings import url_name


@pytest.fixture
def environment(market):
    """Only matching is looked into."""
    url = market.desk.engine.url.set(drivername="postgresql+psycopg2")
    return {url_name(one): url.render_as_string(hide_password=False) for one in SERVICES}


@pytest.fixture
def sent(market):
    for n in range(12):
        market.supply(market.party(f"精密{n}号"))
    return market.publish(market.demand(market.party("岚航重型装备")))


def test_all_that_a_ranking_gave_is_replayed(environment, sent):
    counted, odd = replay.replayed(environment, 100)
    assert (counted, odd) == ({"matches": 10, "withheld": 2}, [])
    counted, odd = replay.replayed(environment, 1)
    assert (counted["matches"], odd) == (1, [])


def test_a_score_that_was_changed_is_named(market, environment, sent):
    number = sent[3].data["number"]
    with market.desk.session() as session, session.begin():
        session.execute(
            text("UPDATE matches SET score_ppm = score_ppm + 1 WHERE number = :number"),
            {"number": number},
        )
    _, odd = replay.replayed(environment, 100)
    assert odd == [(number, "score")]


def test_a_database_that_does_not_answer_is_said_in_words(environment):
    nowhere = dict.fromkeys(environment, "postgresql+psycopg2://nobody@127.0.0.1:1/none")
    with pytest.raises(CannotCheck):
        replay.replayed(nowhere, 1)
