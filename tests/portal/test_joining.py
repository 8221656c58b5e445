"""An organisation joins by itself: applies on a phone, is sent back, mends, is let in and works."""

import random
import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from stdnum.cn import uscc

from tests.e2e.scene import Scene
from tests.portal.people import PASSWORD, PHONE, WIDE, Desk, Desks

PDF = {"name": "营业执照.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n licence"}
LETTER = {"name": "授权书.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0 letter"}
HTML = {"name": "执照.html", "mimeType": "text/html", "buffer": b"<html>"}
SAME = PDF | {"name": "副本.pdf"}
SCAN = {"name": "扫描件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 scan"}
FALSE = {"name": "执照.pdf", "mimeType": "application/pdf", "buffer": b"<html>"}


def a_code() -> str:
    body = "91110108" + "".join(random.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=9))
    return body + uscc.calc_check_digit(body)


def fills_in_the_organisation(page: Page, code: str, name: str) -> None:
    page.get_by_label("统一社会信用代码").fill(code)
    expect(page.get_by_text("校验通过")).to_be_visible()
    page.get_by_label("机构名称").fill(name)
    page.get_by_role("checkbox", name=re.compile("^供应商")).check()
    page.get_by_label("规模").select_option("small")
    page.get_by_label("所在地区").select_option(label="北京市")
    page.get_by_label("市、区、县").select_option(label="海淀区")
    page.get_by_label("所属行业").select_option("C")


def fills_in_the_person(page: Page, login: str) -> None:
    page.get_by_label("姓名").fill("王芳")
    page.get_by_label("联系方式").fill("010-6255 0000")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("登录密码").fill(PASSWORD)
    page.get_by_label("再次输入密码").fill(PASSWORD)


def chooses(page: Page, *files: Any) -> None:
    page.locator('input[type="file"]').set_input_files(list(files))


def applied(desk: Desk, name: str) -> Page:
    """By the three steps, to the page that says where it stands."""
    page = desk.opens("/join")
    fills_in_the_organisation(page, a_code(), name)
    page.get_by_role("button", name="下一步").click()
    fills_in_the_person(page, f"wang-{uuid.uuid4().hex[:10]}")
    page.get_by_role("button", name="下一步").click()
    chooses(page, PDF)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("入驻申请")
    return page


def test_from_the_form_on_a_phone_to_work(scene: Scene, desks: Desks) -> None:
    """Applied, sent back with a reason, mended, handed in again, let in, at work at once."""
    name = f"海淀精密{uuid.uuid4().hex[:6]}有限公司"
    phone, operator = desks.stranger(PHONE), desks.operator()
    page = applied(phone, name)
    expect(page.get_by_text("已提交，等待审核").first).to_be_visible()
    expect(page.get_by_role("link", name="营业执照.pdf")).to_be_visible()

    desk = operator.opens("/parties?state=applied")
    desk.get_by_role("link", name=name).click()
    expect(desk.get_by_text("010-6255 0000")).to_be_visible()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="营业执照.pdf").click()
    assert download.value.suggested_filename == "营业执照.pdf"
    desk.get_by_role("button", name="退回补正").click()
    desk.get_by_label("未证明申请人可代表该机构").check()
    desk.get_by_label("说明").fill("请附授权委托书")
    desk.get_by_role("button", name="确定").click()

    expect(page.get_by_text("未证明申请人可代表该机构")).to_be_visible()  # without a reload
    expect(page.get_by_text("请附授权委托书")).to_be_visible()
    chooses(page, LETTER)
    page.get_by_label("授权书.jpg 的类别").select_option("authorisation_letter")
    page.get_by_role("button", name="上传所选文件").click()
    expect(page.get_by_role("link", name="授权书.jpg")).to_be_visible()
    page.get_by_role("button", name="修改资料").click()
    page.get_by_label("机构名称").fill(f"{name}（集团）")
    page.get_by_role("button", name="保存修改").click()
    page.get_by_role("button", name="重新提交").click()
    expect(page.get_by_text("已提交，等待审核").first).to_be_visible()

    expect(desk.get_by_role("heading", level=1)).to_contain_text("（集团）")
    desk.get_by_role("button", name="核验", exact=True).click()
    asked = desk.get_by_role("dialog", name="还有内容没有勾选")  # named before anything is done
    expect(asked.get_by_role("listitem")).to_have_count(2)
    asked.get_by_role("button", name="返回核对").click()
    for check in ("营业执照上的名称", "申请人可以代表"):
        desk.locator("label").filter(has_text=check).click()
    desk.get_by_role("button", name="核验", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("王芳")  # the home page
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("link", name="我的供给").click()
    expect(page).to_have_url(re.compile("/portal/supplies"))
    phone.is_well()
    operator.is_well()


def test_what_is_typed_is_judged_at_once_and_kept(desks: Desks) -> None:
    desk = desks.stranger()
    page = desk.opens("/sign-in")
    page.get_by_role("link", name="申请入驻").click()
    code = a_code()
    field = page.get_by_label("统一社会信用代码")
    field.fill(code[:10])
    expect(page.get_by_text("还差 8 位")).to_be_visible()
    swapped = code[:-1] + ("0" if code[-1] != "0" else "1")
    field.fill(swapped)
    expect(page.get_by_text("校验位不符")).to_be_visible()
    expect(page.get_by_role("button", name="下一步")).to_be_disabled()
    fills_in_the_organisation(page, code, "清河传感")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("姓名").fill("王芳")
    page.reload()
    expect(page.get_by_label("姓名")).to_have_value("王芳")
    page.get_by_role("button", name="上一步").click()
    expect(page.get_by_label("统一社会信用代码")).to_have_value(code)
    page.get_by_role("button", name="重新填写").click()
    expect(page.get_by_label("统一社会信用代码")).to_have_value("")
    page.reload()
    expect(page.get_by_label("机构名称")).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('draft'))") == []
    desk.is_well()


