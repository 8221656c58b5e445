"""One run, from the first process to the verdict."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import amqp
import psycopg2

from deploy.sails.check.report import Report, examine
from deploy.sails.problem import Problem
from services.client import NoAnswer, Refused
from tests.chaos import of_copies, of_messages, of_processes, of_servers, of_time, of_topology
from tests.chaos.audit import Audit, Verdict
from tests.chaos.cast import assemble
from tests.chaos.field import Field, wait_until
from tests.chaos.hooks import Hook, hooks
from tests.chaos.ledger import Ledger
from tests.chaos.load import EXPECTED, POSTERS, TRADERS, Load
from tests.chaos.plan import KILLS, Fault, Plan
from tests.chaos.probe import Probe
from tests.chaos.recorder import Recorder
from tests.chaos.stage import Stage
from tests.chaos.words import named, word

RECOVERY_S = 10.0  # what is promised for every fault
QUIET_S = 60.0  # for queues to drain and timers to fire
TOLD_S = 90.0  # a webhook whose sender was killed is in nobody's hands for up to a minute
WENT_WRONG = (Problem, NoAnswer, Refused, psycopg2.Error, amqp.AMQPError, OSError)

INJECTORS: dict[str, Callable[[Fault, Field], None]] = {
    "day": of_time.day,
    "kill": of_processes.kill,
    "roll": of_processes.roll,
    "broker-kill": of_servers.broker_kill,
    "partition": of_servers.partition,
    "broker-freeze": of_servers.broker_freeze,
    "memory-alarm": of_servers.memory_alarm,
    "database-restart": of_servers.database_restart,
    "sessions-ended": of_servers.sessions_ended,
    "copies": of_copies.copies,
    "other-arguments": of_topology.other_arguments,
    "missing-right": of_topology.missing_right,
}


@dataclass
class Result:
    """Everything that the last line and the table are made of."""

    ledger: Ledger
    recorder: Recorder
    load: Load
    report: Report
    verdict: Verdict
    broken: list[str] = field(default_factory=list)


def run(stage: Stage, plan: Plan, tell: Callable[[str], None]) -> Result:
    """Set the scene, break it by the plan under load, look at what is left."""
    ledger, recorder = Ledger(), Recorder()
    tell(word("cast"))
    cast = assemble(stage, ledger)
    told = hooks(cast, stage)
    place = Field(stage, cast, ledger, Probe(stage, cast, ledger), recorder)
    load = Load(cast, plan.seed)
    tell(word("load", traders=TRADERS, posters=POSTERS))
    load.start()
    try:
        place.probe.recovery_s(time.monotonic())  # all is well before anything is broken
        for number, fault in enumerate(plan.faults, 1):
            tell(word("fault", number=number, count=len(plan.faults), row=fault.row,
                      what=named(fault)))  # fmt: skip
            inject(fault, place, tell)
    finally:
        load.finish()
    tell(word("settling"))
    report = examine(stage.layout.environment, None, QUIET_S)
    for look in place.afterwards:
        look()
    result = Result(ledger, recorder, load, report, Audit(stage, ledger).verdict())
    result.broken += [*_broken(result), *_untold(told)]
    return result


def inject(fault: Fault, place: Field, tell: Callable[[str], None]) -> None:
    """A fault that goes otherwise than it must is a broken promise, and the next one follows."""
    before = len(place.recorder.recoveries)

    def meanwhile(other: Fault) -> None:
        tell("  " + word("meanwhile", what=named(other)))
        inject(other, place, tell)

    try:
        if fault.kind == "poison":
            of_messages.poison(fault, place, meanwhile)
        else:
            INJECTORS[fault.kind](fault, place)
    except WENT_WRONG as odd:
        place.recorder.must(False, f"{fault}: {type(odd).__name__}: {odd}")
    for one in place.recorder.recoveries[-1:] if len(place.recorder.recoveries) > before else ():
        tell("  " + word("recovered", took=one.took_s) + f" {one.note}")


def _broken(result: Result) -> list[str]:
    """Each broken promise as a sentence."""
    recorder, ledger = result.recorder, result.ledger
    slow = [one for one in recorder.recoveries if one.took_s > RECOVERY_S]
    few = {program: count for program, count in recorder.kills.items() if count < KILLS}
    odd = {code: count for code, count in ledger.refusals.items() if code not in EXPECTED}
    return [
        *recorder.broken,
        *(f"{one.label} recovered after {one.took_s:.1f} s" for one in slow),
        *([f"killed too seldom: {few}"] if few else []),
        *ledger.wrong,
        *([f"refused without a reason: {odd}"] if odd else []),
        *result.load.surprises,
        *(f"lost: {one}" for one in result.verdict.lost),
        *(f"double: {one}" for one in result.verdict.double),
        *(f"check: {found.check}: {'; '.join(found.rows)}" for found in result.report.violations),
    ]


def _untold(told: list[Hook]) -> list[str]:
    """What the parties' own systems were not told, or told in two ways."""
    broken = []
    for hook in told:
        try:
            wait_until("webhooks", lambda hook=hook: not hook.missing(), TOLD_S, 1.0)
        except TimeoutError:
            broken.append(f"webhooks: {len(hook.missing())} facts were never told")
        if hook.changed():
            broken.append(f"webhooks: {len(hook.changed())} messages changed on repetition")
        hook.receiver.close()
    return broken
