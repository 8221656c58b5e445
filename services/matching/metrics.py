"""What matching measures of itself."""

from prometheus_client import Counter, Gauge, Histogram

# From a fraction of a millisecond (an empty index) to a second (a million supplies, cold).
_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)

RANK_SECONDS = Histogram(
    "sails_matching_rank_seconds", "Time to rank the supplies for one demand", buckets=_BUCKETS_S
)
RANK_AGAIN_SECONDS = Histogram(
    "sails_matching_rank_again_seconds",
    "Time to rank once more for an open demand, because of supplies that are new",
    buckets=_BUCKETS_S,
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
LISTS = Gauge("sails_matching_lists", "The newest lists that the figures of exposure are about")
LARGEST_SHARE = Gauge(
    "sails_matching_largest_share", "Of those lists, the share that one supplier stands in"
)
COVERAGE = Gauge(
    "sails_matching_coverage", "Of the suppliers with something on offer, who stands in a list"
)
GINI = Gauge("sails_matching_gini", "How unevenly places in lists are shared: 0 all alike")
UNSEEN = Gauge(
    "sails_matching_unseen_suppliers", "Suppliers with something on offer that no list shows"
)
PLAN_SECONDS = Histogram(
    "sails_matching_plan_seconds",
    "Time to plan notices of many demands",
    ["how"],
    buckets=_BUCKETS_S,
)
PLAN_GAP = Gauge(
    "sails_matching_plan_gap", "What the last plan may have missed of the best; 0: it is exact"
)
