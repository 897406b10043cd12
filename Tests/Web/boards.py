"""Boards, cells, bulk edits, conflicts and the recycle bin, as people use them."""

import re
import uuid

from harness import eventually
from tests import signed_in, write

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def api(who, method, path, body=None, headers=None):
    """What a program would do, with the browser's own session."""
    answer = who.page.request.fetch(
        who.server.address + "/api/v1" + path, method=method, data=body,
        headers={"Origin": who.server.address, "Sec-Fetch-Site": "same-origin", "X-Form-Token": token(who), **(headers or {})})
    assert answer.ok, (method, path, answer.status, answer.text())
    return answer.json() if answer.text() else None


def token(who):
    return who.page.locator("input[name=_token]").first.get_attribute("value")


def now(who, path):
    return api(who, "GET", f"/records/{path}")


def change(who, path, **fields):
    """As somebody else would, on the version that stands."""
    return api(who, "PATCH", f"/records/{path}", {"fields": fields}, {"If-Match": f'"{now(who, path)["version"]}"'})


def advance(who, number, stage):
    path = f"opportunity/{number}"
    return api(who, "POST", f"/records/{path}/stage", {"to": stage}, {"If-Match": f'"{now(who, path)["version"]}"'})


def deal(who, **fields):
    """A deal of one's own at the beginning of the path."""
    made = api(who, "POST", "/records/opportunity", {"fields": {"name": f"看板 {uuid.uuid4().hex[:8]}", "account": "account/1", **fields}})
    return made["id"].split("/")[1], made["fields"]["name"]


def column(who, key):
    return who.page.locator(f".board-column[data-key={key}]")


def card(who, number):
    return who.page.locator(f"#card-{number}")


def only(name):
    """The board of just this deal."""
    from urllib.parse import quote
    return f"/records/opportunity/board?q={quote(name)}"


def drag(who, number, key):
    box = card(who, number).bounding_box()
    column(who, key).scroll_into_view_if_needed()
    box = card(who, number).bounding_box()
    target = column(who, key).bounding_box()
    mouse = who.page.mouse
    mouse.move(box["x"] + 20, box["y"] + 12)
    mouse.down()
    mouse.move(box["x"] + 60, box["y"] + 30, steps=4)
    mouse.move(target["x"] + 60, target["y"] + 80, steps=8)
    return mouse


def stage_of(who, number):
    return api(who, "GET", f"/records/opportunity/{number}")["fields"]["stage"]


# MARK: The board


def test_board_in_both_languages_on_desk_and_phone(chromium, server):
    for options in ({}, {"language": "en-US", "dark": True}, {"width": 390, "height": 844}, {"language": "en-US", "width": 320, "height": 640}):
        who = signed_in(chromium, server, "Sales manager", **options)
        for path in ("/records/opportunity/board", "/records/lead/board", "/records/lead/board?by=channel", "/records/lead/board?where=status+%3D+%27new%27",
                     "/records/opportunity/bin", "/records/lead/bin", "/records/lead/bulk", "/records/lead/bulk?id=1&id=2", "/records/lead/bulk?all=yes&field=status"):
            who.go(path)
            assert who.page.locator("h1").count() == 1, path
            if options.get("language") == "en-US":
                left = who.page.evaluate("""() => {
                    const page = document.body.cloneNode(true);
                    page.querySelectorAll('[data-user-content], [lang], template, script').forEach((node) => node.remove());
                    return page.textContent.match(/[\\u4e00-\\u9fff][^\\n]{0,40}/g) ?? [];
                }""")
                assert not left, (path, left[:5])
        who.finish()


