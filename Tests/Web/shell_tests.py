"""The frame around the pages: search, saved views, columns, live news, keys, themes, printing, the map and the history."""

import gzip
import re

from harness import ROOT, visitor
from tests import signed_in

NEW_PAGES = ["/search?q=zs", "/shortcuts", "/map", "/records/lead/1/history", "/records/lead?print=1", "/records/lead/1?print=1", "/profile", "/more"]


def walk(chromium, server, **options):
    who = signed_in(chromium, server, next(reversed(server.links)), **options)
    for path in NEW_PAGES:
        who.go(path)
        assert who.page.locator("h1").count() == 1, path
        assert "错误" not in who.page.title() and "Error" not in who.page.title(), (path, who.page.title())
    who.finish()


def test_shell_pages_in_chinese(chromium, server):
    walk(chromium, server)


def test_shell_pages_dark_on_a_phone(chromium, server):
    walk(chromium, server, language="en-US", dark=True, width=390, height=844)


def test_shell_pages_at_320(chromium, server):
    walk(chromium, server, width=320, height=640)


def first_title(who, path="/records/contact"):
    who.go(path, check=False)
    return who.page.locator("main tbody th a").first.inner_text().split(" · ")[0].strip()


def test_search_as_one_types(chromium, server):
    who = signed_in(chromium, server)
    title = first_title(who)
    who.page.keyboard.press("Control+k")
    assert who.page.evaluate("document.activeElement.id") == "search"
    who.page.keyboard.type(title)
    option = who.page.locator("#search-list [role=option]", has_text=title).first
    option.wait_for()
    who.check()
    who.page.keyboard.press("ArrowDown")
    who.page.keyboard.press("Enter")
    who.page.wait_for_url(re.compile(r"/records/\w+/\d+"))
    who.page.keyboard.press("/")
    who.page.locator("#search-list [role=option]", has_text=title).first.wait_for()
    who.page.keyboard.press("Escape")
    assert who.page.locator("#search-list").is_hidden()
    who.finish()


def test_search_without_scripts_by_initials(chromium, server):
    who = signed_in(chromium, server, scripts=False)
    who.page.goto(server.address + "/search?q=zzzzqqqq")
    assert "没有找到" in who.text()
    title = first_title(who)
    who.page.goto(server.address + "/search?q=" + title[:2])
    assert title[:2] in who.text()
    who.finish()


def test_a_view_is_saved_changed_and_deleted(chromium, server):
    who = signed_in(chromium, server, "Sales manager")
    who.go("/records/lead?sort=name")
    who.page.locator("summary", has_text="保存视图").click()
    who.page.get_by_label("视图名称").fill("按姓名")
    who.page.get_by_role("button", name="保存视图").click()
    who.page.wait_for_url(re.compile("view="))
    tab = who.page.locator(".tabs a", has_text="按姓名")
    assert tab.get_attribute("aria-current") == "page"
    assert who.page.locator(".tabs .dot").count() == 0
    who.check()
    who.page.goto(who.page.url.replace("sort=name", "sort=-name"))
    assert who.page.locator(".tabs .dot").count() == 1
    who.page.locator("summary", has_text="视图").click()
    who.page.get_by_role("button", name="保存修改").click()
    who.page.wait_for_url(re.compile("sort=-name"))
    assert who.page.locator(".tabs .dot").count() == 0
    # Others do not see what is one's own.
    other = signed_in(chromium, server)
    other.go("/records/lead", check=False)
    assert other.page.locator(".tabs a", has_text="按姓名").count() == 0
    who.page.locator("summary", has_text="视图").click()
    who.page.get_by_role("button", name="删除视图").click()
    who.page.locator("dialog .primary").click()
    who.page.wait_for_url(lambda url: "view=" not in url)
    assert who.page.locator(".tabs a", has_text="按姓名").count() == 0
    who.finish()


