"""Reports: from the menu to the figures, and from a figure to its records."""

import re

from tests import signed_in


def test_a_figure_leads_to_its_records(chromium, server):
    who = signed_in(chromium, server, "Sales director")
    who.page.get_by_role("navigation", name="主导航").get_by_role("link", name="报表").click()
    who.check()
    who.page.get_by_role("link", name="在谈商机金额").click()
    who.check()
    table = who.page.get_by_role("region", name="在谈商机金额")
    assert "¥" in table.inner_text()
    records = int(re.search(r"(\d+) 条记录", who.text()).group(1))
    # The last figure of the last row is of all of them.
    table.get_by_role("row").last.get_by_role("link").last.click()
    who.page.wait_for_url("**/records/opportunity**")
    who.check()
    assert f"共 {records} 条" in who.text()
    who.finish()


def test_reports_on_a_phone_in_english(chromium, server):
    who = signed_in(chromium, server, "Sales director", language="en-US", width=390, height=844)
    who.go("/reports")
    who.page.get_by_role("link", name=re.compile("by person and hour")).click()
    who.check()
    assert who.page.locator("td[class*=heat-]").count() > 0
    who.go("/reports/unseen_share")
    assert who.page.locator("svg.bar rect").count() > 0
    who.finish()


ALL = [value for name, value in list(globals().items()) if name.startswith("test_") and value.__module__ == __name__]
