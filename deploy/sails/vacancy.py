"""Whether servers that were given hold somebody's platform already."""

from collections.abc import Mapping
from contextlib import closing

import amqp
import psycopg2

from deploy.sails.broker import BrokerFailed
from deploy.sails.database import SERVICES, DatabaseFailed
from deploy.sails.problem import Problem
from deploy.sails.vhost import count, opened

ANY_TABLE = "SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1"


class ServersInUse(Problem):
    """Given servers that are not empty; the text has the names of their settings."""


def ensure_vacant(servers: Mapping[str, str]) -> None:
    """Nothing is written. Raises ServersInUse, BrokerFailed, DatabaseFailed.

    `servers`: as `given` answers. Whoever brings a story of his own must not tell it into data
    that others live on, nor take messages from their queues.
    """
    used = [
        name
        for name, url in servers.items()
        if (_has_queues(url) if name == "AMQP_URI" else _has_tables(url))
    ]
    if used:
        raise ServersInUse(", ".join(used))


def _has_tables(url: str) -> bool:
    try:
        connection = psycopg2.connect(url.replace("+psycopg2", "", 1))
        with closing(connection) as session, session.cursor() as cursor:
            cursor.execute(ANY_TABLE)
            return cursor.fetchone() is not None
    except psycopg2.Error as problem:
        raise DatabaseFailed(str(problem)) from problem


def _has_queues(uri: str) -> bool:
    """Every platform has declared where each service's dead letters rest."""
    try:
        with opened(uri) as connection:
            return any(count(connection, f"{service}.dead") is not None for service in SERVICES)
    except (OSError, amqp.AMQPError) as away:
        raise BrokerFailed(str(away)) from away
