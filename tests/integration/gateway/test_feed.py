"""The numbered feed and the live stream: everything once, in one order, nothing skipped."""

import json
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from services.contracts.envelope import Event
from services.gateway.readmodel import audiences, live, projector, stream, telling
from services.messaging import Ids
from services.settings import Settings
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand, a_fact
from tests.waiting import eventually

PER_PERSON = Settings.streams_per_person


@pytest.fixture
def buyer(gateway: Gateway) -> Caller:
    someone = gateway.someone("buyer", "buyer.purchaser")
    gateway.number_feed()
    return someone


def read_on(caller: Caller, after: int, query: str = "limit=500") -> tuple[list[Any], int]:
    page = caller.gets(f"/feed?after={after}&{query}")
    return page["items"], page["next"]


def test_a_fact_enters_the_feed_with_all_its_rows(gateway: Gateway, buyer: Caller) -> None:
    """Its lesser rows alone would be told first, and the fullest one once more."""
    position = gateway.number_feed()
    facts = [a_demand(buyer.party_id) for _ in range(3)]
    gateway.project(*facts)
    gateway.project(*facts)  # by the broker too
    streams = live.Live(gateway.reader)
    mine = [audiences.of_party(buyer.party_id), audiences.PUBLIC]
    streams.page(mine, position, None)
    told, heard = [], []
    while True:
        with gateway.engine.connect() as connection:
            if not telling.number(connection, 1):
                break
        after = position
        items, position = read_on(buyer, after)
        told += items
        heard += [item.event_id for item in (streams.page(mine, after, None) or [[]])[0]]
    assert ids_of(told) == heard == [fact.id for fact in facts]
    assert all("quote_count" in item["document"] for item in told)


@pytest.mark.parametrize("limit", [1, 2, 5, 500])
def test_a_reader_gets_each_fact_once_with_its_fullest_document(
    gateway: Gateway, buyer: Caller, limit: int
) -> None:
    start = gateway.number_feed()
    facts = [a_demand(buyer.party_id) for _ in range(7)]
    gateway.project(*facts)
    gateway.number_feed()
    seen: list[Any] = []
    after, before = start, -1
    while after > before:  # a page may be empty and still lead on
        before = after
        items, after = read_on(buyer, after, f"limit={limit}")
        seen += items
    assert [item["resource_id"] for item in seen] == [fact.subject for fact in facts]
    assert [item["id"] for item in seen] == [fact.id for fact in facts]
    assert all("quote_count" in item["document"] for item in seen)
    positions = [item["position"] for item in seen]
    assert positions == sorted(set(positions)) and after >= positions[-1]


def test_a_reader_of_few_types_need_not_read_all_again(gateway: Gateway, buyer: Caller) -> None:
    start = gateway.number_feed()
    gateway.project(*(a_demand(buyer.party_id) for _ in range(5)))
    newest = gateway.number_feed()
    items, position = read_on(buyer, start, "types=loan.paid.v1")
    assert (items, position) == ([], newest)


def test_a_type_that_is_asked_for_twice_is_told_once(gateway: Gateway, buyer: Caller) -> None:
    start = gateway.number_feed()
    (fact,) = publish(gateway, buyer, 1)
    items, _ = read_on(buyer, start, f"types={fact.type},{fact.type}")
    assert ids_of(items) == [fact.id]


def test_the_feed_tells_nobody_what_is_sealed(gateway: Gateway, buyer: Caller) -> None:
    supplier = gateway.someone("supplier", "supplier.owner")
    start = gateway.number_feed()
    sealed = a_fact(
        "quote", "sealed", id=Ids().new(), state="sealed", opened_at=None,
        supplier_id=supplier.party_id, buyer_id=buyer.party_id,
    )  # fmt: skip
    gateway.project(sealed)
    gateway.number_feed()
    assert read_on(buyer, start)[0] == [] and read_on(gateway.operator, start)[0] == []
    assert [item["id"] for item in read_on(supplier, start)[0]] == [sealed.id]


