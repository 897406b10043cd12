#!/bin/sh
# The web interface in a real browser: sh Tests/Web/run.sh [a part of a test's name]; SCRIPT=screenshots.py takes the pictures instead,
# SCRIPT=budgets.py measures how large pages are and how long they take (CONFIGURATION=release)
set -e
cd "$(dirname "$0")/../.."

python=${PYTHON:-python3}
log=.build/web-tests.log
mkdir -p .build

failed() {
    echo "浏览器测试没有运行：$1 · The browser tests were not run: $2" >&2
    exit 3
}
# After an installation that failed. Without a network nothing is wrong with the pages; but nobody shall think that they were looked at.
missing() {
    tail -20 "$log" >&2
    if grep -qiE "failure resolving|could not resolve|name resolution|network is unreachable|could not connect|connection (refused|timed out|failed)" "$log"; then
        echo "没有网络，装不上 $1：浏览器测试没有运行。 · No network to install $1 from: the browser tests were NOT run." >&2
        exit 0
    fi
    failed "装不上 $1" "$1 could not be installed"
}

packages=""
if ! command -v chromium >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then packages="chromium"; fi
# Without a font for Chinese every character is a box, and pages are as wide as boxes.
if command -v fc-list >/dev/null 2>&1 && [ -z "$(fc-list :lang=zh 2>/dev/null | head -1)" ]; then packages="$packages fonts-noto-cjk"; fi
case "$packages" in *chromium*) packages="$packages fonts-noto-cjk" ;; esac
"$python" -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"
if [ -n "$packages" ]; then
    root=""
    [ "$(id -u)" = 0 ] || root="sudo"
    command -v apt-get >/dev/null 2>&1 ||
        failed "浏览器测试需要：$packages。请先安装。" "the browser tests need: $packages. Please install them."
    # shellcheck disable=SC2086
    { $root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq $packages; } >"$log" 2>&1 || missing "$packages"
fi
venv=.build/web-tests
needs='import playwright, axe_playwright_python, PIL'
if ! "$python" -c "$needs" 2>/dev/null; then
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    python="$venv/bin/python"
    "$python" -c "$needs" 2>/dev/null || "$python" -m pip install -q playwright axe-playwright-python pillow >"$log" 2>&1 || missing "playwright"
fi
configuration=${CONFIGURATION:-debug}
${SWIFT:-swift} build -c "$configuration" --product weir
WEIR=${WEIR:-$PWD/.build/$configuration/weir}
export WEIR
exec "$python" "Tests/Web/${SCRIPT:-run.py}" "$@"
