"""Row 4: messages that cannot be read, that fail, and that end the process that takes them."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial

import amqp
import psutil
import psycopg2

from deploy.sails.demo.person import Document
from services.messaging.deadletters import DeadLetter
from tests.chaos import letters
from tests.chaos.field import Field, wait_until
from tests.chaos.plan import Fault

OPEN_FOR = timedelta(minutes=10)  # longer than this fault lasts
GIVEN_UP_S = 180.0  # back-off of the retries or of the supervisor, on a busy machine
HANDLED_S = 30.0
LOCKED = "SELECT id FROM matches WHERE demand_id = %s FOR UPDATE"
TRAP = """
CREATE FUNCTION chaos_raises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.demand_id = '{demand}'::uuid THEN RAISE EXCEPTION 'chaos: this one fails'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chaos_raises BEFORE INSERT ON matches FOR EACH ROW EXECUTE FUNCTION chaos_raises();
"""
DISARM = "DROP FUNCTION IF EXISTS chaos_raises() CASCADE"
WAITING = "SELECT client_port FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
MATCHES = "SELECT id, state, sequence FROM matches WHERE demand_id = %s ORDER BY id"
TOLD = (
    "SELECT envelope->>'subject', type, count(*) FROM outbox WHERE"
    " envelope->'data'->>'demand_id' = %s AND type = %s GROUP BY 1, 2"
)
MALFORMED = b"\x00 neither JSON nor a fact"


def poison(fault: Fault, field: Field, run: Callable[[Fault], None]) -> None:
    """Three messages, while other faults go on; then they are mended and replayed, twice."""
    purchaser = field.cast.buyers[0]["buyer.purchaser"]
    raising, deadly = (_draft(field) for _ in range(2))
    _publish_and_match(field, deadly)
    with _raising(field, raising["id"]), _killed_in_hand(field, deadly["id"]) as killer:
        field.dying = frozenset(fault.targets)
        purchaser.does(f"/demands/{raising['id']}/publish")
        purchaser.does(f"/demands/{deadly['id']}/cancel", {"reason_code": "no_need"})
        malformed = _send_malformed(field, fault)
        for other in fault.meanwhile:
            run(other)
        wait_until(
            "the dead letters", lambda: len(letters.found(field.stage)) >= 3, GIVEN_UP_S, 0.5
        )
        killer.end()
    field.dying = frozenset()
    field.recovered("poison", time.monotonic(), f"{killer.deaths} deaths")
    _examine(field, raising, deadly, malformed)


def _examine(field: Field, raising: Document, deadly: Document, malformed: str) -> None:
    """Exactly these were given up; replaying works, and replaying again changes nothing."""
    given_up = letters.found(field.stage)
    field.recorder.injected += 3
    field.recorder.dead_letters += len(given_up)
    of_demands = {letter.id: _subject(letter) for letter in given_up}
    expected = {raising["id"], deadly["id"], malformed}
    found = sorted(of_demands[letter.id] or letter.id for letter in given_up)
    field.recorder.must(found == sorted(expected), f"dead letters {found}, not {sorted(expected)}")
    letters.replay(field.stage)
    wait_until("the raising one's matches", lambda: _matches(field, raising), HANDLED_S)
    wait_until("the deadly one's end", lambda: _all_closed(field, deadly), HANDLED_S)
    wait_until(
        "the malformed one's return", lambda: len(letters.found(field.stage)) == 1, HANDLED_S, 0.2
    )
    effects = ((raising["id"], "match.sent.v1"), (deadly["id"], "match.closed.v1"))
    before = [field.stage.rows("matching", TOLD, *effect) for effect in effects]
    letters.give_up_again(field.stage, [one for one in given_up if one.id != malformed])
    wait_until("their return", lambda: len(letters.found(field.stage)) == 3, HANDLED_S, 0.2)
    letters.replay(field.stage)
    wait_until("the second replay", lambda: len(letters.found(field.stage)) == 1, HANDLED_S, 0.2)
    field.afterwards.append(partial(_changed_nothing, field, effects, before))
    letters.drop(field.stage, malformed)
    field.recorder.must(not letters.found(field.stage), "dead letters are left")


def _changed_nothing(
    field: Field, effects: Sequence[tuple[str, str]], before: list[list[tuple]]
) -> None:
    """Once all is quiet: what was replayed a second time had no second effect."""
    after = [field.stage.rows("matching", TOLD, *effect) for effect in effects]
    same = all(sorted(then) == sorted(now) for then, now in zip(before, after, strict=True))
    field.recorder.must(same, "replaying a second time changed something")


def _draft(field: Field) -> Document:
    deadline = field.cast.clock.now() + OPEN_FOR
    wish = field.cast.wishes[1] | {"quote_deadline_at": deadline.isoformat()}
    return field.cast.buyers[0]["buyer.purchaser"].does("/demands", wish)


def _publish_and_match(field: Field, demand: Document) -> None:
    field.cast.buyers[0]["buyer.purchaser"].does(f"/demands/{demand['id']}/publish")
    wait_until("its matches", lambda: _matches(field, demand), HANDLED_S)


@contextmanager
def _raising(field: Field, demand_id: str) -> Iterator[None]:
    """Matching cannot write a match of this demand, as if its code had a fault."""
    with closing(field.stage.session("matching")) as session, session, session.cursor() as cursor:
        cursor.execute(TRAP.format(demand=demand_id))
    try:
        yield
    finally:
        with closing(field.stage.session("matching")) as session, session:
            session.cursor().execute(DISARM)


@contextmanager
def _killed_in_hand(field: Field, demand_id: str) -> Iterator["Killer"]:
    """Whoever takes the fact of this demand's end waits for a lock, and dies while it waits."""
    with closing(field.stage.session("matching")) as session, session.cursor() as cursor:
        cursor.execute(LOCKED, (demand_id,))
        killer = Killer(field, session.info.backend_pid)
        try:
            yield killer
        finally:
            killer.end()
            session.rollback()


