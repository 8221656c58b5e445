"""The HTTP edge alone, in a process of its own: it repeats each body that it takes.

`python -m tests.integration.gateway.edge_process PORT`, with short times.
"""

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Iterator  # noqa: E402

from werkzeug.wrappers import Response  # noqa: E402

from services.gateway.edge import connection, listener, wire  # noqa: E402
from services.gateway.edge.application import Edge  # noqa: E402
from services.gateway.edge.intake import Call  # noqa: E402
from services.gateway.edge.places import Places  # noqa: E402
from services.gateway.edge.rates import Rates  # noqa: E402
from services.settings import Rate  # noqa: E402

connection.HEAD_S = 1.0
wire.BODY_S = 1.5


gone: list[str] = []  # the readers of streams who have


def until_gone(call: Call) -> Iterator[bytes]:
    yield b"begun"
    while not call.request.environ["sails.has_gone"]():
        eventlet.sleep(0.02)
    gone.append(call.request_id)


def repeat(call: Call) -> Response:
    if call.route.action == "stream":
        call.request.environ["eventlet.minimum_write_chunk_size"] = 1
        return Response(until_gone(call), direct_passthrough=True)
    body = {"path": call.request.path, "body": call.body.decode("latin-1"), "gone": len(gone)}
    return Response(json.dumps(body), mimetype="application/json")


if __name__ == "__main__":
    listening = eventlet.listen(("127.0.0.1", int(sys.argv[1])))
    rates = Rates(*[Rate(0, 0)] * 3)
    listener.WsgiServer(listening, Edge(repeat, {}, Places(10), rates)).accept_on()
