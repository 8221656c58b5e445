"""A broker of three nodes on this machine: one is killed, one cut off and healed, one frozen.

Three Erlang machines and a dozen calls of their command take most of a minute: `make cluster`.
"""

import os
import signal
import threading
import time
from collections import Counter

import pytest

from deploy.sails.broker import BrokerFailed
from deploy.sails.control import launch
from deploy.sails.servers import launch_cluster
from deploy.sails.state import StateFolder
from services.messaging.broker import connect
from tests.desk import an_actor
from tests.integration.messaging.calling import a_payload
from tests.integration.messaging.depot import CrateCopy
from tests.integration.messaging.test_facts import dead_letters, labels, waiting
from tests.integration.messaging.test_outages import REGISTER_FLUSHED_S
from tests.partition import heal, known, part, placed
from tests.waiting import eventually

NODES = 3
AGAIN_S = 60.0  # on a machine with other things to do; `make chaos NODES=3` holds the ten seconds


class Customers:
    """Four who have crates packed all the time; each repeats an order until it is answered."""

    def __init__(self, caller, depot, depot_name) -> None:
        self.packed: list[str] = []
        self._stopping = threading.Event()
        self._caller, self._depot, self._depot_name = caller, depot, depot_name
        self._threads = [threading.Thread(target=self._order, args=(n,)) for n in range(4)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> list[str]:
        """The labels of all crates that were said to be packed."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        return sorted(self.packed)

    def _order(self, customer: int) -> None:
        ann, number = an_actor(), 0
        while not self._stopping.is_set():
            label, number = f"{customer}-{number}", number + 1
            while not self._is_packed(a_payload(self._depot, ann, label, key=label)):
                time.sleep(0.1)
            self.packed.append(label)
            time.sleep(0.1)

    def _is_packed(self, payload) -> bool:
        outcome = self._caller.call(self._depot_name, "create_crate", payload)
        return "events" in outcome.get("reply", {})


@pytest.fixture
def control(tmp_path_factory):
    state = StateFolder(tmp_path_factory.mktemp("cluster"))
    state.create()
    with launch(state, scratch=True) as line:
        yield line
        line.release()


@pytest.fixture
def cluster(control):
    prepared = launch_cluster(control.state, control, NODES)
    prepared.wait_ready()
    return prepared


def all_online(cluster) -> bool:
    queues = placed(cluster.nodes[0])
    return bool(queues) and all(len(queue.online) == NODES for queue in queues.values())


def flows(customers, depot) -> bool:
    """Whether a crate that is packed from now on is noted."""
    first = len(customers.packed) + 4  # one of each may be under way
    eventually(lambda: len(customers.packed) > first, AGAIN_S)
    return bool(eventually(lambda: customers.packed[first] in labels(depot), AGAIN_S))


def home_of_requests(cluster, depot_name) -> str:
    """The node that has the queue of requests in its memory."""
    told = cluster.nodes[0].control("list_queues", "-p", "sails", "name", "pid")
    (pid,) = [line.split()[1] for line in told.splitlines() if line.startswith(f"rpc.{depot_name}")]
    return next(node for node in cluster.nodes if pid.startswith(f"<{node.node}."))


def takes_clients(node) -> bool:
    try:
        node.wait_ready(0.1)
    except BrokerFailed:
        return False
    return True


@pytest.mark.cluster
@pytest.mark.timeout(360)
def test_a_node_killed_and_a_node_cut_off_lose_nothing(
    cluster, control, run_depot, declare, depot, depot_name, start_caller
):
    declare(cluster.uri())
    replicas = [
        run_depot("Depot", ready=False, declared=False, AMQP_URI=cluster.uri()) for _ in range(2)
    ]
    for process in replicas:
        process.wait_ready()
    customers = Customers(start_caller(cluster.uri()), depot, depot_name)
    try:
        assert flows(customers, depot)
        assert all_online(cluster)
        time.sleep(REGISTER_FLUSHED_S)

        leader = placed(cluster.nodes[0])[f"{depot_name}.note"].leader
        killed = next(node for node in cluster.nodes if node.node == leader)
        os.kill(control.status()["children"][killed.name]["pid"], signal.SIGKILL)
        assert flows(customers, depot)
        eventually(lambda: takes_clients(killed), AGAIN_S)
        eventually(lambda: all_online(cluster), AGAIN_S)

        lone = home_of_requests(cluster, depot_name)
        part(cluster, lone)
        eventually(lambda: not takes_clients(lone), AGAIN_S)
        assert flows(customers, depot)
        heal(cluster, lone)
        eventually(lambda: takes_clients(lone), AGAIN_S)
        eventually(lambda: all_online(cluster), AGAIN_S)
        assert flows(customers, depot)
    finally:
        packed = customers.stop()
    eventually(lambda: waiting(depot) == 0)
    eventually(lambda: labels(depot) == packed)
    eventually(lambda: labels(depot, CrateCopy) == packed)
    assert not [label for label, times in Counter(packed).items() if times > 1]
    connection = connect(cluster.uri(), heartbeat_s=0)
    assert dead_letters(connection.channel(), depot_name) == 0
    connection.close()
    for process in replicas:
        assert process.is_running
        process.wait_ready()


@pytest.mark.cluster
@pytest.mark.timeout(360)
def test_a_node_that_was_frozen_is_one_of_them_again(cluster, control):
    """By itself: connected again at once, it sees a majority, so pause_minority does nothing."""
    everyone = {node.node for node in cluster.nodes}
    first, frozen, last = cluster.nodes
    pid = control.status()["children"][frozen.name]["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        missed = everyone - {frozen.node}
        eventually(lambda: known(first) == known(last) == missed, AGAIN_S)
    finally:
        os.kill(pid, signal.SIGCONT)
    eventually(lambda: all(known(node) == everyone for node in cluster.nodes), AGAIN_S)
    assert control.status()["children"][frozen.name]["pid"] == pid
