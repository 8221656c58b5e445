"""What must hold in every service's database: facts, inbox, answers, deadlines."""

from deploy.sails.check.entry import Check, Figure
from deploy.sails.database import SERVICES
from services.contracts.registry import AGGREGATES

LATE_S = 60  # a deadline that the timer has not materialised by then is a defect

TABLE_OF = {name: kind.path.replace("-", "_") for name, kind in AGGREGATES.items()} | {
    "clock": "clock_settings"
}


def of_every(service: str) -> tuple[Check, ...]:
    """The statements about the tables that all services share."""
    return (
        Check(
            "outbox_empty", service, "事实已全部发出", "Every fact has been published",
            "SELECT event_id, type FROM outbox WHERE position IS NULL", passing=True,
        ),
        Check(
            "positions_dense", service, "事实编号连续，无一跳过", "No position was skipped",
            "SELECT count(position), max(position) FROM outbox"
            " HAVING count(position) <> coalesce(max(position), 0)",
        ),
        Check(
            "answers_kept", service, "每个幂等键都有答复", "Every idempotency key has its answer",
            "SELECT party_id, key FROM idempotency WHERE reply IS NULL",
        ),
        Check(
            "answers_have_effects", service, "每个答复的事实都已记录",
            "The facts of every kept answer are recorded",
            "SELECT kept.party_id, kept.key, fact->>'type' FROM idempotency kept,"
            " jsonb_array_elements(kept.reply->'events') fact WHERE NOT EXISTS"
            " (SELECT 1 FROM outbox WHERE event_id = (fact->>'id')::uuid)",
        ),
        Check(
            "sequences_without_gap", service, "每个对象的事实连续编号",
            "The facts of one aggregate are numbered without a gap",
            "SELECT envelope->>'subject', count(*), max((envelope->>'sequence')::bigint)"
            " FROM outbox GROUP BY 1"
            " HAVING count(*) <> max((envelope->>'sequence')::bigint)"
            " OR count(*) <> count(DISTINCT envelope->>'sequence')",
        ),
        Check(
            "deadlines_materialised", service, "到期事项都已执行",
            "What was due has been carried out",
            "SELECT aggregate, subject_id, verb, due_at, attempts FROM deadlines"  # noqa: S608  a constant
            " WHERE due_at < now() - interval '1 second' *"
            f" ({LATE_S} - coalesce((SELECT offset_s FROM clock), 0))", passing=True,
        ),
    )  # fmt: skip


def of_aggregate(name: str) -> Check:
    """Each aggregate is as its last fact says."""
    owner, table = AGGREGATES[name].service, TABLE_OF[name]
    return Check(
        f"{name}_as_told", owner,
        f"{name}：当前状态与最后一个事实一致", f"Each {name} is in the state of its last fact",
        "WITH last AS (SELECT DISTINCT ON (envelope->>'subject')"  # noqa: S608  own names only
        "  (envelope->>'subject')::uuid AS id, (envelope->>'sequence')::bigint AS sequence,"
        "  envelope->'data'->>'state' AS state FROM outbox"
        f"  WHERE type LIKE '{name}.%'"
        "  ORDER BY envelope->>'subject', (envelope->>'sequence')::bigint DESC)"
        f" SELECT t.id, t.sequence, t.state, last.sequence, last.state FROM {table} t"
        " LEFT JOIN last ON last.id = t.id"
        " WHERE t.sequence > 0"  # 0: nobody was told of it yet
        " AND (last.sequence IS DISTINCT FROM t.sequence OR last.state IS DISTINCT FROM t.state)",
    )  # fmt: skip


CHECKS = tuple(check for service in SERVICES for check in of_every(service)) + tuple(
    of_aggregate(name) for name in AGGREGATES
)
FIGURES = tuple(
    Figure(f"outbox_left_{service}", service, "SELECT count(*) FROM outbox WHERE position IS NULL")
    for service in SERVICES
)