def test_a_code_that_is_registered_leads_back_to_its_field(scene: Scene, desks: Desks) -> None:
    code = a_code()
    known = {"name": "已登记机构", "capacities": ["supplier"], "credit_code": code}
    scene.stage.operator.post("/parties", known)
    desk = desks.stranger()
    page = desk.opens("/join")
    fills_in_the_organisation(page, code, "清河传感")
    page.get_by_role("button", name="下一步").click()
    fills_in_the_person(page, f"wang-{uuid.uuid4().hex[:10]}")
    page.get_by_role("button", name="下一步").click()
    chooses(page, PDF)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_label("统一社会信用代码")).to_be_visible()
    expect(page.get_by_role("alert").first).to_contain_text("管理员")
    desk.is_well()


def test_a_file_that_is_not_taken_is_said_and_can_be_replaced(desks: Desks) -> None:
    """What is no document at once; what the platform refuses on the page that comes next."""
    desk = desks.stranger()
    page = desk.opens("/join")
    fills_in_the_organisation(page, a_code(), "清河传感")
    page.get_by_role("button", name="下一步").click()
    fills_in_the_person(page, f"wang-{uuid.uuid4().hex[:10]}")
    page.get_by_role("button", name="下一步").click()
    sends = page.get_by_role("button", name="提交申请")
    for none in (HTML, FALSE):  # by what is in it, whatever it is called
        chooses(page, none)
        expect(page.get_by_text("只接受 PDF、PNG 或 JPEG，请另存")).to_be_visible()
        expect(sends).to_be_disabled()
        page.get_by_role("button", name=f"移除 {none['name']}").click()
    chooses(page, SCAN)
    page.get_by_label("扫描件.pdf 的类别").select_option("other")
    expect(page.get_by_text("还需要一份类别为“营业执照”的文件")).to_be_visible()
    expect(sends).to_be_disabled()
    chooses(page, PDF, SAME)
    expect(page.get_by_text("请选择这份文件是什么")).to_be_visible()
    expect(sends).to_be_disabled()
    page.get_by_label("副本.pdf 的类别").select_option("other")
    sends.click()
    expect(page.get_by_text("下列文件没有上传成功")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("同一份文件已上传")
    expect(page.get_by_role("link", name="营业执照.pdf")).to_be_visible()
    page.get_by_role("button", name="移除 副本.pdf").click()
    expect(page.get_by_text("下列文件没有上传成功")).to_have_count(0)
    sends.click()
    expect(page.get_by_text("已提交，等待审核").first).to_be_visible()
    desk.opens("/supplies")
    expect(page).to_have_url(re.compile("/portal/membership$"))  # nothing else is theirs yet
    desk.is_well()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_joining_is_accessible_and_fits(
    scene: Scene, desks: Desks, language: str, size: Any
) -> None:
    desk = desks.stranger(size)
    desk.opens("/join")
    desk.speaks(language)
    desk.page.emulate_media(reduced_motion="reduce")  # colours are judged, not their changes
    page = desk.opens("/join")
    onward = page.locator("button[type=submit]")
    expect(onward).to_be_visible()
    fine(desk)
    for field, text in {"code": a_code(), "name": "北京清河传感技术有限公司"}.items():
        page.locator(f"#join-{field}").fill(text)
    page.get_by_role("checkbox").first.check()
    fine(desk)
    onward.click()
    login = f"wang-{uuid.uuid4().hex[:10]}"
    said = {"person": "王芳", "contact": "010-6255 0000", "login": login}
    for field, text in (said | {"password": PASSWORD, "password-again": PASSWORD}).items():
        page.locator(f"#join-{field}").fill(text)
    fine(desk)
    onward.click()
    chooses(page, PDF, LETTER)
    fine(desk)
    onward.click()
    expect(page.get_by_role("link", name="营业执照.pdf")).to_be_visible()
    fine(desk)
    desk.is_well()


def fine(desk: Desk) -> None:
    assert desk.grave_findings() == []
    assert desk.overflow_px() <= 0