def test_board_counts_what_the_list_counts(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/opportunity", check=False)
    total = int(re.search(r"共 ([\d,]+) 条", who.text()).group(1).replace(",", ""))
    who.page.get_by_role("link", name="看板", exact=True).click()
    who.page.wait_for_selector(".board")
    counts = [int(text.replace(",", "")) for text in who.page.locator(".board-head .count").all_inner_texts()]
    assert sum(counts) == total, (counts, total)
    # A filter is kept on the way there and back.
    who.go("/records/opportunity?where=amount+%3E%3D+100%E4%B8%87&sort=-amount", check=False)
    who.page.get_by_role("link", name="看板", exact=True).click()
    who.page.wait_for_selector(".board")
    assert "where=" in who.page.url and "sort=-amount" in who.page.url
    filtered = sum(int(text.replace(",", "")) for text in who.page.locator(".board-head .count").all_inner_texts())
    assert 0 < filtered < total
    who.page.get_by_role("link", name="列表", exact=True).click()
    who.page.wait_for_selector(".table")
    assert "where=" in who.page.url and f"共 {filtered} 条" in who.text()
    who.finish()


def test_board_drop_asks_for_what_is_missing_and_saves_once(chromium, server):
    who = signed_in(chromium, server)
    number, name = deal(who)
    who.go(only(name))
    mouse = drag(who, number, "qualified")
    who.until("document.querySelector('.lifted .verdict')?.textContent === '需补 2 项'")
    mouse.up()
    who.page.wait_for_selector("dialog #move")
    who.check()
    # Cancelled, the card is where it was.
    who.page.locator("dialog").get_by_role("link", name="取消").click()
    column(who, "intake").locator(f"#card-{number}").wait_for()
    who.until("!document.querySelector('dialog[open]')")
    assert stage_of(who, number) == "intake"
    drag(who, number, "qualified").up()
    who.page.wait_for_selector("dialog #move")
    who.expect_status(422)
    who.page.locator("dialog").get_by_label("预计金额").fill("12万")
    who.page.locator("#move-send").click()
    who.page.wait_for_selector("dialog #move-refused")
    assert who.page.locator("dialog").get_by_label("预计金额").input_value() == "12万"
    # Nothing of it was saved.
    assert api(who, "GET", f"/records/opportunity/{number}")["version"] == 1
    who.page.locator("dialog").get_by_label("预计签约日").fill("2099-03-01")
    who.page.locator("#move-send").click()
    who.page.wait_for_selector("dialog", state="detached")
    who.until(f"document.querySelector('.board-column[data-key=qualified] #card-{number}') !== null")
    assert stage_of(who, number) == "qualified"
    # The toast takes the move back, and the card is where it came from.
    who.page.locator(".toast").get_by_role("button", name="撤销").click()
    who.until(f"document.querySelector('.board-column[data-key=intake] #card-{number}') !== null")
    assert stage_of(who, number) == "intake"
    # Its gate is open now: it moves at once.
    drag(who, number, "qualified").up()
    who.until(f"document.querySelector('.board-column[data-key=qualified] #card-{number}') !== null")
    who.until("document.querySelector('.toast .undo') !== null")
    assert stage_of(who, number) == "qualified"
    who.finish()


def test_board_refuses_with_the_reason_and_the_card_returns(chromium, server):
    who = signed_in(chromium, server, width=1800)
    number, name = deal(who)
    who.go(only(name), check=False)
    mouse = drag(who, number, "diagnosed")
    who.until("document.querySelector('.board-column[data-verdict=no]') !== null")
    mouse.up()
    who.page.wait_for_selector(".toast.bad")
    assert "不能跳过" in who.page.locator(".toast.bad").inner_text()
    assert column(who, "intake").locator(f"#card-{number}").count() == 1
    who.finish()


def test_board_uploads_and_ticks_in_the_form_of_the_drop(chromium, server):
    who = signed_in(chromium, server, width=1800)
    number, name = deal(who, amount=5, expected_close="2099-03-01", decision_maker="contact/1")
    for stage, kind in (("qualified", None), ("contacted", "call"), ("visited", "visit")):
        if kind:
            api(who, "POST", "/records/activity", {"fields": {"about": f"opportunity/{number}", "kind": kind, "text": "谈", "minutes": 20}})
        advance(who, number, stage)
    who.go(only(name), check=False)
    drag(who, number, "diagnosed").up()
    who.page.wait_for_selector("dialog #move")
    who.page.locator("dialog input[type=file]").set_input_files(write("纪要.pdf", PDF))
    boxes = who.page.locator("dialog fieldset input[type=checkbox]")
    boxes.nth(0).check()
    who.expect_status(422)
    who.page.locator("#move-send").click()
    who.page.wait_for_selector("dialog #move-refused")
    # The file that was chosen is still there, and what it answers is marked so.
    assert "已填写" in who.page.locator("dialog .condition").first.inner_text()
    assert who.page.evaluate("document.querySelector('dialog input[type=file]').files.length") == 1
    for index in range(3):
        who.page.locator("dialog fieldset input[type=checkbox]").nth(index).check()
    who.page.locator("#move-send").click()
    who.page.wait_for_selector("dialog", state="detached")
    who.until(f"document.querySelector('.board-column[data-key=diagnosed] #card-{number}') !== null")
    assert stage_of(who, number) == "diagnosed"
    who.finish()


def test_board_moves_by_touch_after_a_long_press(chromium, server):
    who = signed_in(chromium, server, width=1024, height=768)
    number, name = deal(who, amount=5, expected_close="2099-03-01")
    who.go(only(name), check=False)
    session = who.context.new_cdp_session(who.page)
    box, target = card(who, number).bounding_box(), column(who, "qualified").bounding_box()

    def touch(kind, x=None, y=None):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [] if x is None else [{"x": x, "y": y}]})

    touch("touchStart", box["x"] + 20, box["y"] + 12)
    who.until("document.querySelector('.lifted') !== null")
    touch("touchMove", target["x"] + 30, target["y"] + 60)
    touch("touchMove", target["x"] + 60, target["y"] + 80)
    who.until("document.querySelector('.board-column[data-verdict=yes]') !== null")
    touch("touchEnd")
    who.until(f"document.querySelector('.board-column[data-key=qualified] #card-{number}') !== null")
    who.until("document.querySelector('.toast .undo') !== null")
    assert stage_of(who, number) == "qualified"
    who.finish()


