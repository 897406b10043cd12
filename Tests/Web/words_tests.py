"""No Chinese in the English pages but what people wrote, and the reverse."""

import os
import re

import harness
from field_tests import KINDS
from tests import signed_in

# What is written so in both languages.
NAMES = set(
    "Weir CSV Excel XLSX UTF GB18030 PDF MB GB kB YAML JSON HTTP API ID Esc Enter Ctrl Tab Shift Alt Cmd weir check serve options choices id CNY USD English".split())
APPS = [os.path.join(harness.ROOT, "apps", name) for name in ("crm", "equipment", "hiring")] + [KINDS]

OURS = """() => {
    const page = document.body.cloneNode(true);
    page.querySelectorAll('[data-user-content], [lang], textarea, template, script, code, kbd, svg').forEach((node) => node.remove());
    const words = [];
    const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) words.push(texts.currentNode.data);
    for (const node of page.querySelectorAll('[placeholder]')) words.push(node.placeholder);
    for (const node of page.querySelectorAll('nav[aria-label], section[aria-label], [role=region][aria-label], form[aria-label]')) words.push(node.ariaLabel);
    return words.join('\\n');
}"""


def author_words(app):
    """Latin words in the app's own Chinese labels, such as SLA; of a plain text both languages are the same."""
    words = set()
    for folder, _, names in os.walk(app):
        for name in names:
            if name.endswith(".yaml"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    text = file.read()
                for label in re.findall(r"zh:\s*([^,}\n]+)", text) + re.findall(r"^\s*[^#\n]*[\u4e00-\u9fff][^\n]*$", text, re.M):
                    words |= set(re.findall(r"[A-Za-z][A-Za-z0-9]*", label))
                # Options without labels read as they are written.
                for options in re.findall(r"^\s+\w+:\s*\[([^\]{:]*)\]\s*$", text, re.M):
                    words |= set(re.findall(r"[A-Za-z][A-Za-z0-9]*", options))
    return words


def pages(who, most):
    """Of every kind of page that can be reached the first, by its address."""
    kinds, waiting = set(), ["/"]
    while waiting and len(kinds) < most:
        path = waiting.pop(0)
        kind = re.sub(r"/\d+", "/N", re.sub(r"=[^&]*", "", path))
        if kind in kinds or re.search(r"\.(csv|xlsx)", path) or path.startswith(("/files/", "/source/")):
            continue
        kinds.add(kind)
        who.page.goto(who.server.address + path)
        yield path
        links = who.page.evaluate("[...document.querySelectorAll('main a[href], .rail a[href]')].map((link) => link.getAttribute('href'))")
        here = path.split("?")[0]
        waiting += [here + link if link.startswith("?") else link for link in links if link.startswith(("/", "?"))]


def scan(chromium, app, language, wrong):
    server = harness.Server(app=app).start()
    try:
        who = signed_in(chromium, server, list(server.links)[-1], language=language)
        trouble, count = [], 0
        for path in pages(who, 70):
            count += 1
            found = wrong(who.page.evaluate(OURS))
            if found:
                trouble.append((path, found[:6]))
        assert count > 12 and not trouble, "\n".join(map(str, trouble))
        who.finish()
    finally:
        server.stop()


def test_english_pages_of_every_app_hold_no_chinese_of_ours(chromium, _):
    for app in APPS:
        scan(chromium, app, "en-US", lambda text: re.findall(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef][^\n]{0,40}", text))


def test_chinese_pages_of_every_app_hold_no_english_of_ours(chromium, _):
    for app in APPS:
        allowed = NAMES | author_words(app)
        scan(chromium, app, "zh-CN", lambda text: [word for word in re.findall(r"[A-Za-z][A-Za-z0-9]{2,}", text) if word not in allowed])


ALL = [value for name, value in list(globals().items()) if name.startswith("test_")]