@pytest.mark.parametrize("at_once", [True, False])
def test_who_loses_sight_of_a_thing_is_told_so(
    gateway: Gateway, buyer: Caller, at_once: bool
) -> None:
    """A mirror that hears nothing would offer a retired product for ever."""
    start = gateway.number_feed()
    given = {"id": Ids().new(), "bank_id": Ids().new()}
    facts = [
        a_fact("product", "published", state="published", **given),
        a_fact("product", "retired", state="retired", sequence=2, **given),
    ]
    for batch in [facts] if at_once else [facts[:1], facts[1:], facts]:
        gateway.project(*batch)
    gateway.number_feed()
    items = read_on(buyer, start)[0]
    assert [(item["type"], item["document"]) for item in items] == [
        ("product.published.v1", None),
        ("product.retired.v1", None),
    ]
    assert items[1]["sequence"] is None and items[1]["actor"] is None


def test_the_fact_that_took_it_away_tells_and_no_later_one(gateway: Gateway, buyer: Caller) -> None:
    supplier = gateway.someone("supplier", "supplier.owner")
    start = gateway.number_feed()
    given = {"id": Ids().new(), "supplier_id": supplier.party_id, "state": "archived"}
    gateway.project(
        a_fact("supply", "activated", **given | {"state": "active"}),
        a_fact("supply", "archived", sequence=2, **given),
        a_fact("supply", "refreshed", sequence=3, **given),
    )
    gateway.number_feed()
    types = [item["type"] for item in read_on(buyer, start)[0]]
    assert types == ["supply.activated.v1", "supply.archived.v1"]
    own = read_on(supplier, start)[0]
    assert [item["sequence"] for item in own] == [1, 2, 3]
    assert own[2]["document"]["state"] == "archived"


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize(
    ("state", "past"),
    [("archived", "archived"), ("stale", "expired"), ("verifying", "amended")],
)
def test_all_are_told_that_a_supply_is_gone_also_by_a_fact_that_is_told_to_few(
    gateway: Gateway, buyer: Caller, order: tuple[int, int], state: str, past: str
) -> None:
    supplier = gateway.someone("supplier", "supplier.owner")
    start = gateway.number_feed()
    given = {"id": Ids().new(), "supplier_id": supplier.party_id, "state": state}
    facts = [
        a_fact("supply", "activated", **given | {"state": "active"}),
        a_fact("supply", past, sequence=2, **given),
        a_fact("supply", "released", sequence=3, **given),
    ]
    for place in (0, *order):
        gateway.project(facts[place])
    gateway.number_feed()
    items = read_on(buyer, start)[0]
    assert [item["type"] for item in items] == ["supply.activated.v1", f"supply.{past}.v1"]
    assert items[1]["document"] is None and items[1]["actor"] is None
    own = [item["type"] for item in read_on(supplier, start)[0]]
    assert sorted(own) == sorted(fact.type for fact in facts)


def test_who_never_saw_a_thing_is_not_told_that_it_is_gone(gateway: Gateway, buyer: Caller) -> None:
    """A late fact of better days, together with the next, is not what was there before."""
    start = gateway.number_feed()
    given = {"id": Ids().new(), "bank_id": Ids().new(), "state": "retired"}
    published = a_fact("product", "published", **given | {"state": "published"})
    retired = [a_fact("product", "retired", sequence=sequence, **given) for sequence in (2, 3)]
    gateway.project(retired[0])
    gateway.project(published, retired[1])
    gateway.number_feed()
    assert [item["id"] for item in read_on(buyer, start)[0]] == [published.id]


def test_the_winner_of_an_award_is_not_in_the_feed_of_all(gateway: Gateway, buyer: Caller) -> None:
    supplier = gateway.someone("supplier", "supplier.owner")
    given = {"id": Ids().new(), "supplier_id": supplier.party_id, "state": "active"}
    gateway.project(a_fact("supply", "activated", reserved_for_demand_id=None, **given))
    start, path = gateway.number_feed(), f"/supplies/{given['id']}"
    before = buyer.get(path)
    for sequence, past in enumerate(("reserved", "short", "released", "used"), 2):
        gateway.project(a_fact("supply", past, sequence=sequence, **given))
    gateway.number_feed()
    assert read_on(buyer, start)[0] == []
    assert len(read_on(supplier, start)[0]) == 4
    after = buyer.get(path)
    assert (after.text, after.headers["ETag"]) == (before.text, before.headers["ETag"])
    assert supplier.get(path).headers["ETag"] == '"5"'


