#!/bin/sh
# The web interface in a real browser: sh Tests/Web/run.sh [a part of a test's name]; SCRIPT=screenshots.py takes the pictures instead,
# SCRIPT=budgets.py measures how large pages are and how long they take
set -e
cd "$(dirname "$0")/../.."

python=${PYTHON:-python3}
packages=""
if ! command -v chromium >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then packages="chromium"; fi
# Without a font for Chinese every character is a box, and pages are as wide as boxes.
if command -v fc-list >/dev/null 2>&1 && [ -z "$(fc-list :lang=zh 2>/dev/null | head -1)" ]; then packages="$packages fonts-noto-cjk"; fi
case "$packages" in *chromium*) packages="$packages fonts-noto-cjk" ;; esac
"$python" -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"
if [ -n "$packages" ]; then
    if command -v apt-get >/dev/null 2>&1; then
        root=""
        [ "$(id -u)" = 0 ] || root="sudo"
        # shellcheck disable=SC2086
        $root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq $packages >/dev/null
    else
        echo "需要 Chromium 或 Chrome，以及中文字体。 · Chromium or Chrome is needed, and a font for Chinese." >&2
        exit 3
    fi
fi
venv=.build/web-tests
needs='import playwright, axe_playwright_python, PIL'
if ! "$python" -c "$needs" 2>/dev/null; then
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    python="$venv/bin/python"
    "$python" -c "$needs" 2>/dev/null || "$python" -m pip install -q playwright axe-playwright-python pillow
fi
${SWIFT:-swift} build --product weir
exec "$python" "Tests/Web/${SCRIPT:-run.py}" "$@"
