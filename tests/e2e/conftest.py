"""Platforms for the end-to-end tests: one that gentle tests share, one for the rough ones."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from deploy.sails.testbed import Testbed
from tests.e2e.scene import Scene, raise_scene


@pytest.fixture(scope="session")
def scene(bed: Testbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Shared by all tests of a worker that leave every process running."""
    with ExitStack() as stack:
        world = stack.enter_context(bed.world("scene"))
        yield raise_scene(world, tmp_path_factory.mktemp("scene"), stack, supplies=200)


@pytest.fixture
def own_scene(bed: Testbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """For one test alone, whatever it does to it."""
    with ExitStack() as stack:
        world = stack.enter_context(bed.world("scene"))
        yield raise_scene(world, tmp_path_factory.mktemp("scene"), stack, supplies=600)
