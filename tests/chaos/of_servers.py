"""Rows 2, 3 and 6: the broker killed, frozen, out of memory; the database restarted."""

import signal
import time

from tests.chaos.field import Field, wait_until
from tests.chaos.plan import Fault
from tests.partition import heal, part

UP_WITHIN_S = 60.0
DRAINED_S = 10.0
# Below what the node uses: no publisher is read from until it is taken back.
ALARMED, USUAL = "0.0000001", "0.4"
# RabbitMQ 3.10 keeps its register of quorum queues in memory for a moment: see docs/runbook.md.
REGISTER_FLUSHED_S = 2.0
ENDED = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname IS NOT NULL AND pid <> pg_backend_pid() AND application_name <> 'chaos'"
)


def broker_kill(fault: Fault, field: Field) -> None:
    """From when the node takes connections again; where there are others, from the kill."""
    (name,) = fault.targets
    before = _pids(field)
    time.sleep(REGISTER_FLUSHED_S)
    since_s = field.kill(name)
    if len(field.stage.cluster.nodes) == 1:
        _wait_up(field, name)
        since_s = time.monotonic()
    field.recovered("kill broker", since_s)
    field.recorder.must(_pids(field) == before, "a process ended because the broker was killed")
    _wait_up(field, name)  # the next fault finds a whole broker


def broker_freeze(fault: Fault, field: Field) -> None:
    """SIGSTOP; from the SIGCONT."""
    (name,) = fault.targets
    pid = field.stage.signal(name, signal.SIGSTOP)
    try:
        time.sleep(fault.lasts_s)
    finally:
        field.stage.signal(name, signal.SIGCONT)
    _drains(field, "frozen broker", time.monotonic())
    field.recorder.must(field.stage.pid(name) == pid, "the frozen broker did not live on")
    _wait_up(field, name)


def partition(fault: Fault, field: Field) -> None:
    """One node is cut off: the others go on, and once they talk again it is one of them."""
    (name,) = fault.targets
    lone = field.stage.node(name)
    part(field.stage.cluster, lone)
    since_s = time.monotonic()
    try:
        field.recovered("partition", since_s)
        time.sleep(max(0.0, since_s + fault.lasts_s - time.monotonic()))
    finally:
        heal(field.stage.cluster, lone)
    field.recovered("partition healed", time.monotonic())
    _wait_up(field, name)


def memory_alarm(fault: Fault, field: Field) -> None:
    """The broker reads from no publisher; from when it does again."""
    node = field.stage.cluster.nodes[0]
    node.control("set_vm_memory_high_watermark", ALARMED)
    try:
        time.sleep(fault.lasts_s)
    finally:
        node.control("set_vm_memory_high_watermark", USUAL)
    _drains(field, "memory alarm", time.monotonic())


def database_restart(fault: Fault, field: Field) -> None:
    """A fast shutdown ends every session; from when the server takes new ones."""
    pid = field.stage.signal("database", signal.SIGINT)
    wait_until("the database to run", lambda: field.stage.pid("database") not in (None, pid),
               UP_WITHIN_S)  # fmt: skip
    field.stage.database.wait_ready(UP_WITHIN_S)
    field.recovered("database restart", time.monotonic())


def sessions_ended(fault: Fault, field: Field) -> None:
    """An administrator ends every session of every service."""
    with field.stage.administrator() as session, session.cursor() as cursor:
        cursor.execute(ENDED)
    field.recovered("sessions ended", time.monotonic())


def _wait_up(field: Field, name: str) -> None:
    """Until the node takes connections."""
    wait_until(f"{name} to run", lambda: field.stage.pid(name), UP_WITHIN_S)
    field.stage.node(name).wait_ready(UP_WITHIN_S)


def _drains(field: Field, label: str, since_s: float) -> None:
    field.recovered(label, since_s)
    took_s = field.drained(since_s)
    field.recorder.must(took_s <= DRAINED_S, f"{label}: outboxes drained after {took_s:.1f} s")


def _pids(field: Field) -> dict[str, int | None]:
    return {name: field.stage.pid(name) for name in field.stage.layout.observe}
