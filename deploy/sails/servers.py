"""Bring the local database server and broker node up under a supervisor."""

from deploy.sails import broker as brokers
from deploy.sails import database as databases
from deploy.sails.broker import Broker
from deploy.sails.control import Control
from deploy.sails.database import Database
from deploy.sails.state import StateFolder


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
    """Prepare the node and start it; use `wait_ready` before the first connection."""
    known = control.status()["facts"].get("broker_ports")
    broker = brokers.prepare(state, known and tuple(known))
    control.note(broker_ports=broker.ports)
    control.start(broker.epmd())
    broker.wait_epmd()
    control.start(broker.child())
    return broker
