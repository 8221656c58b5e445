"""A private RabbitMQ node: own name, data, ports, cookie and epmd, all on loopback.

Several of them make a cluster (`cluster.py`); one alone is the usual case.
"""

import json
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

import amqp

from deploy.sails.accounts import Account, own, run_as
from deploy.sails.child import Child
from deploy.sails.ports import LOOPBACK, wait_listening
from deploy.sails.problem import Problem
from deploy.sails.rabbitmq import Scripts
from deploy.sails.state import write_private
from deploy.sails.waiting import WaitedInVain, until

NODE = "sails@localhost"
USER = "sails"
VHOST = "sails"
READY_TIMEOUT_S = 60.0
EPMD_TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 60.0
LOOPBACK_DISTRIBUTION = "-kernel inet_dist_use_interface {127,0,0,1}"
REJOIN = "rejoin.erl"  # beside this file; what a node of several does after a freeze
# A laptop has other things to do: two schedulers, and none of them spins while it waits.
SERVER_FLAGS = (
    f"+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none {LOOPBACK_DISTRIBUTION}"
    f" -run file eval {REJOIN}"
)
CONFIGURATION = """\
listeners.tcp.1 = {host}:{port}
default_user = {user}
default_pass = {password}
default_vhost = {vhost}
default_permissions.configure = .*
default_permissions.read = .*
default_permissions.write = .*
log.console = true
log.console.level = warning
disk_free_limit.absolute = 200MB
raft.wal_max_size_bytes = 64000000
"""
# Without a majority a node stops taking clients, so that two halves never both go on. A node that
# says nothing is missed after some ten seconds, not the minute that is usual.
CLUSTERED = """\
cluster_partition_handling = pause_minority
queue_leader_locator = balanced
net_ticktime = 8
"""
# The first node begins alone. The others wait for it, and each remembers whom it has met.
JOINING = """\
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = {first}
cluster_formation.classic_config.nodes.2 = {own}
cluster_formation.discovery_retry_interval = 200
cluster_formation.discovery_retry_limit = 300
"""


class BrokerFailed(Problem):
    """The node does not answer, or refused a command; the text is its own message."""


@dataclass(frozen=True)
class Broker:
    """A prepared node. Nothing runs until the supervisor is given `epmd()`, then `child()`."""

    folder: Path
    scripts: Scripts
    account: Account | None
    port: int
    distribution_port: int
    epmd_port: int
    password: str = field(repr=False)
    number: int = 1  # within its cluster of so many
    cluster_size: int = 1

    @property
    def name(self) -> str:
        """Of its process and its log."""
        return "broker" if self.number == 1 else f"broker-{self.number}"

    @property
    def node(self) -> str:
        """Its name among Erlang's nodes."""
        return node_name(self.number)

    @property
    def ports(self) -> tuple[int, int, int]:
        """AMQP, distribution, port mapper."""
        return self.port, self.distribution_port, self.epmd_port

    def epmd(self) -> Child:
        """The node's own port mapper; up before the node, or Erlang starts a daemon of its own."""
        return self._child(
            "epmd",
            [self.scripts.epmd, "-address", LOOPBACK, "-port", str(self.epmd_port)],
            stage=0,
        )

    def child(self) -> Child:
        """The node in the foreground, for the supervisor."""
        return self._child(
            self.name,
            [str(self.scripts.folder / "rabbitmq-server")],
            stage=1,
            stop_timeout_s=15.0,  # one that is still booting hears no signal; data survive a kill
            orphan_signal=signal.SIGTERM,
        )

    def uri(self, vhost: str = VHOST) -> str:
        """The AMQP URI of a virtual host."""
        return f"amqp://{USER}:{self.password}@{LOOPBACK}:{self.port}/{vhost}"

    def wait_epmd(self) -> None:
        """Return once the port mapper listens. Raises WaitedInVain."""
        wait_listening(self.epmd_port, EPMD_TIMEOUT_S)

    def wait_ready(self, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Return once a client can log in. Raises BrokerFailed."""
        try:
            until("the broker", self._logs_in, timeout_s, not_yet=(OSError, amqp.AMQPError))
        except WaitedInVain as late:
            raise BrokerFailed(str(late.__cause__)) from late

    def add_vhost(self, name: str) -> None:
        """Create a virtual host where our user may do everything. Raises BrokerFailed."""
        rights = {"user": USER, "vhost": name, "configure": ".*", "write": ".*", "read": ".*"}
        definitions = {"vhosts": [{"name": name}], "permissions": [rights]}
        self.control("import_definitions", text=json.dumps(definitions))  # one call, not two

    def delete_vhost(self, name: str) -> None:
        """Delete a virtual host with its queues and connections. Raises BrokerFailed."""
        self.control("delete_vhost", name)

    def _logs_in(self) -> bool:
        with amqp.Connection(
            f"{LOOPBACK}:{self.port}",
            userid=USER,
            password=self.password,
            virtual_host=VHOST,
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=CONNECT_TIMEOUT_S,
        ) as opened:
            opened.channel().close()
        return True

    def control(self, *command: str, text: str = "") -> str:
        """What `rabbitmqctl` says to this. Raises BrokerFailed."""
        done = run_as(
            self.account,
            [str(self.scripts.folder / "rabbitmqctl"), "-q", *command],
            env=self._environment(),
            cwd=self.folder,
            input=text,
            timeout=COMMAND_TIMEOUT_S,
        )
        if done.returncode:
            raise BrokerFailed(done.stderr.strip() or done.stdout.strip())
        return done.stdout

    def write(self, cookie: str) -> None:
        """Its configuration, what it runs, and the cookie that all nodes of a cluster share."""
        contents = {
            "rabbitmq.conf": self._configuration(),
            "enabled_plugins": "[].\n",
            ".erlang.cookie": cookie,
            REJOIN: Path(__file__).with_name(REJOIN).read_text(),
        }
        for name, content in contents.items():
            path = self.folder / name
            write_private(path, content)
            path.chmod(0o400)  # Erlang refuses a cookie that others, or it by mistake, could change
            own(path, self.account)

    def _configuration(self) -> str:
        alone = CONFIGURATION.format(
            host=LOOPBACK, port=self.port, user=USER, password=self.password, vhost=VHOST
        )
        if self.cluster_size == 1:
            return alone
        joining = JOINING.format(first=NODE, own=self.node) if self.number > 1 else ""
        return alone + CLUSTERED + joining

    def _child(self, name: str, command: list[str], **settings: object) -> Child:
        account = {"uid": self.account.uid, "gid": self.account.gid} if self.account else {}
        return Child(name, command, self._environment(), str(self.folder), **account, **settings)  # type: ignore[arg-type]

    def _environment(self) -> dict[str, str]:
        """Everything that would else come from /etc/rabbitmq, /var or the caller's shell."""
        folder = self.folder
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),  # where Erlang looks for the cookie
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_EPMD_PORT": str(self.epmd_port),
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none.conf"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            # The script then becomes the Erlang machine instead of a shell that waits for it, so
            # that the supervisor's signals reach it; -noinput keeps the console closed.
            "RABBITMQ_ALLOW_INPUT": "1",
            "RABBITMQ_SERVER_START_ARGS": "-noinput",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": SERVER_FLAGS,
            "RABBITMQ_CTL_ERL_ARGS": f"+S 1:1 {LOOPBACK_DISTRIBUTION}",
        }


def node_name(number: int) -> str:
    """Of the node of this number, counted from 1."""
    return NODE if number == 1 else f"sails-{number}@localhost"