def test_a_slow_transaction_is_never_skipped(gateway: Gateway, buyer: Caller) -> None:
    start = gateway.number_feed()
    slow, fast = a_demand(buyer.party_id), a_demand(buyer.party_id)
    begun, finish = threading.Event(), threading.Event()

    def hold() -> None:
        with gateway.sessionmaker.begin() as session:
            projector.project(session, [slow])  # draws the lower ids
            begun.set()
            finish.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    assert begun.wait(20)
    gateway.project(fast)
    gateway.number_feed()
    items, after = read_on(buyer, start)
    assert [item["id"] for item in items] == [fast.id]
    finish.set()
    holder.join()
    gateway.number_feed()
    items, _ = read_on(buyer, after)
    assert [item["id"] for item in items] == [slow.id]


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=x", "after=99999999999999999999", "limit=0", "limit=501", "types=x",
     "types=,", "since=1"],
)  # fmt: skip
def test_the_feed_is_asked_for_properly(gateway: Gateway, query: str) -> None:
    assert problem_of(gateway.operator.get(f"/feed?{query}")) == (422, "query_invalid")


class Listener:
    """Reads a live stream in a thread of its own."""

    def __init__(self, caller: Caller, path: str = "/stream", **headers: str | None) -> None:
        self.answer = caller.get(path, Accept="text/event-stream", **headers)
        assert self.answer.status_code == 200, self.answer.text
        self.chunks: list[str] = []
        self.facts: list[dict[str, Any]] = []
        self.ended = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for fact in _events(self._kept(self.answer.response)):
            self.facts.append(fact)
        self.ended = True

    def _kept(self, chunks: Any) -> Iterator[bytes]:
        for chunk in chunks:
            self.chunks.append(chunk.decode())
            yield chunk

    def close(self) -> None:
        self.answer.close()


def _events(chunks: Any) -> Iterator[dict[str, Any]]:
    for chunk in chunks:
        for block in chunk.decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "data" in fields:
                document = json.loads(fields["data"])
                assert (fields["id"], fields["event"]) == (
                    str(document["position"]),
                    document["type"],
                )
                yield document


def ids_of(items: list[Any]) -> list[str]:
    return [item["id"] for item in items]


def publish(gateway: Gateway, buyer: Caller, count: int) -> list[Event]:
    facts = [a_demand(buyer.party_id) for _ in range(count)]
    gateway.project(*facts)
    gateway.number_feed()
    return facts


def test_a_stream_tells_what_happens_from_now_on(gateway: Gateway, buyer: Caller) -> None:
    publish(gateway, buyer, 1)
    listener = Listener(buyer)
    facts = publish(gateway, buyer, 3)
    eventually(lambda: len(listener.facts) == 3)
    assert ids_of(listener.facts) == [fact.id for fact in facts]
    assert listener.facts[0]["document"]["buyer_id"] == buyer.party_id
    listener.close()


def test_a_stream_goes_on_after_the_last_event_without_a_gap(
    gateway: Gateway, buyer: Caller
) -> None:
    first = Listener(buyer)
    before = publish(gateway, buyer, 2)
    eventually(lambda: len(first.facts) == 2)
    first.close()
    missed = publish(gateway, buyer, 150)  # more than a page
    second = Listener(buyer, Last_Event_ID=str(first.facts[-1]["position"]))
    after = publish(gateway, buyer, 1)
    eventually(lambda: len(second.facts) == 151)
    assert ids_of(second.facts) == [fact.id for fact in (*missed, *after)]
    assert not set(ids_of(second.facts)) & {fact.id for fact in before}
    second.close()


def test_a_stream_that_told_nothing_can_be_gone_on_with(gateway: Gateway, buyer: Caller) -> None:
    position = gateway.number_feed()
    first = Listener(buyer)
    eventually(lambda: first.chunks)
    assert first.chunks[0] == f"retry: 1000\nid: {position}\n\n"
    first.close()
    (missed,) = publish(gateway, buyer, 1)
    second = Listener(buyer, Last_Event_ID=str(position))
    eventually(lambda: ids_of(second.facts) == [missed.id])
    second.close()


