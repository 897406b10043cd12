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
    assert version or "code" not in answer, answer
    return answer


def insist(who, method, record, place, body):
    """Changes the record in whatever version it is: what acts may be quicker."""

    def done():
        version = ask(who, "GET", f"/api/v1/records/{record}")["version"]
        answer = ask(who, method, f"/api/v1/records/{record}{place}", body, version)
        assert answer.get("code") in (None, "changed_meanwhile"), answer
        return "code" not in answer

    who.expect_status(412)
    harness.eventually(done)


def me(who):
    return who.page.evaluate("document.body.dataset.person")


def make(who, **fields):
    return ask(who, "POST", "/api/v1/records/job", {"fields": fields})["id"]


def change(who, job, **fields):
    insist(who, "PATCH", job, "", {"fields": fields})


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


def test_many_at_once_are_a_few_notices_and_a_list(chromium, _):
    with acting() as server:
        chief, clerk = signed_in(chromium, server, "Chief"), signed_in(chromium, server, "Clerk")
        person = me(clerk)
        items = [{"op": "create", "fields": {"name": f"第{number}件", "owner": person}} for number in range(1, 10)]
        ask(chief, "POST", "/api/v1/records/job/batch", {"items": items})
        harness.eventually(lambda: ask(clerk, "GET", "/api/v1/notices")["notices"][0]["folded"] == 4)
        assert ask(clerk, "GET", "/api/v1/notices")["unread"] == 6
        for options in ({}, {"scripts": False}, {"language": "en-US", "width": 390, "height": 844}, {"width": 320, "height": 640, "dark": True}):
            who = signed_in(chromium, server, "Clerk", **options)
            if options.get("scripts", True):
                who.go("/notices")
            else:
                who.page.goto(server.address + "/notices")
            assert ("4 more, such as: 第6件" if "language" in options else "另有 4 条：第6件") in who.text()
            who.page.locator(".notice-head a").first.click()
            assert who.page.locator("main .rows li").all_inner_texts() == ["第6件", "第7件", "第8件", "第9件"]
            if options.get("scripts", True):
                who.check()
            who.page.locator("main .rows a").first.click()
            assert re.search(r"/records/job/6$", who.page.url)
            who.finish()
        assert ask(clerk, "GET", "/api/v1/notices")["unread"] == 5


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


def prepared(chromium, server):
    """A job whose order failed, one whose order waits, one that is hollow; gives the clerk, the chief and the addresses of the two runs."""
    clerk, chief = signed_in(chromium, server, "Clerk"), signed_in(chromium, server, "Chief")
    failing = make(chief, name="布置展台", owner=me(clerk), budget=500)
    change(chief, failing, urgent=True)
    waiting = make(chief, name="订会议室", budget=50, wanted="大会议室")
    change(chief, waiting, urgent=True)
    hollow = make(chief, name="印资料", owner=me(clerk), budget=5)
    insist(chief, "POST", hollow, "/stage", {"to": "planned"})
    change(chief, hollow, budget=0)

    def run(state):
        found = ask(chief, "GET", f"/api/v1/runs?rule=automation/order_it&state={state}")["runs"]
        return found and f"/runs/{found[0]['id']}"

    harness.eventually(lambda: run("failed") and run("waiting"))
    return clerk, chief, run("failed"), run("waiting")


