"""A batch that waits a moment for what follows."""

from types import SimpleNamespace
from typing import Any

import eventlet
import pytest

from services.messaging.consumer import Consumer

BATCH = 3


def handed_over(gather_s: float, *pauses_s: float | None) -> list[int]:
    """How many deliveries each call got, of such that came with these pauses, None for at once."""
    sizes: list[int] = []

    def handle(deliveries: list[Any]) -> None:
        sizes.append(len(deliveries))

    consumer = Consumer(
        "", lambda channel: "queue", handle, prefetch=10, batch=BATCH, gather_s=gather_s
    )
    lane = eventlet.spawn(consumer.work)
    channel = SimpleNamespace(connection=SimpleNamespace(connected=True))
    for pause_s in (None, *pauses_s):
        if pause_s is not None:
            eventlet.sleep(pause_s)
        consumer._take(SimpleNamespace(channel=channel, delivery_info={}, properties={}, body=b""))
    while consumer._unsettled:
        eventlet.sleep(0.01)
    lane.kill()
    return sizes


@pytest.mark.parametrize(
    ("gather_s", "pauses_s", "sizes"),
    [
        (0.0, (0.02,), [1, 1]),
        (0.5, (0.02,), [2]),
        (0.5, (0.02, 0.0), [3]),
        (60.0, (None, None), [3]),  # a full one waits for nobody
    ],
)
def test_a_batch_that_is_not_full_waits_for_what_follows_soon(
    gather_s: float, pauses_s: tuple[float | None, ...], sizes: list[int]
) -> None:
    with eventlet.Timeout(10):
        assert handed_over(gather_s, *pauses_s) == sizes
