"""Approvals: asked for by moving on, decided in the inbox, seen by those who asked."""

import datetime

from boards import PDF, api, change, stage_of
from tests import signed_in, write

WORDS = {
    "zh-CN": {"approve": "同意", "reject": "驳回", "comment": "意见", "team": "直属主管", "label": "折扣审批", "other": "退回"},
    "en-US": {"approve": "Approve", "reject": "Reject", "comment": "Comment", "team": "Line manager", "label": "Discount approval", "other": "Send back"},
}
USED = set()


def listed(who, path):
    return api(who, "GET", f"/records/{path}")["records"]


def person(who, name):
    return next(one["id"] for one in listed(who, "user?limit=100") if one["fields"]["name"] == name)


def asked(chromium, server, language="zh-CN", **options):
    """A deal whose trial was passed and whose quote is deep enough to need a signature, moved on by its owner in the page of its gate."""
    chief = signed_in(chromium, server, "Sales director")
    chief.go("/", check=False)
    deal = next(one["id"] for one in listed(chief, "opportunity?where=stage%20%3D%20%27trialed%27&limit=50") if one["id"] not in USED)
    USED.add(deal)
    number = deal.split("/")[1]
    change(chief, deal, owner=person(chief, "王颖"), discount_approval="ZK-2026-1")
    quote = api(chief, "POST", "/records/quote", {"fields": {"code": f"BJ-T{number}", "opportunity": deal, "discount": 0.08, "approval_no": "ZK-2026-1"}})
    product = listed(chief, "product?limit=1")[0]["id"]
    api(chief, "POST", "/records/quote_line", {"fields": {"quote": quote["id"], "product": product, "qty": 1, "unit_price": 200000}})
    seller = signed_in(chromium, server, "Sales", language=language, **options)
    seller.go(f"/records/{deal}?to=quoted")
    seller.page.locator("#gate input[type=file]").set_input_files(write("报价单.pdf", PDF))
    seller.page.locator("#gate .way", has=seller.page.locator("input[type=file]")).locator("button.primary").click()
    seller.until("document.querySelectorAll('#gate .condition.unmet').length === 0")
    seller.page.locator("#advance").click()
    return seller, number


def card(who, number):
    return who.page.locator(".approval", has=who.page.locator(f"a[href='/records/opportunity/{number}']"))


def test_a_discount_is_asked_for_and_granted(chromium, server):
    words = WORDS["zh-CN"]
    seller, number = asked(chromium, server)
    seller.page.wait_for_selector(".approval")
    seller.check()
    assert words["label"] in seller.text()
    assert stage_of(seller, number) == "trialed"
    manager = signed_in(chromium, server, "Sales manager")
    manager.go("/approvals")
    here = card(manager, number)
    assert words["team"] in here.inner_text() and "最大折让率" in here.inner_text()
    here.get_by_label(words["comment"]).fill("战略客户")
    here.get_by_role("button", name=words["approve"], exact=True).click()
    manager.page.wait_for_selector(".toast")
    assert card(manager, number).count() == 0
    manager.go("/approvals?list=decided")
    assert card(manager, number).count() == 1
    manager.page.locator(".approval details summary").last.click()
    assert "战略客户" in manager.text()
    assert stage_of(seller, number) == "quoted"
    seller.go("/approvals?list=asked")
    assert card(seller, number).count() == 1
    seller.finish()
    manager.finish()


def test_a_discount_is_rejected_on_a_phone_in_english(chromium, server):
    words = WORDS["en-US"]
    seller, number = asked(chromium, server, language="en-US", width=390, height=844)
    seller.page.wait_for_selector(".approval")
    seller.check()
    manager = signed_in(chromium, server, "Sales manager", language="en-US", width=390, height=844, dark=True)
    manager.go("/approvals")
    here = card(manager, number)
    here.locator("summary", has_text=words["other"]).click()
    manager.check()
    here.get_by_label(words["comment"]).fill("too deep")
    here.get_by_role("button", name=words["reject"], exact=True).click()
    manager.page.wait_for_selector(".toast")
    assert stage_of(seller, number) == "trialed"
    seller.go(f"/records/opportunity/{number}")
    seller.go("/approvals?list=asked")
    card(seller, number).locator("summary").last.click()
    assert "too deep" in seller.text()
    seller.finish()
    manager.finish()


def test_what_waits_for_a_signature_is_not_changed_and_can_be_withdrawn_without_scripts(chromium, server):
    seller, number = asked(chromium, server)
    seller.page.wait_for_selector(".approval")
    plain = signed_in(chromium, server, "Sales", scripts=False)
    plain.expect_status(422)
    plain.page.goto(f"{server.address}/records/opportunity/{number}/edit")
    plain.page.get_by_label("预计金额").first.fill("1")
    plain.page.locator("main form button.primary").first.click()
    assert "审批" in plain.text() and plain.page.locator("[role=alert]").count() >= 1
    plain.page.goto(server.address + "/approvals?list=asked")
    card(plain, number).get_by_role("button", name="撤回").click()
    plain.page.goto(f"{server.address}/records/opportunity/{number}")
    assert stage_of(seller, number) == "trialed"
    change(seller, f"opportunity/{number}", amount=12345)
    plain.finish()
    seller.finish()


