"""How large pages are and how long they take with 100,000 records: `make budgets`. Ends with 1 where a budget is not kept.

What is measured: for each kind of page the first visit in a fresh browser (requests, bytes on the wire), and the time to the first byte of
60 requests over one connection, each after the other."""

import csv
import gzip
import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

import harness
from tests import signed_in

RECORDS = int(os.environ.get("RECORDS", "100000"))
TIMES = 60
MOST_BYTES, MOST_REQUESTS, MOST_MILLISECONDS, MOST_SEARCHING = 100_000, 6, 200, 100
MOST_SCRIPT, MOST_STYLE = 40_000, 15_000

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = "伟芳娜敏静强磊洋勇艳杰娟涛明超霞平刚桂英华玉兰文斌婷宇浩凯欣怡佳琪思远志坚"
PLACES = "上海 苏州 无锡 杭州 宁波 南京 常州 合肥 深圳 佛山".split()
TRADES = "明纬电子 同晟机械 启明智学 海天物流 亚泰软件 华屿家居 百穗汽配 星辰生物 长风重工 蓝湾食品".split()


def table(path):
    """Leads as many as there shall be, the same ones each time."""
    chance = random.Random(7)
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow("name role company phone email status industry region channel dwell_seconds watched in_cart first_seen".split())
        for number in range(RECORDS):
            name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))
            company = chance.choice(PLACES) + chance.choice(TRADES) + f"{chance.randrange(400)} 号有限公司"
            seen = f"2026-{chance.randrange(1, 11):02d}-{chance.randrange(1, 29):02d} {chance.randrange(8, 20):02d}:{chance.randrange(60):02d}"
            rows.writerow([
                name, chance.choice(("经理", "主任", "", "总监")), company, f"139{number:08d}", f"lead{number}@mail.example.com", "new",
                chance.choice(("", "retail")), chance.choice(("east", "south", "")), chance.choice(("web", "referral", "baidu", "fair", "")),
                chance.randrange(900), f"{chance.randrange(40)}min", chance.choice(("yes", "no")), seen])


def first_visit(chromium, state, server, path):
    """(requests, bytes) of a browser that has never been here."""
    context = chromium.new_context(locale="zh-CN", storage_state=state)
    page = context.new_page()
    asked = []
    page.on("requestfinished", lambda request: asked.append(request) if "/events" not in request.url else None)
    page.goto(server.address + path, wait_until="load")
    sizes = [request.sizes() for request in asked]
    context.close()
    return len(sizes), sum(found["responseBodySize"] + found["responseHeadersSize"] for found in sizes)


def first_bytes(server, path, cookie, times=TIMES, answers=None):
    """Milliseconds to the first byte, sorted."""
    place = urllib.parse.urlsplit(server.address)
    connection = http.client.HTTPConnection(place.hostname, place.port)
    found = []
    for number in range(times + 3):
        target = path(number) if callable(path) else path
        began = time.perf_counter()
        connection.request("GET", urllib.parse.quote(target, safe="/?&=%+-'"), headers={"Cookie": cookie, "Accept": "text/html", "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        took = (time.perf_counter() - began) * 1000
        answer.read()
        assert answer.status == 200, (target, answer.status)
        # The first ones warm up.
        if number >= 3:
            found.append(took)
    connection.close()
    return sorted(found)


def processor(server):
    """Milliseconds of the processor that the server has taken so far: unlike the clock's, they say the same on a busy machine."""
    with open(f"/proc/{server.process.pid}/stat", encoding="utf-8") as file:
        parts = file.read().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def rest(server):
    """Waits until what the app does by itself after the import is done; gives the seconds. Pages are measured, not the two together."""
    began, before = time.monotonic(), processor(server)
    while True:
        time.sleep(2)
        now = processor(server)
        if now - before < 100:
            return time.monotonic() - began
        before = now


def p95(times):
    return times[int(len(times) * 0.95)]


def main():
    broken = []

    def row(name, value, unit, limit):
        if value > limit:
            broken.append(name)
        print(f"{'  ' if value <= limit else '! '}{name:<78} {value:>9,.1f} {unit:<3} of {limit:,}", flush=True)

    server = harness.Server(options=["--rate", "0"]).start()
    server.stop()
    path = os.path.join(tempfile.mkdtemp(prefix="weir-leads-"), "leads.csv")
    table(path)
    began = time.monotonic()
    told = subprocess.run(
        [harness.WEIR, "import", server.app, "lead", path, "--data", server.data, "--lang", "en"], check=True, capture_output=True, text=True, cwd=harness.ROOT).stdout
    print(f"{RECORDS:,} leads imported in {time.monotonic() - began:.0f} s: {told.strip().splitlines()[-1]}", flush=True)
    os.remove(path)
    server.start()
    print(f"what the import set off was done after {rest(server):.0f} s", flush=True)
    try:
        with harness.browser() as chromium:
            who = signed_in(chromium, server, "Sales director")
            state = who.context.storage_state()
            cookie = "; ".join(f"{item['name']}={item['value']}" for item in who.context.cookies())
            shown = who.page.content()
            record = "/records/lead/50000"
            pages = {
                "home": "/", "list": "/records/lead", "list, sorted by a computed field": "/records/lead?sort=-score",
                "list, filtered": "/records/lead?where=channel+%3D+%27web%27&where=in_cart", "list, a text": "/records/lead?q=" + "明纬",
                "board": "/records/lead/board?by=status", "record": record, "history": record + "/history", "why": record + "/why/score",
                "form": "/records/lead/new", "editing": record + "/edit", "import": "/records/lead/import", "map": "/map", "search": "/search?q=" + "王伟", "profile": "/profile",
            }
            for name, address in pages.items():
                count, size = first_visit(chromium, state, server, address)
                row(f"{name}: first visit, requests", count, "", MOST_REQUESTS)
                row(f"{name}: first visit, on the wire", size / 1000, "kB", MOST_BYTES / 1000)
                before = processor(server)
                times = first_bytes(server, address, cookie)
                taken = (processor(server) - before) / (TIMES + 3)
                row(f"{name}: first byte, p95 (median {statistics.median(times):.1f}; processor {taken:.1f})", p95(times), "ms", MOST_MILLISECONDS)
            words = ["王伟", "明纬", "zhangwei", "zw", "13900050", "上海同晟", "李", "lead777", "没有这个词", "wangf"]
            for address, name in (("/search?q=", "search page"), ("/api/v1/search?q=", "search, JSON")):
                times = first_bytes(server, lambda number: address + words[number % len(words)], cookie, times=100)
                row(f"{name}: p95 over {len(words)} texts (median {statistics.median(times):.1f})", p95(times), "ms", MOST_SEARCHING)
                for word in words:
                    before = processor(server)
                    times = first_bytes(server, address + word, cookie, times=20)
                    row(f"{name}: {word} (processor {(processor(server) - before) / 23:.1f})", p95(times), "ms", MOST_SEARCHING)
            digest = re.search(r"/a/(\w+)/app.js", shown).group(1)
            for name, limit in (("app.js", MOST_SCRIPT), ("app.css", MOST_STYLE)):
                body = who.page.request.get(f"{server.address}/a/{digest}/{name}").body()
                row(f"{name}, gzipped", len(gzip.compress(body)) / 1000, "kB", limit / 1000)
    finally:
        server.stop()
    print("every budget is kept" if not broken else "over budget: " + ", ".join(broken))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
