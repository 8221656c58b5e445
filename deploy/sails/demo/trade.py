"""The trade: a demand is published, matched, quoted for, awarded and put under contract."""

from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

from deploy.sails.demo.deal import Deal
from deploy.sails.demo.person import Document
from deploy.sails.demo.words import word
from deploy.sails.waiting import WaitedInVain, until
from services.client import fen, money

QUOTES_OPEN_FOR = timedelta(days=3)
QUOTES_VALID_FOR = timedelta(days=30)
DELIVERY_DAYS = 20
BIDDERS = 3
SHOWN_TERMS = 4  # of the words that both texts share
FULL_FIELD_S = 15.0  # by then everybody who was told of a demand is known
RIVAL_MARKUP_PERCENT = 4  # each further bidder asks for this much more
JUST_AFTER = timedelta(minutes=1)


def publish(deal: Deal) -> None:
    """The buyer drafts and publishes."""
    purchaser = deal.buyer["buyer.purchaser"]
    wish = deal.wish | {"quote_deadline_at": (deal.clock.now() + QUOTES_OPEN_FOR).isoformat()}
    draft = purchaser.does("/demands", wish)
    demand = purchaser.does(f"/demands/{draft['id']}/publish")
    deal.demand = demand
    deal.tell(
        "published", purchaser,
        number=demand["number"], title=demand["title"], amount=demand["budget"],
    )  # fmt: skip


def match(deal: Deal) -> None:
    """The platform ranks and tells; the best three say that they will quote."""
    for found in _sent(deal):
        bidder = deal.company.bidder(found["supplier_id"])
        deal.bidders.append(bidder)
        owner = bidder["supplier.owner"]
        deal.matches[bidder.id] = owner.does(f"/matches/{found['id']}/show-interest")
        deal.tell(
            "matched", owner,
            rank=found["rank"], score=_percent(found),
            terms=word("and").join(found["terms"][:SHOWN_TERMS]),
        )  # fmt: skip


def quote(deal: Deal) -> None:
    """Sealed until the deadline: the buyer sees that nothing can be seen."""
    valid_until = (deal.clock.today() + QUOTES_VALID_FOR).isoformat()
    for rank, bidder in enumerate(deal.bidders):
        price_fen = deal.price_fen * (100 + RIVAL_MARKUP_PERCENT * rank) // 100
        body = {
            "demand_id": deal.thread_id,
            "match_id": deal.matches[bidder.id]["id"],
            "price": money(price_fen),
            "delivery_days": DELIVERY_DAYS + rank,
            "valid_until": valid_until,
        }
        owner = bidder["supplier.owner"]
        sealed = owner.does("/quotes", body)
        deal.tell("quoted", owner, number=sealed["number"], seal=sealed["seal"][:12])
    deadline = datetime.fromisoformat(deal.demand["quote_deadline_at"])
    deal.clock.reach(deadline + JUST_AFTER)


def award(deal: Deal) -> None:
    """Quotes are opened by the timer; the lowest wins; capacity is reserved; the winner agrees."""
    purchaser = deal.buyer["buyer.purchaser"]
    path = f"/demands/{deal.thread_id}"
    until("the quotes to be opened", lambda: purchaser.sees(path)["state"] == "evaluating")
    opened = until("the opened quotes", lambda: _opened(deal))
    best = min(opened, key=lambda item: (fen(item["price"]), item["id"]))
    deal.tell("opened", None, count=len(opened), amount=best["price"])
    purchaser.does(f"{path}/award", {"quote_id": best["id"]})
    deal.tell("awarded", purchaser, supplier=best["supplier_name"], amount=best["price"])
    deal.supplier = next(one for one in deal.bidders if one.id == best["supplier_id"])
    owner = deal.supplier["supplier.owner"]
    until("the capacity", lambda: purchaser.sees(path)["capacity"] == "reserved")
    owner.does(f"{path}/confirm-award")
    deal.tell("award_confirmed", owner)


def sign_contract(deal: Deal) -> None:
    """The contract is drafted from the quote, checked by rule, signed by both with their keys."""
    purchaser, owner = deal.buyer["buyer.purchaser"], deal.supplier["supplier.owner"]
    demand_path = f"/demands/{deal.thread_id}"
    contract_id = until("the contract", lambda: purchaser.sees(demand_path).get("contract_id"))
    path = f"/contracts/{contract_id}"
    cleared = until("the rule check", lambda: _in_state(purchaser.sees(path), "cleared"))
    deal.tell(
        "cleared", None,
        number=cleared["number"], amount=cleared["amount"], findings=len(cleared["findings"]),
    )  # fmt: skip
    contract = purchaser.does(f"{path}/start-signing")
    for person in (purchaser, owner):
        content = contract["content_sha256"]
        body = {"content_sha256": content, **person.signs(content)}
        contract = person.does(f"{path}/sign", body)
        deal.tell("signed", person, number=contract["number"])
    deal.contract = contract


def _sent(deal: Deal) -> list[Document]:
    """The best matches, best first: three, or as many as there are where few can answer."""
    try:
        return until("three matches", partial(_best_matches, deal, BIDDERS), FULL_FIELD_S)
    except WaitedInVain:
        return until("a match", partial(_best_matches, deal, 1))


def _best_matches(deal: Deal, at_least: int) -> list[Document]:
    """The best ranked ones with suppliers of the company, once there are enough of them."""
    sent = deal.buyer["buyer.purchaser"].finds("/matches", deal.thread_id, state="sent")
    known = [found for found in sent if found["supplier_id"] in deal.company.suppliers]
    best = sorted(known, key=itemgetter("rank"))[:BIDDERS]
    return best if len(best) >= at_least else []


def _opened(deal: Deal) -> list[Document]:
    purchaser = deal.buyer["buyer.purchaser"]
    quotes = purchaser.finds("/quotes", deal.thread_id, state="opened")
    return quotes if len(quotes) == len(deal.bidders) else []


def _in_state(document: Document, state: str) -> Document | None:
    return document if document["state"] == state else None


def _percent(match: Document) -> str:
    return f"{(match['score_ppm'] or 0) / 10_000:.1f}%"
