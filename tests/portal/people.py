"""People at their desks: each signed in, with a browser of their own, and watched for errors."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from deploy.sails import portal
from deploy.sails.demo.cast import Organisation
from services.client import Client

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
PATIENCE_MS = 15_000  # three workers share two cores
PASSWORD = "thousand sails and one wind"
AXE = (portal.MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
# The browser itself notes refusals, which pages handle; what is broken is caught by its status.
REFUSALS = "Failed to load resource"

expect.set_options(timeout=PATIENCE_MS)


class Desk:
    """One person's browser window. `errors`: what a console or a server had to complain about."""

    def __init__(self, name: str, url: str, context: BrowserContext) -> None:
        self.name, self.url, self.context = name, url, context
        self.errors: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", self._response)

    def opens(self, path: str) -> Page:
        """Go to a page of the portal by its address."""
        self.page.goto(f"{self.url}/portal{path}")
        return self.page

    def speaks(self, language: str) -> None:
        """`en` or `zh-CN`, from the next page that is loaded.

        What is there now has to be shown first: as it begins it notes the language it speaks.
        """
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.page.evaluate("language => localStorage.setItem('sails-language', language)", language)

    def grave_findings(self) -> list[str]:
        """What axe finds serious or critical on the page as it is now."""
        self.page.evaluate(AXE)
        found: dict[str, Any] = self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations']})"
        )
        return [
            f"{violation['id']}: {node['html'][:200]}"
            for violation in found["violations"]
            if violation["impact"] in GRAVE
            for node in violation["nodes"]
        ]

    def overflow_px(self) -> int:
        """By how much the page is wider than the window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def is_well(self) -> None:
        """Nothing was logged as an error, nothing broke."""
        assert not self.errors, f"{self.name}: {self.errors}"

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSALS):
            self.errors.append(message.text)

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.errors.append(f"{response.status} {response.request.method} {response.url}")


class Desks:
    """All desks of one test."""

    def __init__(self, operator: Client, browser: Browser) -> None:
        self._operator, self._browser = operator, browser
        self._stack, self.all = ExitStack(), list[Desk]()

    def of(self, organisation: Organisation, duty: str, viewport: Any = None) -> Desk:
        """The desk of a person of the company, signed in."""
        person = organisation[duty]
        return self._seated(f"{organisation.name} {duty}", person.user_id, person.client, viewport)

    def operator(self, viewport: Any = None) -> Desk:
        """The operator's first person."""
        own = self._operator
        [user] = [one for one in own.items("/users") if "operator.staff" in one["roles"]]
        return self._seated("operator", user["id"], own, viewport)

    def added(self, name: str, user_id: str, viewport: Any = None) -> Desk:
        """Somebody whom the operator has added, signed in."""
        return self._seated(name, user_id, self._operator, viewport)

    def stranger(self, viewport: Any = None) -> Desk:
        """Somebody who is not signed in."""
        return self._desk("stranger", viewport)

    def _seated(self, name: str, user_id: str, inviter: Client, viewport: Any) -> Desk:
        desk, login = self._desk(name, viewport), f"u-{user_id}"
        answer = self._sign_in(desk, "", {"login": login, "password": PASSWORD})
        if not answer:  # nobody has sat here yet
            code = inviter.post(f"/users/{user_id}/invite")["secret"]
            chosen = {"code": code, "login": login, "password": PASSWORD}
            assert self._sign_in(desk, "/activate", chosen), f"{name} could not sign in"
        return desk

    def _sign_in(self, desk: Desk, path: str, body: dict[str, str]) -> bool:
        url = f"{self._operator.url}/api/v1/session{path}"
        return desk.context.request.post(url, data=body).ok

    def _desk(self, name: str, viewport: Any) -> Desk:
        # What moves is drawn by the cores that everything runs on, and waited for before a click.
        context = self._stack.enter_context(
            self._browser.new_context(
                viewport=viewport or WIDE, locale="zh-CN", reduced_motion="reduce"
            )
        )
        desk = Desk(name, self._operator.url, context)
        self.all.append(desk)
        return desk

    def picture(self, folder: Path) -> None:
        """What every desk shows now, for whoever looks for why a test failed."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, desk in enumerate(self.all):
            place = folder / f"{number}-{desk.name.replace(' ', '-')}.png"
            desk.page.screenshot(path=place, full_page=True)
            print(f"{desk.name}: {place} {desk.page.url} {desk.errors}")

    def close(self) -> None:
        """Everybody goes home."""
        self._stack.close()
