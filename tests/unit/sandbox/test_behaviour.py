"""A sandbox does as it is told, for as long as it is told."""

import pytest

from deploy.sandbox.behaviour import Behaviour, Behaviours, Fault


def acts(behaviours: Behaviours) -> list[int]:
    done: list[int] = []
    behaviours.perform("pay", done.append)
    return done


@pytest.mark.parametrize(
    ("mode", "expected"), [("normal", [1]), ("slow", [1]), ("twice", [1, 2]), ("never", [])]
)
def test_modes(mode: str, expected: list[int]) -> None:
    behaviours = Behaviours(("pay",))
    behaviours.set("pay", Behaviour(mode))
    assert acts(behaviours) == expected


def test_failing_does_nothing_and_says_so() -> None:
    behaviours = Behaviours(("pay",))
    behaviours.set("pay", Behaviour("fail"))
    with pytest.raises(Fault):
        acts(behaviours)


def test_a_counted_behaviour_wears_off() -> None:
    behaviours = Behaviours(("pay",))
    behaviours.set("pay", Behaviour("never", times=2))
    assert [acts(behaviours) for _ in range(3)] == [[], [], [1]]
    assert behaviours.to_json() == {"pay": {"mode": "normal", "times": None, "seconds": 0.0}}


@pytest.mark.parametrize(
    "order",
    [{}, {"mode": "odd"}, {"mode": "slow", "seconds": 1e9}, {"mode": "fail", "times": 0}],
)
def test_nonsense_is_refused(order: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is"):
        Behaviour.from_json(order)


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(ValueError, match="operation"):
        Behaviours(("pay",)).set("rob", Behaviour())
