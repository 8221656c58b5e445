"""A real partition of a broker's cluster, and where its queues are meanwhile."""

import json
import re
from typing import NamedTuple

from deploy.sails.broker import VHOST, Broker
from deploy.sails.cluster import Cluster

# Two nodes whose cookies differ refuse each other at every attempt. Told at one of them it holds
# for both, and `rabbitmqctl`, which calls by a name of its own, still reaches either.
_PART = "[begin erlang:set_cookie(N, parted), erlang:disconnect_node(N) end || N <- [{peers}]]."
_HEAL = "[erlang:set_cookie(N, erlang:get_cookie()) || N <- [{peers}]]."


def part(cluster: Cluster, lone: Broker) -> None:
    """Cut one node off from all others. It notices at once, and without a majority it pauses."""
    lone.control("eval", _PART.format(peers=_peers(cluster, lone)))


def heal(cluster: Cluster, lone: Broker) -> None:
    """Let them talk again; the node that paused finds the others by itself."""
    lone.control("eval", _HEAL.format(peers=_peers(cluster, lone)))


def known(node: Broker) -> set[str]:
    """The nodes with which this one shares what it knows of queues, itself among them."""
    return set(
        re.findall(r"[\w-]+@\w+", node.control("eval", "mnesia:system_info(running_db_nodes)."))
    )


class Placed(NamedTuple):
    """A quorum queue: the node that leads it, and those of its members that take part now."""

    leader: str
    members: list[str]
    online: list[str]


def placed(node: Broker, vhost: str = VHOST) -> dict[str, Placed]:
    """Every quorum queue of a virtual host, by name, as this node sees it."""
    columns = ("name", "type", "leader", "members", "online")
    told = node.control("list_queues", "-p", vhost, *columns, "--formatter", "json")
    return {
        row["name"]: Placed(row["leader"], row["members"], row["online"])
        for row in json.loads(told)
        if row["type"] == "quorum"
    }


def _peers(cluster: Cluster, lone: Broker) -> str:
    return ", ".join(f"'{node.node}'" for node in cluster.nodes if node is not lone)
