"""`python -m tests.bench.callers ours|stock COUNT`: ten callers, each with one command at a time.

Prints a JSON object per command: when it was sent, when it was answered (seconds since 1970), and
the id of what it made; null where it was refused or not answered.
"""

import warnings

warnings.filterwarnings("ignore")
import eventlet  # noqa: E402

eventlet.monkey_patch()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
import uuid  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.rpc import RpcProxy  # noqa: E402

from services.messaging import Rpc  # noqa: E402
from services.messaging.green import cooperate  # noqa: E402
from services.messaging.worker import WorkerEntrypoint  # noqa: E402
from tests.bench import hop  # noqa: E402

CALLERS = 10
POLL_S = 0.05
entered = WorkerEntrypoint.decorator


class Ours:
    name = "callers"
    rpc = Rpc()

    @entered
    def create(self):
        payload = {
            "actor": hop.BUYER.to_json(),
            "arguments": hop.ARGUMENTS,
            "idempotency_key": str(uuid.uuid4()),
            "body_sha256": "0" * 64,
        }
        return self.rpc.call("orders", "create_demand", payload)["events"][0]["subject"]


class Stock:
    name = "callers"
    orders = RpcProxy("stock_orders")

    @entered
    def create(self):
        return self.orders.create_demand(hop.ARGUMENTS)["id"]


def main(kind, count):
    config = {"AMQP_URI": os.environ["AMQP_URI"], "max_workers": CALLERS}
    container = ServiceContainer({"ours": Ours, "stock": Stock}[kind], config)
    container.start()
    while any(each.not_ready() for each in container.dependencies if isinstance(each, Rpc)):
        eventlet.sleep(POLL_S)
    (entry,) = container.entrypoints
    line = eventlet.GreenPool(CALLERS)
    for outcome in line.imap(lambda _: call(entry.call), range(count)):
        print(json.dumps(outcome))
    sys.stdout.flush()
    os._exit(0)


def call(create):
    sent_at = time.time()
    try:
        id = create()
    except Exception as error:
        print(f"{type(error).__name__}", file=sys.stderr)
        id = None
    return {"sent_at": sent_at, "answered_at": time.time(), "id": id}


if __name__ == "__main__":
    cooperate()
    main(sys.argv[1], int(sys.argv[2]))