def test_board_is_worked_by_keyboard_alone(chromium, server):
    who = signed_in(chromium, server)
    number, name = deal(who)
    who.go(only(name), check=False)
    keyboard = who.page.keyboard
    # From the head of the page to the card by Tab alone, and m moves it.
    for _ in range(80):
        keyboard.press("Tab")
        if who.page.evaluate("document.activeElement?.matches('.board-card .board-title')"):
            break
    assert who.page.evaluate("document.activeElement?.textContent").strip() == name
    keyboard.press("m")
    who.page.wait_for_selector("dialog #move .targets")
    assert who.page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    # Tab stays in the dialog; the target is chosen by Enter.
    for _ in range(30):
        if who.page.evaluate("document.activeElement?.textContent?.trim()") == "立项通过":
            break
        keyboard.press("Tab")
        assert who.page.evaluate("document.querySelector('dialog').contains(document.activeElement) || document.activeElement === document.body")
    keyboard.press("Enter")
    who.page.wait_for_selector("dialog #move-send")
    for label, value in (("预计金额", "9万"), ("预计签约日", "2099-03-01")):
        who.page.locator("dialog").get_by_label(label).focus()
        if value.endswith("万"):
            keyboard.type(value)
        else:
            who.page.locator("dialog").get_by_label(label).fill(value)
    keyboard.press("Control+Enter")
    who.page.wait_for_selector("dialog", state="detached")
    who.until(f"document.querySelector('.board-column[data-key=qualified] #card-{number}') !== null")
    assert stage_of(who, number) == "qualified"
    # Escape closes what m opened, and the focus is back on the card.
    who.page.locator(f"#card-{number} .board-title").focus()
    keyboard.press("m")
    who.page.wait_for_selector("dialog #move")
    keyboard.press("Escape")
    who.page.wait_for_selector("dialog", state="detached")
    assert who.page.evaluate(f"document.querySelector('#card-{number}').contains(document.activeElement)")
    who.finish()


