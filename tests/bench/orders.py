"""An order's way: posted, visible to another party, matched; and how many of them a minute holds.

Beside: the same way at two orders a second, where hardly any meets another.
"""

from collections.abc import Sequence
from itertools import takewhile

from tests.bench.figures import Figure, Tell
from tests.bench.orders_load import Seen, post_orders
from tests.bench.processes import Used, using
from tests.bench.stand import Stand, on_their_way, stand

SUPPLIES = 20_000
SELLERS = 5_000  # each takes fifty open notices, so the demands of some 25,000 orders find readers
WANTED_RATE = 50.0
QUIET_RATE, QUIET_S = 2.0, 10.0
STEPS = (10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 60.0, 70.0)
STEP_S, HELD_S = 8.0, 60.0
BACKLOG_S = 1.0  # of facts at the rate: more than that on its way is a queue that grows
FACTS_PER_ORDER = 11  # the demand and some ten matches
PROFILED = ("gateway-http-1", "gateway-worker", "matching", "orders")


def measure(tell: Tell) -> list[Figure]:
    with stand(tell, supplies=SUPPLIES, sellers=SELLERS, fresh=600) as platform:
        quiet = post_orders(platform, QUIET_RATE, QUIET_S, looked_for=1)
        platform.rest()
        held, at_held, used, left = _highest(tell, platform)
        wanted = post_orders(platform, WANTED_RATE, QUIET_S)
        tell(f"{WANTED_RATE}/s: {_told(wanted)}")
        platform.rest()
        with using(platform.state, profiled=PROFILED):
            post_orders(platform, held, QUIET_S)
    order_ms = sum(used.cpu_ms(len(at_held.visible_s)).values())
    return [
        Figure("highest rate held for a minute", held, "orders/s", wanted="50"),
        Figure("on their way after that minute", left, "facts"),
        Figure("CPU of all processes, load included", order_ms, "ms per order"),
        *_figures(f"in that minute, at {held:g}/s", at_held, quiet),
        *_figures(f"at {WANTED_RATE:g}/s for {QUIET_S:g} s", wanted, quiet),
    ]


def _highest(tell: Tell, platform: Stand) -> tuple[float, Seen, Used, int]:
    """The highest rate that a minute holds, looked for by shorter steps; 0 where none does.

    Held: answered in time, nothing refused, and no queue left behind.
    """
    held = list(takewhile(lambda rate: _holds(tell, platform, rate, STEP_S)[0], STEPS))
    for rate in reversed(held or STEPS[:1]):
        is_held, seen, used, left = _holds(tell, platform, rate, HELD_S)
        tell(f"CPU ms per order: {used.line(len(seen.visible_s))}")
        if is_held:
            return rate, seen, used, left
    return 0.0, seen, used, left


def _holds(
    tell: Tell, platform: Stand, rate: float, seconds: float
) -> tuple[bool, Seen, Used, int]:
    with using(platform.state) as used:
        seen = post_orders(platform, rate, seconds)
        left = on_their_way(platform.layout.environment)
    tell(f"{rate}/s for {seconds} s: {_told(seen)}; on their way at the end {left}")
    platform.rest()
    in_time = seen.rate >= 0.95 * rate and not seen.refused
    return in_time and left <= BACKLOG_S * rate * FACTS_PER_ORDER, seen, used, left


def _figures(when: str, seen: Seen, quiet: Seen) -> list[Figure]:
    def ms(name: str, part: str, share: float, wanted: str = "") -> list[Figure]:
        values, alone = getattr(seen, part), getattr(quiet, part)
        if not values:
            return []
        beside = percentile(alone, share) * 1000
        value, name = percentile(values, share) * 1000, f"{name} {when}, p{share * 100:.0f}"
        return [Figure(name, value, "ms", beside, f"at {QUIET_RATE:g}/s", wanted)]

    return [
        Figure(f"answered {when}", seen.rate, "orders/s"),
        Figure(f"refused {when}", len(seen.refused), "orders", wanted="0"),
        *ms("order → visible to another party", "visible_s", 0.5, "≤ 60"),
        *ms("order → visible to another party", "visible_s", 0.99, "≤ 250"),
        *ms("order → its matches visible", "matched_s", 0.5, "≤ 80"),
        *ms("order → its matches visible", "matched_s", 0.99),
    ]


def _told(seen: Seen) -> str:
    parts = {"posted": seen.posted_s, "visible": seen.visible_s, "matched": seen.matched_s}
    shares = [_shares(name, values) for name, values in parts.items() if values]
    lacking = f"unmatched {seen.unmatched}, refused {len(seen.refused)} {seen.refused[:1]}"
    return ", ".join([f"{seen.rate:.1f}/s answered", *shares, lacking])


def _shares(name: str, values: Sequence[float]) -> str:
    p50, p99 = (percentile(values, share) * 1000 for share in (0.5, 0.99))
    return f"{name} p50 {p50:.0f} p99 {p99:.0f} ms"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
