"""An order's way: posted, visible to another party, matched; and how many of them a minute holds.

Beside: the same way at two orders a second, where hardly any meets another.
"""

from collections.abc import Sequence

from tests.bench.figures import Figure, Tell
from tests.bench.orders_load import Seen, post_orders
from tests.bench.processes import using
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
        quiet = post_orders(platform, QUIET_RATE, QUIET_S)
        platform.rest()
        held = _highest(tell, platform)
        with using(platform.state) as used:
            at_held = post_orders(platform, held, HELD_S)
            left = on_their_way(platform.layout.environment)
        tell(f"{held}/s for {HELD_S} s: {_told(at_held)}; on their way at the end {left}")
        tell(f"CPU ms per order: {used.line(len(at_held.visible_s))}")
        platform.rest()
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
        *_figures(f"at {held:g}/s", at_held, quiet),
        *_figures(f"at {WANTED_RATE:g}/s", wanted, quiet),
    ]


def _highest(tell: Tell, platform: Stand) -> float:
    """The last step that was answered in time and left no queue behind."""
    held = STEPS[0]
    for rate in STEPS:
        seen = post_orders(platform, rate, STEP_S)
        left = on_their_way(platform.layout.environment)
        tell(f"{rate}/s: {_told(seen)}; on their way at the end {left}")
        platform.rest()
        if seen.refused or seen.rate < 0.95 * rate or left > BACKLOG_S * rate * FACTS_PER_ORDER:
            break
        held = rate
    return held


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
