"""One folder holds everything a runner keeps: `.run/` of the repository, or a test's own."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.sails.accounts import Account
from deploy.sails.waiting import until

REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT_ROOT = Path(os.environ.get("SAILS_STATE") or REPOSITORY / ".run")
SYSTEM_DATA = Path("/var/lib")
MEMORY = Path("/dev/shm")  # noqa: S108 - homes in it are made anew and closed to others
MEMORY_ROOM_BYTES = 2 << 30  # a whole test run was seen to keep half of one there
PASSWORD_BYTES = 24


class StateFolder:
    """Paths of one runner. `root` is absolute and only its owner may enter what is secret."""

    def __init__(self, root: Path = DEFAULT_ROOT) -> None:
        self.root = root.resolve()
        self.log = self.root / "log"
        self.data = self.root / "data"
        self.state_file = self.root / "state.json"
        self.supervisor_lock = self.root / "supervisor.lock"
        self.start_lock = self.root / "start.lock"
        name = f"sails-{hashlib.sha256(bytes(self.root)).hexdigest()[:12]}"
        self._homes = (self.root / "private", SYSTEM_DATA / name, MEMORY / name)

    def create(self) -> None:
        """Make the folders; safe to repeat."""
        for folder in (self.root, self.log, self.data):
            folder.mkdir(parents=True, exist_ok=True)

    def home(self, *accounts: Account | None) -> Path:
        """Where servers keep data: below `root` if every account can reach it, else /var/lib.

        A repository below a folder closed to others (/root) stays closed; nothing is opened up.
        A home that exists is kept. All places follow from `root` alone: a copy of the repository
        never shares, or deletes, the data of the original.
        """
        for home in self._homes:
            if home.exists():
                return home
        within, outside, _ = self._homes
        open_to_all = all(account is None or account.may("-x", self.root) for account in accounts)
        return _make_home(within if open_to_all else outside)

    def prefer_memory(self) -> None:
        """Make the home in memory, if it has room: for data that may be lost with the power."""
        if not any(home.exists() for home in self._homes) and _memory_has_room():
            _make_home(self._homes[-1])

    def wipe(self) -> None:
        """Delete every database, queue, password and log of this runner, which must be stopped."""
        for folder in (*self._homes, self.log, self.data):
            shutil.rmtree(folder, ignore_errors=True)
        self.state_file.unlink(missing_ok=True)  # not the locks: someone may be waiting for them

    def below(self) -> list["StateFolder"]:
        """State folders inside this one: the demonstration's and those of test runs."""
        return [StateFolder(lock.parent) for lock in sorted(self.root.glob("*/supervisor.lock"))]


def _make_home(home: Path) -> Path:
    home.mkdir(mode=0o711)  # accounts pass through to their own folder, and cannot list others
    home.chmod(0o711)  # whatever the caller's umask
    return home


def _memory_has_room() -> bool:
    """Programs are kept there too, so one that runs none will not do."""
    try:
        memory = os.statvfs(MEMORY)
    except FileNotFoundError:
        return False
    room_bytes = memory.f_bavail * memory.f_frsize
    return room_bytes >= MEMORY_ROOM_BYTES and not memory.f_flag & os.ST_NOEXEC


def load_passwords(home: Path, names: list[str]) -> dict[str, str]:
    """One random password per name, made once and kept with the data that knows them (0600)."""
    path = home / "passwords.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {name: secrets.token_hex(PASSWORD_BYTES) for name in names if name not in kept}
    if missing:
        write_private(path, json.dumps(kept | missing, indent=1))
    return {name: (kept | missing)[name] for name in names}


def write_private(path: Path, text: str) -> None:
    """Replace the file at once with one that only its owner can read."""
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """The object in the file, empty when there is none."""
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return content


@contextmanager
def locked(path: Path, timeout_s: float) -> Iterator[None]:
    """Hold an exclusive lock between processes. Raises WaitedInVain."""
    with path.open("w") as file:
        until(str(path), lambda: _try_lock(file.fileno()), timeout_s)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
