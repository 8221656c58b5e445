"""What people see in their browsers: how soon a page paints, and how soon what another has done."""

import math
import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import closing

from playwright.sync_api import Browser, Page, TimeoutError, expect, sync_playwright

from deploy.sails import portal
from deploy.sails.demo.deal import Deal
from tests.bench.deals import lender
from tests.bench.figures import Figure, Tell
from tests.bench.stand import Stand
from tests.portal import chromium
from tests.portal.people import WIDE, Desk, Desks

PAINTS, CHANGES = 5, 20
NEVER_S = math.inf
PAINTED, SEEN = "≤ 0.8", "≤ 1"
FIRST_PAINT_MS = """() => new Promise((done) => new PerformanceObserver((list) => {
    const found = list.getEntriesByName('first-contentful-paint')[0]
    if (found) done(found.startTime)
}).observe({ type: 'paint', buffered: true }))"""
CANCEL, CANCELLED = {"reason_code": "no_need"}, "已取消"


def measure(tell: Tell, platform: Stand, carried: list[Deal]) -> Iterable[Figure]:
    """Seconds, by Chromium on the same machine."""
    assert (portal.DIST / "index.html").exists(), "run `make portal` first"
    chromium.ensure()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path(), args=chromium.ARGUMENTS
        )
        with closing(Desks(platform.operator, browser)) as desks:
            yield from _paints(tell, browser, desks, carried[0])
            yield from _changes(tell, platform, desks, carried[0])
        browser.close()


def took_ms(act: Callable[[], object]) -> float:
    """How long it lasts."""
    began_s = time.monotonic()
    act()
    return (time.monotonic() - began_s) * 1_000


def _paints(tell: Tell, browser: Browser, desks: Desks, deal: Deal) -> Iterable[Figure]:
    """Each time by a browser that has nothing yet but who is signed in."""
    signed_in = {
        "buyer": desks.of(deal.buyer, "buyer.purchaser"),
        "supplier": desks.of(deal.supplier, "supplier.owner"),
        "bank": desks.of(lender(deal), "bank.maker"),
        "operator": desks.operator(),
    }
    pages = [("sign-in", "/sign-in", desks.stranger())]
    pages += [(f"home of the {role}", "/", desk) for role, desk in signed_in.items()]
    for name, path, desk in pages:
        times_s = [_paint_s(browser, desk, path) for _ in range(PAINTS)]
        tell(f"{name}: painted after {', '.join(f'{each:.2f}' for each in times_s)} s")
        yield Figure(
            f"first paint, {name}, median", statistics.median(times_s), "s", wanted=PAINTED
        )


def _paint_s(browser: Browser, desk: Desk, path: str) -> float:
    kept = desk.context.storage_state()
    context = browser.new_context(viewport=WIDE, locale="zh-CN", storage_state=kept)
    page = context.new_page()
    page.goto(f"{desk.url}/portal{path}")
    painted_ms: float = page.evaluate(FIRST_PAINT_MS)
    context.close()
    return painted_ms / 1_000


def _changes(tell: Tell, platform: Stand, desks: Desks, deal: Deal) -> Iterable[Figure]:
    """A buyer publishes and cancels; a supplier looks at the hall, and then at each demand."""
    desk = desks.of(deal.supplier, "supplier.owner")
    hall = _opened(desk, "/hall")
    expect(hall.get_by_role("row")).not_to_have_count(0)
    drafts = platform.sample.demands[-CHANGES:]
    listed_s, demands = list[float](), list[tuple[str, str]]()
    for number, (buyer, body) in enumerate(drafts):
        purchaser = platform.buyer(buyer)["buyer.purchaser"]
        title = f"{body['title']} {number + 1}/{CHANGES}"
        id = purchaser.does("/demands", body | {"title": title})["id"]
        purchaser.does(f"/demands/{id}/publish")
        listed_s.append(_seen_s(hall.get_by_text(title).first.wait_for))
        demands.append((buyer, id))
    yield from _seen(tell, "a list", listed_s)
    detailed_s = []
    for buyer, id in demands:
        page = _opened(desk, f"/demands/{id}")
        head = page.get_by_role("heading", level=1)
        expect(head).to_be_visible()
        platform.buyer(buyer)["buyer.purchaser"].does(f"/demands/{id}/cancel", CANCEL)
        detailed_s.append(_seen_s(head.filter(has_text=CANCELLED).wait_for))
    yield from _seen(tell, "a page", detailed_s)


def _seen(tell: Tell, where: str, times_s: list[float]) -> Iterable[Figure]:
    tell(f"seen on {where}: {', '.join(f'{each:.2f}' for each in times_s)} s")
    seen_s = [each for each in times_s if each != NEVER_S]
    name = f"answered → seen on {where}"
    yield Figure(f"{name}, median", statistics.median(seen_s), "s", wanted=SEEN)
    yield Figure(f"{name}, max", max(seen_s), "s", wanted=SEEN)
    yield Figure(f"not seen on {where}", len(times_s) - len(seen_s), "changes", wanted="0")


def _opened(desk: Desk, path: str) -> Page:
    """Once facts arrive: what is done before is not told to this page."""
    with desk.page.expect_response(lambda answer: answer.url.endswith("/stream")):
        return desk.opens(path)


def _seen_s(wait: Callable[[], object]) -> float:
    """NEVER_S when a person would have looked away."""
    try:
        return took_ms(wait) / 1_000
    except TimeoutError:
        return NEVER_S
