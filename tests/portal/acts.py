"""What people do on many pages, and what they see then."""

from playwright.sync_api import Page, expect


def presses(page: Page, name: str) -> None:
    """A button that asks first; what it asks is said yes to, twice quickly, as people do."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).dblclick()


def signs(page: Page, name: str) -> None:
    """With the key that the browser keeps, or another one that it makes; twice quickly."""
    page.get_by_role("button", name=name, exact=True).click()
    agrees_to_a_key(page)
    page.get_by_role("dialog").get_by_role("button", name="签署", exact=True).dblclick()


def agrees_to_a_key(page: Page) -> None:
    """These people have keys with their systems: a browser without one asks before it makes one."""
    dialog = page.get_by_role("dialog")
    another = dialog.get_by_label("在本浏览器另登记一把密钥")
    expect(another.or_(dialog.locator(".el-button--primary:enabled"))).to_be_visible()
    if another.count():
        another.check()


def state(page: Page, word: str) -> None:
    """The page's head says this, at once or soon."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(word)
