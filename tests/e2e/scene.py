"""A whole platform with its company, sandboxes and market, for tests that act as its users."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from deploy.sails.check.report import Report, examine
from deploy.sails.demo import market, narrator, story
from deploy.sails.demo.carry import STEPS, Step
from deploy.sails.demo.company import Company, assemble
from deploy.sails.demo.deal import Deal
from deploy.sails.demo.narrator import Storyteller
from deploy.sails.demo.shared_clock import SharedClock
from deploy.sails.demo.stage import SETTINGS, Stage
from deploy.sails.operator_key import first_key
from deploy.sails.processes import SANDBOXES
from deploy.sails.samples import Sample, generate
from deploy.sails.testbed import World
from services.client import Client
from tests.platform import Platform, start_platform
from tests.processes import ServiceProcess
from tests.waiting import eventually

SEED = 7
QUIET_S = 60.0  # for queues to drain and timers to fire on a busy machine


@dataclass
class Scene:
    """`company` has bought in; `sample` says what its buyers wanted at first."""

    platform: Platform
    stage: Stage
    company: Company
    sample: Sample

    @property
    def url(self) -> str:
        return self.platform.url

    def deal(self, number: int = 0, clock: SharedClock | None = None) -> Deal:
        """One that nobody has begun, over the sample's order `number`, wanted from today on.

        Earlier deals may have moved the clock past what the sample's buyers wanted at first.
        """
        own = clock or SharedClock(self.stage.operator)
        sample = generate(SEED, own.today())
        return story.a_deal(self.company, sample, own, narrator.silent, number)

    def carried_to(self, step: Step, number: int = 0) -> Deal:
        """A deal with everything done that comes before `step`."""
        deal = self.deal(number)
        for earlier in STEPS[: STEPS.index(step)]:
            earlier(deal)
        return deal

    def report(self, thread_id: str | None = None) -> Report:
        """What the checker says once everything has come to rest."""
        return examine(self.platform.world.environment, thread_id, QUIET_S)


def raise_scene(world: World, folder: Path, stack: ExitStack, supplies: int) -> Scene:
    """Start all services and sandboxes; `stack` ends them. `supplies`: how many of the sample."""
    given = SETTINGS | {"SAILS_RATE_JOINING": "0"}  # all that come here come from one address
    platform = start_platform(world, folder, stack, demo_clock=True, **given)
    operator = Client(platform.url, first_key(world.environment | {"SAILS_DEMO_CLOCK": "1"}))

    def launch(name: str, port: int, environment: dict[str, str]) -> None:
        own = {"SAILS_STATE_DIR": str(folder / name)}
        process = ServiceProcess([SANDBOXES[name]], environment | own, folder / f"{name}.log", name)
        process.observe_port = port
        stack.callback(process.close)
        process.start().wait_ready()

    stage = Stage(world.environment, operator, launch)
    whole = generate(SEED, SharedClock(operator).today())
    sample = Sample(whole.parties, whole.demands, whole.supplies[:supplies])
    company = assemble(stage, sample, lambda done: None)
    told = Storyteller(Console(quiet=True))
    market.load(stage, company, Sample(sample.parties, [], sample.supplies), told)
    eventually(lambda: _indexed(operator, supplies), QUIET_S, "every supply is known")
    return Scene(platform, stage, company, sample)


def _indexed(operator: Client, supplies: int) -> bool:
    known = sum(1 for _ in operator.items("/supplies", view="operator", state="active"))
    return known >= supplies
