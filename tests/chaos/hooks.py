"""The parties' own system: takes webhooks while everything breaks, and remembers each message."""

from collections.abc import Iterator

from deploy.sails.demo.cast import Organisation
from tests.chaos.cast import Cast
from tests.chaos.stage import Stage
from tests.integration.gateway.receiver import Receiver

FEED_ITEMS = 500
PAGES = 1_000
TORN = 400


class Endpoint(Receiver):
    """Takes no message whose sender died in the middle of it."""

    def take(self, headers: dict[str, str], body: bytes) -> int:
        if len(body) < int(headers["content-length"]):
            return TORN
        return super().take(headers, body)


class Hook:
    """One organisation's endpoint."""

    def __init__(self, organisation: Organisation, duty: str, stage: Stage) -> None:
        self.receiver = Endpoint()
        self._client, self._name = organisation[duty].client, organisation.name
        [(self._after,)] = stage.rows("gateway", "SELECT coalesce(max(position), 0) FROM feed")
        webhook = self._client.post("/webhooks", {"url": self.receiver.url})
        self.receiver.secret = webhook["secret"]

    def missing(self) -> set[str]:
        """The ids of facts that the organisation's feed has and its system was never told."""
        return set(self._told()) - set(self.receiver.ids)

    def changed(self) -> set[str]:
        """The ids of messages that said another thing when they came again."""
        said: dict[str, tuple] = {}
        odd = set()
        for id, call in zip(self.receiver.ids, self.receiver.calls, strict=True):
            fact = call["data"]
            meant = (call["type"], fact["position"], fact["resource_id"], fact["sequence"])
            if said.setdefault(id, meant) != meant:
                odd.add(id)
        return odd

    def _told(self) -> Iterator[str]:
        after = self._after
        for _ in range(PAGES):
            items, next_ = self._client.feed(after, FEED_ITEMS)
            yield from (item["id"] for item in items)
            if next_ == after:
                return
            after = next_


def hooks(cast: Cast, stage: Stage) -> list[Hook]:
    """A buyer's, a supplier's and a bank's."""
    return [
        Hook(cast.buyers[0], "buyer.purchaser", stage),
        Hook(next(iter(cast.suppliers.values())), "supplier.owner", stage),
        Hook(cast.bank, "bank.system", stage),
    ]
