"""Running a service's method in one of its workers, and waiting for the outcome."""

import time
from typing import Any

from eventlet.event import Event as Outcome
from nameko.extensions import Entrypoint

from services.messaging.metrics import HANDLED, RUNNING


class WorkerEntrypoint(Entrypoint):
    """An entrypoint that hands each call to a worker and settles it itself."""

    def __init__(self) -> None:
        super().__init__(expected_exceptions=(Exception,))

    def call(self, *arguments: Any) -> Any:
        """What the method returns. Raises what it raises. Blocks while all workers are busy."""
        outcome, started = Outcome(), time.monotonic()

        def settle(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            outcome.send((result, exc_info[1] if exc_info else None))
            return result, exc_info

        with RUNNING.labels(self.method_name).track_inprogress():
            self.container.spawn_worker(self, arguments, {}, handle_result=settle)
            result, error = outcome.wait()
        kind = "failed" if error else "done"
        HANDLED.labels(self.method_name, kind).observe(time.monotonic() - started)
        if error is not None:
            raise error
        return result
