"""Free TCP ports on loopback."""

import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.sails.problem import Problem
from deploy.sails.waiting import until

LOOPBACK = "127.0.0.1"
PORTS_TRIED = 200  # a machine with this many consecutive ports taken has another problem
FIRST_PRIVATE_PORT = 21000  # below 32768, where Linux starts to hand out ports of outgoing calls
PRIVATE_RANGES = 500  # ranges of PORTS_PER_RANGE ports, so that two runners rarely meet
PORTS_PER_RANGE = 20


class NoPortFree(Problem):
    """Every port tried is taken."""


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a plain bind succeeds; SO_REUSEPORT would join a stranger's listener silently.

    SO_REUSEADDR only ignores closed connections that linger, never a listener.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def next_free(first: int, taken: set[int] | None = None) -> int:
    """The first free port from `first` on that is not in `taken`. Raises NoPortFree."""
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        if port not in (taken or ()) and is_free(port):
            return port
    raise NoPortFree(f"{first}-{first + PORTS_TRIED - 1}")


@contextmanager
def reserved(first: int) -> Iterator[int]:
    """The first free port from `first` on, which no other starter takes while the block runs.

    Two that see it free at the same moment would listen on it together, because the processes of
    the public API share theirs (SO_REUSEPORT). A name in the abstract space belongs to one alone,
    and to nobody once its owner is gone, however it went. Raises NoPortFree.
    """
    taken: set[int] = set()
    with socket.socket(socket.AF_UNIX) as claim:
        while not _claims(claim, port := next_free(first, taken)):
            taken.add(port)
        yield port


def _claims(claim: socket.socket, port: int) -> bool:
    try:
        claim.bind(f"\0sails-port-{port}")
    except OSError:
        return False
    return True


def private_range(state_root: Path) -> int:
    """The first port of the range that the runner of this state folder prefers."""
    return FIRST_PRIVATE_PORT + zlib.crc32(bytes(state_root)) % PRIVATE_RANGES * PORTS_PER_RANGE


def wait_listening(port: int, timeout_s: float) -> None:
    """Return once something listens on the loopback port. Raises WaitedInVain."""
    until(f"{LOOPBACK}:{port}", lambda: _answers(port), timeout_s)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
