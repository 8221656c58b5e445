"""What a process does all the time, in a database session of its own."""

import structlog
from eventlet import sleep
from eventlet.event import Event as Outcome
from nameko.extensions import DependencyProvider

from services.messaging.session_lock import LockSession

PAUSE_S = 0.5  # after a failure
WELL = {"holder", "standby", "listening"}  # the last where there is no lock to hold

_log = structlog.get_logger()


class SessionLoop(DependencyProvider):
    """One greenlet that takes turns in a LockSession; a lost one is replaced, until the stop.

    A subclass has a `label` for people, may name a `lock` and a `channel`, and implements `turn`,
    which waits when it finds nothing to do.
    """

    label = ""
    lock: int | None = None
    channel: str | None = None

    def setup(self) -> None:
        self.is_stopping, self.role = False, "starting"
        self._url: str = self.container.config["DATABASE_URL"]
        self._ended = Outcome()

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, identifier=self.label)

    def stop(self) -> None:
        self.is_stopping = True
        self._ended.wait()

    @property
    def leads(self) -> bool:
        """Whether this process holds the lock, and no other."""
        return self.role == "holder"

    def turn(self, session: LockSession) -> None:
        """Do what there is to do; sets `role`."""
        raise NotImplementedError

    def not_ready(self) -> str | None:
        """Why the work may not be done; None for the lock's holder and for who stands by."""
        return None if self.role in WELL else f"{self.label}: {self.role}"

    def _run(self) -> None:
        while not self.is_stopping:
            try:
                with LockSession(self._url, self.lock, self.channel) as session:
                    while not self.is_stopping:
                        self.turn(session)
            except Exception as error:
                # Mostly the database; whatever it is, readiness names it and we begin again.
                self.role = f"interrupted by {type(error).__name__}"
                _log.error("interrupted", what=self.label, exc_info=error)
                sleep(PAUSE_S)
        self._ended.send()
