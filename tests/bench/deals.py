"""Applications by the thousand: a dozen deals carried by their people, and copies of what came.

A deal is some thirty commands and waits for two timers, so thousands are not carried. The facts of
those that were are told again to the gateway's read model, by its own projector, with ids and
numbers of their own and between other parties, each up to another point after its application.
So what lists are answered from is as large as wanted; the other services know the first dozen only.
"""

import json
import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import islice

import psycopg2
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from deploy.sails.check.databases import reading
from deploy.sails.demo import company, story
from deploy.sails.demo.carry import STEPS
from deploy.sails.demo.cast import Organisation
from deploy.sails.demo.company import OFFERS, Company
from deploy.sails.demo.deal import Deal
from deploy.sails.demo.financing import disburse
from deploy.sails.demo.narrator import silent
from deploy.sails.demo.shared_clock import SharedClock
from deploy.sails.demo.stage import Stage, launch
from deploy.sails.waiting import until
from services.contracts.envelope import Event
from services.gateway.readmodel import projector
from services.gateway.readmodel.milestones import STEP_OF
from services.messaging import Ids
from services.settings import url_name
from tests.bench.figures import Tell
from tests.bench.stand import IMPORTERS, REST_S, SEED, Stand

CARRIED = 12
SELLERS = 50  # between whom the copies are spread: each has more of everything than a page shows
APPLIED = "application.submitted.v1"
# Not the matches: all that are not copies have theirs.
COPIED = frozenset({
    "demand", "quote", "contract", "delivery", "payable", "receivable", "authorisation",
    "application", "offer", "position", "loan",
})  # fmt: skip
TOLD_SERVICES = ("orders", "finance")
DEALS_AT_ONCE = 20  # copies in a transaction
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def carry(tell: Tell, platform: Stand) -> list[Deal]:
    """A dozen deals from nothing to the payout of their loans, all at once on one clock."""
    began_s = time.monotonic()
    everyone = _company(platform)
    clock = SharedClock(platform.operator, CARRIED)
    deals = [
        story.a_deal(everyone, platform.sample, clock, silent, number) for number in range(CARRIED)
    ]
    with ThreadPoolExecutor(CARRIED) as threads:
        list(threads.map(_carry, deals))
    _hear_no_more(platform)
    tell(f"{CARRIED} deals carried in {time.monotonic() - began_s:.0f} s")
    return deals


def multiply(tell: Tell, platform: Stand, deals: list[Deal], applications: int) -> None:
    """Copies of these, until so many applications are there."""
    began_s = time.monotonic()
    url = platform.layout.environment[url_name("gateway")]
    stories = [_Story(deal, facts) for deal, facts in _facts(platform, deals)]
    makers = _copies(platform, stories, applications - len(deals))
    engine = create_engine(url)
    while copies := list(islice(makers, DEALS_AT_ONCE)):
        with Session(engine) as session, session.begin():
            projector.project(session, [event for copy in copies for event in copy])
    engine.dispose()
    until("the feed to be numbered", partial(_is_numbered, url), REST_S)
    _analyze(url)
    tell(f"{applications} applications after {time.monotonic() - began_s:.0f} s")


def lender(deal: Deal) -> Organisation:
    """The bank that has paid out."""
    [bank] = [one.organisation for one in deal.banks if one.organisation.id == deal.loan["bank_id"]]
    return bank


class _Story:
    """The facts of a carried deal in their order, and what they are copied by."""

    def __init__(self, deal: Deal, facts: list[Event]) -> None:
        self.seller, self.buyer, self.facts = deal.supplier, deal.buyer, facts
        self.first = 1 + next(at for at, fact in enumerate(facts) if fact.type == APPLIED)
        self._own = {fact.subject for fact in facts}
        self._numbers = {fact.data["number"] for fact in facts}

    def copy(self, rng: random.Random, copy: int, parties: dict[str, str]) -> list[Event]:
        """Between other parties, up to one of its facts: the newest of each thing, and those that
        the programme's funnel counts."""
        until_here = self.facts[: rng.randint(self.first, len(self.facts))]
        newest = {fact.subject: fact for fact in until_here}
        told = [fact for fact in until_here if newest[fact.subject] is fact or fact.type in STEP_OF]
        facts = [fact.to_json() | {"id": Ids().new()} for fact in told]
        text = json.dumps(facts, ensure_ascii=False)
        ids = {id: Ids().new() for id in sorted(self._own)} | parties
        text = _ID.sub(lambda found: ids.get(found[0], found[0]), text)
        for number in sorted(self._numbers, key=len, reverse=True):
            text = text.replace(f'"{number}"', f'"{number}{copy:05d}"')
        for old, new in parties.items():
            text = text.replace(old, new)
        return [Event.from_json(each) for each in json.loads(text)]


