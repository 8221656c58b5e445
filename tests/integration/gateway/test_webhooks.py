"""Webhooks: signed, in order, retried, ended by 410, and never into a private network."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from services.gateway.webhooks import sender as webhooks
from services.gateway.webhooks.sender import Sender, pause_s
from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand, a_fact
from tests.integration.gateway.hooks import TYPES, postpone_others, subscribe, unbounded
from tests.waiting import eventually


@pytest.fixture
def buyer(gateway: Gateway) -> Caller:
    someone = gateway.someone("buyer", "buyer.purchaser")
    gateway.number_feed()
    return someone


def test_the_secret_is_shown_once_and_is_in_no_document(gateway: Gateway, buyer: Caller) -> None:
    body = {"url": "http://127.0.0.1:9/hooks", "event_types": TYPES}
    answer = buyer.post("/webhooks", body, key="hook 1")
    secret = answer.json["secret"]
    assert answer.status_code == 201 and secret.startswith("whsec_")
    assert buyer.post("/webhooks", body, key="hook 1").json == answer.json | {"secret": None}
    assert "secret" not in buyer.gets(f"/webhooks/{answer.json['id']}")
    for table in ("outbox", "idempotency", "views", "feed"):
        assert not gateway.rows(f"SELECT 1 FROM {table} t WHERE t::text LIKE :s", s=f"%{secret}%")


def test_facts_arrive_signed_and_in_order(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Callable
) -> None:
    receiver = receivers()
    gateway.project(a_demand(buyer.party_id))  # before: not to be delivered
    gateway.number_feed()
    subscribe(buyer, receiver)
    facts = [a_demand(buyer.party_id) for _ in range(5)]
    gateway.project(*facts)
    eventually(lambda: turn() or len(receiver.calls) >= 5)
    assert receiver.told == receiver.ids == [fact.id for fact in facts]
    message = receiver.calls[0]
    assert message["type"] == "demand.published.v1"
    assert message["data"]["document"]["buyer_id"] == buyer.party_id
    assert "quote_count" in message["data"]["document"]


def test_what_fails_is_sent_again_with_the_same_id(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Callable
) -> None:
    receiver = receivers(500, 302, 404)
    id = subscribe(buyer, receiver)
    facts = [a_demand(buyer.party_id) for _ in range(2)]
    gateway.project(*facts)
    turn()
    eventually(lambda: len(receiver.calls) == 1)
    (row,) = eventually(
        lambda: gateway.rows("SELECT * FROM webhooks WHERE id = :id AND failures = 1", id=id)
    )
    assert (row.state, row.position) == ("enabled", row.position)
    eventually(lambda: turn() or len(receiver.told) == 2)
    assert receiver.told == [fact.id for fact in facts]
    assert receiver.ids == [facts[0].id] * 4 + [facts[1].id]
    assert eventually(
        lambda: gateway.rows("SELECT 1 FROM webhooks WHERE id = :id AND failures = 0", id=id)
    )


def test_an_endpoint_that_is_gone_is_disabled_and_goes_on_when_enabled(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Callable
) -> None:
    receiver = receivers(200, 410)
    id = subscribe(buyer, receiver)
    facts = [a_demand(buyer.party_id) for _ in range(3)]
    gateway.project(*facts)
    turn()
    state = "SELECT 1 FROM webhooks WHERE id = :id AND state = 'disabled'"
    eventually(lambda: gateway.rows(state, id=id))
    told = "SELECT envelope->'data' AS state FROM outbox WHERE type = 'webhook.disabled.v1'"
    shown = [row.state for row in gateway.rows(told) if row.state["id"] == id]
    assert [(s["reason_code"], s["state"]) for s in shown] == [("gone", "disabled")]
    turn()
    assert receiver.told == [facts[0].id]
    assert problem_of(buyer.post(f"/webhooks/{id}/disable")) == (409, "illegal_move")

    assert buyer.posts(f"/webhooks/{id}/enable")["disabled_at"] is None
    eventually(lambda: turn() or len(receiver.told) == 3)
    assert receiver.told == [fact.id for fact in facts]


def test_an_endpoint_that_never_answers_is_given_up(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Callable
) -> None:
    receiver = receivers()
    id = subscribe(buyer, receiver)
    receiver.close()
    with gateway.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE webhooks SET failures = {webhooks.MAX_FAILURES - 1} WHERE id = '{id}'"
        )
    gateway.project(a_demand(buyer.party_id))
    turn()
    state = "SELECT reason_code FROM webhooks WHERE id = :id AND state = 'disabled'"
    assert eventually(lambda: gateway.rows(state, id=id)) == [("unreachable",)]


def test_a_private_address_is_not_called_however_it_is_reached(
    gateway: Gateway, buyer: Caller, receivers: Callable
) -> None:
    receiver = receivers()
    id = subscribe(buyer, receiver)  # registered while private addresses were allowed
    gateway.project(a_demand(buyer.party_id))
    gateway.number_feed()
    pool = ThreadPoolExecutor()
    careful = Sender(gateway.work, pool.submit, unbounded, allow_private=False)
    careful.turn()
    failed = "SELECT 1 FROM webhooks WHERE id = :id AND failures = 1"
    eventually(lambda: gateway.rows(failed, id=id))
    assert receiver.calls == []
    pool.shutdown()


def test_one_lame_endpoint_does_not_hold_up_the_others(
    gateway: Gateway, receivers: Callable, turn: Callable
) -> None:
    lame, quick = receivers(*[500] * 100), receivers()
    for receiver in (lame, quick):
        subscribe(gateway.someone("buyer"), receiver)
    fact = a_demand(gateway.operator.party_id)
    gateway.project(fact)
    eventually(lambda: turn() or quick.told == [fact.id])
    assert lame.told == []


def test_an_endpoint_has_one_sender_however_long_it_takes(
    gateway: Gateway,
    buyer: Caller,
    receivers: Callable,
    turn: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also when its lease is over: the others' senders would all be drawn in, one by one."""
    monkeypatch.setattr(webhooks, "TIMEOUT_S", (60.0, 60.0))  # it takes longer than all turns
    slow, quick = receivers(), receivers()
    slow.may_answer.clear()
    postpone_others(gateway, subscribe(buyer, slow))
    first = a_demand(buyer.party_id)
    gateway.project(first)
    turn()
    eventually(lambda: slow.ids == [first.id])
    subscribe(gateway.someone("buyer"), quick)
    for count in range(1, webhooks.SENDERS + 3):  # each turn ends all leases
        gateway.project(a_demand(gateway.operator.party_id))
        eventually(lambda count=count: turn() or len(quick.told) == count)
    assert slow.ids == [first.id]
    slow.may_answer.set()
    eventually(lambda: turn() or len(slow.told) == webhooks.SENDERS + 3)


