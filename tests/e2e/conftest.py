"""Platforms for the end-to-end tests: one that gentle tests share, one for the rough ones."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.sails.testbed import Testbed
from tests.e2e.scene import Scene, raise_scene

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a platform run on one worker, so that it is started once."""
    for item in items:
        if HERE in item.path.parents:
            shares_scene = "scene" in getattr(item, "fixturenames", ())
            group = "scene" if shares_scene else item.path.stem
            item.add_marker(pytest.mark.xdist_group(group))


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