def test_a_stream_gives_signs_of_life_while_others_are_told(
    gateway: Gateway, buyer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.5)
    listener = Listener(buyer)

    def heard() -> list[str]:
        publish_sealed(gateway)
        return [chunk for chunk in listener.chunks if chunk.startswith(": heartbeat\nid: ")]

    eventually(lambda: len(heard()) >= 2, 10)
    assert listener.facts == []
    listener.close()


def test_many_facts_are_read_once_for_many_streams(gateway: Gateway, buyer: Caller) -> None:
    others = [gateway.someone("buyer", "buyer.purchaser") for _ in range(4)]
    listeners = [Listener(each, "/stream?types=demand.published.v1") for each in (buyer, *others)]
    publish(gateway, buyer, 1)
    eventually(lambda: all(len(one.facts) == 1 for one in listeners))
    gateway.reader.asked.clear()

    facts = publish(gateway, buyer, 30)

    eventually(lambda: all(len(one.facts) == 31 for one in listeners))
    asked = list(gateway.reader.asked)
    for listener in listeners:
        assert ids_of(listener.facts)[1:] == [fact.id for fact in facts]
        listener.close()
    own, stranger = (listeners[index].facts[-1]["document"] for index in (0, 1))
    assert "quote_count" in own
    assert "quote_count" not in stranger
    # What each of five asks when it finds nothing new, and one page with its documents for all.
    assert asked.count("live_documents") == 1


