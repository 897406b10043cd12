"""Runs every test of the web interface against one server. A word as argument runs those whose names hold it."""

import sys
import time
import traceback

import acting_tests
import approvals_tests
import authoring_tests
import boards
import field_tests
import harness
import imports
import keyboard_tests
import report_tests
import shell_tests
import tests
import words_tests

MODULES = [
    tests,
    boards,
    imports,
    shell_tests,
    field_tests,
    keyboard_tests,
    authoring_tests,
    words_tests,
    acting_tests,
    approvals_tests,
    report_tests,
]


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    every = [test for module in MODULES for test in module.ALL]
    chosen = [test for test in every if wanted in test.__name__]
    failed, shaky, start = 0, 0, time.monotonic()
    server = harness.Server().start()
    try:
        with harness.browser() as chromium:
            for test in chosen:
                # A busy machine may upset a browser once; what fails twice, or ends the server, has failed.
                for chance in ("first", "second"):
                    began = time.monotonic()
                    try:
                        test(chromium, server)
                        shaky += chance == "second"
                        print(f"ok    {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
                        break
                    except Exception:
                        code = server.process.poll()
                        has_failed = chance == "second" or code is not None
                        print(f"{'FAIL ' if has_failed else 'again'} {test.__name__}\n{traceback.format_exc()}", flush=True)
                        if code is not None:
                            print(f"the server ended with {code}", flush=True)
                            server.start()
                        if has_failed:
                            failed += 1
                            break
    finally:
        server.stop()
    print(f"{len(chosen) - failed} passed, {shaky} of them the second time, {failed} failed, {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
