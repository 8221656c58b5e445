"""Answers of the engine that serves, looked at from outside."""

from datetime import date, timedelta

import pytest

from services.matching import allocation, facts
from services.matching.evaluation import history, market
from services.matching.evaluation.serving import Notices, Served, serving
from tests.unit.matching.evaluation.folders import SPLIT, written


@pytest.fixture
def town(tmp_path):
    return market.read(written(tmp_path))


@pytest.fixture
def states(town):
    return history.supply_states(town, town.before(SPLIT), lambda text: [])


def test_an_answer_has_those_who_are_sent_before_the_others(town, states):
    tender = town.since(SPLIT)[0]
    with serving(states) as served:
        answer = served.answer(history.demand_state(tender), tender.day)
    assert set(answer.sent) == set(answer.order[: len(answer.sent)])
    assert answer.took_ms > 0
    assert served.notices.open[answer.sent[0]] == 1
    assert not served.engine.index.folder.exists()


def test_who_is_spared_comes_after_those_who_are_sent(town, states):
    tender = town.since(SPLIT)[0]
    with serving(states) as served:
        first = served.answer(history.demand_state(tender), tender.day).order[0]
        served.notices.send(tender.day, [first] * allocation.OPEN_NOTICES_PER_SUPPLIER)
        again = served.answer(history.demand_state(tender), tender.day)
    assert first not in again.sent
    assert again.order.index(first) == len(again.sent)


def test_violations_are_seen_though_the_columns_do_not_know_of_them(town, states):
    """The supplies themselves are asked: here they serve another region than the columns say."""
    tender = town.since(SPLIT)[0]._replace(place="浙江省杭州市")
    elsewhere = [state | {"regions": ["福建"]} for state in states]
    with serving(states) as served:
        honest = served.answer(history.demand_state(tender), tender.day)
        answer = Served(served.engine, elsewhere).answer(history.demand_state(tender), tender.day)
    assert honest.violations == 0
    assert answer.violations == len(answer.order) > 0
    assert facts.stated(elsewhere[0])[0].regions == ("福建",)


def test_who_was_sent_much_is_spared_until_the_notices_are_old():
    notices, today = Notices(), date(2026, 3, 1)
    notices.send(today, ["tree"] * allocation.OPEN_NOTICES_PER_SUPPLIER)
    notices.forget(today + allocation.NOTICE_LIFE - timedelta(days=1))
    assert notices.open["tree"] == allocation.OPEN_NOTICES_PER_SUPPLIER
    notices.forget(today + allocation.NOTICE_LIFE)
    assert notices.open["tree"] == 0
