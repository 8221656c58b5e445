"""A process that calls the depot, as the gateway does."""

import json
import queue
import threading
from datetime import UTC, datetime


class Caller:
    """A process that calls the depot; each `send` answers with a handle to wait on."""

    def __init__(self, process) -> None:
        self.process = process
        self.outcomes: dict[int, queue.Queue] = {}
        self._lock = threading.Lock()  # callers may have threads of their own
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, service, method, payload, timeout_s=5.0):
        with self._lock:
            tag = len(self.outcomes)
            self.outcomes[tag] = queue.Queue()
            request = {"tag": tag, "service": service, "method": method}
            line = json.dumps(request | {"payload": payload, "timeout_s": timeout_s})
            self.process.popen.stdin.write(line.encode() + b"\n")
            self.process.popen.stdin.flush()
        return lambda: self.outcomes[tag].get(timeout=30)

    def call(self, *args, **kwargs):
        return self.send(*args, **kwargs)()

    def _read(self) -> None:
        for line in self.process.popen.stdout:
            outcome = json.loads(line)
            self.outcomes[outcome["tag"]].put(outcome)


def a_payload(depot, actor, label, key=None):
    return _now(depot.payload(actor, {"label": label}, key=key))


def a_shipment(depot, actor, id):
    return _now(depot.payload(actor, id=id, key="once"))


def _now(payload):
    return payload | {"received_at": datetime.now(UTC).isoformat()}
