"""The ladders: a database and a broker that were given, else local ones under the supervisor."""

from collections.abc import Mapping

from deploy.sails import cluster as clusters
from deploy.sails import database as databases
from deploy.sails import rabbitmq
from deploy.sails.broker import Broker
from deploy.sails.cluster import Cluster
from deploy.sails.control import Control
from deploy.sails.database import SERVICES, Database
from deploy.sails.state import StateFolder
from services.settings import url_name


def given(environ: Mapping[str, str]) -> dict[str, str]:
    """Servers that the caller's environment names; they are used as they are."""
    names = ["AMQP_URI", *map(url_name, SERVICES)]
    return {name: environ[name] for name in names if environ.get(name)}


def open_databases(
    state: StateFolder, control: Control, environ: Mapping[str, str]
) -> dict[str, str]:
    """DATABASE_URL_<SERVICE> of every service; a local server runs for those not given."""
    urls = {name: url for name, url in given(environ).items() if name != "AMQP_URI"}
    missing = [service for service in SERVICES if url_name(service) not in urls]
    if missing:
        database = start_database(state, control)
        for service in missing:
            database.create_database(service, service)
            urls[url_name(service)] = database.url(service)
    return urls


def open_broker(
    state: StateFolder, control: Control, environ: Mapping[str, str], nodes: int = 1
) -> Cluster | None:
    """Local nodes, starting, unless AMQP_URI is given; installed first where that is possible."""
    if "AMQP_URI" in given(environ):
        return None
    rabbitmq.ensure_installed()
    return launch_cluster(state, control, nodes)


def start_database(state: StateFolder, control: Control, *, fsync: bool = True) -> Database:
    """Prepare and start the server, with every service's role. It answers when this returns."""
    known = control.status()["facts"].get("database_port")
    database = databases.prepare(state, port=known, fsync=fsync)
    control.note(database_port=database.port)
    control.start(database.child())
    database.wait_ready()
    database.create_roles()
    return database


def launch_broker(state: StateFolder, control: Control) -> Broker:
    """Prepare one node and start it; use `wait_ready` before the first connection."""
    return launch_cluster(state, control).nodes[0]


def launch_cluster(state: StateFolder, control: Control, nodes: int = 1) -> Cluster:
    """Prepare so many nodes and start them, or find those that run under this supervisor."""
    known = control.status()["facts"].get("broker_ports")
    cluster = clusters.prepare(state, nodes, known and [tuple(three) for three in known])
    control.note(broker_ports=cluster.ports)
    control.start(cluster.epmd())
    cluster.wait_epmd()
    for child in cluster.children():
        control.start(child)
    return cluster
