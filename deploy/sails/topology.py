"""Declare every queue before any service publishes."""

import os
import warnings
from types import ModuleType

from amqp.exceptions import PreconditionFailed

from deploy.sails.problem import Problem


class TopologyFailed(Problem):
    """The broker refused a queue or does not answer; the text is its own message."""


class TopologyDiffers(TopologyFailed):
    """A queue or exchange of that name is there, made by other code; the text says which."""


def load() -> ModuleType:
    """Seconds for the whole stack: worth doing while the broker boots."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that eventlet is in bug-fix mode is known
        import services.topology

        return services.topology


def declare(uri: str) -> None:
    """Nothing where exchanges and queues come from definitions.

    Raises TopologyFailed, TopologyDiffers.
    """
    if os.environ.get("SAILS_DECLARE_TOPOLOGY", "1") != "1":
        return
    topology = load()
    try:
        topology.declare(uri)
    except PreconditionFailed as problem:
        raise TopologyDiffers(str(problem)) from problem
    except topology.BROKER_ERRORS as problem:
        raise TopologyFailed(str(problem)) from problem
