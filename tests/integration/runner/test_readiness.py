"""A start waits for every process to say it is ready, and names those that will not."""

import pytest

from deploy.sails.control import Control
from deploy.sails.ports import next_free
from deploy.sails.readiness import NotReady, is_ready, wait_ready
from tests.integration.runner.conftest import program

SERVER = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Health(BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        Health.asked += 1
        self.send_response(200 if self.path == "/readyz" and Health.asked > {refusals} else 503)
        self.end_headers()
HTTPServer(("127.0.0.1", {port}), Health).serve_forever()
"""


def test_a_process_that_is_ready_later_is_waited_for(control: Control) -> None:
    port = next_free(25000)
    control.start(program("slow", SERVER.format(port=port, refusals=2)))
    wait_ready(control, {"slow": port})
    assert is_ready(port)


def test_a_process_that_is_never_ready_is_named(control: Control) -> None:
    port = next_free(25100)
    control.start(program("never", SERVER.format(port=port, refusals=10**9)))
    with pytest.raises(NotReady, match=r"never\.log"):
        wait_ready(control, {"never": port}, timeout_s=2)


def test_a_process_that_keeps_crashing_is_named_long_before_the_time_out(control: Control) -> None:
    control.start(program("crasher", "1/0"))
    with pytest.raises(NotReady, match=r"crasher\.log"):
        wait_ready(control, {"crasher": next_free(25200)}, timeout_s=60)