def test_a_call_that_takes_too_long_in_all_has_failed(
    gateway: Gateway, buyer: Caller, receivers: Callable
) -> None:
    """A receiver may answer a byte at a time, each within the time-out of a read."""

    @contextmanager
    def over(limit_s: float) -> Iterator[None]:
        asked.append(limit_s)
        yield
        raise TimeoutError

    asked: list[float] = []
    id = subscribe(buyer, receivers())
    gateway.project(a_demand(buyer.party_id))
    gateway.number_feed()
    pool = ThreadPoolExecutor()
    Sender(gateway.work, pool.submit, over, allow_private=True).turn()
    failed = "SELECT 1 FROM webhooks WHERE id = :id AND failures = 1"
    eventually(lambda: gateway.rows(failed, id=id))
    assert set(asked) == {webhooks.CALL_S}
    pool.shutdown()


def test_a_sender_at_work_keeps_its_endpoint_and_one_that_died_frees_it_soon(
    gateway: Gateway, buyer: Caller, receivers: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call takes as long as one may: what is left of the lease is longer, at every one."""
    id = subscribe(buyer, receivers())
    gateway.project(*(a_demand(buyer.party_id) for _ in range(3)))
    gateway.number_feed()
    passed_s, left_s = [0.0], []

    @contextmanager
    def slow(limit_s: float) -> Iterator[None]:
        (lease,) = gateway.rows("SELECT due_at - now() FROM webhooks WHERE id = :id", id=id)
        left_s.append(lease[0].total_seconds())
        passed_s[0] += limit_s
        with gateway.engine.begin() as connection:
            took = f"UPDATE webhooks SET due_at = due_at - interval '{limit_s} s'"
            connection.exec_driver_sql(took)
        yield
        if len(left_s) == 2:
            raise SystemExit  # killed

    def serve_mine(serve: Callable, endpoint: webhooks.Endpoint) -> None:
        if endpoint.id == id:
            serve(endpoint)

    monkeypatch.setattr(webhooks, "monotonic", lambda: passed_s[0])
    with pytest.raises(SystemExit):
        Sender(gateway.work, serve_mine, slow, allow_private=True).turn()
    assert len(left_s) == 2 and webhooks.CALL_S < min(left_s) <= max(left_s) <= webhooks.LEASE_S


def test_a_sender_at_work_stops_when_its_hook_is_disabled(
    gateway: Gateway, buyer: Caller, receivers: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = receivers()
    id = subscribe(buyer, receiver)
    postpone_others(gateway, id)
    facts = [a_demand(buyer.party_id) for _ in range(5)]
    gateway.project(*facts)
    gateway.number_feed()
    monkeypatch.setattr(webhooks, "RENEW_S", -1.0)  # looks after each call

    @contextmanager
    def disabling(_: float) -> Iterator[None]:
        yield
        if len(receiver.calls) == 2:
            buyer.posts(f"/webhooks/{id}/disable")

    def serve_mine(serve: Callable, endpoint: webhooks.Endpoint) -> None:
        if endpoint.id == id:
            serve(endpoint)

    Sender(gateway.work, serve_mine, disabling, allow_private=True).turn()

    assert receiver.told == [fact.id for fact in facts[:2]]


def test_receivers_leave_no_cookies(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Callable
) -> None:
    receiver = receivers()
    subscribe(buyer, receiver)
    gateway.project(*(a_demand(buyer.party_id) for _ in range(3)))
    eventually(lambda: turn() or len(receiver.told) == 3)
    assert receiver.cookies == []


def test_a_hook_is_told_what_its_registrar_could_read(
    gateway: Gateway, receivers: Callable, turn: Callable
) -> None:
    party = gateway.organisation("产融集团", "supplier", "bank")
    owner = gateway.person(gateway.operator, party["id"], "supplier.owner")
    system = gateway.person(owner, party["id"], "bank.system")
    of_owner, of_system = receivers(), receivers()
    types = ["application.submitted.v1", *TYPES]
    subscribe(owner, of_owner, types)
    subscribe(system, of_system, types)
    teaser = a_fact("application", "submitted", id=Ids().new(), opened_to=[])
    demand = a_demand(gateway.operator.party_id)
    gateway.project(teaser)
    gateway.project(demand)
    eventually(lambda: turn() or (demand.id in of_owner.told and demand.id in of_system.told))
    assert of_owner.told == [demand.id]
    assert of_system.told == [teaser.id, demand.id]


def test_a_partys_hooks_are_its_own_and_few(gateway: Gateway, buyer: Caller) -> None:
    body = {"url": "http://127.0.0.1:9/hooks"}
    ids = [buyer.posts("/webhooks", body)["id"] for _ in range(10)]
    assert problem_of(buyer.post("/webhooks", body)) == (409, "too_many")
    stranger = gateway.someone("buyer")
    assert problem_of(stranger.get(f"/webhooks/{ids[0]}")) == (404, "not_found")
    assert problem_of(stranger.post(f"/webhooks/{ids[0]}/disable")) == (404, "not_found")
    wrong = stranger.post("/webhooks", {"url": "ftp://x.example.com"})
    assert problem_of(wrong) == (422, "url_refused")
    unknown = stranger.post("/webhooks", body | {"event_types": ["demand.eaten.v1"]})
    assert problem_of(unknown) == (422, "event_type_unknown")
    assert unknown.json["errors"][0]["pointer"] == "/event_types/0"


def test_disabled_hooks_take_no_place(gateway: Gateway, buyer: Caller) -> None:
    body = {"url": "http://127.0.0.1:9/hooks"}
    old = [buyer.posts("/webhooks", body)["id"] for _ in range(10)]
    for id in old:
        buyer.posts(f"/webhooks/{id}/disable")
    new = [buyer.posts("/webhooks", body)["id"] for _ in range(9)]
    assert buyer.posts(f"/webhooks/{old[0]}/enable")["state"] == "enabled"
    assert problem_of(buyer.post(f"/webhooks/{old[1]}/enable")) == (409, "too_many")
    assert problem_of(buyer.post("/webhooks", body)) == (409, "too_many")
    assert problem_of(buyer.post(f"/webhooks/{new[0]}/enable")) == (409, "illegal_move")
    buyer.posts(f"/webhooks/{new[0]}/disable")
    assert buyer.posts(f"/webhooks/{old[1]}/enable")["state"] == "enabled"


def test_the_last_place_is_given_once(gateway: Gateway, buyer: Caller) -> None:
    body = {"url": "http://127.0.0.1:9/hooks"}
    old = [buyer.posts("/webhooks", body)["id"] for _ in range(4)]
    for id in old:
        buyer.posts(f"/webhooks/{id}/disable")
    for _ in range(9):
        buyer.posts("/webhooks", body)
    paths = [f"/webhooks/{id}/enable" for id in old] + ["/webhooks"]
    with ThreadPoolExecutor(len(paths)) as pool:
        asked = pool.map(lambda path: buyer.post(path, {} if "enable" in path else body), paths)
        answers = list(asked)
    assert [answer.status_code for answer in answers].count(409) == len(paths) - 1
    enabled = "SELECT count(*) FROM webhooks WHERE state = 'enabled' AND party_id = :id"
    assert gateway.rows(enabled, id=buyer.party_id) == [(10,)]


def test_who_may_not_read_is_told_nothing(gateway: Gateway, buyer: Caller) -> None:
    body = {"user_id": buyer.user_id, "name": "系统", "scopes": ["webhooks:write"]}
    narrow = Caller(
        gateway, buyer.posts("/api-keys", body)["secret"], buyer.party_id, buyer.user_id
    )
    assert problem_of(narrow.get("/demands")) == (403, "no_scope")
    hook = {"url": "http://127.0.0.1:9/hooks"}
    assert problem_of(narrow.post("/webhooks", hook)) == (403, "no_scope")
    own = buyer.posts("/webhooks", hook)["id"]
    assert narrow.posts(f"/webhooks/{own}/disable")["state"] == "disabled"
    refused = narrow.post(f"/webhooks/{own}/enable")
    assert problem_of(refused) == (403, "no_scope") and "read" in refused.json["detail"]


def test_pauses_grow_with_jitter_up_to_a_bound() -> None:
    assert pause_s(0) == 0
    for failures, longest in (
        (1, 1.0),
        (2, 2.0),
        (5, 16.0),
        (11, 1024.0),
        (12, 1800.0),
        (500, 1800),
    ):
        pauses = {pause_s(failures) for _ in range(20)}
        assert len(pauses) > 1 and longest / 2 <= min(pauses) and max(pauses) <= longest


def test_one_host_or_party_takes_a_share_of_the_senders(fresh_gateway: Gateway) -> None:
    """However many endpoints it has: those of others have their turn all the same."""
    gateway, share = fresh_gateway, webhooks.SHARE
    slow = [gateway.someone("buyer") for _ in range(3)]
    many, other = gateway.someone("buyer"), gateway.someone("buyer")
    for party in slow:
        for port in (1, 2, 3):
            party.posts("/webhooks", {"url": f"http://Slow.example.com:{port}/"})
    for n in range(6):
        many.posts("/webhooks", {"url": f"http://host-{n}.example.com/"})
    last = other.posts("/webhooks", {"url": "http://[::1]:9/"})["id"]
    gateway.project(a_demand(other.party_id))
    gateway.number_feed()
    served: list[webhooks.Endpoint] = []
    sender = Sender(
        gateway.work, lambda serve, endpoint: served.append(endpoint), unbounded, allow_private=True
    )
    sender.turn()
    sender.turn()
    assert sum(endpoint.host == "slow.example.com" for endpoint in served) == share
    assert sum(endpoint.party_id == many.party_id for endpoint in served) == share
    assert last in [endpoint.id for endpoint in served] and len(served) == 2 * share + 1


def test_a_hook_ends_with_its_registrars_last_key(gateway: Gateway, buyer: Caller) -> None:
    system = gateway.person(buyer, buyer.party_id, "buyer.purchaser")
    second = system.posts("/api-keys", {"user_id": system.user_id, "name": "系统"})
    hook = system.posts("/webhooks", {"url": "http://127.0.0.1:9/hooks"})["id"]
    (first,) = gateway.rows(
        "SELECT CAST(id AS text) FROM api_keys WHERE user_id = :id AND id <> :second",
        id=system.user_id, second=second["id"],
    )  # fmt: skip
    system.posts(f"/api-keys/{first[0]}/revoke")
    assert buyer.gets(f"/webhooks/{hook}")["state"] == "enabled"
    last = Caller(gateway, second["secret"], system.party_id, system.user_id)
    assert last.posts(f"/api-keys/{second['id']}/revoke")["state"] == "revoked"
    ended = buyer.gets(f"/webhooks/{hook}")
    assert (ended["state"], ended["reason_code"]) == ("disabled", "key_revoked")
    assert buyer.posts(f"/webhooks/{hook}/enable")["state"] == "enabled"
    assert gateway.rows("SELECT CAST(user_id AS text) FROM webhooks WHERE id = :id", id=hook) == [
        (buyer.user_id,)
    ]
