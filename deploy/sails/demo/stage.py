"""The stage: a platform of its own with a demonstration clock, its operator, its sandboxes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from deploy.sails import runner
from deploy.sails.control import Control
from deploy.sails.demo.banks import SandboxBank
from deploy.sails.demo.cast import Organisation
from deploy.sails.operator_key import operator_of
from deploy.sails.ports import LOOPBACK, next_free
from deploy.sails.problem import Problem
from deploy.sails.processes import Layout, sandbox_child
from deploy.sails.state import StateFolder
from services.client import Client

# The sandboxes listen on loopback, where webhooks do not go unless the operator allows it.
SETTINGS = {"SAILS_WEBHOOKS_ALLOW_PRIVATE": "1"}
FIRST_SANDBOX_PORT = 8790


class AlreadyRunning(Problem):
    """Another demonstration is running in this state folder."""


@dataclass
class Stage:
    """A running platform and the operator's way into it."""

    state: StateFolder
    layout: Layout
    operator: Client
    _taken: set[int] = field(default_factory=set)

    def bank(
        self, name: str, organisation: Organisation, product_id: str, rate_bp: int, fee_bp: int
    ) -> SandboxBank:
        """Start the bank's own system, with webhooks from the platform to it."""
        keys = {
            "SANDBOX_MAKER_KEY": organisation["bank.maker"].client.api_key,
            "SANDBOX_APPROVER_KEY": organisation["bank.approver"].client.api_key,
            "SANDBOX_PRODUCT_ID": product_id,
            "SANDBOX_RATE_BP": str(rate_bp),
            "SANDBOX_FEE_BP": str(fee_bp),
        }
        system = organisation["bank.system"].client
        return SandboxBank(organisation, self._start(name, organisation, system, keys))

    def registry(self, organisation: Organisation) -> str:
        """Start the registry's own system; answers its address."""
        return self._start("registry", organisation, organisation["registry.system"].client, {})

    def _start(
        self, name: str, organisation: Organisation, system: Client, more: dict[str, str]
    ) -> str:
        port = next_free(FIRST_SANDBOX_PORT, self._taken)
        self._taken.add(port)
        address = f"{LOOPBACK}:{port}"
        webhook = system.post("/webhooks", {"url": f"http://{address}/webhooks"})
        environment = {
            "SAILS_API_URL": self.layout.http_url,
            "SANDBOX_NAME": organisation.name,
            "SANDBOX_ADDRESS": address,
            "SANDBOX_PARTY_ID": organisation.id,
            "SANDBOX_SYSTEM_KEY": system.api_key,
            "SANDBOX_WEBHOOK_SECRET": webhook["secret"],
            **more,
        }
        with Control(self.state) as control:
            control.start(sandbox_child(self.state, name, environment))
            runner.wait_ready(control, {name: port})
        return address


@contextmanager
def raised(
    state: StateFolder, step: runner.Step, *, clock_offset_s: int = 0, keep: bool = False
) -> Iterator[Stage]:
    """A platform of this story alone, stopped at the end; `keep` leaves its data and logs.

    Raises Problem when something of it is running already or does not start.
    """
    if runner.running_layout(state) is not None:
        raise AlreadyRunning(str(state.root))
    runner.stop(state, wipe=True)
    try:
        layout, _ = runner.start(
            state, step, demo_clock=True, clock_offset_s=clock_offset_s, settings=SETTINGS
        )
        yield Stage(state, layout, operator_of(state, layout))
    except BaseException:
        runner.stop(state)  # its logs say what went wrong; the next start clears them
        raise
    runner.stop(state, wipe=not keep)
