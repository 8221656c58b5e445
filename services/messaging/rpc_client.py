"""The caller's side of RPC: a request with a deadline, and a bounded wait for its reply."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import amqp
import eventlet
import structlog
from eventlet.event import Event as Outcome
from nameko.extensions import DependencyProvider

from services.contracts.problems import Problem
from services.messaging.broker import BrokerAway
from services.messaging.consumer import Consumer
from services.messaging.delivery import Delivery
from services.messaging.envelope import JSON
from services.messaging.metrics import RPC
from services.messaging.publisher import Publisher, Unroutable
from services.messaging.topology import rpc_queue

RPC_TIMEOUT_S = 10.0  # longer than any command takes, shorter than a person's or proxy's patience
REPLY_PREFETCH = 100

_log = structlog.get_logger()


class Rpc(DependencyProvider):
    """`self.rpc.call("orders", "create_demand", payload)` in a worker."""

    publisher = Publisher()

    def setup(self) -> None:
        self._waiting: dict[str, Outcome] = {}
        self._replies = ""
        self.consumer = Consumer(
            self.container.config["AMQP_URI"],
            self._declare,
            self._handle,
            prefetch=REPLY_PREFETCH,
            batch=REPLY_PREFETCH,
            recovering=False,
        )

    def start(self) -> None:
        self.container.spawn_managed_thread(self.consumer.run, identifier="replies")
        self.container.spawn_managed_thread(self.consumer.work, identifier="replies")

    def stop(self) -> None:
        self.consumer.stop()

    def get_dependency(self, worker_ctx: Any) -> "Rpc":
        return self

    def not_ready(self) -> str | None:
        """Why replies would not arrive; None when they do."""
        return None if self.consumer.is_live else f"replies: {self.consumer.error}"

    def call(
        self, service: str, method: str, payload: dict[str, Any], timeout_s: float = RPC_TIMEOUT_S
    ) -> dict[str, Any]:
        """The owner's reply, which may itself hold a problem.

        Raises Problem("unavailable") when the request reached nobody, Problem("service_timeout")
        when nobody knows: the same request with its idempotency key may then be sent again.
        """
        try:
            reply = self._call(service, method, payload, timeout_s)
        except Problem as problem:
            RPC.labels(method, problem.code).inc()
            raise
        RPC.labels(method, "refused" if "problem" in reply else "answered").inc()
        return reply

    def _call(
        self, service: str, method: str, payload: dict[str, Any], timeout_s: float
    ) -> dict[str, Any]:
        if not self.consumer.is_live:
            raise Problem("unavailable")
        id, reply = str(uuid.uuid4()), Outcome()
        self._waiting[id] = reply
        try:
            with eventlet.Timeout(timeout_s, Problem("service_timeout")):
                self._send(service, method, id, payload, timeout_s)
                return dict(json.loads(reply.wait()))
        finally:
            del self._waiting[id]

    def _send(
        self, service: str, method: str, id: str, payload: dict[str, Any], timeout_s: float
    ) -> None:
        deadline = datetime.now(UTC) + timedelta(seconds=timeout_s)
        message = amqp.Message(
            json.dumps(payload | {"deadline": deadline.isoformat()}).encode(),
            content_type=JSON,
            type=method,
            correlation_id=id,
            reply_to=self._replies,
            expiration=str(int(timeout_s * 1000)),
        )
        try:
            self.publisher.publish(message, "", rpc_queue(service), mandatory=True)
        except Unroutable:
            raise Problem("unavailable") from None
        except BrokerAway as error:
            _log.warning("request not confirmed", method=method, error=str(error))
            raise Problem("service_timeout") from None

    def _declare(self, channel: amqp.Channel) -> str:
        """A queue of this connection alone, and it goes when the broker notices its end.

        Hence a new name each time: after a broken wire the old one is still taken. What was asked
        before is answered to nobody, so nobody needs to wait for it any longer.
        """
        for reply in self._waiting.values():
            if not reply.ready():
                reply.send_exception(Problem("service_timeout"))
        self._replies = f"rpc.reply.{uuid.uuid4()}"
        channel.queue_declare(self._replies, exclusive=True, auto_delete=True)
        return self._replies

    def _handle(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            waiting = self._waiting.get(delivery.properties.get("correlation_id", ""))
            delivery.ack()
            if waiting is not None and not waiting.ready():
                waiting.send(delivery.body)
