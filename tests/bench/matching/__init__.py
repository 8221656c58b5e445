"""How matching grows: 20,000, 200,000 and a million generated supplies, beside plain indexes.

`make bench-matching`; `SIZES="20000 200000"` takes fewer, and in `FOLDER` what was built is kept
and not built again: a million takes half an hour. Each part has a process of its own, so that
memory is that part's alone, and one core, as the figures are wanted.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import Figure, Tell
from tests.bench.matching.parts import Part, run

SIZES = "20000 200000 1000000"
# The whole way of a demand: milliseconds of p50 wanted, by size.
PIPELINE_MS = {20_000: 3, 200_000: 8, 1_000_000: 25}
VISIBLE_MS, MEMORY_MB = 250, 1_500
RAW, PEER = "raw tantivy", "bm25s"


def measure(tell: Tell) -> list[Figure]:
    """The growth table, a size after the other."""
    sizes = [int(size) for size in os.environ.get("SIZES", SIZES).split()]
    return [figure for size in sizes for figure in _grown(size, tell)]


def _grown(size: int, tell: Tell) -> list[Figure]:
    with _folder(size) as folder:
        parts = [_told(tell, size, name, folder) for name in ("build", "serve", "raw", "peer")]
    return _figures(size, *parts)


@contextmanager
def _folder(size: int) -> Iterator[Path]:
    if kept := os.environ.get("FOLDER"):
        yield Path(kept) / str(size)
    else:
        with tempfile.TemporaryDirectory(prefix="sails-bench-") as folder:
            yield Path(folder)


def _told(tell: Tell, size: int, name: str, folder: Path) -> Part:
    found = run(name, size, folder)
    tell(f"{size:,} {name}: " + ", ".join(f"{key} {value:,.2f}" for key, value in found.items()))
    return found


def _figures(size: int, built: Part, served: Part, raw: Part, peer: Part) -> list[Figure]:
    def figure(
        name: str, value: float, unit: str, beside: float | None, yardstick: str, wanted: str = ""
    ) -> Figure:
        return Figure(f"{size:,} supplies: {name}", value, unit, beside, yardstick, wanted)

    wanted_ms = f"≤ {PIPELINE_MS[size]}" if size in PIPELINE_MS else ""
    return [
        figure("whole way of a demand, p50", served["pipeline_p50_ms"], "ms",
               raw["query_p50_ms"], RAW, wanted_ms),
        figure("whole way of a demand, p99", served["pipeline_p99_ms"], "ms",
               raw["query_p99_ms"], RAW),
        figure("query with filters, p50", served["filtered_p50_ms"], "ms",
               raw["query_p50_ms"], RAW),
        figure("query with filters, p99", served["filtered_p99_ms"], "ms",
               raw["query_p99_ms"], RAW),
        figure("query without filters, p50", served["unfiltered_p50_ms"], "ms",
               peer["query_p50_ms"], PEER),
        figure("query without filters, p99", served["unfiltered_p99_ms"], "ms",
               peer["query_p99_ms"], PEER),
        figure("new supply → found", served["visible_p50_ms"], "ms",
               raw["visible_p50_ms"], RAW, f"≤ {VISIBLE_MS}"),
        figure("new supply → found, slowest of 20", served["visible_max_ms"], "ms",
               raw["visible_max_ms"], RAW, f"≤ {VISIBLE_MS}"),
        figure("memory of the process", served["rss_mb"], "MB", peer["rss_mb"], PEER,
               f"≤ {MEMORY_MB:,}"),
        figure("index built from states", built["index_s"], "s", raw["index_s"], RAW),
        figure("index on disk", built["disk_mb"], "MB", raw["disk_mb"], RAW),
        figure("process ready", served["ready_s"], "s", peer["index_s"], PEER),
    ]  # fmt: skip