def test_what_waits_for_me_is_on_one_page(chromium, _):
    with acting() as server:
        clerk, chief, *_runs = prepared(chromium, server)
        clerk.go("/tasks")
        text = clerk.text()
        assert "请填写预算" in text and "工作拖延" in text and "分派工作" in text, text
        assert clerk.page.locator("#hollow-records li").count() == 1
        assert clerk.page.locator("#timers li a", has_text="印资料").count() == 1
        clerk.page.locator("#assigned summary").first.click()
        assert "10 分（free 10）" in clerk.page.locator("#assigned").inner_text()
        clerk.check()
        clerk.page.locator("#hollow-records a").first.click()
        assert "请填写预算" in clerk.page.locator("#hollow").inner_text()
        clerk.check()
        chief.go("/tasks")
        assert "1 次运行失败" in chief.text() and chief.page.locator(".rail .count").inner_text().startswith("1")
        # Lists and boards mark what is hollow.
        clerk.go("/records/job")
        assert clerk.page.locator("tr", has_text="印资料").locator(".hollow-mark").count() == 1 and clerk.page.locator(".hollow-mark").count() == 1
        clerk.go("/records/job/board")
        assert clerk.page.locator(".board-card", has_text="印资料").locator(".hollow-mark").count() == 1
        for options in ({"dark": True}, {"language": "en-US", "width": 390, "height": 844}):
            who = signed_in(chromium, server, "Clerk", **options)
            who.go("/tasks")
            who.go("/records/job/3")
            who.finish()
        clerk.finish()
        chief.finish()


def test_a_run_is_explained(chromium, _):
    with acting() as server:
        clerk, chief, failed, waiting = prepared(chromium, server)
        clerk.go("/records/job/2")
        clerk.page.locator("#automation summary", has_text="执行记录").first.click()
        clerk.check()
        clerk.page.locator("#automation a", has_text="下订单").click()
        clerk.page.wait_for_url(re.compile(waiting))
        states = clerk.page.locator(".run-steps > li").evaluate_all("(steps) => steps.map((step) => step.dataset.state)")
        assert states == ["no", "skipped", "done", "done", "current", "ahead"], states
        text = clerk.text()
        assert "条件不成立：budget > 100（budget＝50）" in text and "标题＝大会议室" in text and "继续" in text
        assert clerk.page.locator(".run-commands").count() == 0, "only those who look after the app may do something about it"
        chief.go(failed)
        assert "app.yaml:" in chief.text()
        for options in ({"dark": True}, {"language": "en-US", "width": 390, "height": 844}, {"width": 320, "height": 640, "dark": True}):
            who = signed_in(chromium, server, "Chief", **options)
            for path in (failed, waiting, "/runs", "/runs?state=failed", "/more"):
                who.go(path)
            who.finish()
        clerk.expect_status(403)
        clerk.page.goto(server.address + "/runs")
        assert "管理员" in clerk.text()
        clerk.finish()
        chief.finish()


def test_a_failed_run_is_resumed_without_scripts(chromium, _):
    with acting() as server:
        _clerk, chief, failed, _waiting = prepared(chromium, server)
        plain = signed_in(chromium, server, "Chief", scripts=False)
        plain.expect_status(422)
        plain.page.goto(server.address + "/runs?state=failed")
        assert plain.page.locator(".runs > li").count() == 1 and "请填写“标题”" in plain.text()
        change(chief, "job/1", wanted="展架")
        plain.page.locator(".runs a").first.click()
        plain.page.get_by_role("button", name="从这一步继续").click()
        harness.eventually(lambda: ask(chief, "GET", "/api" + "/v1" + failed)["state"] == "waiting")
        plain.page.goto(server.address + failed)
        assert "主管 让它从这一步继续" in plain.text() and "标题＝展架" in plain.text() and "等待 2 天" in plain.text()
        assert plain.page.locator(".rail .count").count() == 0
        plain.page.get_by_role("button", name="取消运行").click()
        assert "已取消" in plain.text() and "由 主管 取消" in plain.text()
        plain.finish()


