"""The main work with the keyboard alone: nothing here clicks, focuses or fills in by itself."""

import re

from tests import WORDS, deal_before_diagnosis, signed_in, write

# More stops than any page has before its end.
MOST_STOPS = 150


def tab_to(who, selector, back=False):
    """Tab until the focus is on it; every stop on the way must be seen."""
    for _ in range(MOST_STOPS):
        who.page.keyboard.press("Shift+Tab" if back else "Tab")
        at, shown = who.page.evaluate(
            """(selector) => { const here = document.activeElement, box = here.getBoundingClientRect(), style = getComputedStyle(here);
                return [here.matches(selector), here === document.body || box.width > 0 && style.visibility === 'visible'
                    && (style.outlineStyle !== 'none' || style.boxShadow !== 'none' || here.matches('input[type=file], input[type^=date], summary, [tabindex="0"]'))]; }""",
            selector)
        assert shown, who.page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
        if at:
            return
    raise AssertionError(f"Tab never comes to {selector} at {who.page.url}")


def test_created_and_advanced_by_keyboard_alone(chromium, server):
    words = WORDS["zh-CN"]
    who = signed_in(chromium, server)
    who.expect_status(422)
    keys = who.page.keyboard
    # A new record, and a refusal on the way: the list of what is wrong has the focus and leads to the field.
    who.go("/records/lead", check=False)
    keys.press("c")
    who.page.wait_for_url("**/records/lead/new")
    tab_to(who, "input[name='f.name']")
    keys.type("键盘甲")
    keys.press("Enter")
    who.page.wait_for_selector("#errors")
    tab_to(who, "#errors a")
    keys.press("Enter")
    who.until("document.activeElement.name === 'f.phone'")
    keys.type("13500135001")
    tab_to(who, "select[name='f.owner']")
    keys.press("ArrowDown")
    tab_to(who, "main form button.primary")
    keys.press("Enter")
    who.page.wait_for_url(re.compile(r"/records/lead/\d+$"))
    assert "键盘甲" in who.text()
    # A link is looked up as one types and taken with the arrows.
    who.go("/records/contact", check=False)
    keys.press("c")
    who.page.wait_for_url("**/records/contact/new")
    tab_to(who, "main [role=combobox]")
    keys.type("苏州")
    who.page.wait_for_selector("main [role=option]:has-text('苏州')")
    keys.press("ArrowDown")
    keys.press("Enter")
    who.until("document.activeElement.value.includes('苏州') && document.activeElement.value.length > 2")
    assert who.page.url.endswith("/new")
    # Advanced through a gate that asks for something.
    who.page.goto(server.address + deal_before_diagnosis(who))
    tab_to(who, "#stage-diagnosed")
    keys.press("Enter")
    # The page before it may show a gate too.
    who.page.wait_for_url("**to=diagnosed*")
    who.page.wait_for_selector("#gate")
    tab_to(who, "#gate input[type=file]")
    # The dialog of the system that Enter opens here is not the page's.
    who.page.locator("#gate input[type=file]").set_input_files(write("纪要.pdf", b"%PDF-1.4 minutes"))
    tab_to(who, "#gate form:has(input[type=file]) button")
    keys.press("Enter")
    who.until("document.querySelectorAll('#gate .condition.met').length === 1")
    tab_to(who, "#gate input[type=checkbox]")
    keys.press("Space")
    for _ in range(2):
        tab_to(who, "#gate input[type=checkbox]")
        keys.press("Space")
    tab_to(who, "#gate form:has(fieldset) button")
    keys.press("Enter")
    who.until("document.querySelectorAll('#gate .condition.unmet').length === 0")
    tab_to(who, "#advance")
    keys.press("Enter")
    who.until("document.querySelector('.stage.current')?.id === 'stage-diagnosed'")
    assert words["stage"] in who.page.locator(".stage.current").inner_text()
    who.finish()


ALL = [value for name, value in list(globals().items()) if name.startswith("test_")]