def test_board_without_scripts_and_on_a_phone(chromium, server):
    who = signed_in(chromium, server)
    number, name = deal(who)
    plain = signed_in(chromium, server, scripts=False, width=390, height=844)
    plain.page.goto(server.address + only(name))
    plain.page.locator(f"#card-{number}").get_by_role("link", name="移动").click()
    plain.page.get_by_role("link", name="立项通过").click()
    plain.page.get_by_label("预计金额").fill("8万")
    plain.page.get_by_label("预计签约日").fill("2099-03-01")
    plain.page.locator("#move-send").click()
    assert "/board" in plain.page.url and "已进入新阶段" in plain.text()
    # One column at a time, and a picker for the others.
    plain.page.get_by_role("link", name="立项通过 1").click()
    assert plain.page.locator(f"#card-{number}").is_visible() and stage_of(who, number) == "qualified"
    assert plain.page.locator(".board-column:visible").count() == 1
    phone = signed_in(chromium, server, width=390, height=844)
    phone.go(only(name) + "&column=qualified")
    card(phone, number).get_by_role("link", name="移动").click()
    phone.page.wait_for_selector("dialog #move")
    phone.check()
    phone.finish()
    who.finish()


def test_board_says_who_moved_it_meanwhile(chromium, server):
    who = signed_in(chromium, server)
    number, name = deal(who, amount=5, expected_close="2099-03-01")
    who.go(f"/records/opportunity/{number}/move?by=stage&to=qualified", check=False)
    other = signed_in(chromium, server, "Sales manager")
    advance(other, number, "qualified")
    change(other, f"opportunity/{number}", decision_maker="contact/1")
    api(other, "POST", "/records/activity", {"fields": {"about": f"opportunity/{number}", "kind": "call", "text": "谈", "minutes": 20}})
    advance(other, number, "contacted")
    who.expect_status(409)
    who.page.locator("#move-send").click()
    who.page.wait_for_selector("dialog #move")
    text = who.page.locator("dialog #move").inner_text()
    assert "首次沟通完成" in text and "立项通过" in text
    who.check()
    who.finish()


# MARK: Cells


def cell(who, row, name):
    index = who.page.locator(".table").get_attribute("data-columns").split(",").index(name) + 2
    return who.page.locator(f"tr[data-row='{row}'] > :nth-child({index + 1})")


def lead(who, **fields):
    phone = "138" + str(uuid.uuid4().int)[:8]
    made = api(who, "POST", "/records/lead", {"fields": {"name": f"单元格 {uuid.uuid4().hex[:8]}", "phone": phone, **fields}})
    return made["id"].split("/")[1], made["fields"]["name"]


def leads(name, columns="phone,company,status,score"):
    from urllib.parse import quote
    return f"/records/lead?q={quote(name)}&col={columns}"


def test_cell_is_edited_in_place(chromium, server):
    who = signed_in(chromium, server)
    row, name = lead(who)
    who.go(leads(name))
    cell(who, row, "company").dblclick()
    who.page.wait_for_selector(".cell-form")
    who.check()
    who.page.keyboard.type("某某公司")
    who.page.keyboard.press("Escape")
    assert cell(who, row, "company").inner_text().strip() in ("", "—")
    # The cell has the focus: e opens it again, Enter saves.
    who.page.keyboard.press("e")
    who.page.wait_for_selector(".cell-form")
    who.page.keyboard.type("某某公司")
    who.page.keyboard.press("Enter")
    who.until(f"document.querySelector(\"tr[data-row='{row}'] td.saved\")?.textContent.includes('某某公司')")
    assert api(who, "GET", f"/records/lead/{row}")["fields"]["company"] == "某某公司"
    # The change is taken back by its toast.
    who.page.locator(".toast").get_by_role("button", name="撤销").click()
    who.until("[...document.querySelectorAll('.toast')].some((toast) => toast.textContent.includes('已撤销'))")
    assert api(who, "GET", f"/records/lead/{row}")["fields"]["company"] is None
    # What stands against it stays in the cell.
    who.expect_status(422)
    # A number is a link to call it: pressed beside it, the cell is chosen.
    cell(who, row, "phone").click(position={"x": 3, "y": 3})
    who.page.keyboard.press("e")
    who.page.wait_for_selector(".cell-form")
    who.page.keyboard.press("Control+a")
    who.page.keyboard.press("Delete")
    who.page.keyboard.press("Enter")
    who.page.wait_for_selector(".cell-form .error")
    assert "请填写" in cell(who, row, "phone").inner_text()
    who.check()
    # Tab saves and goes on to the next cell that can be edited.
    who.page.keyboard.type("13912345678")
    who.page.keyboard.press("Tab")
    who.until(f"document.querySelector(\"tr[data-row='{row}'] .cell-form [name='f.company']\") !== null")
    assert api(who, "GET", f"/records/lead/{row}")["fields"]["phone"] == "13912345678"
    who.page.keyboard.press("Escape")
    who.finish()