def test_columns_and_density_are_kept(chromium, server):
    who = signed_in(chromium, server, scripts=False)
    who.page.goto(server.address + "/records/lead")

    def heads():
        return [text.strip() for text in who.page.locator("main thead th[scope=col]").all_inner_texts()]

    before = heads()
    who.page.locator("#columns").click()
    names = [box.get_attribute("value") for box in who.page.locator(".column-choices input:checked").all()]
    who.page.locator(f"#down-{names[0]}").click()
    assert "menu=columns" in who.page.url and who.page.locator(".column-choices").is_visible()
    moved = [box.get_attribute("value") for box in who.page.locator(".column-choices input:checked").all()]
    assert moved[:2] == [names[1], names[0]]
    who.page.get_by_role("button", name="记住为我的默认列").click()
    who.page.goto(server.address + "/records/lead")
    assert heads() != before
    who.page.locator("#columns").click()
    who.page.get_by_role("button", name="紧凑").click()
    assert who.page.locator("table.compact").count() == 1
    who.page.locator("#columns").click()
    who.page.get_by_role("button", name="恢复系统默认列").click()
    who.page.locator("#columns").click()
    who.page.get_by_role("button", name="宽松").click()
    who.page.goto(server.address + "/records/lead")
    assert heads() == before and who.page.locator("table.compact").count() == 0
    who.finish()


def change_name(chromium, server, path, name):
    other = signed_in(chromium, server, "Sales manager", scripts=False)
    other.page.goto(server.address + path + "/edit")
    other.page.locator("form.stack input[type=text], main form input[type=text]").first.fill(name)
    other.page.locator("main form button.primary").first.click()
    other.context.close()


def test_ten_tabs_hear_of_a_change(chromium, server):
    who = signed_in(chromium, server)
    who.page.close()
    streams = []
    who.context.on("request", lambda request: streams.append(request) if "/events" in request.url else None)
    tabs = []
    for number in range(10):
        tab = who.context.new_page()
        tab.goto(server.address + ("/records/lead/2" if number % 2 else "/records/lead"))
        tabs.append(tab)
    change_name(chromium, server, "/records/lead/2", "改过名的人")
    for tab in tabs:
        tab.wait_for_selector("#live:not([hidden])")
    tabs[1].wait_for_selector("main .changed, #live:not([hidden])")
    # One stream serves them all, and every tab still answers.
    assert len(streams) == 1, [request.url for request in streams]
    for tab in tabs:
        assert tab.evaluate("fetch('/healthz').then((answer) => answer.status)") == 200
    # Another tab takes the stream over when the first ones are closed.
    for tab in tabs[:5]:
        tab.close()
    tabs[6].reload()
    change_name(chromium, server, "/records/lead/2", "又改了名的人")
    tabs[6].wait_for_selector("#live:not([hidden])")
    tabs[6].locator("#live a").click()
    tabs[6].wait_for_selector("#live[hidden]", state="attached")
    who.context.close()


