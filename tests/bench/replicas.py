"""How far the replicas of matching are apart: each follows the same feed into an index of its own.

A replica writes down how far it is once a search of it finds what was stated up to there; that is
what is looked at, many times a second, from outside.
"""

import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.sails.check.databases import reading
from deploy.sails.demo.imports import bring_in
from deploy.sails.samples import generate
from services.matching.documents import STAMP
from services.matching.index import read_mark
from tests.bench.figures import Figure, Tell
from tests.bench.stand import SEED, Stand, stand

REPLICAS = 2
LOADED = 1_000
CHANGES = 100
PAUSE_S = 0.1  # between two changes: what is measured is the way, not the backlog
LOOK_S = 0.002
STATED = """
    SELECT position, recorded_at FROM outbox
    WHERE position > {after} AND type LIKE 'supply.%' ORDER BY position
"""

Times = dict[int, float]  # position in the feed -> seconds since the epoch


class Watch:
    """When each of the index folders was seen to have come to a position."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders
        self._ended = threading.Event()
        self._seen: dict[str, Times] = {name: {} for name in folders}
        self._thread = threading.Thread(target=self._look)

    def positions(self) -> dict[str, int]:
        """By replica, how far its index is."""
        marks = {name: read_mark(folder) for name, folder in self._folders.items()}
        return {name: mark.position if mark else 0 for name, mark in marks.items()}

    def start(self) -> "Watch":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def reached_s(self, name: str, position: int) -> float:
        """When that replica had come at least so far. Raises ValueError when it has not."""
        return min(at for known, at in self._seen[name].items() if known >= position)

    def _look(self) -> None:
        while not self._ended.wait(LOOK_S):
            now = time.time()
            for name, position in self.positions().items():
                self._seen[name].setdefault(position, now)


@contextmanager
def watching(folders: Mapping[str, Path]) -> Iterator[Watch]:
    """A Watch of the index folders that looks during the block."""
    watch = Watch(folders).start()
    try:
        yield watch
    finally:
        watch.stop()


def index_folder(state_dir: Path, replica: str) -> Path:
    """Where the process with this folder of its own keeps the index that it serves."""
    return state_dir / "matching" / replica / STAMP


def apart_s(watch: Watch, replicas: Collection[str], stated: Times) -> list[float]:
    """Of each change, how long after the first replica the last one had it."""
    reached = [[watch.reached_s(name, position) for name in replicas] for position in stated]
    return [max(times) - min(times) for times in reached]


def behind_s(watch: Watch, replicas: Collection[str], stated: Times) -> list[float]:
    """Of each change, how long after its transaction began every replica had it."""
    return [
        max(watch.reached_s(name, position) for name in replicas) - at
        for position, at in stated.items()
    ]


def stated_after(environment: Mapping[str, str], position: int) -> Times:
    """The supplies' facts past a position, and when the transaction of each began."""
    with reading(environment) as databases:
        rows = databases.rows("matching", STATED.format(after=int(position)))
    return {number: at.timestamp() for number, at in rows}


def measure(tell: Tell) -> list[Figure]:
    with stand(tell, supplies=LOADED, replicas=REPLICAS) as found:
        names = [name for name in found.layout.observe if name.partition("-")[0] == "matching"]
        folders = {
            name: index_folder(found.state.data / name, str(number))
            for number, name in enumerate(names, 1)
        }
        with watching(folders) as watch:
            before = max(watch.positions().values())
            _change(found)
            found.rest()
            stated = stated_after(found.layout.environment, before)
            while min(watch.positions().values()) < max(stated):
                time.sleep(PAUSE_S)
    return [
        *_figures("between replicas", apart_s(watch, names, stated)),
        *_figures("from the change to every replica", behind_s(watch, names, stated)),
    ]


def _change(found: Stand) -> None:
    """One supply after the other is stated anew, active at once."""
    supplier_id = next(iter(found.suppliers))
    for number, (_, body) in enumerate(generate(SEED, supplies=CHANGES).supplies):
        row = body | {"supplier_id": supplier_id, "source_ref": f"apart-{number}"}
        bring_in(found.operator, "/supplies/import", [row])
        time.sleep(PAUSE_S)


def _figures(name: str, seconds: list[float]) -> list[Figure]:
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return [
        Figure(f"{name}, p50", ordered[round(0.5 * last)] * 1_000, "ms"),
        Figure(f"{name}, p99", ordered[round(0.99 * last)] * 1_000, "ms"),
        Figure(f"{name}, longest", ordered[last] * 1_000, "ms", wanted="≤ 250"),
    ]
