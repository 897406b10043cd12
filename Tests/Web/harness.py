"""A server with demo data of its own, a browser, and what every page must keep: no console errors, no failed loads, no axe violations."""

import atexit
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
WEIR = os.environ.get("WEIR", os.path.join(ROOT, ".build", "debug", "weir"))
# Seconds that anything may take: nothing waits so long unless it fails, and a busy machine is no failure.
PATIENCE = 45
CHROMIUM = next(filter(None, (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))), None)


def eventually(ask):
    """Asks until the answer is true, for what no page waits for by itself."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.1)
    raise AssertionError("never came true")


class Server:
    """`weir serve APP --demo` over a fresh data folder; the folder outlives a kill. An app is named, or given as a folder."""

    def __init__(self, data=None, app="crm", options=()):
        self.app = app if os.path.isabs(app) else os.path.join(ROOT, "apps", app)
        self.options = list(options)
        self.data = data or tempfile.mkdtemp(prefix="weir-web-")
        if data is None:
            atexit.register(shutil.rmtree, self.data, ignore_errors=True)
        self.process = None
        self.address = None
        self.links = {}

    def start(self):
        command = [WEIR, "serve", self.app, "--demo", "--port", "0", "--data", self.data, "--lang", "en", *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
        self.links = {}
        for line in self.process.stdout:
            if match := re.search(r"serving (http://\S+)", line):
                self.address = match.group(1)
            if match := re.match(r"\s+(.+?)  (.+?)  (http://\S+/demo/\S+)", line):
                self.links[match.group(1)] = match.group(3)
            if "Ctrl+C" in line:
                break
        assert self.address and self.links, "the server did not come up"
        threading.Thread(target=self._drain, daemon=True).start()
        return self

    def command(self, *words):
        """Another command of weir on the same data, while the server is down; gives what it printed."""
        verb = [WEIR, *words[:2], self.app, *words[2:], "--data", self.data, "--lang", "en"]
        return subprocess.run(verb, check=True, capture_output=True, text=True, cwd=ROOT).stdout

    def _drain(self):
        for line in self.process.stdout:
            sys.stderr.write(f"[weir] {line}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()


class Visitor:
    """A page that remembers what went wrong on it."""

    def __init__(self, context, server):
        self.context, self.server = context, server
        self.page = context.new_page()
        self.trouble = []
        self.expected = set()
        self.axe = Axe()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.trouble.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)

    def _failed(self, request):
        # Downloads and navigations that another one overtakes are reported so.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.trouble.append(f"load: {request.url} {request.failure}")

    def _console(self, message):
        if message.type not in ("error", "warning"):
            return
        # The browser itself notes every answer of 4xx; a refusal that a test asks for is no fault of the page.
        if match := re.search(r"status of (\d+)", message.text):
            if int(match.group(1)) in self.expected:
                return
        self.trouble.append(f"console: {message.text} at {self.page.url}")

    def expect_status(self, *codes):
        self.expected.update(codes)

    def go(self, path, check=True):
        self.page.goto(self.server.address + path if path.startswith("/") else path)
        if check:
            self.check()

    def check(self):
        """No axe violations here, and nothing wider than the screen."""
        # A page that is about to be replaced is faded.
        self.until("!document.querySelector('main[aria-busy=true]')")
        found = self.axe.run(self.page).response["violations"]
        lines = []
        for violation in found:
            places = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            lines.append(f"{violation['id']} ({violation['impact']}): {violation['help']}: {places}")
        assert not lines, f"axe at {self.page.url}:\n" + "\n".join(lines)
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{self.page.url} is {width} px wider than the screen"

    def until(self, script):
        """Waits for the script to be true. The page's policy forbids evaluating text in it, so the asking is done from outside."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.page.evaluate(script):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never came true at {self.page.url}: {script}\n{self.text()[:1500]}")

    def text(self):
        return self.page.inner_text("main")

    def finish(self):
        assert not self.trouble, "\n".join(self.trouble)


@contextlib.contextmanager
def browser():
    with sync_playwright() as playwright:
        assert CHROMIUM, "Chromium is missing"
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def visitor(chromium, server, language="zh-CN", width=1280, height=900, scripts=True, dark=False):
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale=language, java_script_enabled=scripts, color_scheme="dark" if dark else "light",
        reduced_motion="reduce")
    context.set_default_timeout(PATIENCE * 1000)
    return Visitor(context, server)