def test_somebody_is_asked_first_and_it_comes_back(chromium, server):
    seller, number = asked(chromium, server)
    seller.page.wait_for_selector(".approval")
    manager = signed_in(chromium, server, "Sales manager", width=390, height=844)
    manager.go("/approvals")
    here = card(manager, number)
    here.locator("summary", has_text="加签").click()
    manager.check()
    here.get_by_label("转交或加签给").select_option(label="刘敏")
    here.get_by_role("button", name="前加签").click()
    manager.page.wait_for_selector(".toast")
    assert card(manager, number).count() == 0
    chief = signed_in(chromium, server, "Sales director", language="en-US", scripts=False)
    chief.page.goto(server.address + "/approvals")
    here = card(chief, number)
    assert "before" in here.inner_text() and "陈浩" in here.inner_text()
    here.get_by_role("button", name="Approve", exact=True).click()
    manager.go("/approvals")
    assert "已同意" in card(manager, number).inner_text() and "先于" in card(manager, number).inner_text()
    card(manager, number).get_by_role("button", name="同意", exact=True).click()
    manager.page.wait_for_selector(".toast")
    assert stage_of(seller, number) == "quoted"
    for who in (seller, manager, chief):
        who.finish()


def test_several_are_decided_with_one_comment_without_scripts(chromium, server):
    one, first = asked(chromium, server)
    two, second = asked(chromium, server)
    one.page.wait_for_selector(".approval")
    two.page.wait_for_selector(".approval")
    manager = signed_in(chromium, server, "Sales manager")
    manager.go("/approvals")
    plain = signed_in(chromium, server, "Sales manager", scripts=False)
    plain.expect_status(422)
    plain.page.goto(server.address + "/approvals")
    for number in (first, second):
        card(plain, number).get_by_role("checkbox").check()
    # One of them is withdrawn meanwhile: it alone is not decided.
    two.go("/approvals?list=asked")
    card(two, second).get_by_role("button", name="撤回").click()
    two.page.wait_for_selector(".toast")
    form = plain.page.locator("form#batch")
    form.get_by_label("给所选各项的意见").fill("同意这一批")
    form.get_by_role("button", name="同意所选").click()
    assert "2 项中处理了 1 项" in plain.text() and "已经结束" in plain.text()
    assert stage_of(one, first) == "quoted" and stage_of(two, second) == "trialed"
    manager.go(f"/records/opportunity/{first}")
    for who in (one, two, manager, plain):
        who.finish()


def test_somebody_else_decides_while_one_is_away(chromium, server):
    manager = signed_in(chromium, server, "Sales manager", language="en-US", width=390, height=844)
    manager.expect_status(422)
    manager.go("/absences")
    manager.page.get_by_role("button", name="Set", exact=True).click()
    manager.page.wait_for_selector("[role=alert]")
    manager.check()
    manager.page.get_by_label("Who decides for you").select_option(label="刘敏")
    manager.page.get_by_label("Until").fill("2099-01-01T09:00")
    manager.page.get_by_role("button", name="Set", exact=True).click()
    manager.page.wait_for_selector("[role=alert]")
    day = (datetime.date.today() + datetime.timedelta(days=3)).isoformat()
    manager.page.get_by_label("Until").fill(f"{day}T09:00")
    manager.page.get_by_role("button", name="Set", exact=True).click()
    manager.page.wait_for_selector(".toast")
    manager.check()
    assert "刘敏" in manager.text()
    seller, number = asked(chromium, server)
    seller.page.wait_for_selector(".approval")
    assert "不在" in seller.text()
    chief = signed_in(chromium, server, "Sales director", dark=True)
    chief.go("/approvals")
    here = card(chief, number)
    assert "代" in here.inner_text() and "陈浩" in here.inner_text()
    chief.go("/absences")
    manager.go("/absences")
    manager.page.get_by_role("button", name="End it now").click()
    manager.page.wait_for_selector(".toast")
    chief.go("/approvals")
    assert card(chief, number).count() == 0
    manager.go("/approvals")
    assert card(manager, number).count() == 1
    assert "gave it back" in card(manager, number).inner_text()
    assert api(manager, "GET", "/absences")["absences"][0]["state"] == "over"
    for who in (manager, seller, chief):
        who.finish()


ALL = [value for name, value in list(globals().items()) if name.startswith("test_") and value.__module__ == __name__]
