"""A real browser on a whole platform: the company of the story signs in and works by the portal."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.sails import portal as building
from deploy.sails.state import DEFAULT_ROOT
from tests.e2e.scene import Scene
from tests.portal import chromium
from tests.portal.people import Desks

PICTURES = DEFAULT_ROOT / "pictures"


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


@pytest.fixture
def desks(scene: Scene, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Desks]:
    """Who sits down is signed in; a failing test leaves a picture of every desk."""
    assert (building.DIST / "index.html").exists(), "run `make portal` first"
    with Desks(scene.stage.operator, browser, PICTURES / request.node.name) as everyone:
        yield everyone
