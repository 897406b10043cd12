"""What a person does, in Chinese and in English, on a desk and on a phone, with scripts and without."""

import os
import re
import tempfile

import harness
from harness import visitor


def signed_in(chromium, server, role="Sales", **options):
    who = visitor(chromium, server, **options)
    who.page.goto(server.links[role])
    assert who.page.url == server.address + "/"
    return who


def fill(who, label, value):
    who.page.get_by_label(label, exact=False).first.fill(value)


def write(name, data):
    path = os.path.join(tempfile.mkdtemp(prefix="weir-web-files-"), name)
    with open(path, "wb") as file:
        file.write(data)
    return path


# MARK: The door


def test_strangers_are_sent_to_the_door_and_back(chromium, server):
    who = visitor(chromium, server)
    who.expect_status(401)
    who.go("/records/lead?q=x")
    assert "/sign-in" in who.page.url and who.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert "登录" in who.page.title()
    who.page.get_by_label("账号").fill("nobody")
    who.page.get_by_label("密码").fill("wrong password")
    who.page.get_by_role("button", name="登录").click()
    who.page.wait_for_selector("[role=alert]")
    assert "账号或密码不对" in who.text()
    who.check()
    who.finish()


def test_the_door_in_english(chromium, server):
    who = visitor(chromium, server, language="en-US")
    who.go("/sign-in")
    assert who.page.get_by_label("Login").is_visible() and who.page.evaluate("document.documentElement.lang") == "en"
    who.page.get_by_role("button", name="中文").click()
    assert who.page.get_by_label("账号").is_visible()
    who.finish()


def test_strict_headers(chromium, server):
    who = signed_in(chromium, server)
    answer = who.page.goto(server.address + "/records/lead")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert not re.search(r" style=| on[a-z]+=|<style|javascript:", answer.text())
    who.finish()


# MARK: Every page, in both languages, light and dark, on a desk and on a phone

PAGES = [
    "/", "/records/lead", "/records/opportunity", "/records/account", "/records/contact", "/records/user", "/records/activity", "/records/file",
    "/records/task", "/records/lead?q=%E5%BC%A0&sort=-score", "/records/lead?where=status+%3D+%27new%27", "/records/lead?q=zzzzzz", "/records/lead/1",
    "/records/opportunity/1", "/records/opportunity/1?to=lost", "/records/account/1", "/records/user/1", "/records/activity/1", "/records/lead/new",
    "/records/opportunity/new", "/records/account/new", "/records/activity/new", "/records/task/new", "/records/file/new", "/records/lead/1/edit",
    "/records/opportunity/1/edit", "/records/lead/import", "/search", "/search?q=%E7%A7%91%E6%8A%80", "/reports", "/reports/response_by_person", "/reports/unseen_share", "/profile", "/new", "/more",
]


def every_page(chromium, server, **options):
    who = signed_in(chromium, server, "Sales manager", **options)
    for path in PAGES:
        who.go(path)
        assert who.page.locator("h1").count() == 1, path
        assert "Error" not in who.page.title() and "错误" not in who.page.title(), (path, who.page.title())
    who.expect_status(404)
    who.go("/records/lead/999999")
    assert "404" in who.text()
    who.go("/nothing/here")
    assert "404" in who.text()
    who.finish()


def test_every_page_in_chinese(chromium, server):
    every_page(chromium, server)


def test_every_page_in_english_and_dark(chromium, server):
    every_page(chromium, server, language="en-US", dark=True)


def test_every_page_on_a_phone(chromium, server):
    every_page(chromium, server, width=390, height=844)


def test_every_page_at_320(chromium, server):
    every_page(chromium, server, language="en-US", width=320, height=640)


def test_english_pages_hold_no_chinese_of_ours(chromium, server):
    who = signed_in(chromium, server, "Sales manager", language="en-US")
    for path in PAGES:
        who.go(path, check=False)
        left = who.page.evaluate("""() => {
            const page = document.body.cloneNode(true);
            page.querySelectorAll('[data-user-content], [lang], template, script').forEach((node) => node.remove());
            return page.textContent.match(/[\\u4e00-\\u9fff][^\\n]{0,40}/g) ?? [];
        }""")
        assert not left, (path, left[:5])
    who.finish()


