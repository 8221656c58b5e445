"""What is counted of HTTP, by route."""

from prometheus_client import Counter, Histogram

REQUESTS = Counter("sails_http_requests", "HTTP requests answered", ("method", "route", "status"))
SECONDS = Histogram(
    "sails_http_request_seconds",
    "Time to an answer; of a stream, to its beginning",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
