"""Takes the pictures of spec/pictures anew: twelve pages, in Chinese and English, on a desk and on a phone, and one of them dark. `make screenshots`;
a word as argument takes only those whose names hold it."""

import io
import os
import sys

from PIL import Image

import harness
from acting_tests import acting, prepared
from approvals_tests import asked
from imports import heading, press
from tests import deal_before_diagnosis, signed_in, write

FOLDER = os.path.join(harness.ROOT, "spec", "pictures")
DESK, PHONE = {"width": 1200, "height": 860}, {"width": 390, "height": 844}
# A page of a few colours needs no more, and the whole set stays small.
COLOURS = 48


def checked_import(who):
    """The page of an import whose check found mistakes."""
    who.go("/records/lead/import", check=False)
    table = "姓名,手机,公司,来源渠道\r\n" + "".join(f"线索{number},1371013{number:04d},苏州明纬电子,官网表单\r\n" for number in range(12))
    table += "周敏,13710130091,无锡同晟机械,电视\r\n,13710130092,常州亚泰软件,官网表单\r\n吴越,1371,杭州启明智学,官网表单\r\n郑洁,13710130093,宁波海天物流,电视\r\n"
    who.page.get_by_label("表格文件").set_input_files(write("展会名单.csv", table.encode()))
    press(who, "上传")
    who.page.wait_for_selector("select#c0")
    press(who, "下一步")
    press(who, "检查全部行")
    heading(who, "检查结果")
    return who.page.url.removeprefix(who.server.address)


def take(who, path, name, full=False):
    who.page.goto(who.server.address + path)
    # The screen without scrollbars and carets, as few colours as it has.
    bytes_ = who.page.screenshot(full_page=full, animations="disabled")
    image = Image.open(io.BytesIO(bytes_)).convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    image.save(os.path.join(FOLDER, name + ".png"), optimize=True)


def each_look(chromium, server, role, path, name, wanted):
    """The page in both languages, on a desk and on a phone."""
    for language, tag in (("zh-CN", "zh"), ("en-US", "en")):
        for size, kind in ((DESK, ""), (PHONE, "-phone")):
            if wanted in f"{name}-{tag}{kind}":
                visitor = signed_in(chromium, server, role, language=language, **size)
                take(visitor, path, f"{name}-{tag}{kind}")
                visitor.context.close()


def wants(wanted, name):
    return any(wanted in f"{name}-{tag}{kind}" for tag in ("zh", "en") for kind in ("", "-phone"))


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    os.makedirs(FOLDER, exist_ok=True)
    server = harness.Server().start()
    try:
        with harness.browser() as chromium:
            who = signed_in(chromium, server, "Sales director", **DESK)
            deal = deal_before_diagnosis(who)
            pages = {
                "home": "/", "list": "/records/opportunity?sort=-amount", "board": "/records/opportunity/board", "gate": f"{deal}?to=diagnosed",
                "record": "/records/account/1", "form": "/records/opportunity/new", "import": checked_import(who), "why": "/records/lead/1/why/score", "report": "/reports/response_by_person",
                "search": "/search?q=hd", "map": "/map",
            }
            for language, tag in (("zh-CN", "zh"), ("en-US", "en")):
                for size, kind in ((DESK, ""), (PHONE, "-phone")):
                    visitor = signed_in(chromium, server, "Sales director", language=language, **size)
                    for name, path in pages.items():
                        if wanted in f"{name}-{tag}{kind}":
                            take(visitor, path, f"{name}-{tag}{kind}")
                    visitor.context.close()
            if wants(wanted, "approvals"):
                asked(chromium, server)
                each_look(chromium, server, "Sales manager", "/approvals", "approvals", wanted)
            if wants(wanted, "run"):
                with acting() as other:
                    _clerk, _chief, _failed, waiting = prepared(chromium, other)
                    each_look(chromium, other, "Chief", waiting, "run", wanted)
            if wanted in "board-zh-dark":
                dark = signed_in(chromium, server, "Sales director", language="zh-CN", dark=True, **DESK)
                take(dark, pages["board"], "board-zh-dark")
    finally:
        server.stop()
    sizes = {name: os.path.getsize(os.path.join(FOLDER, name)) for name in sorted(os.listdir(FOLDER))}
    print(f"{len(sizes)} pictures in spec/pictures, {sum(sizes.values()) // 1024} kB; the largest: {max(sizes, key=sizes.get)}, {max(sizes.values()) // 1024} kB")


if __name__ == "__main__":
    main()
