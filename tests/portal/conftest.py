"""A real browser on a whole platform: the company of the story signs in and works by the portal."""

from collections.abc import Generator, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.sails import portal as building
from deploy.sails.state import DEFAULT_ROOT
from tests.e2e.scene import Scene
from tests.portal import chromium
from tests.portal.people import Desks

PICTURES = DEFAULT_ROOT / "pictures"
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Every person has a context of their own in it.

    Ended with the module: as long as it lives the worker's thread has a running event loop, under
    which tests that follow could not run one of their own.
    """
    found = chromium.path()
    if found is None:
        pytest.skip("no Chromium here; as root with apt `make test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=chromium.ARGUMENTS)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A fixture is not told how its test ended; it finds it here."""
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def desks(scene: Scene, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Desks]:
    """Who sits down is signed in; a failing test leaves a picture of every desk."""
    assert (building.DIST / "index.html").exists(), "run `make portal` first"
    with closing(Desks(scene.stage.operator, browser)) as everyone:
        yield everyone
        if request.node.stash.get(FAILED, False):
            everyone.picture(PICTURES / request.node.name)
