"""The owner's side of RPC: one queue of requests per service, as many at once as workers."""

import json

import amqp
import structlog
from nameko.extensions import SharedExtension

from services.contracts.problems import Problem
from services.messaging.consumer import Consumer
from services.messaging.delivery import Delivery
from services.messaging.envelope import JSON
from services.messaging.topology import (
    creates_topology,
    declare_rpc,
    rpc_queue,
    still_consumed,
)
from services.messaging.worker import WorkerEntrypoint

_log = structlog.get_logger()


class RpcServer(SharedExtension):
    """Takes the requests of all methods of its service and sends the replies."""

    def __init__(self) -> None:
        self._methods: dict[str, RpcMethod] = {}  # they register before or after setup

    def setup(self) -> None:
        workers = self.container.max_workers
        self._creates = creates_topology(self.container.config)
        self.consumer = Consumer(
            self.container.config["AMQP_URI"],
            self._declare,
            self._handle,
            prefetch=workers,
            lanes=workers,
            recovering=False,
            check=None if self._creates else self._check,
        )

    def register(self, method: "RpcMethod") -> None:
        """Before the start: requests of this name are for that method."""
        self._methods[method.name] = method

    def start(self) -> None:
        queue = rpc_queue(self.container.service_name)
        self.container.spawn_managed_thread(self.consumer.run, identifier=queue)
        for _ in range(self.consumer.lanes):
            self.container.spawn_managed_thread(self.consumer.work, identifier=queue)

    def end(self) -> None:
        """Once, by the first of the methods that is told to stop; the others need not wait."""
        if not self.consumer.is_stopping:
            self.consumer.stop()

    def not_ready(self) -> str | None:
        """Why requests are not taken; None when they are."""
        if self.consumer.is_live:
            return None
        return f"{rpc_queue(self.container.service_name)}: {self.consumer.error}"

    def _declare(self, channel: amqp.Channel) -> str:
        service = self.container.service_name
        declare_rpc(channel, service, self._creates)
        return rpc_queue(service)

    def _check(self, channel: amqp.Channel) -> None:
        """A queue that comes from definitions may be of any kind."""
        still_consumed(declare_rpc(channel, self.container.service_name, create=False))

    def _handle(self, deliveries: list[Delivery]) -> None:
        """Answer and acknowledge: if we die before, it is asked again, until its deadline."""
        (delivery,) = deliveries
        reply, properties = self._answer(delivery), delivery.properties
        if reply_to := properties.get("reply_to"):
            correlation_id = properties.get("correlation_id", "")
            message = amqp.Message(reply.encode(), content_type=JSON, correlation_id=correlation_id)
            delivery.answer(message, reply_to)
        else:
            delivery.ack()

    def _answer(self, delivery: Delivery) -> str:
        name = str(delivery.properties.get("type"))
        try:
            return json.dumps(self._methods[name].call(json.loads(delivery.body)))
        except Exception as error:
            # A command answers its own refusals; what gets here is a caller or code gone wrong.
            _log.error("not answered", method=name, exc_info=error)
            return json.dumps({"problem": Problem("internal").to_json()})


class RpcMethod(WorkerEntrypoint):
    """One method of the service, called by name with one payload."""

    server = RpcServer()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def setup(self) -> None:
        self.server.register(self)

    def stop(self) -> None:
        self.server.end()