def test_cell_says_why_it_cannot_be_edited(chromium, server):
    who = signed_in(chromium, server)
    row, name = lead(who)
    who.go(leads(name), check=False)
    cell(who, row, "score").dblclick()
    who.page.wait_for_selector(".toast.bad")
    assert "由公式计算" in who.page.locator(".toast.bad").inner_text()
    who.go("/records/opportunity?col=stage,amount", check=False)
    who.page.locator("tbody tr td:not(.pick)").first.dblclick()
    who.page.wait_for_selector(".toast.bad")
    assert "阶段有进入条件" in who.page.locator(".toast.bad").inner_text()
    who.finish()


def test_cell_is_not_sent_by_the_enter_of_a_composition(chromium, server):
    who = signed_in(chromium, server)
    row, name = lead(who)
    who.go(leads(name), check=False)
    cell(who, row, "company").dblclick()
    who.page.wait_for_selector(".cell-form")
    who.page.evaluate("""() => {
        const input = document.querySelector('.cell-form input:not([type=hidden])');
        input.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
        input.value = '华';
        input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }));
        input.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '华' }));
    }""")
    session = who.context.new_cdp_session(who.page)
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Process", "code": "Enter"})
    # What a key sends is sent before this question is answered.
    who.page.evaluate("fetch('/healthz').then((answer) => answer.text())")
    assert who.page.locator(".cell-form").count() == 1
    # Its version says nothing: the app gives the lead to somebody meanwhile.
    assert not api(who, "GET", f"/records/lead/{row}")["fields"].get("company")
    who.page.keyboard.press("Enter")
    who.page.wait_for_selector(".cell-form", state="detached")
    assert api(who, "GET", f"/records/lead/{row}")["fields"]["company"] == "华"
    who.finish()


def test_cell_of_two_people(chromium, server):
    who = signed_in(chromium, server)
    row, name = lead(who, company="原来")
    who.go(leads(name), check=False)
    cell(who, row, "company").dblclick()
    who.page.wait_for_selector(".cell-form")
    # Somebody changes another field: both keep their work.
    change(who, f"lead/{row}", phone="13700000001")
    who.page.keyboard.press("Control+a")
    who.page.keyboard.type("我的")
    who.page.keyboard.press("Enter")
    who.page.wait_for_selector("td.saved")
    stands = api(who, "GET", f"/records/lead/{row}")
    assert stands["fields"]["company"] == "我的" and stands["fields"]["phone"] == "13700000001"
    # The same field: mine, theirs and the original, and the choice is kept.
    cell(who, row, "company").dblclick()
    who.page.wait_for_selector(".cell-form")
    change(who, f"lead/{row}", company="别人的")
    who.expect_status(409)
    who.page.keyboard.press("Control+a")
    who.page.keyboard.type("再改")
    who.page.keyboard.press("Enter")
    who.page.wait_for_selector("dialog #conflict")
    text = who.page.locator("dialog").inner_text()
    assert "再改" in text and "别人的" in text and "我的" in text
    who.check()
    who.page.locator("dialog").get_by_label("我填写的").check()
    who.page.locator("dialog").get_by_role("button", name="保存").click()
    who.page.wait_for_selector("dialog", state="detached")
    assert api(who, "GET", f"/records/lead/{row}")["fields"]["company"] == "再改"
    who.finish()


# MARK: Bulk edits


