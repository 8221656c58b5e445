"""A private PostgreSQL server: loopback only, passwords only, one role per service."""

import os
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection

from deploy.sails.accounts import Account, own, private_folder, run_as, server_account
from deploy.sails.child import Child
from deploy.sails.ports import LOOPBACK, next_free, private_range
from deploy.sails.postgres import Binaries, find_binaries, reachable
from deploy.sails.problem import Problem
from deploy.sails.state import StateFolder, load_passwords
from deploy.sails.waiting import WaitedInVain, until

SERVICES = ("orders", "matching", "finance", "gateway")
SUPERUSER = "postgres"
READY_TIMEOUT_S = 60.0  # recovery after a crash replays the log first
PORT_OFFSET = 0
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # TCP alone: no path limit, no folder for others to look into
    "shared_buffers": "128MB",
    "max_connections": "300",  # six processes with their pools, each xdist worker with as many
    "max_wal_size": "512MB",
    "log_destination": "stderr",
    "logging_collector": "off",
}
WITHOUT_FSYNC = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class DatabaseFailed(Problem):
    """The server could not be prepared or does not answer; the text is its own message."""


@dataclass(frozen=True)
class Database:
    """A prepared server. Nothing runs until the supervisor is given `child()`."""

    data: Path
    binaries: Binaries
    account: Account | None
    port: int
    passwords: dict[str, str] = field(repr=False)
    fsync: bool

    def child(self) -> Child:
        """The server in the foreground, for the supervisor."""
        settings = SETTINGS | {"port": str(self.port)} | ({} if self.fsync else WITHOUT_FSYNC)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            name="database",
            command=[self.binaries.run("postgres"), "-D", str(self.data), *options],
            environment=_environment(self.data),
            folder=str(self.data),
            stage=1,
            uid=self.account.uid if self.account else None,
            gid=self.account.gid if self.account else None,
            stop_signal=signal.SIGINT,  # "fast": end the sessions, write a checkpoint
            stop_timeout_s=30.0,
            orphan_signal=signal.SIGINT,
        )

    def url(self, role: str, name: str | None = None) -> str:
        """The SQLAlchemy URL of a service's role; `name` when the database is called otherwise."""
        account = f"{role}:{self.passwords[role]}"
        return f"postgresql+psycopg2://{account}@{LOOPBACK}:{self.port}/{name or role}"

    def wait_ready(self, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Return once the server takes connections. Raises DatabaseFailed."""
        try:
            until(
                "the database", self._connect, timeout_s, not_yet=(psycopg2.OperationalError,)
            ).close()
        except WaitedInVain as late:
            raise DatabaseFailed(str(late.__cause__)) from late

    def create_roles(self) -> None:
        """Every service's role, and no way for one into a database that is not its own."""
        with self._session() as session, session.cursor() as cursor:
            for role in SERVICES:
                _ensure_role(cursor, role, self.passwords[role])
            for name in (SUPERUSER, "template1"):
                cursor.execute(_close_to_public(name))

    def create_database(self, name: str, owner: str, template: str = "template1") -> bool:
        """Create a database that only `owner` may enter; False when it exists already."""
        with self._session() as session, session.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if cursor.fetchone():
                return False
            statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
            cursor.execute(statement.format(*map(sql.Identifier, (name, owner, template))))
            cursor.execute(_close_to_public(name))
        return True

    def drop_database(self, name: str) -> None:
        """Drop the database, ending whatever session is in it; nothing when there is none."""
        with self._session() as session, session.cursor() as cursor:
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            cursor.execute(statement.format(sql.Identifier(name)))

    def _connect(self) -> connection:
        return psycopg2.connect(
            host=LOOPBACK,
            port=self.port,
            user=SUPERUSER,
            password=self.passwords[SUPERUSER],
            dbname=SUPERUSER,
            connect_timeout=5,
        )

    def _session(self) -> "_Session":
        return _Session(self._connect())


class _Session:
    """A connection in autocommit (CREATE DATABASE refuses a transaction) that closes at the end."""

    def __init__(self, opened: connection) -> None:
        self.connection = opened
        self.connection.autocommit = True

    def __enter__(self) -> connection:
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def prepare(
    state: StateFolder, *, port: int | None = None, fsync: bool = True, source: str = "any"
) -> Database:
    """Find binaries, choose a port, make the data folder if there is none.

    `port`: that of the server when it runs already. `fsync`: False only for tests. `source`: see
    `find_binaries`. Raises NoPostgres, NoAccount, DatabaseFailed.
    """
    account = server_account("postgres")
    home = state.home(account)
    data = home / "postgres"
    binaries = reachable(find_binaries(source, _existing_major(data)), account, home)
    passwords = load_passwords(home, [SUPERUSER, *SERVICES])
    if _existing_major(data) is None:
        _initdb(binaries, data, account, passwords[SUPERUSER])
    port = port or next_free(private_range(state.root) + PORT_OFFSET)
    return Database(data, binaries, account, port, passwords, fsync)


def _existing_major(data: Path) -> int | None:
    version = data / "PG_VERSION"
    return int(version.read_text()) if version.exists() else None


def _initdb(binaries: Binaries, data: Path, account: Account | None, password: str) -> None:
    """Make the data folder in a draft first: one that was cut short is never taken for real."""
    shutil.rmtree(data.with_suffix(".draft"), ignore_errors=True)
    draft = private_folder(data.with_suffix(".draft"), account)
    password_file = data.with_suffix(".password")
    try:
        with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(password)
        own(password_file, account)
        done = run_as(account, _initdb_command(binaries, draft, password_file))
    finally:
        password_file.unlink(missing_ok=True)
    if done.returncode:
        raise DatabaseFailed(done.stderr.strip() or done.stdout.strip())
    draft.replace(data)


def _initdb_command(binaries: Binaries, data: Path, password_file: Path) -> list[str]:
    return [
        binaries.run("initdb"),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",  # the same order of texts on every machine
        "--no-instructions",
    ]


def _environment(data: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": str(data)}


def _ensure_role(cursor: psycopg2.extensions.cursor, role: str, password: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}")
    cursor.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def _close_to_public(name: str) -> sql.Composed:
    return sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
