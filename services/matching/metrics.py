"""What matching measures of itself."""

from prometheus_client import Counter, Gauge, Histogram

# From a fraction of a millisecond (an empty index) to a second (a million supplies, cold).
_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)

RANK_SECONDS = Histogram(
    "sails_matching_rank_seconds", "Time to rank the supplies for one demand", buckets=_BUCKETS_S
)
EXCLUDED = Counter(
    "sails_matching_excluded_total", "Candidates that a hard constraint excluded", ["constraint"]
)
INDEX_POSITION = Gauge(
    "sails_matching_index_position", "Position of the service's feed that the index is at"
)
INDEX_BEHIND = Counter(
    "sails_matching_index_behind_total",
    "Rankings that went on although the index lacked supplies committed before",
)
