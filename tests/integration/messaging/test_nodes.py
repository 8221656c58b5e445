"""A broker of several nodes: whichever is away, a connection goes to another."""

import socket
from contextlib import closing

import pytest

from deploy.sails.vhost import opened
from services.messaging import broker
from services.messaging.broker import BROKER_ERRORS, BrokerAway, connect
from tests.processes import free_port


def at_port(uri: str, port: int) -> str:
    """The same broker, said to be at that port."""
    head, _, vhost = uri.rpartition("/")
    return f"{head.rpartition(':')[0]}:{port}/{vhost}"


@pytest.fixture
def silent_port():
    """A node that takes connections and says nothing, as one that is frozen."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def in_order(monkeypatch):
    """The nodes are tried as they are written."""
    monkeypatch.setattr(broker.random, "shuffle", lambda nodes: None)


def test_a_node_that_is_away_is_passed_over(amqp_uri, in_order):
    nodes = f"{at_port(amqp_uri, free_port())};{amqp_uri}"
    with closing(connect(nodes, heartbeat_s=0)) as connection:
        assert connection.channel().is_open
    with opened(nodes) as connection:
        assert connection.channel().is_open


def test_a_node_that_is_frozen_is_passed_over(amqp_uri, in_order, silent_port):
    nodes = f"{at_port(amqp_uri, silent_port)};{amqp_uri}"
    with closing(connect(nodes, heartbeat_s=0)) as connection:
        assert connection.channel().is_open


def test_that_all_are_away_is_said_by_the_last(amqp_uri):
    nodes = ";".join(at_port(amqp_uri, free_port()) for _ in range(3))
    with pytest.raises(ConnectionRefusedError):
        connect(nodes)
    with pytest.raises(ConnectionRefusedError):
        opened(nodes)


def test_connections_spread_over_the_nodes(monkeypatch):
    tried = []
    monkeypatch.setattr(broker, "_connect", lambda uri, *rest: tried.append(uri))
    for _ in range(60):
        connect("amqp://a;amqp://b;amqp://c")
    assert set(tried) == {"amqp://a", "amqp://b", "amqp://c"}


def test_who_is_out_of_patience_waits_for_no_other_node(monkeypatch):
    out = BrokerAway("the caller's")

    def give_up(uri, *rest):
        raise out

    monkeypatch.setattr(broker, "_connect", give_up)
    with pytest.raises(BROKER_ERRORS) as caught:
        connect("amqp://a;amqp://b")
    assert caught.value is out
