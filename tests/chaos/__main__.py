"""`python -m tests.chaos [--seed N] [--nodes 1]`: the plan, what happens, the table, one line."""

import json
import secrets
import sys
import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.sails.check.report import STATEMENTS
from deploy.sails.output import words
from deploy.sails.problem import Problem
from deploy.sails.state import StateFolder
from deploy.sails.texts import text
from tests.chaos import plan as plans
from tests.chaos.run import Result, run
from tests.chaos.stage import ROOT, GivenServers, names, node_names, raised
from tests.chaos.words import named, word

FAILED = 1
SEED_LIMIT = 10_000
BROKEN_SHOWN = 40  # of the sentences about broken promises; the rest is counted
FILE_WIDTH = 120


class Broken(Exception):
    """Promises were broken; the platform's logs are kept."""


def main(
    seed: Annotated[int | None, typer.Option(help="重复一次运行 / repeat a run")] = None,
    nodes: Annotated[int, typer.Option(help="消息代理节点数 / nodes of the broker")] = 1,
) -> None:
    """Exit code 1 when any promise is broken."""
    console = Console(soft_wrap=True, highlight=False,
                      width=None if sys.stdout.isatty() else FILE_WIDTH)  # fmt: skip
    began_s = time.monotonic()
    replicas = 1 if nodes == 1 else 2
    chosen = secrets.randbelow(SEED_LIMIT) if seed is None else seed
    plan = plans.make(chosen, names(replicas), node_names(nodes))
    _print_plan(console, plan)

    def tell(line: str) -> None:
        console.print(f"{time.monotonic() - began_s:6.1f}  {line}", markup=False)

    result: Result | None = None
    try:
        with raised(lambda step: tell(text(f"step-{step}")), nodes, replicas) as stage:
            result = run(stage, plan, tell)
            _print_result(console, result)
            if result.broken:
                raise Broken
    except (Problem, GivenServers) as problem:
        console.print(words(problem) if isinstance(problem, Problem) else repr(problem))
        raise typer.Exit(FAILED) from problem
    except Broken:
        console.print(word("logs", folder=StateFolder(ROOT).log), markup=False)
    assert result is not None
    print(
        json.dumps(_last_line(plan, nodes, result, time.monotonic() - began_s), ensure_ascii=False)
    )
    raise typer.Exit(FAILED if result.broken else 0)


def _print_plan(console: Console, plan: plans.Plan) -> None:
    console.print(word("plan", seed=plan.seed), style="bold", markup=False)
    for number, fault in enumerate(plan.faults, 1):
        console.print(f"  {number:2}. [{fault.row}] {named(fault)}", markup=False)
        for other in fault.meanwhile:
            console.print(f"        {word('meanwhile', what=named(other))}", markup=False)


def _print_result(console: Console, result: Result) -> None:
    table = Table(*(word(f"column-{name}") for name in ("fault", "times", "recovery")), box=None)
    for label, longest_s, times in result.recorder.longest():
        table.add_row(label, str(times), f"{longest_s:.1f}")
    console.print(table)
    for sentence in result.broken[:BROKEN_SHOWN]:
        console.print(word("broken", what=sentence), markup=False)
    if len(result.broken) > BROKEN_SHOWN:
        console.print(f"… +{len(result.broken) - BROKEN_SHOWN}", markup=False)
    if not result.broken:
        console.print(word("kept"), markup=False)


def _last_line(plan: plans.Plan, nodes: int, result: Result, took_s: float) -> dict[str, Any]:
    recorder, ledger = result.recorder, result.ledger
    recovery_s = {label: round(longest_s, 1) for label, longest_s, _ in recorder.longest()}
    commands = list(ledger.commands.values())
    return {
        "seed": plan.seed,
        "nodes": nodes,
        "ok": not result.broken,
        "commands": len(commands),
        "answered_2xx": sum(command.is_answered for command in commands),
        "refused": dict(ledger.refusals),
        "statuses": {str(status): count for status, count in sorted(ledger.statuses.items())},
        "lost": len(result.verdict.lost),
        "double": len(result.verdict.double),
        "dead_letters": recorder.dead_letters,
        "injected": recorder.injected,
        "kills": recorder.kills,
        "steps": dict(sorted(result.load.done.items())),
        "recovery_s": recovery_s,
        "longest_recovery_s": max(recovery_s.values(), default=0.0),
        "longest_answer_s": round(ledger.longest_s, 1),
        "check": len(STATEMENTS),
        "loans": result.report.figures["loans"],
        "ledger_entries": result.report.figures["ledger_entries"],
        "ledger_sum": result.report.figures["ledger_sum"],
        "violations": len(result.report.violations),
        "broken": len(result.broken),
        "seconds": round(took_s, 1),
    }


if __name__ == "__main__":
    typer.run(main)
