"""Names and arguments that live longer than any process: changing one breaks a running system."""

from services.messaging.topology import BACKOFF_S, SubscriptionQueue, dead_queue, rpc_queue

QUEUE = SubscriptionQueue("orders", "keep_parties", ("party.registered.v1",))


def test_names():
    assert (QUEUE.name, QUEUE.dead) == ("orders.keep_parties", "orders.dead")
    assert (dead_queue("finance"), rpc_queue("finance")) == ("finance.dead", "rpc.finance")


def test_each_failed_attempt_waits_longer_and_the_last_is_given_up():
    waits = [QUEUE.retry(attempt) for attempt in range(1, len(BACKOFF_S) + 2)]
    assert waits == [
        "orders.retry.1s", "orders.retry.2s", "orders.retry.4s", "orders.retry.8s", None
    ]  # fmt: skip


def test_a_subscription_survives_twenty_restarts_and_loses_nothing():
    declared = {}

    class Channel:
        def queue_declare(self, name, **options):
            declared[name] = options

        def queue_bind(self, *binding):
            declared.setdefault("bindings", []).append(binding)

        def exchange_declare(self, *args, **options):
            assert options["durable"]

    QUEUE.declare(Channel())
    queue = declared[QUEUE.name]
    assert queue["durable"]
    assert queue["arguments"] == {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": "",
        "x-dead-letter-strategy": "at-least-once",
        "x-dead-letter-routing-key": "orders.dead",
        "x-delivery-limit": 20,
    }
    assert declared["orders.retry.4s"]["arguments"]["x-message-ttl"] == 4000
    assert (QUEUE.name, "gateway.events", "party.registered.v1") in declared["bindings"]
