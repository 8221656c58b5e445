"""What many journeys do alike."""

from playwright.sync_api import Page, expect

from tests.portal.people import Desk

LOADING = {"zh-CN": "正在读取", "en": "Loading"}


def state(page: Page, word: str) -> None:
    """The thing of the page has come to that state."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(word)


def presses(page: Page, name: str) -> None:
    """A button that asks first; what it asks is said yes to, twice quickly, as people do."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).dblclick()


def looks(desk: Desk, language: str, places: list[str]) -> None:
    """At each of the pages, in the language: axe finds nothing grave, and it fits the window."""
    desk.opens("/account")
    desk.speaks(language)
    for place in places:
        page = desk.opens(place)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_label(LOADING[language])).to_have_count(0)
        assert (place, desk.grave_findings()) == (place, [])
        assert (place, max(desk.overflow_px(), 0)) == (place, 0)
    desk.is_well()