def test_targets_on_a_phone_are_large_enough(chromium, server):
    who = signed_in(chromium, server, width=390, height=844)
    for path in ["/records/lead", "/records/opportunity/1", "/records/lead/new"]:
        who.go(path, check=False)
        small = who.page.evaluate("""() => [...document.querySelectorAll('button, .button, .bottom-bar a, select, input:not([type=hidden],[type=checkbox],[type=radio])')]
            .map((node) => [node, node.getBoundingClientRect()])
            .filter(([node, box]) => box.width > 1 && box.height > 1 && box.height < 43.5 && !node.closest('.visually-hidden') && !node.matches('.visually-hidden'))
            .map(([node, box]) => node.outerHTML.slice(0, 90) + ' ' + box.height)""")
        assert not small, (path, small[:5])
    who.finish()


# MARK: Lists


def test_list_sorts_filters_and_pages(chromium, server):
    who = signed_in(chromium, server, "Sales manager")
    who.go("/records/lead")
    who.page.get_by_role("link", name="线索评分").click()
    who.page.wait_for_selector("th[aria-sort=ascending]")
    who.page.get_by_role("link", name="线索评分").click()
    who.page.wait_for_selector("th[aria-sort=descending]")
    assert "sort=-score" in who.page.url
    who.page.get_by_role("link", name="下一页").click()
    who.page.wait_for_url(re.compile("after="))
    who.page.get_by_role("link", name="第一页").click()
    who.page.wait_for_url(lambda url: "after=" not in url)
    who.page.locator("summary", has_text="筛选").click()
    who.page.get_by_label("字段").select_option(label="状态")
    who.page.get_by_label("比较").select_option(label="等于")
    who.page.get_by_label("值", exact=True).fill("跟进中")
    who.page.get_by_role("button", name="添加条件").click()
    who.page.wait_for_selector(".chip.accent")
    assert "状态 等于 跟进中" in who.page.locator(".chip.accent").inner_text()
    assert "where=" in who.page.url and "ff=" not in who.page.url
    cells = who.page.locator("td[data-label=状态]").all_inner_texts()
    assert cells and set(cells) == {"跟进中"}, cells
    who.check()
    who.page.locator(".chip.accent").click()
    who.until("!document.querySelector('.chip.accent')")
    who.expect_status(400, 422)
    who.go("/records/lead?where=" + "prise%20%3E%205")
    assert "这个条件看不懂" in who.text() and "prise" in who.text()
    who.go("/records/lead?sort=prise")
    assert "没有字段 prise" in who.text()
    who.check()
    who.finish()


