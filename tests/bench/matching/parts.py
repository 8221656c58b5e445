"""A part of the measurement in a process of its own: what it prints is what it found."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from tests.bench.processes import MB

Part = dict[str, float]


def run(name: str, size: int, folder: Path) -> Part:
    """`python -m tests.bench.matching NAME SIZE FOLDER`, on one core."""
    command = [sys.executable, "-m", "tests.bench.matching", name, str(size), str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: Part = json.loads(done.stdout.splitlines()[-1])
    return found


def on_one_core() -> None:
    """From here on; the last one, for servers tend to be on the first."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def rss_mb() -> float:
    return float(psutil.Process().memory_info().rss / MB)


def disk_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MB


def seconds(action: Callable[[], object]) -> float:
    """How long it takes, by the clock on the wall."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def percentiles(name: str, took_s: list[float]) -> Part:
    """`NAME_p50_ms` and `NAME_p99_ms`."""
    p50_s, p99_s = np.percentile(took_s, (50, 99)).tolist()
    return {f"{name}_p50_ms": p50_s * 1_000, f"{name}_p99_ms": p99_s * 1_000}
