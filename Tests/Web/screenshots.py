"""Takes the pictures of README.md anew: `make screenshots`."""

import os

import harness
from tests import deal_before_diagnosis, signed_in

FOLDER = os.path.join(harness.ROOT, "spec", "pictures")


def main():
    os.makedirs(FOLDER, exist_ok=True)
    server = harness.Server().start()
    try:
        with harness.browser() as chromium:
            who = signed_in(chromium, server, language="zh-CN", width=1200, height=860)
            deal = deal_before_diagnosis(who)
            for name, address in (("gate", f"{deal}?to=diagnosed"), ("list", "/records/opportunity")):
                who.page.goto(server.address + address)
                who.page.screenshot(path=os.path.join(FOLDER, f"{name}-zh.png"))
            phone = signed_in(chromium, server, language="en-US", width=390, height=844)
            phone.page.goto(server.address + f"{deal}?to=diagnosed")
            phone.page.screenshot(path=os.path.join(FOLDER, "gate-en-phone.png"))
    finally:
        server.stop()
    for name in sorted(os.listdir(FOLDER)):
        print(os.path.join("spec", "pictures", name), os.path.getsize(os.path.join(FOLDER, name)) // 1024, "kB")


if __name__ == "__main__":
    main()
