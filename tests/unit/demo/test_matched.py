"""Waiting for orders to be matched ends when all are, or when nothing comes any more."""

from typing import Any

import pytest

from deploy.sails.demo import matched


class Market:
    """Answers as the operator's client does; an order is matched from its n-th question on."""

    def __init__(self, **answered_at: int | None) -> None:
        self.answered_at, self.asked = answered_at, dict.fromkeys(answered_at, 0)

    def get(self, path: str, *, thread_id: str, **query: Any) -> dict[str, Any]:
        self.asked[thread_id] += 1
        at = self.answered_at[thread_id]
        return {"items": [{}] if at is not None and self.asked[thread_id] >= at else []}


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matched, "QUIET_S", 0.2)
    monkeypatch.setattr(matched, "LOOK_AROUND_S", 0.02)
    monkeypatch.setattr(matched, "PACE_S", 0.001)


def test_it_ends_once_all_are_matched() -> None:
    market = Market(a=1, b=3, c=1)
    assert matched.unanswered(market, ["a", "b", "c"]) == []
    assert market.asked == {"a": 1, "b": 3, "c": 1}


def test_one_without_a_match_does_not_hide_the_others() -> None:
    market = Market(a=1, nobody=None, c=2, late=4)
    assert matched.unanswered(market, ["a", "nobody", "c", "late"]) == ["nobody"]


def test_a_day_without_orders_is_over_at_once() -> None:
    assert matched.unanswered(Market(), []) == []
