"""Every kind of field in forms, on an app that has each once: files that are sent along, tick lists, addresses, tags."""

import contextlib
import os
import re

import harness
from tests import fill, signed_in, write

KINDS = os.path.join(harness.ROOT, "Tests", "Web", "apps", "kinds")
PAGES = ["/", "/records/thing", "/records/thing/new", "/records/partner", "/records/partner/1", "/records/partner/1/edit", "/records/thing/board", "/records/thing/import", "/map"]


@contextlib.contextmanager
def kinds():
    server = harness.Server(app=KINDS).start()
    try:
        yield server
    finally:
        server.stop()


def save(who, name="保存"):
    who.page.get_by_role("button", name=name, exact=True).last.click()


def ticked(who, field):
    return who.page.locator(f"input[name='f.{field}']:checked").count()


def test_every_kind_of_field_on_desk_and_phone(chromium, _):
    with kinds() as server:
        for options in ({}, {"language": "en-US", "dark": True}, {"width": 390, "height": 844}, {"language": "en-US", "width": 320, "height": 640, "dark": True}):
            who = signed_in(chromium, server, "Chief", **options)
            for path in PAGES:
                who.go(path)
                assert who.page.locator("h1").count() == 1, path
            who.finish()


def test_tick_lists_files_address_and_chips(chromium, _):
    with kinds() as server:
        who = signed_in(chromium, server, "Clerk")
        who.expect_status(422)
        who.go("/records/thing/new")
        # A list of many is searched; what is ticked stays ticked.
        partners = who.page.locator("fieldset:has(input[name='f.partners'])")
        partners.locator("label.tick").first.click()
        first = partners.locator("label.tick").first.inner_text().strip()
        partners.locator("input[type=search]").fill("伙伴27")
        partners.get_by_role("button", name="查找").click()
        who.page.wait_for_selector("label.tick:has-text('伙伴27')")
        who.check()
        assert ticked(who, "partners") == 1
        who.page.locator("label.tick", has_text="伙伴27").click()
        # Files are sent along with the form; one that cannot be saved yet has them already.
        who.page.locator("input[name='u.papers']").set_input_files([write("合同.pdf", b"%PDF-1.4 contract"), write("说明.txt", "你好".encode())])
        who.page.locator("input[name='u.photo']").set_input_files(write("外观.png", b"\x89PNG picture"))
        fill(who, "地址", "杭州市西湖区文三路 1 号\n2 幢 301 室")
        fill(who, "标签", "急件，易碎")
        who.page.locator("label.tick", has_text="华东").click()
        who.page.locator("label.tick", has_text="华北").click()
        save(who)
        who.page.wait_for_selector("#errors")
        who.check()
        assert ticked(who, "papers") == 2 and ticked(who, "partners") == 2 and ticked(who, "regions") == 2
        assert "外观.png" in who.page.locator("select[name='f.photo'] option:checked, [role=combobox][id^=f]").all_inner_texts() or "外观.png" in who.page.content()
        fill(who, "名称", "样机")
        save(who)
        who.page.wait_for_url(re.compile(r"/records/thing/\d+$"))
        who.check()
        text = who.text()
        for shown in ("合同.pdf", "说明.txt", "外观.png", first, "伙伴27", "文三路 1 号", "2 幢 301 室", "急件", "易碎", "华东", "华北"):
            assert shown in text, (shown, text)
        here = who.page.url
        who.page.get_by_role("link", name="合同.pdf").first.click()
        who.page.wait_for_url(re.compile(r"/records/file/\d+$"))
        with who.page.expect_download() as download:
            who.page.locator("a[download]").first.click()
        who.page.goto(here)
        with open(download.value.path(), "rb") as file:
            assert file.read() == b"%PDF-1.4 contract"
        # Another file beside those that are there, and one of them left out.
        who.page.get_by_role("link", name="编辑").first.click()
        who.page.wait_for_selector("#record-form")
        who.check()
        who.page.locator("label.tick", has_text="说明.txt").click()
        who.page.locator("input[name='u.papers']").set_input_files(write("图纸.dwg", b"AC1032"))
        save(who)
        who.page.wait_for_url(re.compile(r"/records/thing/\d+$"))
        facts = who.page.locator(".facts").all_inner_texts()
        assert any("图纸.dwg" in fact for fact in facts) and not any("说明.txt" in fact for fact in facts), facts
        who.finish()


def test_files_are_sent_along_without_scripts(chromium, _):
    with kinds() as server:
        who = signed_in(chromium, server, "Clerk", language="en-US", scripts=False, width=390, height=844)
        who.page.goto(server.address + "/records/thing/new")
        fill(who, "Name", "Plain")
        who.page.locator("input[name='u.papers']").set_input_files(write("plain.pdf", b"%PDF-1.4"))
        save(who, "Save")
        assert re.search(r"/records/thing/\d+$", who.page.url), who.text()
        assert "plain.pdf" in who.text()
        # What the stage asks for is there, so it is entered without scripts too.
        who.page.locator("#stage-ready").click()
        who.page.locator("#advance").click()
        assert "Moved to the new stage" in who.text() and "Ready" in who.page.locator(".stage.current").inner_text()
        who.finish()


def test_heads_of_a_board_weigh_and_count_the_late(chromium, _):
    with kinds() as server:
        who = signed_in(chromium, server, "Clerk")
        for name, price, chance, due in (("甲", "100000", "50%", "2020-01-01"), ("乙", "300000", "20%", "2099-01-01"), ("丙", "", "", "")):
            who.go("/records/thing/new", check=False)
            for label, value in (("名称", name), ("价格", price), ("把握", chance), ("应交日期", due)):
                who.page.get_by_label(label, exact=False).first.fill(value)
            save(who)
            who.page.wait_for_url(re.compile(r"/records/thing/\d+$"))
        who.go("/records/thing/board")
        head = who.page.locator(".board-column[data-key=begun] .board-head")
        text = head.inner_text()
        assert "40万" in text and "加权 11万" in text and "已逾期 1" in text, text
        # A column is folded, and its link leads to those that are late.
        who.page.locator("#fold-begun").click()
        who.page.wait_for_selector(".board-column.folded[data-key=begun]")
        assert who.page.locator(".board-column[data-key=begun] .board-card").count() == 0
        who.check()
        who.page.locator("#fold-begun").click()
        who.page.wait_for_selector(".board-column:not(.folded)[data-key=begun] .board-card")
        head.get_by_role("link", name="已逾期 1").click()
        who.page.wait_for_selector("table.cards tbody tr")
        assert [row.strip() for row in who.page.locator("tbody th").all_inner_texts()] == ["甲"]
        who.check()
        who.finish()


ALL = [value for name, value in list(globals().items()) if name.startswith("test_")]
