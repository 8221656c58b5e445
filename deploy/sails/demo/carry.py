"""The story's table of contents, and how a deal is carried through it; many may be at once."""

from collections.abc import Callable

from deploy.sails.demo import financing, owing, settling, trade
from deploy.sails.demo.deal import Deal

Step = Callable[[Deal], None]

# Between two parts the clock moves for all deals together.
STEPS: tuple[Step, ...] = (
    trade.publish,
    trade.match,
    trade.quote,
    trade.award,
    trade.sign_contract,
    owing.deliver,
    owing.enter_receivable,
    owing.confirm,
    financing.apply,
    financing.open_to_second_bank,
    financing.choose,
    financing.disburse,
    settling.repay,
    settling.settle,
)


def carry(deal: Deal) -> str:
    """From nothing to settled; answers the thread's id. Raises what went wrong."""
    try:
        for step in STEPS:
            step(deal)
    except BaseException:
        deal.clock.give_up()
        raise
    return deal.thread_id
