"""Every verb in every state of the five lifecycles: allowed as the domain says, else refused."""

from itertools import product

import pytest

from services.lifecycle import IllegalMove, Lifecycle
from services.orders.lifecycle import CONTRACT, DELIVERY, DEMAND, PAYABLE, QUOTE

# state: the verbs that lead out of it, each with the state it leads to
DOMAIN: dict[str, tuple[Lifecycle, dict[str, str]]] = {
    "demand": (
        DEMAND,
        {
            "draft": "amend>draft publish>published cancel>cancelled",
            "published": "amend>published close>evaluating cancel>cancelled",
            "evaluating": "award>awarded fail>unsuccessful cancel>cancelled",
            "awarded": "confirm_award>contracting lapse_award>evaluating cancel>cancelled",
            "contracting": "contract>contracted lapse_award>evaluating cancel>cancelled",
            "contracted": "fulfil>fulfilled",
            "fulfilled": "",
            "unsuccessful": "reopen>published cancel>cancelled",
            "cancelled": "",
        },
    ),
    "quote": (
        QUOTE,
        {
            "draft": "seal>sealed",
            "sealed": "replace>sealed withdraw>withdrawn invalidate>invalidated open>opened "
            "expire>expired",
            "opened": "accept>accepted reject>rejected expire>expired",
            "accepted": "",
            "rejected": "",
            "withdrawn": "",
            "invalidated": "",
            "expired": "",
        },
    ),
    "contract": (
        CONTRACT,
        {
            "draft": "clear>cleared block>blocked",
            "cleared": "revise>draft start_signing>signing decline>declined",
            "blocked": "revise>draft decline>declined",
            "signing": "sign>signing activate>active decline>declined expire>expired",
            "active": "complete>completed",
            "completed": "",
            "declined": "",
            "expired": "",
        },
    ),
    "delivery": (
        DELIVERY,
        {
            "shipped": "arrive>delivered",
            "delivered": "accept>accepted accept_part>part_accepted reject>rejected "
            "deem_conforming>deemed_conforming overrun_inspection>inspection_overdue",
            "inspection_overdue": "accept>accepted",
            "rejected": "redeliver>shipped",
            "accepted": "",
            "part_accepted": "",
            "deemed_conforming": "",
        },
    ),
    "payable": (
        PAYABLE,
        {
            "scheduled": "start>running pay>paid pay_part>scheduled report_payment>scheduled",
            "running": (
                "stop>scheduled fall_due>due pay>paid pay_part>part_paid report_payment>running"
            ),
            "due": (
                "stop>scheduled become_overdue>overdue pay>paid pay_part>part_paid "
                "report_payment>due"
            ),
            "part_paid": (
                "stop>scheduled become_overdue>overdue pay>paid pay_part>part_paid "
                "report_payment>part_paid"
            ),
            "overdue": "pay>paid pay_part>overdue pay_late>paid_late report_payment>overdue",
            "paid": "",
            "paid_late": "",
        },
    ),
}
CASES = [
    pytest.param(lifecycle, state, verb, dict(_pairs), id=f"{name}-{state}-{verb}")
    for name, (lifecycle, table) in DOMAIN.items()
    for state, verb in product(sorted(table), sorted(lifecycle.verbs))
    for _pairs in [[move.split(">") for move in table[state].split()]]
]


@pytest.mark.parametrize(("lifecycle", "state", "verb", "allowed"), CASES)
def test_a_verb_in_a_state(
    lifecycle: Lifecycle, state: str, verb: str, allowed: dict[str, str]
) -> None:
    if verb in allowed:
        assert lifecycle.next(state, verb) == allowed[verb]
    else:
        with pytest.raises(IllegalMove):
            lifecycle.next(state, verb)


@pytest.mark.parametrize("name", DOMAIN)
def test_no_state_and_no_verb_is_unknown_to_the_domain(name: str) -> None:
    lifecycle, table = DOMAIN[name]
    verbs = {move.split(">")[0] for moves in table.values() for move in moves.split()}
    assert lifecycle.states == set(table)
    assert lifecycle.verbs == verbs
