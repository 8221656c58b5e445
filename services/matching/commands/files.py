"""A file of supplies: taken as it is, then worked off in batches until nothing of it waits."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, text

from services.contracts.actor import Actor
from services.matching import copies
from services.matching.commands import file_rows, own_rows, public_rows
from services.matching.import_tables import Import, ImportRow
from services.messaging import Transaction

Arguments = dict[str, Any]
# Some 100 ms of one transaction: that long others wait for the supplies that it has locked, and
# the deadlines of everybody else for the timer.
BATCH_ROWS = 50
ROWS_KEPT = timedelta(days=30)  # for whoever mends the file by them

_KEEP_ROWS = text(
    """
    INSERT INTO import_rows (import_id, line, given, code)
    SELECT CAST(:id AS uuid), CAST(row ->> 'line' AS bigint), row -> 'given', row ->> 'fault'
    FROM (SELECT CAST(line AS jsonb) AS row
          FROM unnest(string_to_array(:rows, chr(10))) AS line) AS stated
    """
)


def create(actor: Actor, tx: Transaction, args: Arguments) -> Import:
    """The actor's own supplies, which become drafts.

    Raises Problem("party_unknown"), ("import_running").
    """
    copies.party(tx, actor.party_id)
    return _start(actor, tx, args, "own")


def create_public(actor: Actor, tx: Transaction, args: Arguments) -> Import:
    """Public suppliers of the programme, active at once. Raises Problem("import_running")."""
    return _start(actor, tx, args, "public")


def cancel(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """Nothing more of it is brought in; what is, stays."""
    importing = tx.load(Import, id, of=("party_id",))
    tx.unschedule(importing, "work_off")
    _end(tx, importing, "cancel", "cancelled")


def work_off(tx: Transaction, id: str) -> None:
    """Timer: the next rows of the file, with what becomes of each, in one transaction.

    A process that dies in between has done nothing of them.
    """
    importing = tx.load(Import, id)
    if importing.state != "running":
        return
    rows = _next(tx, importing)
    take = own_rows.take if importing.target == "own" else public_rows.take
    take(tx, importing, rows)
    _count(importing, rows)
    if importing.rows_done < importing.rows_total:
        tx.record(importing, "advanced")
        tx.schedule(importing, "work_off", tx.now)
    else:
        _end(tx, importing, "finish", "finished")


def forget_rows(tx: Transaction, id: str) -> None:
    """Timer: what became of each row has been there for long enough; how many stays."""
    tx.session.execute(delete(ImportRow).where(ImportRow.import_id == id))


def _start(actor: Actor, tx: Transaction, args: Arguments, target: str) -> Import:
    counts = dict.fromkeys(("rows_done", "imported", "skipped", "failed", "last_line"), 0)
    importing = tx.new(
        Import,
        party_id=actor.party_id,
        target=target,
        format=args["format"],
        rows_total=args["rows"].count("\n") + 1,
        finished_at=None,
        **counts,
    )
    tx.record(importing, "started")
    tx.session.flush()
    tx.session.execute(_KEEP_ROWS, {"id": importing.id, "rows": args["rows"]})
    tx.schedule(importing, "work_off", tx.now)
    return importing


def _end(tx: Transaction, importing: Import, verb: str, past: str) -> None:
    importing.finished_at = tx.now
    tx.move(importing, verb, past)
    tx.schedule(importing, "forget_rows", tx.now + ROWS_KEPT)


def _next(tx: Transaction, importing: Import) -> Sequence[ImportRow]:
    waiting = select(ImportRow).where(
        ImportRow.import_id == importing.id, ImportRow.line > importing.last_line
    )
    return tx.session.scalars(waiting.order_by(ImportRow.line).limit(BATCH_ROWS)).all()


def _count(importing: Import, rows: Sequence[ImportRow]) -> None:
    importing.last_line = rows[-1].line
    importing.rows_done += len(rows)
    for outcome in file_rows.OUTCOMES:
        done = sum(row.outcome == outcome for row in rows)
        setattr(importing, outcome, getattr(importing, outcome) + done)
