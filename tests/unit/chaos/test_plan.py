"""A seed is a story: the same each time, and whatever the seed nothing of the table is left out."""

from collections import Counter
from itertools import pairwise

import pytest

from tests.chaos import plan as plans
from tests.chaos.plan import POISON_DEATHS, POISONED, RESTARTING, Plan
from tests.chaos.run import INJECTORS
from tests.chaos.words import KINDS, named

NAMES = {
    "orders": ["orders"],
    "matching": ["matching"],
    "finance": ["finance"],
    "gateway-worker": ["gateway-worker"],
    "gateway-http": ["gateway-http-1", "gateway-http-2"],
}
TWICE = {program: [f"{program}-1", f"{program}-2"] for program in NAMES}
NODES = ["broker", "broker-2", "broker-3"]
SEEDS = range(40)


def kinds(plan: Plan) -> Counter[str]:
    return Counter(fault.kind for fault in plan.each())


def kills(plan: Plan, names: plans.Names) -> dict[str, int]:
    """By program, those that poison brings about among them."""
    program_of = {name: program for program, each in names.items() for name in each}
    killed = Counter(
        program_of[target]
        for fault in plan.each() if fault.kind == "kill" for target in fault.targets
    )  # fmt: skip
    return killed + Counter({POISONED: POISON_DEATHS})


def test_a_seed_tells_the_same_story_again_and_another_seed_another() -> None:
    assert plans.make(7, NAMES) == plans.make(7, NAMES)
    assert len({plans.make(seed, NAMES).faults for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("names", [NAMES, TWICE], ids=["one of each", "two of each"])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_fault_of_the_table_happens_as_often_as_it_must(
    seed: int, names: plans.Names
) -> None:
    plan = plans.make(seed, names)
    happened = kinds(plan)
    assert {fault.row for fault in plan.each()} == set(range(9))
    assert all(count >= plans.KILLS for count in kills(plan, names).values())
    assert kills(plan, names).keys() == names.keys()
    assert (happened["broker-kill"], happened["roll"], happened["day"]) == (3, 5, 2)
    for once in ("broker-freeze", "memory-alarm", "poison", "database-restart", "sessions-ended",
                 "copies", "other-arguments", "missing-right"):  # fmt: skip
        assert happened[once] == 1
    everyone = {name for each in names.values() for name in each}
    assert all(set(fault.targets) == everyone for fault in plan.each() if fault.kind == "roll")


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_else_kills_the_one_that_poison_keeps_killing(seed: int) -> None:
    (poison,) = [fault for fault in plans.make(seed, NAMES).faults if fault.kind == "poison"]
    assert poison.meanwhile
    assert all(POISONED not in fault.targets for fault in poison.meanwhile)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_faults_that_restart_everything_are_side_by_side(seed: int) -> None:
    faults = [fault.kind for fault in plans.make(seed, NAMES).faults]
    assert not any({one, next_} <= RESTARTING for one, next_ in pairwise(faults))


@pytest.mark.parametrize("seed", SEEDS)
def test_one_salvo_never_takes_a_process_twice(seed: int) -> None:
    salvos = [fault.targets for fault in plans.make(seed, TWICE).each() if fault.kind == "kill"]
    assert all(len(set(targets)) == len(targets) for targets in salvos)


def test_a_broker_of_several_nodes_loses_each_once_and_is_parted() -> None:
    plan = plans.make(7, TWICE, NODES)
    killed = {target for fault in plan.each() if fault.kind == "broker-kill"
              for target in fault.targets}  # fmt: skip
    assert killed == set(NODES)
    assert kinds(plan) - kinds(plans.make(7, TWICE)) == Counter({"partition": 1})


def test_every_kind_has_a_name_and_an_injector() -> None:
    happens = set(kinds(plans.make(7, TWICE, NODES)))
    assert happens <= KINDS.keys()
    assert happens - {"poison"} <= INJECTORS.keys()
    assert all(named(fault) for fault in plans.make(7, NAMES).each())