def test_keys(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/lead")
    who.page.keyboard.press("j")
    first = who.page.evaluate("document.activeElement.getAttribute('href')")
    who.page.keyboard.press("j")
    second = who.page.evaluate("document.activeElement.getAttribute('href')")
    assert first != second and second.startswith("/records/lead/")
    hidden = who.page.evaluate("""() => { const box = document.activeElement.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + 4, box.y + box.height / 2); return !document.activeElement.contains(top) && top !== document.activeElement; }""")
    assert not hidden
    who.page.keyboard.press("k")
    who.page.keyboard.press("Enter")
    who.page.wait_for_url(re.compile(re.escape(first)))
    who.page.keyboard.press("e")
    who.page.wait_for_url(re.compile("/edit"))
    who.page.locator("main form input[type=text]").first.focus()
    who.page.keyboard.type("c?")
    assert "/edit" in who.page.url and who.page.locator("dialog").count() == 0
    who.go("/records/lead", check=False)
    who.page.keyboard.press("?")
    who.page.wait_for_selector("dialog[open] kbd")
    who.check()
    who.page.keyboard.press("Escape")
    who.page.wait_for_selector("dialog", state="detached")
    who.page.keyboard.press("g")
    who.page.keyboard.press("h")
    who.page.wait_for_url(server.address + "/")
    who.go("/profile", check=False)
    who.page.get_by_label("启用单键快捷键").uncheck()
    who.page.locator("form[action='/keys'] button").click()
    who.go("/records/lead", check=False)
    asked = []
    who.page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    who.page.keyboard.press("c")
    # What a key begins is begun before this question is answered.
    who.page.evaluate("fetch('/healthz').then((answer) => answer.text())")
    assert not asked, asked
    assert who.page.url.endswith("/records/lead")
    who.finish()


def test_the_theme_stays(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/lead", check=False)
    who.page.locator(".theme-menu summary").click()
    who.page.get_by_role("button", name="深色").click()
    who.page.wait_for_selector("html[data-theme=dark]", state="attached")
    assert who.page.url.endswith("/records/lead")
    background = who.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(18, 22, 28)", background
    who.check()
    who.page.reload()
    assert who.page.evaluate("document.documentElement.dataset.theme") == "dark"
    who.finish()


def test_forced_colours_leave_everything_in_place(chromium, server):
    who = signed_in(chromium, server)
    who.page.emulate_media(forced_colors="active")
    who.go("/records/opportunity/1")
    assert who.page.locator(".stage.current").is_visible()
    who.finish()


def test_the_map_leads_to_the_sources(chromium, server):
    who = signed_in(chromium, server, "Sales director")
    who.go("/map")
    source = who.page.locator("main .rows a[href^='/source/']")
    assert source.count() > 5
    source.first.click()
    who.page.wait_for_url(re.compile(r"/source/\d+#L\d+"))
    assert who.page.locator("li:target").count() == 1
    who.check()
    # The boxes of the drawing lead there too.
    who.go("/map", check=False)
    who.page.locator("svg.map a").first.click()
    who.page.wait_for_url(re.compile(r"/source/\d+#L\d+"))
    shown = who.page.locator("li:target").inner_text()
    assert re.match(r"\s+\w+:", shown), shown
    assert who.page.goto(server.address + "/map").ok
    assert who.page.locator("svg.map rect").count() == who.page.locator("main .rows > li").count() > 5
    who.finish()


def test_a_computed_value_is_explained_step_by_step(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/account/1")
    field = who.page.locator("dd:has(a[href*='/why/'])").first
    field.locator("summary").click()
    field.get_by_role("link", name="一步一步看").click()
    who.page.wait_for_url(re.compile("/records/account/1/why/"))
    who.page.wait_for_selector("#why")
    assert who.page.locator("#why li").count() > 0 and " = " in who.text()
    who.check()
    assert who.context.request.get(server.address + "/records/account/1/why/name").status == 404
    who.finish()


def test_history_is_filtered(chromium, server):
    who = signed_in(chromium, server)
    who.go("/records/lead/2/history")
    assert who.page.locator("main tbody tr").count() > 0
    who.page.get_by_label("操作").select_option(label="推进阶段")
    who.page.get_by_role("button", name="应用").click()
    who.page.wait_for_url(re.compile("kind=moved"))
    who.check()
    who.finish()


def test_the_menu_shows_where_one_is(chromium, server):
    who = signed_in(chromium, server, width=1280, height=420)
    seen = """(() => { const entry = document.querySelector('.rail [aria-current]'), box = entry.getBoundingClientRect(),
        frame = entry.closest('ul').getBoundingClientRect(); return box.top >= frame.top && box.bottom <= Math.min(frame.bottom, innerHeight) + 1; })()"""
    for path in ("/records/ticket", "/records/lead", "/records/ticket/1"):
        who.go(path)
        assert who.page.locator(".rail [aria-current]").count() == 1, path
        who.until(seen)
    who.finish()


def test_budgets(chromium, server):
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(server.links["Sales"])
    context.clear_cookies(name="none")
    for path in ("/records/lead", "/records/lead/1", "/map", "/search?q=zs"):
        fresh = chromium.new_context(locale="zh-CN", storage_state=context.storage_state())
        tab = fresh.new_page()
        sizes = []
        tab.on("requestfinished", lambda request: sizes.append((request.url, request.sizes()["responseBodySize"])) if "/events" not in request.url else None)
        tab.goto(server.address + path)
        tab.wait_for_load_state("load")
        total = sum(size for _, size in sizes)
        assert len(sizes) <= 6 and total <= 100_000, (path, sizes)
        fresh.close()
    hash_ = re.search(r"/a/(\w+)/app.js", page.content()).group(1)
    for name, limit in (("app.js", 40_000), ("app.css", 15_000)):
        body = page.request.get(f"{server.address}/a/{hash_}/{name}").body()
        assert len(gzip.compress(body)) <= limit, (name, len(gzip.compress(body)))
    context.close()


ALL = [value for name, value in list(globals().items()) if name.startswith("test_")]