def test_bulk_edit_previews_runs_and_is_undone(chromium, server):
    who = signed_in(chromium, server)
    mark = uuid.uuid4().hex[:6]
    rows = [lead(who, company=f"批量{mark}")[0] for _ in range(4)]
    who.go(leads(f"批量{mark}"))
    boxes = who.page.locator("tbody .pick input")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert who.page.locator("#picked-count").inner_text() == "3"
    who.page.locator("#pick-page").check()
    assert who.page.locator("#picked-count").inner_text() == "4"
    who.page.locator("#bulk-edit").click()
    who.page.get_by_label("修改哪个字段").select_option(label="公司")
    who.page.get_by_role("button", name="下一步").click()
    who.page.locator("#bulk-preview").wait_for()
    who.page.locator("[name='f.company']").fill(f"新{mark}")
    who.page.locator("#bulk-preview").click()
    who.page.wait_for_selector("#preview")
    who.check()
    assert "4 条会修改" in who.text() and f"批量{mark}" in who.text()
    who.page.locator("#bulk-run").click()
    who.page.wait_for_selector("#job")
    who.until("document.querySelector('#job-title')?.textContent === '修改完成'")
    who.check()
    assert all(api(who, "GET", f"/records/lead/{row}")["fields"]["company"] == f"新{mark}" for row in rows)
    # One of them is changed since, and keeps that.
    change(who, f"lead/{rows[1]}", company="后来")
    who.page.get_by_role("button", name="撤销这一批").click()
    who.until("document.querySelector('#job-title')?.textContent === '已撤销'")
    assert "撤销了 3 条" in who.text() and "1 条之后又有人改过" in who.text()
    companies = [api(who, "GET", f"/records/lead/{row}")["fields"]["company"] for row in rows]
    assert companies == [f"批量{mark}", "后来", f"批量{mark}", f"批量{mark}"], companies
    who.finish()


def test_results_of_a_bulk_edit_outlive_the_server(chromium, server):
    who = signed_in(chromium, server)
    mark = uuid.uuid4().hex[:6]
    rows = [lead(who, company=f"批量{mark}")[0] for _ in range(3)]
    who.go(f"/records/lead/bulk?id={','.join(rows)}&field=company", check=False)
    who.page.locator("[name='f.company']").fill(f"新{mark}")
    who.page.locator("#bulk-preview").click()
    who.page.locator("#bulk-run").click()
    who.until("document.querySelector('#job-title')?.textContent === '修改完成'")
    path = who.page.url.removeprefix(server.address)
    server.kill()
    server.start()
    who = signed_in(chromium, server)
    who.go(path)
    assert "修改完成" in who.text() and "修改了 3 条" in who.text()
    who.page.get_by_role("button", name="撤销这一批").click()
    who.until("document.querySelector('#job-title')?.textContent === '已撤销'")
    assert all(api(who, "GET", f"/records/lead/{row}")["fields"]["company"] == f"批量{mark}" for row in rows)
    who.finish()


def test_bulk_edit_says_what_would_be_refused(chromium, server):
    who = signed_in(chromium, server, scripts=False)
    helper = signed_in(chromium, server)
    mark = uuid.uuid4().hex[:6]
    rows = [lead(helper, company=f"批量{mark}")[0] for _ in range(3)]
    who.page.goto(server.address + leads(f"批量{mark}"))
    for box in who.page.locator("tbody .pick input").all():
        box.check()
    who.page.locator("#bulk-edit").click()
    who.page.get_by_label("修改哪个字段").select_option(label="手机")
    who.page.get_by_role("button", name="下一步").click()
    who.page.locator("#bulk-preview").click()
    # Blank is a value like any other, but a phone is required.
    assert "3 条会被拒绝" in who.text() and "请填写" in who.text()
    assert who.page.locator("#bulk-run").is_disabled()
    who.page.get_by_label("修改哪个字段").select_option(label="公司")
    who.page.get_by_role("button", name="下一步").click()
    who.page.locator("[name='f.company']").fill("无脚本")
    who.page.locator("#bulk-preview").click()
    who.page.locator("#bulk-run").click()

    # The page comes again by itself as long as the work goes on.
    who.page.get_by_text("修改完成").wait_for()
    assert "修改了 3 条" in who.text()
    assert all(api(helper, "GET", f"/records/lead/{row}")["fields"]["company"] == "无脚本" for row in rows)
    helper.finish()


