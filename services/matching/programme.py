"""Notices of many demands at once, as a linear programme; greedily where that takes too long. Pure.

Each demand has so many places, each supplier room for so many notices, and the sum of scores is
to be the greatest. Demands and suppliers are the two sides of a graph, so every vertex of the
programme is whole: its exact solution needs no rounding (Hoffman and Kruskal, 1956).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

FULL_PPM = 1_000_000


class Pair(NamedTuple):
    """A supply that a demand could be sent to, and what that is worth, more than nothing."""

    demand_id: str
    supplier_id: str
    supply_id: str
    worth_ppm: int


class Plan(NamedTuple):
    """`gap_ppm`: how much more, of what could be at most, might have been had; 0 where exact."""

    chosen: tuple[Pair, ...]
    is_exact: bool
    gap_ppm: int

    @property
    def worth_ppm(self) -> int:
        return sum(pair.worth_ppm for pair in self.chosen)


def plan(
    pairs: Sequence[Pair], places: Mapping[str, int], room: Mapping[str, int], limit_s: float
) -> Plan:
    """`places`: by demand; `room`: by supplier. Of one supplier's supplies a demand has the best.

    Exact within `limit_s`, else greedy, with a gap that is no less than the true one.
    """
    best = _best_of_each(pairs)
    exact = _exact(best, places, room, limit_s) if best else []
    if exact is not None:
        return Plan(tuple(exact), True, 0)
    chosen = greedy(best, places, room)
    worth, most = sum(pair.worth_ppm for pair in chosen), bound_ppm(best, places, room)
    return Plan(tuple(chosen), False, (most - worth) * FULL_PPM // most if most else 0)


def greedy(pairs: Sequence[Pair], places: Mapping[str, int], room: Mapping[str, int]) -> list[Pair]:
    """The dearest first, while there is a place and room; at least half of the best there is."""
    chosen: list[Pair] = []
    left, free = Counter(places), Counter(room)
    for pair in sorted(pairs, key=lambda one: (-one.worth_ppm, one.demand_id, one.supply_id)):
        if left[pair.demand_id] > 0 and free[pair.supplier_id] > 0:
            left[pair.demand_id] -= 1
            free[pair.supplier_id] -= 1
            chosen.append(pair)
    return chosen


def bound_ppm(pairs: Sequence[Pair], places: Mapping[str, int], room: Mapping[str, int]) -> int:
    """No plan is worth more: with one side's bounds alone it could be so much."""
    by_demand: dict[str, list[int]] = {}
    by_supplier: dict[str, list[int]] = {}
    for pair in pairs:
        by_demand.setdefault(pair.demand_id, []).append(pair.worth_ppm)
        by_supplier.setdefault(pair.supplier_id, []).append(pair.worth_ppm)
    return min(_most(by_demand, places), _most(by_supplier, room))


def _most(worths: Mapping[str, list[int]], bounds: Mapping[str, int]) -> int:
    return sum(
        sum(sorted(each, reverse=True)[: max(bounds.get(one, 0), 0)])
        for one, each in worths.items()
    )


def _best_of_each(pairs: Sequence[Pair]) -> list[Pair]:
    best: dict[tuple[str, str], Pair] = {}
    for pair in sorted(pairs, key=lambda one: (-one.worth_ppm, one.supply_id)):
        best.setdefault((pair.demand_id, pair.supplier_id), pair)
    return list(best.values())


def _exact(
    pairs: Sequence[Pair], places: Mapping[str, int], room: Mapping[str, int], limit_s: float
) -> list[Pair] | None:
    """None where it took too long. Imported here: it takes half a second and 40 MB."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    demands = {id: row for row, id in enumerate(dict.fromkeys(one.demand_id for one in pairs))}
    suppliers = dict.fromkeys(one.supplier_id for one in pairs)
    rows = {id: row for row, id in enumerate(suppliers, start=len(demands))}
    bounds = [max(places.get(id, 0), 0) for id in demands]
    bounds += [max(room.get(id, 0), 0) for id in rows]
    at = [demands[one.demand_id] for one in pairs] + [rows[one.supplier_id] for one in pairs]
    columns = np.tile(np.arange(len(pairs)), 2)
    counts = coo_array((np.ones(len(at)), (at, columns)), (len(bounds), len(pairs)))
    worth = np.array([one.worth_ppm for one in pairs], float)
    found = linprog(
        -worth,
        A_ub=counts.tocsr(),
        b_ub=bounds,
        bounds=(0, 1),
        method="highs-ds",  # ends in a vertex
        options={"time_limit": limit_s},
    )
    if found.status != 0:
        return None
    return [pair for pair, share in zip(pairs, found.x, strict=True) if share > 0.5]
