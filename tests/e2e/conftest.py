"""A platform for a rough end-to-end test; gentle ones share `scene`."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from deploy.sails.testbed import Testbed
from tests.e2e.scene import Scene, raise_scene


@pytest.fixture
def own_scene(bed: Testbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """For one test alone, whatever it does to it."""
    with ExitStack() as stack:
        world = stack.enter_context(bed.world("scene"))
        yield raise_scene(world, tmp_path_factory.mktemp("scene"), stack, supplies=600)