def _company(platform: Stand) -> Company:
    """The stand's organisations as those of the demonstration, with its banks and its registry."""
    registrar = platform.registrar
    stage = Stage(platform.layout.environment, platform.operator, partial(launch, platform.state))
    with ThreadPoolExecutor(IMPORTERS) as threads:
        list(threads.map(registrar.verify, [*platform.suppliers.values(), *platform.others]))
    for one in platform.others:
        registrar.staff(one)
    for buyer in platform.buyers:
        company.mandate(buyer)
    [registry] = [one for one in platform.others if one.capacity == "registry"]
    stage.registry(registry)
    banks = [one for one in platform.others if one.capacity == "bank"]
    first, second = map(partial(company.open_bank, stage, platform.buyers), OFFERS, banks)
    return Company(registrar, platform.buyers, platform.suppliers, (first, second), registry)


def _hear_no_more(platform: Stand) -> None:
    """The sandboxes have done their part: what is loaded now is not for them."""
    for one in platform.others:
        system = one[f"{one.capacity}.system"]
        for webhook in system.client.items("/webhooks", view="mine"):
            system.does(f"/webhooks/{webhook['id']}/disable")


def _carry(deal: Deal) -> None:
    try:
        for step in STEPS[: STEPS.index(disburse) + 1]:
            step(deal)
    except BaseException:
        deal.clock.give_up()
        raise


def _facts(platform: Stand, deals: list[Deal]) -> Iterator[tuple[Deal, list[Event]]]:
    """Of each deal, from all outboxes."""
    platform.rest()
    kinds = ", ".join(f"'{kind}'" for kind in sorted(COPIED))
    threads = ", ".join(f"'{deal.thread_id}'" for deal in deals)
    wanted = (
        "SELECT envelope FROM outbox WHERE split_part(type, '.', 1) IN"
        f" ({kinds}) AND envelope ->> 'thread_id' IN ({threads}) ORDER BY id"
    )
    with reading(platform.layout.environment) as databases:
        found = [
            Event.from_json(row[0])
            for service in TOLD_SERVICES
            for row in databases.all_rows(service, wanted)
        ]
    found.sort(key=lambda fact: fact.moment)
    for deal in deals:
        yield deal, [fact for fact in found if fact.thread_id == deal.thread_id]


def _copies(platform: Stand, stories: list[_Story], count: int) -> Iterator[list[Event]]:
    rng = random.Random(SEED)
    first = {story.seller.id: story.seller for story in stories}
    sellers = list((first | platform.suppliers).values())[:SELLERS]
    for number in range(count):
        story = stories[number % len(stories)]
        pairs = (
            (story.seller, sellers[number % len(sellers)]),
            (story.buyer, platform.buyers[number % len(platform.buyers)]),
        )
        parties = {old.id: new.id for old, new in pairs} | {
            old.name: new.name for old, new in pairs
        }
        yield story.copy(rng, number, parties)


def _is_numbered(url: str) -> bool:
    return _asked(url, "SELECT NOT EXISTS (SELECT FROM feed_waiting)")


def _analyze(url: str) -> None:
    """What the server does by itself within a minute or so of a bulk load."""
    with closing(psycopg2.connect(url.replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        connection.cursor().execute("VACUUM ANALYZE")


def _asked(url: str, sql: str) -> bool:
    with closing(psycopg2.connect(url.replace("+psycopg2", ""))) as connection:
        cursor = connection.cursor()
        cursor.execute(sql)
        return bool(cursor.fetchone()[0])
