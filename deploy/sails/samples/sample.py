"""A whole small world, the same for the same seed and day."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from deploy.sails.samples import capabilities, parties, wishes
from deploy.sails.samples.industries import Industry, industries
from deploy.sails.samples.wishes import Wish

Body = dict[str, Any]
DEMANDS = 60
SUPPLIES = 600
FITTING = 5  # supplies made for every demand; more share its line of business
PER_SUPPLIER = 20  # supplies of one supplier, on the average
TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Sample:
    """Bodies of `POST /parties`, `/demands` and `/supplies`, each with the name of its party.

    `parties[name]`: its name is unique, so demands and supplies refer to it by name.
    """

    parties: dict[str, Body]
    demands: list[tuple[str, Body]]
    supplies: list[tuple[str, Body]]

    def named(self, capacity: str) -> list[str]:
        """The names of the parties of that capacity ("buyer", "supplier", "bank", ...)."""
        return [name for name, party in self.parties.items() if capacity in party["capacities"]]


def generate(
    seed: int,
    today: date = TODAY,
    *,
    demands: int = DEMANDS,
    supplies: int = SUPPLIES,
    sellers: int | None = None,
) -> Sample:
    """About 40 parties, 60 demands and 600 supplies; deadlines are counted from `today`.

    Of many supplies the suppliers are more (`sellers`, if given), and of few each demand gets
    fewer that fit.
    """
    rng = random.Random(seed)
    count = sellers or max(parties.SUPPLIERS, supplies // PER_SUPPLIER)
    buyers, suppliers = parties.buyers(rng), parties.suppliers(rng, count)
    others = parties.others(rng)
    wanted = [_wish(rng, index, buyers, today) for index in range(demands)]
    made = _made(rng, [wish for _, wish in wanted], suppliers, supplies, today)
    everyone = [*buyers, *(body for _, body in suppliers), *others]
    return Sample(
        parties={party["name"]: party for party in everyone},
        demands=[(buyer["name"], wish.body) for buyer, wish in wanted],
        supplies=[(seller["name"], body) for seller, body in made],
    )


def _made(
    rng: random.Random,
    wanted: list[Wish],
    suppliers: list[tuple[Industry, Body]],
    count: int,
    today: date,
) -> list[tuple[Body, Body]]:
    """(supplier, supply): first what fits the wishes, then anything, in no order."""
    fitting = min(FITTING, count // max(1, len(wanted)))
    made = [
        (_seller(rng, wish.industry, suppliers), capabilities.fitting(rng, wish, today))
        for wish in wanted
        for _ in range(fitting)
    ]
    while len(made) < count:
        industry, seller = rng.choice(suppliers)
        made.append((seller, capabilities.any_of(rng, industry, seller["region"], today)))
    rng.shuffle(made)
    return made


def _wish(rng: random.Random, index: int, buyers: list[Body], today: date) -> tuple[Body, Wish]:
    """Lines of business in turn, so that each is asked for."""
    buyer = rng.choice(buyers)
    industry = industries()[index % len(industries())]
    return buyer, wishes.wish(rng, industry, buyer["region"], today)


def _seller(rng: random.Random, industry: Industry, suppliers: list[tuple[Industry, Body]]) -> Body:
    return rng.choice([body for line, body in suppliers if line.key == industry.key])
