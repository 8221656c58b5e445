"""Whether servers that were given hold somebody's platform already."""

from collections.abc import Mapping

import amqp
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from deploy.sails.broker import BrokerFailed
from deploy.sails.check.broker import is_used
from deploy.sails.database import DatabaseFailed
from deploy.sails.problem import Problem


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
    engine = create_engine(url)
    try:
        return bool(inspect(engine).get_table_names())
    except SQLAlchemyError as problem:
        raise DatabaseFailed(str(problem)) from problem
    finally:
        engine.dispose()


def _has_queues(uri: str) -> bool:
    try:
        return is_used(uri)
    except (OSError, amqp.AMQPError) as away:
        raise BrokerFailed(str(away)) from away
