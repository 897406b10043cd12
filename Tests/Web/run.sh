#!/bin/sh
# The web interface in a real browser: sh Tests/Web/run.sh [a part of a test's name]; SCRIPT=screenshots.py takes the pictures instead
set -e
cd "$(dirname "$0")/../.."

python=${PYTHON:-python3}
if ! command -v chromium >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then
    if command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk
    else
        echo "需要 Chromium 或 Chrome。 · Chromium or Chrome is needed." >&2
        exit 3
    fi
fi
venv=.build/web-tests
if ! "$python" -c 'import playwright, axe_playwright_python' 2>/dev/null; then
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    python="$venv/bin/python"
    "$python" -c 'import playwright, axe_playwright_python' 2>/dev/null || "$python" -m pip install -q playwright axe-playwright-python
fi
${SWIFT:-swift} build --product weir
exec "$python" "Tests/Web/${SCRIPT:-run.py}" "$@"
