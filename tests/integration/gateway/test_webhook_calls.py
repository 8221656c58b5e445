"""What an owner sees and does of its webhooks: the log, replays, pings, another secret."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from standardwebhooks.webhooks import Webhook as Verifier

from services.contracts.envelope import Event
from services.gateway.commands import replays
from services.gateway.commands.webhooks import MAX_OLD_SECRETS
from services.gateway.readmodel import horizon
from services.gateway.webhooks import log
from services.gateway.webhooks import sender as webhooks
from services.gateway.webhooks.sender import Sender
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand
from tests.integration.gateway.hooks import postpone_others, subscribe, unbounded
from tests.waiting import eventually

Turn = Callable[[], None]
Document = dict[str, Any]


@pytest.fixture
def buyer(gateway: Gateway) -> Caller:
    someone = gateway.someone("buyer", "buyer.purchaser")
    gateway.number_feed()
    return someone


def demands(gateway: Gateway, buyer: Caller, count: int) -> list[Event]:
    facts = [a_demand(buyer.party_id) for _ in range(count)]
    gateway.project(*facts)
    gateway.number_feed()
    return facts


def calls(buyer: Caller, id: str, query: str = "") -> list[Document]:
    return list(buyer.gets(f"/webhooks/{id}/deliveries{query}")["items"])


def position_of(gateway: Gateway, fact: Event) -> int:
    """Where its own party is told of it."""
    told = "SELECT position FROM feed WHERE event_id = :id AND audience = :own"
    own = f"party:{fact.data['buyer_id']}"
    (row,) = gateway.rows(told, id=fact.id, own=own)
    return int(row[0])


def change(gateway: Gateway, sql: str, **given: Any) -> None:
    with gateway.engine.begin() as connection:
        connection.execute(text(sql), given)


def test_every_call_is_in_the_log_newest_first(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    receiver = receivers(500, 302)
    id = subscribe(buyer, receiver)
    first, second = demands(gateway, buyer, 2)
    eventually(lambda: turn() or len(receiver.told) == 2)
    shown = eventually(lambda: len(found := calls(buyer, id)) == 4 and found)
    assert [(one["event_id"], one["status"], one["attempt"]) for one in shown] == [
        (second.id, 200, 1), (first.id, 200, 3), (first.id, 302, 2), (first.id, 500, 1),
    ]  # fmt: skip
    for one in shown:
        failed = one["outcome"] == "failed"
        assert failed == (one["status"] >= 300) == (one["next_at"] is not None)
        assert (one["cause"], one["type"], one["error"]) == ("feed", "demand.published.v1", None)
        assert one["duration_ms"] >= 0
    assert shown[0]["position"] == position_of(gateway, second)
    assert datetime.fromisoformat(shown[3]["next_at"]) > datetime.fromisoformat(shown[3]["at"])
    assert calls(buyer, id, "?outcome=ok") == shown[:2]
    assert calls(buyer, id, "?outcome=failed") == shown[2:]
    page = buyer.gets(f"/webhooks/{id}/deliveries?limit=3")
    assert page["items"] == shown[:3]
    last = buyer.gets(f"/webhooks/{id}/deliveries?limit=3&cursor={page['next']}")
    assert last == {"items": shown[3:], "next": None}
    assert receiver.secret not in str(shown) and receiver.url not in str(shown)


def test_who_does_not_answer_is_logged_by_a_code_and_disabled_without_a_next_call(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    receiver = receivers()
    id = subscribe(buyer, receiver)
    receiver.close()
    demands(gateway, buyer, 1)
    eventually(lambda: turn() or calls(buyer, id))
    (failed,) = calls(buyer, id)[-1:]
    assert (failed["status"], failed["error"], failed["attempt"]) == (None, "not_reached", 1)
    nearly = "UPDATE webhooks SET failures = 34 WHERE id = :id"  # a call under way may undo it

    def given_up() -> bool:
        change(gateway, nearly, id=id)
        turn()
        return buyer.gets(f"/webhooks/{id}/status")["state"] == "disabled"

    eventually(given_up)
    last = calls(buyer, id)[0]
    assert (last["attempt"], last["next_at"]) == (webhooks.MAX_FAILURES, None)


def test_the_log_is_its_own_partys_and_bounded(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    id = subscribe(buyer, receivers())
    change(
        gateway,
        """INSERT INTO webhook_deliveries
               (webhook_id, event_id, type, cause, attempt, at, duration_ms, status)
           SELECT :id, :id, 'demand.published.v1', 'feed', 1,
                  now() - make_interval(days => CASE WHEN n > 900 THEN 0 ELSE 31 END), 1, 200
           FROM generate_series(1, 1000) AS n""",
        id=id,
    )
    demands(gateway, buyer, 1)
    count = "SELECT count(*), min(id) FROM webhook_deliveries WHERE webhook_id = :id"
    (before,) = gateway.rows(count, id=id)
    eventually(lambda: turn() or gateway.rows(count, id=id)[0].min > before.min)
    assert gateway.rows(count, id=id)[0].count == log.KEPT_CALLS
    with gateway.engine.connect() as connection:
        log.PRUNES["webhook_deliveries"](connection)
    assert gateway.rows(count, id=id)[0].count == 101  # of the last thirty days
    stranger = gateway.someone("buyer")
    for path in ("deliveries", "status"):
        answer = stranger.get(f"/webhooks/{id}/{path}")
        assert problem_of(answer) == (404, "not_found")
    for path, body in (("ping", {}), ("rotate-secret", {}), ("replay", {"after": 0})):
        answer = stranger.post(f"/webhooks/{id}/{path}", body)
        assert problem_of(answer) == (404, "not_found")
    wrong = buyer.get(f"/webhooks/{id}/deliveries?cursor=x")
    assert problem_of(wrong) == (422, "query_invalid")


def test_the_state_says_how_it_goes_and_no_call_is_a_fact(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    receiver = receivers(500)
    id = subscribe(buyer, receiver)
    gateway.number_feed()
    start = buyer.gets(f"/webhooks/{id}/status")
    assert (start["behind"], start["failures"], start["last_success_at"]) == (0, 0, None)
    facts = "SELECT count(*) FROM outbox WHERE envelope->'data'->>'id' = :id"
    told = gateway.rows(facts, id=id)
    demands(gateway, buyer, 3)
    assert buyer.gets(f"/webhooks/{id}/status")["behind"] == 3
    postpone_others(gateway, id)
    turn()
    eventually(lambda: buyer.gets(f"/webhooks/{id}/status")["failures"] == 1)
    assert buyer.gets(f"/webhooks/{id}/status")["next_at"] is not None
    eventually(lambda: turn() or buyer.gets(f"/webhooks/{id}/status")["behind"] == 0)
    done = buyer.gets(f"/webhooks/{id}/status")
    assert (done["failures"], done["next_at"], done["waiting"]) == (0, None, 0)
    assert done["last_success_at"] and done["position"] > start["position"]
    assert gateway.rows(facts, id=id) == told


def test_a_replay_tells_again_from_a_position_with_the_same_ids(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    receiver = receivers()
    id = subscribe(buyer, receiver)
    sent = demands(gateway, buyer, 4)
    facts = [fact.id for fact in sent]
    eventually(lambda: turn() or len(receiver.told) == 4)
    eventually(lambda: buyer.gets(f"/webhooks/{id}/status")["behind"] == 0)
    after = position_of(gateway, sent[1])
    answer = buyer.posts(f"/webhooks/{id}/replay", {"after": after})
    assert answer == {"after": after, "event_id": None}
    assert buyer.gets(f"/webhooks/{id}/status")["position"] == after
    eventually(lambda: turn() or len(receiver.told) == 6)
    assert receiver.told == facts + facts[2:]


def test_a_replay_survives_the_end_of_its_sender(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    """Killed after two calls it is begun again by the next one: at least once, in order."""
    receiver = receivers()
    id = subscribe(buyer, receiver)
    sent = demands(gateway, buyer, 4)
    facts = [fact.id for fact in sent]
    eventually(lambda: turn() or len(receiver.told) == 4)
    eventually(lambda: buyer.gets(f"/webhooks/{id}/status")["behind"] == 0)
    after = position_of(gateway, sent[0]) - 1
    buyer.posts(f"/webhooks/{id}/replay", {"after": after})
    postpone_others(gateway, id)

    @contextmanager
    def killed(_: float) -> Iterator[None]:
        yield
        if len(receiver.told) == 6:
            raise SystemExit

    with pytest.raises(SystemExit):
        Sender(gateway.work, only(id), killed, allow_private=True).turn()
    assert receiver.told == facts + facts[:2]
    assert buyer.gets(f"/webhooks/{id}/status")["position"] == after
    eventually(lambda: turn() or len(receiver.told) == 10)
    assert receiver.told == facts + facts[:2] + facts


def only(id: str) -> Callable[..., None]:
    """Spawns for this webhook alone, at once."""

    def spawn(serve: Callable, given: Any) -> None:
        if getattr(given, "endpoint", given).id == id:
            serve(given)

    return spawn


def test_a_sender_at_work_leaves_what_was_replayed_under_it(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    """It must not put the position back to where it had come, or the replay were lost."""
    receiver = receivers()
    id = subscribe(buyer, receiver)
    sent = demands(gateway, buyer, 2)
    eventually(lambda: turn() or len(receiver.told) == 2)
    eventually(lambda: buyer.gets(f"/webhooks/{id}/status")["behind"] == 0)
    further = demands(gateway, buyer, 2)
    postpone_others(gateway, id)
    after = position_of(gateway, sent[0]) - 1

    @contextmanager
    def replaying(_: float) -> Iterator[None]:
        yield
        if len(receiver.told) == 3:
            buyer.posts(f"/webhooks/{id}/replay", {"after": after})

    Sender(gateway.work, only(id), replaying, allow_private=True).turn()
    assert buyer.gets(f"/webhooks/{id}/status")["position"] == after
    told = len(receiver.told)
    eventually(lambda: turn() or len(receiver.told) == told + 4)
    assert receiver.told[told:] == [fact.id for fact in [*sent, *further]]
    assert len(calls(buyer, id)) == len(receiver.told)


def test_one_fact_told_again_moves_no_position(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    receiver = receivers()
    id = subscribe(buyer, receiver)
    first, second = demands(gateway, buyer, 2)
    eventually(lambda: turn() or len(receiver.told) == 2)
    stood = eventually(
        lambda: (s := buyer.gets(f"/webhooks/{id}/status"))["behind"] == 0 and s["position"]
    )
    answer = buyer.posts(f"/webhooks/{id}/replay", {"event_id": first.id})
    assert answer == {"after": None, "event_id": first.id}
    assert buyer.gets(f"/webhooks/{id}/status")["waiting"] == 1
    eventually(lambda: turn() or len(receiver.told) == 3)
    assert receiver.told == [first.id, second.id, first.id]
    again = eventually(lambda: (found := calls(buyer, id))[0]["cause"] == "replay" and found[0])
    assert (again["event_id"], again["status"]) == (first.id, 200)
    status = buyer.gets(f"/webhooks/{id}/status")
    assert (status["position"], status["waiting"]) == (stood, 0)


def test_what_cannot_be_told_again_is_refused(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    receiver = receivers()
    id = subscribe(buyer, receiver)
    (fact,) = demands(gateway, buyer, 1)
    other = gateway.organisation("别的机构", "buyer")["id"]
    gateway.number_feed()
    eventually(lambda: turn() or buyer.gets(f"/webhooks/{id}/status")["behind"] == 0)
    at = buyer.gets(f"/webhooks/{id}/status")["position"]
    (unsubscribed,) = gateway.rows(
        "SELECT CAST(event_id AS text) FROM feed WHERE resource_id = :id AND audience = 'public'",
        id=other,
    )

    def refused(body: Document) -> tuple[int, str]:
        return problem_of(buyer.post(f"/webhooks/{id}/replay", body))

    assert refused({}) == refused({"after": 1, "event_id": fact.id}) == (422, "replay_target")
    assert refused({"after": at}) == refused({"after": at + 5}) == (409, "replay_ahead")
    assert refused({"event_id": unsubscribed[0]}) == (422, "event_unknown")
    assert refused({"event_id": other}) == (422, "event_unknown")
    change(gateway, "UPDATE webhooks SET position = :at WHERE id = :id", id=id, at=at + 10**7)
    assert refused({"after": 5}) == (409, "replay_too_far")
    change(gateway, "UPDATE webhooks SET position = :at WHERE id = :id", id=id, at=at)
    buyer.posts(f"/webhooks/{id}/disable")
    assert refused({"after": 1}) == (409, "illegal_move")
    assert buyer.gets(f"/webhooks/{id}/status")["position"] == at


def test_what_the_feed_has_forgotten_is_not_replayed(
    fresh_gateway: Gateway, receivers: Callable
) -> None:
    gateway, buyer = fresh_gateway, fresh_gateway.someone("buyer", "buyer.purchaser")
    last = gateway.number_feed()
    change(gateway, "UPDATE feed SET occurred_at = now() - :kept * 2", kept=horizon.NEWS_KEPT)
    id = subscribe(buyer, receivers())
    demands(gateway, buyer, 2)
    change(gateway, "UPDATE webhooks SET position = (SELECT max(position) FROM feed)")
    with gateway.engine.connect() as connection:
        while horizon.move(connection):
            pass
    answer = buyer.post(f"/webhooks/{id}/replay", {"after": last - 1})
    assert problem_of(answer) == (410, "feed_forgotten")
    assert answer.json["resume_after"] == last
    assert buyer.posts(f"/webhooks/{id}/replay", {"after": last})["after"] == last


def test_a_ping_is_called_once_and_shown_as_a_delivery(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    receiver = receivers(503)
    id = subscribe(buyer, receiver)
    buyer.posts(f"/webhooks/{id}/disable")
    asked = buyer.posts(f"/webhooks/{id}/ping")
    shown = eventually(lambda: turn() or calls(buyer, id))[0]
    assert shown["event_id"] == asked["event_id"] == receiver.ids[0]
    assert (shown["type"], shown["cause"], shown["status"]) == ("ping", "ping", 503)
    assert (shown["position"], shown["next_at"], shown["outcome"]) == (None, None, "failed")
    (call,) = receiver.calls
    assert (call["type"], call["data"]["webhook_id"]) == ("ping", id)
    status = buyer.gets(f"/webhooks/{id}/status")
    assert (status["state"], status["failures"], status["waiting"]) == ("disabled", 0, 0)
    buyer.posts(f"/webhooks/{id}/ping")
    eventually(lambda: turn() or buyer.gets(f"/webhooks/{id}/status")["last_success_at"])


def test_calls_that_were_asked_for_wait_in_a_bounded_queue(
    gateway: Gateway, buyer: Caller, receivers: Callable
) -> None:
    id = subscribe(buyer, receivers())
    first = buyer.post(f"/webhooks/{id}/ping", key="one click")
    assert buyer.post(f"/webhooks/{id}/ping", key="one click").json == first.json
    for _ in range(replays.MAX_ASKED - 1):
        buyer.posts(f"/webhooks/{id}/ping")
    assert problem_of(buyer.post(f"/webhooks/{id}/ping")) == (409, "too_many")
    change(gateway, "UPDATE webhook_asked SET asked_at = now() - interval '2 days'")
    with gateway.engine.connect() as connection:
        log.PRUNES["webhook_asked"](connection)
    assert buyer.gets(f"/webhooks/{id}/status")["waiting"] == 0


def test_a_call_asked_for_is_made_again_when_its_sender_died(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    receiver = receivers()
    id = subscribe(buyer, receiver)
    asked = buyer.posts(f"/webhooks/{id}/ping")["event_id"]

    @contextmanager
    def killed(_: float) -> Iterator[None]:
        yield
        raise SystemExit

    with pytest.raises(SystemExit):
        Sender(gateway.work, only(id), killed, allow_private=True).turn()
    assert receiver.ids == [asked] and calls(buyer, id) == []
    pool = ThreadPoolExecutor()
    Sender(gateway.work, pool.submit, unbounded, allow_private=True).turn()
    pool.shutdown()
    assert receiver.ids == [asked]  # leased still
    change(gateway, "UPDATE webhook_asked SET due_at = now()")
    eventually(lambda: turn() or calls(buyer, id))
    assert receiver.ids == [asked, asked]


def test_a_new_secret_is_shown_once_and_the_old_one_signs_for_a_day(
    gateway: Gateway, buyer: Caller, receivers: Callable, turn: Turn
) -> None:
    receiver = receivers()
    id = subscribe(buyer, receiver)
    old = receiver.secret
    answer = buyer.post(f"/webhooks/{id}/rotate-secret", key="rotate")
    new = answer.json["secret"]
    assert new.startswith("whsec_") and new != old and answer.json["rotated_at"]
    repeated = buyer.post(f"/webhooks/{id}/rotate-secret", key="rotate")
    assert repeated.json == answer.json | {"secret": None}
    until = buyer.gets(f"/webhooks/{id}/status")["old_secret_until"]
    assert 23 < hours_from_now(until) <= 24

    first, second = demands(gateway, buyer, 2)
    eventually(lambda: turn() or receiver.told == [first.id, second.id])  # by the old one
    receiver.secret = new
    (third,) = demands(gateway, buyer, 1)
    eventually(lambda: turn() or receiver.told[2:] == [third.id])

    change(gateway, "UPDATE webhook_old_secrets SET until = now()")
    (fourth,) = demands(gateway, buyer, 1)
    eventually(lambda: turn() or receiver.told[3:] == [fourth.id])
    receiver.secret = old
    demands(gateway, buyer, 1)
    eventually(lambda: turn() or calls(buyer, id)[0]["error"] == "broken_off")
    assert len(receiver.told) == 4
    with gateway.engine.connect() as connection:
        log.PRUNES["webhook_old_secrets"](connection)
    assert gateway.rows("SELECT 1 FROM webhook_old_secrets") == []


def test_a_rotation_is_a_fact_without_any_secret(
    gateway: Gateway, buyer: Caller, receivers: Callable
) -> None:
    receiver = receivers()
    id = subscribe(buyer, receiver)
    secrets = [receiver.secret]
    for _ in range(MAX_OLD_SECRETS):
        secrets.append(buyer.posts(f"/webhooks/{id}/rotate-secret")["secret"])
    assert len(set(secrets)) == MAX_OLD_SECRETS + 1
    assert all(Verifier(secret) for secret in secrets)
    assert problem_of(buyer.post(f"/webhooks/{id}/rotate-secret")) == (409, "too_many")
    told = "SELECT 1 FROM outbox WHERE type = 'webhook.secret_rotated.v1' AND subject = :id"
    rotated = gateway.rows(told.replace("subject", "envelope->>'subject'"), id=id)
    assert len(rotated) == MAX_OLD_SECRETS
    assert buyer.gets(f"/webhooks/{id}")["state"] == "enabled"
    for table in ("outbox", "idempotency", "views", "feed", "webhook_deliveries"):
        for secret in secrets:
            assert not gateway.rows(
                f"SELECT 1 FROM {table} t WHERE t::text LIKE :s", s=f"%{secret}%"
            )


def hours_from_now(moment: str) -> float:
    at = datetime.fromisoformat(moment)
    return (at - datetime.now(at.tzinfo)).total_seconds() / 3600