def test_bulk_edit_of_all_that_the_filter_meets(chromium, server):
    who = signed_in(chromium, server, "Sales manager")
    who.go("/records/lead?where=status+%3D+%27new%27", check=False)
    total = int(re.search(r"共 ([\d,]+) 条", who.text()).group(1).replace(",", ""))
    if total <= 50:
        who.go("/records/lead", check=False)
        total = int(re.search(r"共 ([\d,]+) 条", who.text()).group(1).replace(",", ""))
    assert total > 50
    who.page.locator("#pick-all").check()
    who.page.locator("#bulk-edit").click()
    who.page.wait_for_selector("h1")
    assert f"批量修改 {total} 条" in who.page.locator("h1").inner_text()
    who.finish()


# MARK: Conflicts in forms


def test_two_forms_on_different_fields_keep_both(chromium, server):
    who, other = signed_in(chromium, server), signed_in(chromium, server, "Sales manager", language="en-US")
    row, name = lead(who, company="原来")
    who.go(f"/records/lead/{row}/edit", check=False)
    other.go(f"/records/lead/{row}/edit", check=False)
    other.page.locator("[name='f.phone']").fill("13700000009")
    other.page.locator(".form-end button").click()
    other.page.wait_for_selector(".record-head")
    who.page.locator("[name='f.company']").fill("新的")
    who.page.locator(".form-end button").click()
    who.page.wait_for_selector(".record-head")
    stands = api(who, "GET", f"/records/lead/{row}")["fields"]
    assert stands["company"] == "新的" and stands["phone"] == "13700000009"
    who.finish()
    other.finish()


# MARK: The recycle bin


def test_deleted_is_taken_back_by_the_toast(chromium, server):
    who = signed_in(chromium, server)
    row, name = lead(who)
    who.go(f"/records/lead/{row}", check=False)
    who.page.get_by_role("button", name="删除").click()
    who.page.locator("dialog").get_by_role("button", name="删除").click()
    who.page.locator(".toast").get_by_role("button", name="撤销").click()
    who.until("[...document.querySelectorAll('.toast')].some((toast) => toast.textContent.includes('已撤销'))")
    assert api(who, "GET", f"/records/lead/{row}")["fields"]["name"] == name
    who.finish()


def test_recycle_bin_restores_and_refuses_with_words(chromium, server):
    who = signed_in(chromium, server, scripts=False)
    helper = signed_in(chromium, server)
    number, name = deal(helper)
    who.page.goto(server.address + f"/records/opportunity/{number}")
    who.page.get_by_role("button", name="删除").click()
    assert "已删除" in who.text()
    who.page.goto(server.address + "/records/opportunity/bin")
    assert name in who.text()
    # Somebody takes the name meanwhile.
    taken = api(helper, "POST", "/records/opportunity", {"fields": {"name": name, "account": "account/1"}})["id"]
    who.page.get_by_role("button", name=f"恢复 {name}").click()
    assert "现在不能恢复" in who.text() and "重复" in who.text()
    api(helper, "DELETE", f"/records/{taken}", headers={"If-Match": '"1"'})
    who.page.goto(server.address + "/records/opportunity/bin")
    who.page.get_by_role("button", name=f"恢复 {name}").last.click()
    assert who.page.url.endswith(f"/records/opportunity/{number}") and name in who.text()
    # Nobody but an administrator is offered to delete for good.
    who.page.goto(server.address + "/records/opportunity/bin")
    assert who.page.get_by_role("button", name="彻底删除").count() == 0 and "管理员" in who.text()
    director = signed_in(chromium, server, "Sales director")
    director.go("/records/opportunity/bin")
    director.page.get_by_role("button", name=f"彻底删除 {name}").click()
    director.page.locator("dialog").get_by_role("button").last.click()
    director.until("[...document.querySelectorAll('.toast')].some((toast) => toast.textContent.includes('已彻底删除'))")
    assert director.page.get_by_role("button", name=f"彻底删除 {name}").count() == 0
    director.finish()
    helper.finish()


ALL = [value for name, value in list(globals().items()) if name.startswith("test_")]
