"""Signing in by one's own provider: connected once, from then on without a password."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from playwright.sync_api import Browser, expect

from deploy.sails.operator_key import first_key
from deploy.sails.testbed import Testbed
from services.client import Client
from tests.integration.gateway.sandbox_issuer import CLIENT, SECRET, SandboxIssuer
from tests.portal.people import PASSWORD, Desks
from tests.processes import ServiceProcess, free_port

PROGRAMS = ("gateway-worker", "gateway-http")


@pytest.fixture
def operator(bed: Testbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Of a gateway alone, whose people may sign in by a provider."""
    folder, address = tmp_path_factory.mktemp("provider"), f"127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        issuer = stack.enter_context(closing(SandboxIssuer()))
        world = stack.enter_context(bed.world("provider"))
        given = world.environment | {
            "SAILS_DEMO_CLOCK": "1",
            "SAILS_HTTP_ADDRESS": address,
            "SAILS_PUBLIC_URL": f"http://{address}",
            "SAILS_OIDC_ISSUER": issuer.url,
            "SAILS_OIDC_CLIENT_ID": CLIENT,
            "SAILS_OIDC_CLIENT_SECRET": SECRET,
        }
        processes = []
        for name in PROGRAMS:
            own = given | {"SAILS_STATE_DIR": str(folder / name)}
            process = ServiceProcess(["services", name], own, folder / f"{name}.log", name)
            stack.callback(process.close)
            processes.append(process.start())
        for process in processes:
            process.wait_ready()
        yield Client(f"http://{address}", first_key(given))


def test_connected_once_one_signs_in_without_a_password(operator: Client, browser: Browser) -> None:
    with closing(Desks(operator, browser)) as desks:
        desk = desks.operator()
        page = desk.opens("/account")
        password = page.locator("#provider-password")  # the same words stand over another field
        password.fill("not this one")
        page.get_by_role("button", name="连接我的单位账号").click()
        expect(page.get_by_role("alert")).to_be_visible()
        password.fill(PASSWORD)
        page.get_by_role("button", name="连接我的单位账号").click()
        expect(page.get_by_text("已连接，今后可用")).to_be_visible()
        assert desk.grave_findings() == []
        desk.context.clear_cookies()
        page = desk.opens("/sign-in")
        page.get_by_role("link", name="用单位账号登录").click()
        expect(page).to_have_url(re.compile(r"/portal/?$"))
        page.goto(f"{operator.url}/portal/account")
        page.get_by_role("button", name="取消连接").click()
        page.get_by_role("dialog").get_by_role("button", name="取消连接").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        desk.context.clear_cookies()
        page = desk.opens("/sign-in")
        page.get_by_role("link", name="用单位账号登录").click()
        expect(page.get_by_text("该单位账号还没有连接到平台的人员")).to_be_visible()
        desk.is_well()