def test_all_failed_runs_are_resumed_and_canceled_without_scripts(chromium, _):
    with acting() as server:
        _clerk, chief, failed, _waiting = prepared(chromium, server)
        chief.go("/runs?state=failed")
        chief.go("/runs/all?state=failed&command=resume")
        plain = signed_in(chromium, server, "Chief", language="en-US", width=390, height=844, scripts=False)
        plain.page.goto(server.address + "/runs?state=failed")
        plain.page.get_by_role("link", name="Resume all").click()
        assert "Resume 1 run" in plain.text()
        plain.page.get_by_role("button", name="Do it").click()
        assert "1 of 1 done" in plain.text()
        # The cause stands: it fails again, and is canceled.
        harness.eventually(lambda: ask(chief, "GET", "/api/v1" + failed)["state"] == "failed")
        plain.page.get_by_role("link", name="Back to the runs").click()
        plain.page.get_by_role("link", name="Cancel all").click()
        plain.page.get_by_role("button", name="Do it").click()
        assert "1 of 1 done" in plain.text()
        assert ask(chief, "GET", "/api/v1" + failed)["state"] == "canceled"
        plain.page.goto(server.address + "/runs/all?state=failed&command=cancel")
        assert "No failed runs match" in plain.text()
        plain.finish()
        chief.finish()


def test_a_step_is_skipped_after_asking(chromium, _):
    with acting() as server:
        _clerk, chief, failed, _waiting = prepared(chromium, server)
        chief.go(failed)
        chief.page.get_by_role("button", name="跳过这一步").click()
        chief.check()
        chief.page.locator("dialog .primary").click()
        chief.page.wait_for_selector(".run-steps > [data-state=current], .run-steps > [data-state=ahead]")
        assert "主管 跳过了这一步" in chief.text()
        chief.finish()


def test_a_question_is_answered_once(chromium, _):
    with acting() as server:
        chief = signed_in(chromium, server, "Chief")
        chief.go("/")
        clerk = signed_in(chromium, server, "Clerk", language="en-US", width=390, height=844)
        clerk.go("/")
        mine = ask(clerk, "GET", "/api/v1/records/user?limit=100")["records"]
        owner = next(one["id"] for one in mine if one["fields"]["role"] == "clerk")
        ask(chief, "POST", "/api/v1/records/job", {"fields": {"name": "年会", "owner": owner, "wanted": "场地"}})
        harness.eventually(lambda: ask(clerk, "GET", "/api/v1/questions")["questions"])
        clerk.go("/tasks")
        clerk.page.locator("#questions a", has_text="年会").click()
        clerk.page.wait_for_selector("h1")
        clerk.check()
        # Without the answer that must be there nothing is taken.
        clerk.expect_status(422)
        clerk.page.get_by_label("Cost").fill("300")
        clerk.page.get_by_role("button", name="Answer", exact=True).click()
        clerk.page.wait_for_selector("[aria-invalid=true]")
        assert clerk.page.get_by_label("Cost").input_value() == "300"
        clerk.check()
        address = clerk.page.url
        # Somebody else is quicker, without scripts.
        plain = signed_in(chromium, server, "Chief", scripts=False)
        plain.page.goto(server.address + "/notices")
        plain.page.get_by_text("年会 的场地看过了吗").first.click()
        assert "/questions/" in plain.page.url or plain.page.goto(address)
        plain.page.get_by_label("看过了").select_option("yes")
        plain.page.get_by_label("费用").fill("500")
        plain.page.get_by_role("button", name="回答").click()
        assert "/tasks" in plain.page.url
        clerk.expect_status(409)
        clerk.page.get_by_label("Seen").select_option("no")
        clerk.page.get_by_role("button", name="Answer", exact=True).click()
        clerk.page.wait_for_selector("[role=alert]")
        assert "has answered already" in clerk.text()
        clerk.check()
        harness.eventually(lambda: ask(chief, "GET", "/api/v1/records/job/1")["fields"]["budget"] == 500)
        chief.go(address, check=False)
        assert "看过了＝是" in chief.text()
        run = ask(chief, "GET", "/api/v1/questions/1")["run"]
        chief.go(f"/runs/{run}")
        assert "已回答" in chief.text() and "费用＝500" in chief.text()
        for who in (chief, clerk, plain):
            who.finish()


ALL = [value for name, value in list(globals().items()) if name.startswith("test_")]
