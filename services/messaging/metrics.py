"""What messaging counts. The process exposes it at /metrics."""

from prometheus_client import Counter, Gauge, Histogram

HANDLED = Histogram(
    "sails_handler_seconds", "How long handlers took, by outcome.", ["handler", "outcome"]
)
RUNNING = Gauge("sails_handlers_running", "Handlers at work or waiting for a worker.", ["handler"])
SUPPRESSED = Counter("sails_inbox_suppressed", "Repeated facts that changed nothing.", ["handler"])
RETRIED = Counter("sails_events_retried", "Deliveries that failed and will come back.", ["queue"])
DEAD_LETTERED = Counter("sails_events_dead_lettered", "Messages given up.", ["queue"])
CONSUMER_FAILURES = Counter("sails_consumer_failures", "Times a consumer lost or missed its queue.")
RELAYED = Counter("sails_events_relayed", "Facts published and numbered.")
RELAY_BATCH = Histogram(
    "sails_relay_batch_size", "Facts per window.", buckets=(1, 2, 5, 10, 50, 100, 200)
)
OUTBOX_DEPTH = Gauge("sails_outbox_depth", "Facts committed and not yet published.")
OUTBOX_AGE = Gauge("sails_outbox_age_seconds", "Age of the oldest fact not yet published.")
DEADLINES_FAILING = Gauge("sails_deadlines_failing", "Deadlines that failed and will be retried.")
RPC = Counter("sails_rpc_requests", "Requests to other services.", ["method", "outcome"])
