"""The stage: a platform of its own with a demonstration clock, its operator, its sandboxes."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from deploy.sails import runner
from deploy.sails.control import Control
from deploy.sails.demo.banks import SandboxBank
from deploy.sails.demo.cast import Organisation
from deploy.sails.operator_key import operator_of
from deploy.sails.ports import LOOPBACK, reserved
from deploy.sails.processes import sandbox_child
from deploy.sails.readiness import wait_ready
from deploy.sails.servers import given
from deploy.sails.state import StateFolder
from deploy.sails.vacancy import ensure_vacant
from services.client import Client

# The sandboxes listen on loopback, where webhooks do not go unless the operator allows it.
SETTINGS = {"SAILS_WEBHOOKS_ALLOW_PRIVATE": "1"}
FIRST_SANDBOX_PORT = 8790

# Start a sandbox of this name, on this port, told this; return once it is ready.
Launch = Callable[[str, int, dict[str, str]], None]


@dataclass
class Stage:
    """A running platform and the operator's way into it."""

    environment: dict[str, str]  # AMQP_URI and DATABASE_URL_*, for the checker alone
    operator: Client
    launch: Launch

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
        with reserved(FIRST_SANDBOX_PORT) as port:
            address = f"{LOOPBACK}:{port}"
            webhook = system.post("/webhooks", {"url": f"http://{address}/webhooks"})
            environment = {
                "SAILS_API_URL": self.operator.url,
                "SANDBOX_NAME": organisation.name,
                "SANDBOX_ADDRESS": address,
                "SANDBOX_PARTY_ID": organisation.id,
                "SANDBOX_SYSTEM_KEY": system.api_key,
                "SANDBOX_WEBHOOK_SECRET": webhook["secret"],
                **more,
            }
            self.launch(name, port, environment)
        return address


@contextmanager
def raised(
    state: StateFolder, step: runner.Step, *, clock_offset_s: int = 0, keep: bool = False
) -> Iterator[Stage]:
    """A platform of this story alone, stopped at the end; `keep` leaves its data and logs.

    Raises Problem when one is raised there already, when given servers hold a platform (the
    story's clock and orders are not for it), or when something does not start.
    """
    ensure_vacant(given(os.environ))
    with runner.borrowed(
        state,
        step,
        keep=keep,
        demo_clock=True,
        clock_offset_s=clock_offset_s,
        settings=SETTINGS,
    ) as layout:
        operator = operator_of(state, layout)
        yield Stage(layout.environment, operator, partial(launch, state))


def launch(state: StateFolder, name: str, port: int, environment: dict[str, str]) -> None:
    """Under the supervisor, like everything else of the platform."""
    with Control(state) as control:
        control.start(sandbox_child(state, name, environment))
        wait_ready(control, {name: port})
