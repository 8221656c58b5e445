"""What the servers can do at best: nothing that goes through them is faster."""

import threading
import time

import amqp
import psycopg2

from deploy.sails.testbed import Testbed
from services.messaging.broker import connect
from services.messaging.confirms import ConfirmWindow
from services.messaging.envelope import PERSISTENT
from tests.bench import hop

MESSAGES, WINDOW = 10_000, 200
COMMITS, SESSIONS = 5_000, 10
CONFIRM_TIMEOUT_S = 10.0
QUEUE = "limit"


def publishes_per_s(bed: Testbed) -> float:
    """Persistent messages of a fact's size into one quorum queue, confirmed by the window."""
    (event,) = hop.facts(1)
    body = hop.to_text(event).encode()
    with bed.world("limit", migrated=False) as world, connect(world.amqp_uri, 0) as connection:
        arguments = {"x-queue-type": "quorum"}
        window = ConfirmWindow(connection)
        window.channel.queue_declare(QUEUE, durable=True, auto_delete=False, arguments=arguments)
        began = time.monotonic()
        for _ in range(MESSAGES // WINDOW):
            for _ in range(WINDOW):
                window.publish(amqp.Message(body, delivery_mode=PERSISTENT), "", QUEUE)
            window.settle(CONFIRM_TIMEOUT_S)
        return MESSAGES / (time.monotonic() - began)


def commits_per_s(bed: Testbed) -> float:
    """One row an insert, one insert a transaction, over ten sessions."""
    with bed.world("limit", migrated=False) as world:
        url = world.database_url("orders").replace("+psycopg2", "")
        sessions = [psycopg2.connect(url) for _ in range(SESSIONS)]
        with sessions[0], sessions[0].cursor() as cursor:
            cursor.execute("CREATE TABLE limits (id bigserial PRIMARY KEY, text text)")
        threads = [threading.Thread(target=_commit, args=(session,)) for session in sessions]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - began
        for session in sessions:
            session.close()
    return COMMITS // SESSIONS * SESSIONS / seconds


def _commit(session: psycopg2.extensions.connection) -> None:
    session.autocommit = True
    with session.cursor() as cursor:
        for _ in range(COMMITS // SESSIONS):
            cursor.execute("INSERT INTO limits (text) VALUES (%s)", (hop.BUYER_NAME,))
