"""One private RabbitMQ node, or several that are one broker: same cookie, same port mapper."""

from dataclasses import dataclass

from deploy.sails.accounts import private_folder, server_account
from deploy.sails.broker import VHOST, Broker
from deploy.sails.child import Child
from deploy.sails.ports import next_free, private_range
from deploy.sails.rabbitmq import find_scripts
from deploy.sails.state import StateFolder, load_passwords
from deploy.sails.vhost import SEPARATOR

PORT_OFFSET = 5  # behind the database's ports within the private range

Ports = tuple[int, int, int]  # AMQP, distribution, port mapper


@dataclass(frozen=True)
class Cluster:
    """Prepared nodes. Nothing runs until the supervisor is given `epmd()`, then the `children()`.

    A node that is killed is started again by the supervisor, and joins the others again.
    """

    nodes: tuple[Broker, ...]

    @property
    def ports(self) -> list[Ports]:
        """By node: AMQP, distribution, port mapper."""
        return [node.ports for node in self.nodes]

    def epmd(self) -> Child:
        """The port mapper of all nodes."""
        return self.nodes[0].epmd()

    def wait_epmd(self) -> None:
        """Return once the port mapper listens. Raises WaitedInVain."""
        self.nodes[0].wait_epmd()

    def children(self) -> list[Child]:
        """The nodes in the foreground, for the supervisor; in any order and at once."""
        return [node.child() for node in self.nodes]

    def uri(self, vhost: str = VHOST) -> str:
        """The AMQP URI of a virtual host: that of each node, for one is as good as another."""
        return SEPARATOR.join(node.uri(vhost) for node in self.nodes)

    def wait_ready(self) -> None:
        """Return once clients can log in at every node. Raises BrokerFailed.

        A node takes clients only after it has joined: queues made from now on are on all.
        """
        for node in self.nodes:
            node.wait_ready()


def prepare(state: StateFolder, size: int = 1, ports: list[Ports] | None = None) -> Cluster:
    """Find RabbitMQ, choose ports, write each node's configuration and the cookie.

    `ports`: those of the nodes when they run already, which then says how many they are. Raises
    NoBroker when RabbitMQ is not installed, NoAccount.
    """
    scripts = find_scripts()
    account = server_account("rabbitmq")
    home = state.home(account)
    secrets = load_passwords(home, ["broker", "cookie"])
    chosen = ports or _choose_ports(private_range(state.root) + PORT_OFFSET, size)
    nodes = tuple(
        Broker(
            private_folder(home / _folder_name(number, len(chosen)), account),
            scripts,
            account,
            *three,
            secrets["broker"],
            number,
            len(chosen),
        )
        for number, three in enumerate(chosen, 1)
    )
    for node in nodes:
        node.write(secrets["cookie"])
    return Cluster(nodes)


def _folder_name(number: int, size: int) -> str:
    """A node remembers its cluster and would wait for it: one alone never is one of several."""
    return "rabbitmq" if size == 1 else f"rabbitmq-{number}-of-{size}"


def _choose_ports(first: int, size: int) -> list[Ports]:
    epmd = next_free(first)
    ports: list[Ports] = []
    free = epmd
    for _ in range(size):
        port = next_free(free + 1)
        free = next_free(port + 1)
        ports.append((port, free, epmd))
    return ports
