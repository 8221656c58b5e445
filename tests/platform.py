"""The whole platform as real processes on a world of its own."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from deploy.sails.testbed import World
from tests.processes import ServiceProcess, free_port

PROGRAMS = ("orders", "matching", "finance", "gateway-worker", "gateway-http")


@dataclass
class Platform:
    """`url` is the API's root; `processes` by program name, to kill, stop and restart.

    Of several replicas the second is `orders-2`; `folders` has where each keeps its own.
    """

    world: World
    url: str
    processes: dict[str, ServiceProcess] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)

    def wait_ready(self) -> "Platform":
        for process in self.processes.values():
            process.wait_ready()
        return self


def start_platform(
    world: World,
    folder: Path,
    stack: ExitStack,
    demo_clock: bool,
    replicas: int = 1,
    **settings: str,
) -> Platform:
    """All five programs at once, then wait until each is ready. `stack` ends them."""
    address = f"127.0.0.1:{free_port()}"
    platform = Platform(world, f"http://{address}")
    for replica, program in product(range(1, replicas + 1), PROGRAMS):
        name = program if replica == 1 else f"{program}-{replica}"
        platform.folders[name] = folder / name
        environment = {
            **world.environment,
            "SAILS_HTTP_ADDRESS": address,
            "SAILS_DEMO_CLOCK": str(int(demo_clock)),
            "SAILS_STATE_DIR": str(folder / name),
            "SAILS_REPLICA": str(replica),
            **settings,
        }
        process = ServiceProcess(["services", program], environment, folder / f"{name}.log", name)
        stack.callback(process.close)
        platform.processes[name] = process.start()
    return platform.wait_ready()
