"""What automation did is seen: the bell, the list of what waits for one, runs and what is done about them."""

import contextlib
import os
import re

import harness
from tests import signed_in

ACTING = os.path.join(harness.ROOT, "Tests", "Web", "apps", "acting")


@contextlib.contextmanager
def acting():
    server = harness.Server(app=ACTING).start()
    try:
        yield server
    finally:
        server.stop()


def ask(who, method, path, body=None, version=None):
    """A request of the page's own to the API; gives the answer's document."""
    script = """async ([method, path, body, version]) => {
        const headers = { 'Content-Type': 'application/json' };
        if (version) headers['If-Match'] = String(version);
        const answer = await fetch(path, { method, headers, body: body === null ? undefined : JSON.stringify(body) });
        return answer.status === 204 ? {} : await answer.json();
    }"""
    answer = who.page.evaluate(script, [method, path, body, version])
    assert "code" not in answer, answer
    return answer


def me(who):
    return who.page.evaluate("document.body.dataset.person")


def make(who, **fields):
    return ask(who, "POST", "/api/v1/records/job", {"fields": fields})["id"]


def change(who, job, **fields):
    version = ask(who, "GET", f"/api/v1/records/{job}")["version"]
    return ask(who, "PATCH", f"/api/v1/records/{job}", {"fields": fields}, version)


def unread(tab):
    return tab.locator("#bell .badge").evaluate("(badge) => badge.hidden ? 0 : Number(badge.textContent)")


def test_the_bell_rings_in_every_tab(chromium, _):
    with acting() as server:
        clerk, chief = signed_in(chromium, server, "Clerk"), signed_in(chromium, server, "Chief")
        second = clerk.context.new_page()
        second.goto(server.address + "/records/job")
        assert unread(clerk.page) == 0 and unread(second) == 0
        make(chief, name="搬家", owner=me(clerk))
        for tab in (clerk.page, second):
            tab.wait_for_selector("#bell .badge:not([hidden])")
            assert unread(tab) == 1
            assert "1 条未读" in tab.locator("#bell").inner_text()
        assert unread(chief.page) == 0
        # Read in one tab, it is read in the other.
        second.locator("#bell").click()
        second.locator("#notice-1 form button").click()
        clerk.page.wait_for_selector("#bell .badge[hidden]", state="attached")
        second.wait_for_selector(".notices li:not(.unread)")
        clerk.finish()
        chief.finish()


def test_notices_lead_to_their_records_without_scripts(chromium, _):
    with acting() as server:
        chief = signed_in(chromium, server, "Chief")
        clerk = signed_in(chromium, server, "Clerk", scripts=False)
        name = signed_in(chromium, server, "Clerk")
        person = me(name)
        for title in ("搬家", "刷墙", "换灯"):
            make(chief, name=title, owner=person)
        harness.eventually(lambda: ask(name, "GET", "/api/v1/notices")["unread"] == 3)
        clerk.page.goto(server.address + "/")
        assert unread(clerk.page) == 3
        clerk.page.locator("#bell").click()
        titles = clerk.page.locator(".notice-text").all_inner_texts()
        assert titles == ["换灯 交给您了", "刷墙 交给您了", "搬家 交给您了"], titles
        clerk.page.locator(".notice-head a").nth(1).click()
        assert re.search(r"/records/job/2$", clerk.page.url) and "刷墙" in clerk.text()
        clerk.page.goto(server.address + "/notices?unread=1")
        assert clerk.page.locator(".notices li").count() == 2
        clerk.page.get_by_role("button", name="全部标为已读").click()
        assert "没有未读的通知" in clerk.text() and unread(clerk.page) == 0
        assert clerk.page.locator("#browser-notices").is_hidden()
        clerk.finish()


def test_notices_on_desk_and_phone(chromium, _):
    with acting() as server:
        chief = signed_in(chromium, server, "Chief")
        person = me(signed_in(chromium, server, "Clerk"))
        make(chief, name="搬家", owner=person)
        make(chief, name="一件名字很长很长的工作，长到一行放不下，要折成好几行才看得完", owner=person)
        for options in ({}, {"dark": True}, {"language": "en-US", "width": 390, "height": 844}, {"width": 320, "height": 640, "dark": True}):
            who = signed_in(chromium, server, "Clerk", **options)
            who.go("/notices")
            assert who.page.locator("h1").count() == 1
            who.finish()


def test_browser_notifications_once_they_are_switched_on(chromium, _):
    with acting() as server:
        clerk, chief = signed_in(chromium, server, "Clerk"), signed_in(chromium, server, "Chief")
        clerk.context.grant_permissions(["notifications"], origin=server.address)
        # What the browser would show is written down instead.
        clerk.context.add_init_script("""window.shown = []; const real = window.Notification;
            window.Notification = class extends EventTarget { static get permission() { return real.permission; } static requestPermission() { return Promise.resolve(real.permission); }
                constructor(title, options) { super(); window.shown.push(title + ': ' + options.body); } close() {} };""")
        clerk.page.goto(server.address + "/notices")
        make(chief, name="搬家", owner=me(clerk))
        clerk.page.wait_for_selector("#bell .badge:not([hidden])")
        assert clerk.page.evaluate("window.shown") == [], "nobody has asked for them"
        switch = clerk.page.locator("#browser-notices [data-notify]")
        switch.click()
        clerk.until("document.querySelector('[data-notify]').getAttribute('aria-pressed') === 'true'")
        clerk.check()
        make(chief, name="刷墙", owner=me(clerk))
        clerk.until("window.shown.length > 0")
        assert clerk.page.evaluate("window.shown") == ["新工作: 刷墙 交给您了"]
        switch.click()
        assert switch.get_attribute("aria-pressed") == "false"
        clerk.finish()


ALL = [value for name, value in list(globals().items()) if name.startswith("test_")]
