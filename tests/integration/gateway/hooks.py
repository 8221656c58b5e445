"""A party's webhooks in a test: registered with a receiver, served turn by turn."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext

from services.gateway.webhooks import sender as webhooks
from services.gateway.webhooks.sender import Sender
from tests.integration.gateway.api_client import Caller, Gateway
from tests.integration.gateway.receiver import Receiver

TYPES = ["demand.published.v1"]


def unbounded(_: float) -> AbstractContextManager[None]:
    """Threads cannot be interrupted as greenlets are."""
    return nullcontext()


def subscribe(caller: Caller, receiver: Receiver, types: list[str] = TYPES) -> str:
    answer = caller.posts("/webhooks", {"url": receiver.url, "event_types": types})
    receiver.secret = answer["secret"]
    return str(answer["id"])


def postpone_others(gateway: Gateway, id: str) -> None:
    """Hooks of other tests, whose receivers are gone, take no sender from this one meanwhile."""
    with gateway.engine.begin() as connection:
        later = "UPDATE webhooks SET due_at = now() + interval '1 hour' WHERE id <> %(id)s::uuid"
        connection.exec_driver_sql(later, {"id": id})


@contextmanager
def turning(gateway: Gateway) -> Iterator[Callable[[], None]]:
    """Number the feed and give due endpoints to senders, without waiting for back-off."""
    pool = ThreadPoolExecutor(webhooks.SENDERS)
    sender = Sender(gateway.work, pool.submit, unbounded, allow_private=True)

    def once() -> None:
        gateway.number_feed()
        with gateway.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE webhooks SET due_at = now() WHERE due_at < now() + interval '50 seconds'"
            )
        sender.turn()

    yield once
    sender.stop()
    pool.shutdown()
