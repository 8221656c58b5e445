"""The whole platform as real processes on a world of its own."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from deploy.sails.testbed import World
from tests.processes import ServiceProcess, free_port

PROGRAMS = ("orders", "matching", "finance", "gateway-worker", "gateway-http")


@dataclass
class Platform:
    """`url` is the API's root; `processes` by program name, to kill, stop and restart."""

    world: World
    url: str
    processes: dict[str, ServiceProcess] = field(default_factory=dict)

    def wait_ready(self) -> "Platform":
        for process in self.processes.values():
            process.wait_ready()
        return self


def start_platform(
    world: World, folder: Path, stack: ExitStack, demo_clock: bool, **settings: str
) -> Platform:
    """All five programs at once, then wait until each is ready. `stack` ends them."""
    address = f"127.0.0.1:{free_port()}"
    platform = Platform(world, f"http://{address}")
    for program in PROGRAMS:
        environment = {
            **world.environment,
            "SAILS_HTTP_ADDRESS": address,
            "SAILS_DEMO_CLOCK": str(int(demo_clock)),
            "SAILS_STATE_DIR": str(folder / program),
            **settings,
        }
        log = folder / f"{program}.log"
        process = ServiceProcess(["services", program], environment, log, program)
        stack.callback(process.close)
        platform.processes[program] = process.start()
    return platform.wait_ready()
