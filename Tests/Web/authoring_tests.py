"""An app that is changed while it runs: what administrators and others see of it."""

import contextlib
import os
import shutil
import tempfile

import harness
from field_tests import KINDS
from tests import signed_in


@contextlib.contextmanager
def copy():
    """The app in a folder of its own, so that it can be changed; gives the server and a way to replace text in its file."""
    folder = tempfile.mkdtemp(prefix="weir-web-app-")
    app = shutil.copytree(KINDS, os.path.join(folder, "kinds"))
    path = os.path.join(app, "app.yaml")

    def replace(old, new):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        assert old in text
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text.replace(old, new, 1))
        os.replace(path + ".new", path)

    server = harness.Server(app=app).start()
    try:
        yield server, replace
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def banner(who, script):
    """Asks for the page anew until it is so: the file system tells the server in its own time."""
    def look():
        who.page.reload()
        return who.page.evaluate(script)
    harness.eventually(look)


def test_open_pages_are_told_of_a_new_version(chromium, _):
    with copy() as (server, replace):
        who = signed_in(chromium, server, "Clerk")
        other = who.context.new_page()
        other.goto(server.address + "/records/partner/1/edit")
        who.go("/records/thing/new")
        who.page.locator("input[name='f.name']").fill("还没有保存")
        replace("zh: 物件, en: Thing }\n    shows", "zh: 样品, en: Thing }\n    shows")
        who.page.wait_for_selector("#version-news:not([hidden])")
        other.wait_for_selector("#version-news:not([hidden])")
        who.check()
        # What was typed is still there, and can be saved first.
        assert who.page.locator("input[name='f.name']").input_value() == "还没有保存"
        other.locator("#version-news [data-dismiss]").click()
        other.wait_for_selector("#version-news", state="hidden")
        who.page.locator("#version-news [data-reload]").click()
        who.page.wait_for_selector("h1:has-text('样品')")
        assert who.page.locator("#version-news").is_hidden()
        # A stream of the new version says nothing of it.
        assert "样品" in who.page.locator(".rail").inner_text()
        who.finish()


def test_mistakes_are_shown_to_administrators_on_every_page(chromium, _):
    with copy() as (server, replace):
        for options in ({}, {"language": "en-US", "width": 390, "height": 844, "dark": True}):
            chief, clerk = signed_in(chromium, server, "Chief", **options), signed_in(chromium, server, "Clerk", **options)
            chief.go("/records/thing")
            replace("price * chance", "prise * chance")
            banner(chief, "document.querySelector('main > .notice.bad') !== null")
            chief.check()
            notice = chief.page.locator("main > .notice.bad").inner_text()
            assert "app.yaml:" in notice and "prise" in notice and "price" in notice, notice
            # The place leads into the file.
            chief.page.locator("main > .notice.bad a").first.click()
            chief.page.wait_for_url("**/source/**")
            chief.check()
            clerk.go("/records/thing")
            assert clerk.page.locator(".notice.bad").count() == 0
            clerk.expect_status(403)
            clerk.go("/source/0")
            assert "403" in clerk.text()
            replace("prise * chance", "price * chance")
            banner(chief, "document.querySelector('main > .notice.bad') === null")
            chief.finish()
            clerk.finish()


ALL = [value for name, value in list(globals().items()) if name.startswith("test_")]
