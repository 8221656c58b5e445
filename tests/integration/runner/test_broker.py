"""The private node: a virtual host per world, a password, loopback."""

import amqp
import pytest

from deploy.sails.broker import NODE, USER
from deploy.sails.cluster import prepare
from deploy.sails.state import StateFolder
from deploy.sails.testbed import Testbed, World
from tests.integration.runner.machine import child_pid, listening_of


def log_in(bed: Testbed, vhost: str, password: str | None = None) -> amqp.Connection:
    opened = amqp.Connection(
        f"127.0.0.1:{bed.broker.port}",
        userid=USER,
        password=bed.broker.password if password is None else password,
        virtual_host=vhost,
        connect_timeout=5,
        read_timeout=5,
    )
    opened.connect()
    return opened


def test_a_message_goes_through_a_quorum_queue_of_the_world(bed: Testbed, world: World) -> None:
    with log_in(bed, world.name) as opened, opened.channel() as channel:
        channel.queue_declare(
            "letters", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
        )
        channel.confirm_select()
        channel.basic_publish_confirm(amqp.Message("你好"), routing_key="letters")
        letter = channel.basic_get("letters", no_ack=True)
        assert letter.body == "你好"


def test_a_wrong_password_is_refused(bed: Testbed, world: World) -> None:
    with pytest.raises(amqp.AccessRefused):
        log_in(bed, world.name, "wrong")


def test_a_dropped_world_has_no_virtual_host(bed: Testbed) -> None:
    with bed.world(migrated=False) as world:
        log_in(bed, world.name).close()
    with pytest.raises((amqp.NotAllowed, amqp.AccessRefused)):
        log_in(bed, world.name)


@pytest.mark.parametrize("name", ["broker", "epmd", "database"])
def test_servers_listen_on_loopback_alone(bed: Testbed, name: str) -> None:
    places = listening_of({child_pid(bed.control, name)})
    assert places
    loopback = {"0100007F", "00000000000000000000000001000000"}
    assert {address for address, _ in places} <= loopback


def test_the_node_has_a_name_of_its_own() -> None:
    assert NODE == "sails@localhost"


def test_the_nodes_of_a_cluster_share_a_cookie_and_nothing_else(state: StateFolder) -> None:
    """That they find each other, and live on when one is away, is shown by `make cluster`."""
    cluster = prepare(state, 3)
    names = ["sails@localhost", "sails-2@localhost", "sails-3@localhost"]
    assert [node.node for node in cluster.nodes] == names
    assert [child.name for child in cluster.children()] == ["broker", "broker-2", "broker-3"]
    assert len({node.folder for node in cluster.nodes}) == 3
    assert len({(node.folder / ".erlang.cookie").read_text() for node in cluster.nodes}) == 1
    assert len({port for ports in cluster.ports for port in ports}) == 3 + 3 + 1
    told = [(node.folder / "rabbitmq.conf").read_text() for node in cluster.nodes]
    assert all("cluster_partition_handling = pause_minority" in text for text in told)
    assert [text.count("classic_config.nodes.1 = sails@localhost") for text in told] == [0, 1, 1]
    assert cluster.uri("v").split(";") == [node.uri("v") for node in cluster.nodes]


def test_one_that_was_alone_does_not_wait_for_others(state: StateFolder) -> None:
    """A node remembers its cluster, so the data of one alone are in a folder of their own."""
    alone, first = prepare(state).nodes[0], prepare(state, 3).nodes[0]
    assert alone.folder != first.folder
    assert "cluster" not in (alone.folder / "rabbitmq.conf").read_text()


def test_nodes_that_run_are_found_where_they_are(state: StateFolder) -> None:
    ports = prepare(state, 3).ports
    assert prepare(state, ports=ports).ports == ports