class Killer:
    """Kills matching each time that one of its sessions waits for ours."""

    def __init__(self, field: Field, backend_pid: int) -> None:
        self.deaths = 0
        self._field, self._backend_pid = field, backend_pid
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(0.03):
            with contextlib.suppress(psycopg2.Error, TimeoutError):
                if ports := self._waiting():
                    self._kill(ports)

    def _kill(self, ports: set[int]) -> None:
        """Whoever holds the other end of one of these sessions."""
        pids = [self._field.stage.pid(name) for name in self._field.stage.names["matching"]]
        for pid in filter(None, pids):
            if ports & _ports(pid):
                os.kill(pid, signal.SIGKILL)
                self.deaths += 1
                self._field.recorder.killed("matching")
        wait_until("its session to end", lambda: not ports & self._waiting(), HANDLED_S)

    def _waiting(self) -> set[int]:
        """The ports of the sessions that wait for ours."""
        rows = self._field.stage.rows("matching", WAITING, self._backend_pid)
        return {port for (port,) in rows}


def _ports(pid: int) -> set[int]:
    """The local ports of a process's connections; none once it is gone."""
    try:
        return {line.laddr.port for line in psutil.Process(pid).net_connections("tcp")}
    except psutil.Error:
        return set()


def _send_malformed(field: Field, fault: Fault) -> str:
    """To a queue of one of the services; answers its message id."""
    queue = ("orders.keep_parties", "finance.keep_payables", "gateway.keep_orders")[fault.draw % 3]
    message = amqp.Message(MALFORMED, message_id=f"malformed-{fault.draw}", delivery_mode=2)
    with field.stage.channel() as channel:
        channel.basic_publish(message, "", queue)
    return str(message.properties["message_id"])


def _subject(letter: DeadLetter) -> str:
    return str(letter.headers.get("ce-subject", ""))


def _matches(field: Field, demand: Document) -> list[tuple]:
    return field.stage.rows("matching", MATCHES, demand["id"])


def _all_closed(field: Field, demand: Document) -> bool:
    return all(state == "closed" for _, state, _ in _matches(field, demand))