def test_columns_are_chosen(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/lead?col=phone,email")
    assert [text.strip() for text in who.page.locator("thead th").all_inner_texts()][1:] == ["手机", "邮箱"]
    who.finish()


def test_export_is_csv(chromium, server):
    who = signed_in(chromium, server)
    answer = who.context.request.get(server.address + "/records/lead/export.csv")
    body = answer.body()
    assert answer.status == 200 and body.startswith(b"\xef\xbb\xbf") and body.count(b"\n") > 50
    who.finish()


# MARK: Forms


def test_create_a_lead(chromium, server):
    who = signed_in(chromium, server)
    who.expect_status(422)
    who.go("/records/lead/new")
    who.page.get_by_role("button", name="保存").last.click()
    who.page.wait_for_selector("#errors")
    assert who.page.evaluate("document.activeElement.id") == "errors"
    who.check()
    fill(who, "姓名", "<b>韩老师</b>")
    fill(who, "手机", "138 0013 8000")
    fill(who, "公司", "启明智学 & 伙伴")
    who.page.get_by_label("来源渠道").select_option(label="官网表单")
    who.page.get_by_role("button", name="保存").last.click()
    who.page.wait_for_url(re.compile(r"/records/lead/\d+$"))
    assert "启明智学 & 伙伴" in who.page.locator("h1").inner_text() and who.page.locator("main b").count() == 0
    assert "13800138000" in who.text() and "已新建" in who.page.locator("#toasts").inner_text()
    who.check()
    who.finish()


def test_create_a_lead_in_english_without_scripts(chromium, server):
    who = signed_in(chromium, server, language="en-US", scripts=False)
    who.page.goto(server.address + "/records/lead/new")
    fill(who, "Name", "Ann")
    fill(who, "Phone", "13900139000")
    who.page.get_by_role("button", name="Save").last.click()
    assert re.search(r"/records/lead/\d+$", who.page.url), who.text()
    assert "Created" in who.text()
    who.page.get_by_role("link", name="Edit").first.click()
    fill(who, "Company", "Ann & Co")
    who.page.get_by_role("button", name="Save").last.click()
    assert "Ann & Co" in who.text() and "Saved" in who.text()


def test_link_field_is_searched_and_chosen(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/opportunity/new")
    combobox = who.page.get_by_role("combobox", name=re.compile("^客户"))
    combobox.click()
    combobox.press_sequentially("科技")
    # What is offered before anything is typed may still stand there.
    who.until("(() => { const found = [...document.querySelectorAll('[role=listbox] [role=option]')]; return found.length > 0 && found.every((one) => one.innerText.includes('科技')) })()")
    who.check()
    combobox.press("ArrowDown")
    combobox.press("Enter")
    chosen = combobox.input_value()
    assert "科技" in chosen
    fill(who, "商机名称", "测试商机 " + os.urandom(4).hex())
    who.page.get_by_role("button", name="保存").last.click()
    who.page.wait_for_url(re.compile(r"/records/opportunity/\d+$"))
    assert chosen in who.text()
    who.finish()


def test_two_people_edit_one_record(chromium, server):
    first, second = signed_in(chromium, server), signed_in(chromium, server, "Sales manager")
    first.expect_status(409)
    second.expect_status(409)
    for who in (first, second):
        who.go("/records/account/2/edit")
    fill(first, "城市", "苏州")
    first.page.get_by_role("button", name="保存").last.click()
    first.page.wait_for_url(re.compile(r"/records/account/2$"))
    # Another field merges.
    fill(second, "地址", "工业园区 1 号")
    second.page.get_by_role("button", name="保存").last.click()
    second.page.wait_for_url(re.compile(r"/records/account/2$"))
    assert "苏州" in second.text() and "工业园区 1 号" in second.text()
    # The same field asks.
    for who in (first, second):
        who.go("/records/account/2/edit")
    fill(first, "城市", "无锡")
    first.page.get_by_role("button", name="保存").last.click()
    first.page.wait_for_url(re.compile(r"/records/account/2$"))
    fill(second, "城市", "常州")
    second.page.get_by_role("button", name="保存").last.click()
    second.page.wait_for_selector("#conflict")
    assert all(city in second.text() for city in ("无锡", "常州", "苏州"))
    second.check()
    second.page.get_by_label(re.compile("^我填写的")).check()
    second.page.get_by_role("button", name="保存").last.click()
    second.page.wait_for_url(re.compile(r"/records/account/2$"))
    assert "常州" in second.text()
    first.finish()
    second.finish()


# MARK: What must not happen


def token_of(who):
    return who.page.locator("input[name=_token]").first.get_attribute("value")


def test_forms_of_other_sites_are_refused(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/lead/new", check=False)
    form = {"f.name": "外来", "w.name": "", "f.phone": "13500135000", "w.phone": ""}
    address = server.address + "/records/lead/new"
    send = who.context.request.post
    assert send(address, form=form, headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert send(address, form=form, headers={"Origin": "https://evil.example"}).status == 403
    # An embedded browser that says nothing of itself must carry the token.
    assert send(address, form=form).status == 403
    assert send(address, form={**form, "_token": "wrong"}).status == 403
    assert send(address, form={**form, "_token": token_of(who)}, max_redirects=0).status == 303
    who.finish()


def test_a_form_sent_twice_makes_one_record(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/lead/new", check=False)
    key = who.page.locator("#record-form input[name=_request]").get_attribute("value")
    form = {"f.name": "双击", "w.name": "", "f.phone": "13500135001", "w.phone": "", "_token": token_of(who), "_request": key}
    places = {who.context.request.post(server.address + "/records/lead/new", form=form, max_redirects=0).headers["location"] for _ in range(3)}
    assert len(places) == 1, places
    other = who.context.request.post(server.address + "/records/lead/new", form={**form, "f.name": "别的"}, max_redirects=0)
    assert other.status == 409
    who.finish()


def test_what_people_write_stays_text(chromium, server):
    who = signed_in(chromium, server)
    who.expect_status(422)
    who.go("/records/account/new", check=False)
    name = '"><img src=x onerror=alert(1)><script>alert(2)</script> ' + os.urandom(3).hex()
    fill(who, "公司全称", name)
    fill(who, "网站", "javascript:alert(3)")
    fill(who, "备注", "</textarea><script>alert(4)</script>")
    who.page.get_by_role("button", name="保存").last.click()
    who.page.wait_for_selector("#errors")
    assert who.page.locator("main img, main script, main a[href^=javascript]").count() == 0
    who.check()
    who.finish()


def test_next_leads_nowhere_else(chromium, server):
    who = visitor(chromium, server)
    for target in ("//evil.example", "https://evil.example", "/\\evil.example"):
        answer = who.context.request.get(server.address + "/sign-in", params={"next": target})
        assert "evil.example" not in answer.text()
    who.finish()


def test_enter_of_an_input_method_sends_nothing(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/lead/new", check=False)
    prevented = who.page.evaluate("""() => {
        const input = document.querySelector('#record-form input[type=text]');
        const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, isComposing: true });
        return !input.dispatchEvent(event);
    }""")
    assert prevented and who.page.url.endswith("/new")
    who.finish()


def test_a_real_composition_sends_nothing(chromium, server):
    """As an input method does it: the browser's own composition, and the Enter that ends it."""
    who = signed_in(chromium, server)
    for path, selector in (("/records/lead/new", "#record-form input[type=text]"), ("/records/lead", "#list-search"), ("/records/lead", "#search")):
        who.go(path, check=False)
        sent = []
        who.page.on("request", lambda request: sent.append(request.url) if request.is_navigation_request() or request.method == "POST" else None)
        session = who.context.new_cdp_session(who.page)
        who.page.locator(selector).first.focus()
        address = who.page.url
        session.send("Input.imeSetComposition", {"text": "zhang", "selectionStart": 5, "selectionEnd": 5})
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229, "key": "Enter", "code": "Enter"})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", "windowsVirtualKeyCode": 13, "key": "Enter", "code": "Enter"})
        session.send("Input.insertText", {"text": "张"})
        who.page.evaluate("fetch('/healthz').then((answer) => answer.text())")
        assert who.page.url == address and not [url for url in sent if "/healthz" not in url], sent
        assert who.page.locator(selector).first.input_value() == "张"
        session.detach()
    who.finish()


def test_created_and_advanced_without_scripts(chromium, server):
    for language in ("zh-CN", "en-US"):
        words = WORDS[language]
        who = signed_in(chromium, server, language=language, scripts=False)
        who.expect_status(422)
        who.page.goto(server.address + deal_before_diagnosis(who))
        who.page.locator("#stage-diagnosed").click()
        assert words["missing"] in who.page.locator("#gate").inner_text()
        who.page.locator("#advance").click()
        assert words["refused"] in who.text()
        who.page.locator("#gate input[type=file]").set_input_files(write("纪要.pdf", b"%PDF-1.4 minutes"))
        who.page.locator("#gate button", has_text=words["minutes"]).click()
        if who.page.locator("#stage-diagnosed.previewed").count() == 0:
            who.page.locator("#stage-diagnosed").click()
        ticks = who.page.locator("#gate input[type=checkbox]")
        for index in range(3):
            ticks.nth(index).check()
        who.page.locator("#gate .way", has=who.page.locator("fieldset")).get_by_role("button", name=words["save"]).click()
        if who.page.locator("#stage-diagnosed.previewed").count() == 0:
            who.page.locator("#stage-diagnosed").click()
        who.page.locator("#advance").click()
        assert words["moved"] in who.text() and words["stage"] in who.page.locator(".stage.current").inner_text()
        who.finish()


def test_first_visit_is_small(chromium, server):
    who = signed_in(chromium, server)
    sizes = []
    who.page.on("response", lambda response: sizes.append((response.url, response.request.sizes()["responseBodySize"])))
    fresh = visitor(chromium, server)
    fresh.page.on("requestfinished", lambda request: sizes.append((request.url, request.sizes()["responseBodySize"])))
    fresh.page.goto(server.links["Sales"])
    fresh.page.goto(server.address + "/records/lead")
    assert len({url for url, _ in sizes if "/a/" in url}) <= 4, sizes
    assert sum(size for _, size in sizes) < 100_000, sizes
    fresh.finish()


# MARK: Import


def test_import_of_a_gb18030_table(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/lead/import")
    table = "姓名,手机,公司,来源渠道\r\n导入甲,13700137001,甲公司,官网表单\r\n导入乙,12,乙公司,官网表单\r\n,13700137003,丙公司,官网表单\r\n".encode("gb18030")
    who.page.get_by_label("表格文件").set_input_files(write("leads.csv", table))
    who.page.get_by_role("button", name="上传", exact=True).click()
    who.page.wait_for_selector("select#c0")
    assert "GB18030" in who.text()
    who.page.get_by_role("button", name="下一步").click()
    who.page.get_by_role("button", name="检查全部行").click()
    who.page.wait_for_selector("#report")
    assert "没有写入" in who.text() and "有问题" in who.text()
    who.check()
    who.page.get_by_role("button", name=re.compile("^导入 ")).click()
    who.page.wait_for_selector("#report h2:has-text('导入结果')")
    report = who.page.locator("#report").inner_text()
    assert "新建" in report and "不会导入" in report, report
    who.check()
    who.page.get_by_role("link", name="查看这些记录").click()
    who.page.wait_for_selector("#imported")
    assert "导入甲" in who.text()
    who.check()
    who.go("/records/lead?q=" + "导入甲")
    assert "甲公司" in who.text()
    who.finish()


def test_import_tells_unknown_columns(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/lead/import")
    who.page.get_by_label("表格文件").set_input_files(write("leads.csv", "姓名,手机,星座\n丁,13700137009,白羊\n".encode()))
    who.page.get_by_role("button", name="上传", exact=True).click()
    who.page.wait_for_selector("tr.left-out")
    assert "星座" in who.page.locator("tr.left-out").inner_text() and "不导入" in who.page.locator("tr.left-out").inner_text()
    # Two columns for one field are an error that says which.
    who.expect_status(422)
    who.page.locator("#c2").select_option("name")
    who.page.get_by_role("button", name="下一步").click()
    who.page.wait_for_selector("[role=alert]")
    assert "星座" in who.page.locator("[role=alert]").inner_text()
    who.finish()


# MARK: Stages

WORDS = {
    "zh-CN": dict(
        new="保存", name="商机名称", account="^客户", stage="需求诊断完成", missing="还差 2 项", minutes="上传会议纪要", save="保存", advance="推进到「需求诊断完成」",
        open="条件都已满足", moved="已进入新阶段", pains=["成本居高", "效率低下", "合规压力"], refused="现在不能进入这个阶段"),
    "en-US": dict(
        new="Save", name="Name", account="^Account", stage="Needs diagnosed", missing="2 items missing", minutes="Upload minutes", save="Save",
        advance="Move to “Needs diagnosed”", open="All conditions are met", moved="Moved to the new stage", pains=[], refused="This stage cannot be entered"),
}


def through_the_gate(chromium, server, language, **options):
    words = WORDS[language]
    who = signed_in(chromium, server, language=language, **options)
    who.expect_status(422)
    deal = deal_before_diagnosis(who)
    who.go(deal)
    who.page.locator("#stage-diagnosed").click()
    who.page.wait_for_selector("#gate")
    who.until("location.search.includes('to=diagnosed')")
    assert words["missing"] in who.page.locator("#gate").inner_text()
    who.check()
    # Tried all the same: refused, with what is missing.
    who.page.locator("#advance").click()
    who.page.wait_for_selector("#gate-refused")
    assert words["refused"] in who.text() and words["missing"] in who.text()
    who.check()
    who.page.locator("#gate input[type=file]").set_input_files(write("纪要.pdf", b"%PDF-1.4 minutes"))
    who.page.locator("#gate button", has_text=words["minutes"]).click()
    who.until("document.querySelectorAll('#gate .condition.met').length === 1")
    ticks = who.page.locator("#gate input[type=checkbox]")
    for index in range(3):
        ticks.nth(index).check()
    who.page.locator("#gate .way", has=who.page.locator("fieldset")).get_by_role("button", name=words["save"]).click()
    who.until("document.querySelectorAll('#gate .condition.unmet').length === 0")
    assert words["open"] in who.page.locator("#gate").inner_text()
    who.check()
    who.page.get_by_role("button", name=words["advance"]).click()
    who.until("document.querySelector('.stage.current')?.id === 'stage-diagnosed'")
    assert words["stage"] in who.page.locator(".stage.current").inner_text()
    who.check()
    # The uploaded minutes are there, and come back as they were.
    link = who.page.locator("a[download]").first
    if link.count():
        with who.page.expect_download() as download:
            link.click()
        with open(download.value.path(), "rb") as file:
            assert file.read() == b"%PDF-1.4 minutes"
    who.finish()


def deal_before_diagnosis(who):
    """A deal of the demo data that stands one step before the diagnosis, not used by another test."""
    who.go("/records/opportunity?where=stage+%3D+%27visited%27&sort=name", check=False)
    rows = who.page.locator("tbody th a")
    for index in range(rows.count()):
        path = rows.nth(index).get_attribute("href")
        if path not in USED:
            USED.add(path)
            return path
    raise AssertionError("no deal of the demo data stands before the diagnosis")


USED = set()


def test_through_the_gate_in_chinese(chromium, server):
    through_the_gate(chromium, server, "zh-CN")


def test_through_the_gate_in_english_on_a_phone(chromium, server):
    through_the_gate(chromium, server, "en-US", width=390, height=844)


def test_activity_is_logged(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/opportunity/2")
    composer = who.page.locator(".composer")
    composer.locator("select").first.select_option(label="电话")
    composer.locator("textarea").first.fill("客户说：下周三\n再谈 <价格>")
    composer.get_by_role("button", name="添加跟进").click()
    who.page.wait_for_selector(".timeline >> text=再谈 <价格>")
    assert who.page.locator(".rail [aria-current]").inner_text().strip() == "商机"
    who.check()
    who.finish()


def test_upload_and_download_without_scripts(chromium, server):
    who = signed_in(chromium, server, scripts=False)
    who.page.goto(server.address + "/records/account/1")
    who.page.locator("#upload-file").set_input_files(write("合同 草案.txt", "你好\n".encode()))
    who.page.locator("button", has_text="上传文件").click()
    assert "已上传" in who.text() and "合同 草案.txt" in who.text()


def test_profile_changes_theme_and_language(chromium, server):
    who = signed_in(chromium, server)
    who.go("/profile")
    who.page.get_by_label("深色").check()
    who.page.locator("main form", has_text="深色").get_by_role("button", name="应用").click()
    who.page.wait_for_selector("html[data-theme=dark]")
    who.check()
    who.page.get_by_role("button", name="English").click()
    who.page.wait_for_selector("html[lang=en]")
    assert who.page.url.endswith("/profile")
    who.page.get_by_role("button", name="Sign out").first.click()
    who.page.wait_for_url(re.compile("/sign-in"))
    assert "You are signed out" in who.text()
    who.finish()


def test_killed_in_between_loses_nothing(chromium, _):
    server = harness.Server().start()
    try:
        who = signed_in(chromium, server)
        who.go("/records/lead/new", check=False)
        fill(who, "姓名", "断电前")
        fill(who, "手机", "13600136000")
        who.page.get_by_role("button", name="保存").last.click()
        who.page.wait_for_url(re.compile(r"/records/lead/\d+$"))
        path = who.page.url.removeprefix(server.address)
        server.kill()
        server.start()
        again = signed_in(chromium, server)
        again.go(path)
        assert "断电前" in again.text()
        again.finish()
    finally:
        server.stop()


def test_first_sign_in_sets_a_password(chromium, _):
    server = harness.Server().start()
    try:
        server.stop()
        printed = server.command("user", "add", "xiaomei", "--name", "小美", "--role", "sales")
        first = printed.rsplit(": ", 1)[1].strip()
        server.start()
        who = visitor(chromium, server)
        who.expect_status(422)

        def sign_in(password):
            who.page.get_by_label("账号").fill("xiaomei")
            who.page.get_by_label("密码").fill(password)
            who.page.get_by_role("button", name="登录").click()

        def change(old, new, again):
            for label, value in (("原密码", old), ("新密码", new), ("再输一次新密码", again)):
                who.page.get_by_label(label, exact=True).fill(value)
            who.page.get_by_role("button", name="修改密码").click()

        who.go("/records/lead")
        sign_in(first)
        who.page.wait_for_url(re.compile("/profile/password"))
        who.check()
        who.go("/records/lead")
        assert who.page.url.endswith("/profile/password")
        change(first, "电池马订书钉正确", "别的密码一共九个字")
        assert "两次输入的新密码不一样" in who.text()
        who.check()
        change(first, "电池马订书钉正确", "电池马订书钉正确")
        who.page.wait_for_url(re.compile("/sign-in"))
        assert "密码已修改" in who.text()
        sign_in("电池马订书钉正确")
        who.page.wait_for_url(server.address + "/")
        assert "小美" in who.text()
        who.finish()
    finally:
        server.stop()


def crawl(chromium, app, most):
    """Every kind of page that can be reached, each checked; of pages that differ only in a record's number, the first."""
    server = harness.Server(app=app).start()
    try:
        who = signed_in(chromium, server, next(iter(server.links)))
        kinds, waiting = set(), ["/"]
        while waiting and len(kinds) < most:
            path = waiting.pop(0)
            kind = re.sub(r"/\d+", "/N", re.sub(r"=[^&]*", "", path))
            if kind in kinds or re.search(r"\.(csv|xlsx)", path) or path.startswith("/files/"):
                continue
            kinds.add(kind)
            who.go(path)
            assert "错误" not in who.page.title(), (path, who.text()[:500])
            links = who.page.evaluate("[...document.querySelectorAll('main a[href], .rail a[href]')].map((link) => link.getAttribute('href'))")
            here = path.split("?")[0]
            waiting += [here + link if link.startswith("?") else link for link in links if link.startswith(("/", "?"))]
        assert len(kinds) > 15, kinds
        who.finish()
    finally:
        server.stop()


def test_every_other_app_can_be_walked_through(chromium, _):
    apps = sorted(os.listdir(os.path.join(harness.ROOT, "apps")))
    for app in apps:
        if app != "crm" and os.path.isdir(os.path.join(harness.ROOT, "apps", app)):
            crawl(chromium, app, most=45)


def test_the_crm_can_be_walked_through(chromium, _):
    crawl(chromium, "crm", most=90)


ALL = [value for name, value in list(globals().items()) if name.startswith("test_")]