def test_a_stream_that_has_told_all_pauses_before_it_looks_again(
    gateway: Gateway, buyer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many facts in a row are few wake-ups of each stream."""
    looked: list[tuple[float, bool]] = []
    look = stream.Stream._page

    def noted(one: stream.Stream) -> tuple[list[Any], bool]:
        began_s = time.monotonic()
        items, is_all = look(one)
        looked.append((began_s, is_all))
        return items, is_all

    monkeypatch.setattr(stream.Stream, "_page", noted)
    listener = Listener(buyer)
    facts = [fact for _ in range(30) for fact in publish(gateway, buyer, 1)]
    eventually(lambda: len(listener.facts) == 30)
    listener.close()
    assert ids_of(listener.facts) == [fact.id for fact in facts]
    told_all = [(now, later) for (now, is_all), (later, _) in pairwise(looked) if is_all]
    assert told_all
    assert all(later - now >= stream.PAUSE_S for now, later in told_all)


def test_a_stream_that_fell_behind_reads_pages_of_its_own(
    gateway: Gateway, buyer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEPT_ROWS", 3)
    monkeypatch.setattr(live, "BYTES", 10_000)
    start = gateway.number_feed()
    ahead = Listener(buyer)
    facts = [fact for _ in range(5) for fact in publish(gateway, buyer, 2)]
    eventually(lambda: len(ahead.facts) == 10)
    behind = Listener(buyer, f"/stream?after={start}")
    eventually(lambda: len(behind.facts) == 10)
    large = publish(gateway, buyer, 30)  # more than one may keep for all
    eventually(lambda: len(behind.facts) == len(ahead.facts) == 40)
    for listener in (ahead, behind):
        assert ids_of(listener.facts) == [fact.id for fact in (*facts, *large)]
        listener.close()


def test_a_stream_shows_nobody_what_was_taken_from_them(gateway: Gateway, buyer: Caller) -> None:
    """Who comes back to an old place is not told out of the memory of better days."""
    start, watcher = gateway.number_feed(), Listener(buyer)
    given = {"id": Ids().new(), "bank_id": Ids().new()}
    gateway.project(a_fact("product", "published", state="published", **given))
    gateway.number_feed()
    eventually(lambda: len(watcher.facts) == 1)
    assert watcher.facts[0]["document"]["state"] == "published"
    gateway.project(a_fact("product", "retired", state="retired", sequence=2, **given))
    gateway.number_feed()
    eventually(lambda: len(watcher.facts) == 2)

    returned = Listener(buyer, f"/stream?after={start}")
    eventually(lambda: len(returned.facts) == 2)

    assert [fact["document"] for fact in returned.facts] == [None, None]
    for listener in (watcher, returned):
        listener.close()


def test_what_is_kept_for_all_streams_and_told_at_once_is_bounded(
    gateway: Gateway, buyer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = live.Live(gateway.reader)
    start, mine = gateway.number_feed(), audiences.held_by(buyer.party_id, ())
    assert shared.page(mine, start, None) == ([], start, True)
    publish(gateway, buyer, 10)
    monkeypatch.setattr(live, "MAX_PAGE_BYTES", 3_000)
    told, after, pages, is_all = [], start, 0, False
    while not is_all:
        items, after, is_all = shared.page(mine, after, None) or ([], after, True)
        assert sum(len(item.sent) for item in items[:-1]) <= 3_000
        told, pages = told + items, pages + 1
    assert len(told) == 10 and pages > 3 and after == gateway.number_feed()
    monkeypatch.setattr(live, "KEPT_SIZE", 6_000)
    publish(gateway, buyer, 1)
    shared.page(mine, after, None)
    assert 0 < sum(one.size for one in shared._told) <= 6_000
    assert shared.page(mine, start, None) is None


def publish_sealed(gateway: Gateway) -> None:
    """A fact of strangers."""
    gateway.project(
        a_fact("quote", "sealed", id=Ids().new(), state="sealed", opened_at=None,
               supplier_id=Ids().new(), buyer_id=Ids().new())
    )  # fmt: skip
    gateway.number_feed()


def test_a_stream_is_narrowed_by_types(gateway: Gateway, buyer: Caller) -> None:
    listener = Listener(buyer, f"/stream?after={gateway.number_feed()}&types=demand.closed.v1")
    publish(gateway, buyer, 2)
    closed = a_demand(buyer.party_id, past="closed", state="evaluating")
    gateway.project(closed)
    gateway.number_feed()
    eventually(lambda: ids_of(listener.facts) == [closed.id])
    listener.close()


def test_a_stream_ends_with_its_key(gateway: Gateway, buyer: Caller) -> None:
    issued = buyer.posts("/api-keys", {"user_id": buyer.user_id, "name": "系统"})
    guest = Caller(gateway, issued["secret"], buyer.party_id, buyer.user_id)
    listener = Listener(guest)
    buyer.posts(f"/api-keys/{issued['id']}/revoke")

    def ended() -> bool:
        publish(gateway, buyer, 1)
        return listener.ended

    eventually(ended, 5)


def test_who_has_gone_leaves_its_place_before_the_next_sign_of_life(
    gateway: Gateway, buyer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PULSE_S", 0.1)
    gone = threading.Event()
    opened = gateway.streams.open(
        buyer.user_id, [], gateway.number_feed(), None, lambda: None, has_gone=gone.is_set
    )
    reading = threading.Thread(target=list, args=(opened,))
    reading.start()
    reading.join(0.5)
    assert reading.is_alive()
    gone.set()
    reading.join(stream.HEARTBEAT_S / 3)
    assert not reading.is_alive()
    opened.close()


def test_streams_are_counted(
    gateway: Gateway, buyer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the process, and of a person over all of its keys."""
    wanted = {"Accept": "text/event-stream"}
    own = [buyer.get("/stream", **wanted) for _ in range(PER_PERSON)]
    refused = buyer.get("/stream", **wanted)
    assert problem_of(refused) == (429, "too_many_own_streams")
    second = buyer.posts("/api-keys", {"user_id": buyer.user_id, "name": "系统"})["secret"]
    other_key = Caller(gateway, second, buyer.party_id, buyer.user_id)
    assert problem_of(other_key.get("/stream", **wanted)) == (429, "too_many_own_streams")
    assert gateway.operator.get("/stream", **wanted).status_code == 200
    own.pop().close()
    buyer.get("/stream", **wanted).close()
    monkeypatch.setattr(stream, "MAX_STREAMS", len(own))
    assert problem_of(buyer.get("/stream", **wanted)) == (503, "too_many_streams")
    assert problem_of(buyer.get("/stream", Accept="application/json"))[0] == 406
    wrong = buyer.get("/stream", **wanted, Last_Event_ID="x")
    assert problem_of(wrong) == (400, "header_invalid")
    for answer in own:
        answer.close()
